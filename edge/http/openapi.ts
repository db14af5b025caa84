import { type Handler, Hono } from "hono";
import { generateSpecs } from "hono-openapi";
import { REPORT_LIMIT_MAX } from "../../shared/api/reports.ts";
import { assert } from "../../shared/assert.ts";
import { PAGE_LIMIT_DEFAULT, PAGE_LIMIT_MAX } from "../platform/paging.ts";
import type { HttpEnv } from "./support/context.ts";
import { type Json, withNamedSchemas } from "./support/named-schemas.ts";
import { PUBLIC_PATHS } from "./support/public-paths.ts";
import { WEBHOOK_MESSAGES } from "./support/webhook-messages.ts";
import { withWholeNumbers } from "./support/whole-numbers.ts";

type JsonObject = { [key: string]: Json };

const PREFIX = "/api/v1";
const UNSAFE = new Set(["post", "put", "patch", "delete"]);

const DESCRIPTION = `Times are integer milliseconds since the epoch (\`…_at\`), money is integer micros of the
campaign's currency (\`…_micros\`), durations are whole seconds (\`…_s\`), numbers are E.164. Errors are RFC 9457
problems. An unknown field is an error. Lists are in id order and paged by cursor.`;

const PROBLEMS: Record<number, string> = {
  400: "The body is no JSON object, or the Idempotency-Key no key",
  401: "No valid key",
  403: "The role may not do this",
  404: "No such thing, or somebody else's",
  409: "Refused as things stand now",
  413: "The body is too large",
  415: "The body is not JSON",
  422: "Single fields are wrong; `errors` names each by its pointer",
  503: "Something on our side failed; nothing was changed",
};

/**
 * Serves the OpenAPI 3.1 document of the account routes and, from `public-paths.ts`, of the others. It is made
 * from the routes themselves, once per isolate.
 */
export function serveDocument(resources: Hono<HttpEnv>): Handler<HttpEnv> {
  let made: Promise<string> | null = null;
  return async (c) => {
    made ??= openApiDocument(resources, c.var.services.config.public_url).then((document) =>
      JSON.stringify(document),
    );
    return c.body(await made, 200, {
      "content-type": "application/json",
      "cache-control": "public, max-age=300",
      "access-control-allow-origin": "*",
    });
  };
}

/** The document as data. `resources` is what is mounted at `/api/v1`. */
export async function openApiDocument(resources: Hono<HttpEnv>, server_url: string): Promise<JsonObject> {
  const mounted = new Hono<HttpEnv>().route(PREFIX, resources);
  const generated = await generateSpecs(mounted, {
    excludeStaticFile: false,
    defaultValidationErrorResponse: false,
  });
  // What is generated is data for JSON, of types that know nothing of it.
  const paths = JSON.parse(JSON.stringify(generated.paths)) as Record<string, Record<string, JsonObject>>;
  for (const [path, operations] of Object.entries(paths)) {
    for (const [method, operation] of Object.entries(operations)) complete(path, method, operation);
  }
  const { document, schemas } = await withNamedSchemas(paths);
  const whole = withWholeNumbers(document);
  assert(isObject(whole), "the paths are an object");
  return {
    openapi: "3.1.0",
    info: { title: "Ringtrail", version: "1", description: DESCRIPTION.replaceAll("\n", " ") },
    servers: [{ url: server_url }],
    security: [{ apiKey: [] }, { session: [] }],
    paths: { ...whole, ...PUBLIC_PATHS },
    webhooks: WEBHOOK_MESSAGES,
    components: {
      schemas: withWholeNumbers(schemas),
      securitySchemes: {
        apiKey: { type: "http", scheme: "bearer", description: "An API key" },
        session: {
          type: "apiKey",
          in: "cookie",
          name: "ringtrail.session_token",
          description: "A signed-in person",
        },
      },
    },
  };
}

/** Adds what every operation of its kind has: the tag, the key for repetition, the problems it may answer. */
function complete(path: string, method: string, operation: JsonObject): void {
  const isReport = operation.operationId === "reports.read";
  const parameters = listOf(operation.parameters).map((one) => typed(one, isReport ? REPORT_LIMIT : LIMIT));
  if (UNSAFE.has(method)) parameters.push(IDEMPOTENCY_KEY);
  if (parameters.length > 0) operation.parameters = parameters;
  operation.tags = [path.slice(PREFIX.length + 1).split("/")[0] ?? ""];

  const takesBody = operation.requestBody !== undefined;
  const takesQuery = parameters.some((parameter) => isObject(parameter) && parameter.in === "query");
  const statuses = [401, 403, 503];
  if (takesBody) statuses.push(415);
  // The body is part of what an Idempotency-Key stands for, so it is read wherever one may come.
  if (UNSAFE.has(method)) statuses.push(400, 413);
  if (takesBody || takesQuery || UNSAFE.has(method)) statuses.push(422);
  // What a path or a field names may be somebody else's.
  if (takesBody || path.includes("{")) statuses.push(404);
  if (UNSAFE.has(method)) statuses.push(409);
  assert(isObject(operation.responses), "a documented route has answers");
  statuses.push(
    ...Object.keys(operation.responses)
      .map(Number)
      .filter((status) => status >= 400),
  );
  for (const status of statuses) operation.responses[status] = problemAnswer(status);
  const hasFiles = parameters.some((parameter) => isObject(parameter) && parameter.name === "format");
  const done = operation.responses[200];
  if (hasFiles && isObject(done) && isObject(done.content)) done.content = { ...done.content, ...AS_FILES };
}

/** What `format=csv` and `format=ndjson` answer instead. */
const AS_FILES: JsonObject = {
  "text/csv": { schema: { type: "string", description: "A header line, then one line a row" } },
  "application/x-ndjson": { schema: { type: "string", description: "One JSON object a line" } },
};

const IDEMPOTENCY_KEY: Json = {
  name: "Idempotency-Key",
  in: "header",
  description: "The same key and body within 24 h are answered as the first time; another body is refused.",
  schema: { type: "string", minLength: 1, maxLength: 255 },
};

const LIMIT: Json = { type: "integer", minimum: 1, maximum: PAGE_LIMIT_MAX, default: PAGE_LIMIT_DEFAULT };
const REPORT_LIMIT: Json = {
  type: "integer",
  minimum: 1,
  maximum: REPORT_LIMIT_MAX,
  default: REPORT_LIMIT_MAX,
};

/** A query is text; the document says what the text means. */
function typed(parameter: Json, limit: Json): Json {
  if (!isObject(parameter) || parameter.in !== "query" || parameter.name !== "limit") return parameter;
  return { ...parameter, schema: limit };
}

function problemAnswer(status: number): Json {
  return {
    description: PROBLEMS[status] ?? "Problem",
    content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
  };
}

function listOf(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : [];
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
