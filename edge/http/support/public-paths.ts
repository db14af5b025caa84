import type { Json } from "./named-schemas.ts";

/**
 * The document's hand-written part: what strangers' browsers and phone providers ask. Their bodies are lenient or
 * somebody else's, so no schema of ours validates them; `security: []` says that no key is asked for.
 */

const text = (description: string): Json => ({ description, schema: { type: "string" } });
const path = (name: string, description: string): Json => ({
  name,
  in: "path",
  required: true,
  ...(text(description) as object),
});
const answer = (description: string, type?: string): Json =>
  type === undefined ? { description } : { description, content: { [type]: { schema: {} } } };

const problem = (description: string): Json => ({
  description,
  content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
});

const swaps: Json = {
  type: "array",
  items: {
    type: "object",
    required: ["find", "replace"],
    properties: {
      find: { type: "string", description: "The number on the page, E.164" },
      replace: { type: "string", description: "The number to show instead, E.164" },
      text: { type: "string", description: "Given when the two differ in length" },
    },
  },
};

const leaseReply: Json = {
  type: "object",
  required: ["lease", "swaps"],
  properties: {
    lease: { type: ["string", "null"] },
    expires_at: { type: "integer", description: "Milliseconds since the epoch" },
    renew_after_s: { type: "integer" },
    swaps,
    reason: { type: "string", description: "Why no number could be leased" },
  },
};
const leaseAnswer = (description: string): Json => ({
  description,
  content: { "application/json": { schema: leaseReply } },
});

const data: Json = { type: "object", description: "The page's own data; the first 20 names are kept" };

const leaseRequest: Json = {
  type: "object",
  required: ["site", "url"],
  properties: {
    site: { type: "string", description: "Site key" },
    url: { type: "string", description: "As the browser has it; 2,048 characters are kept" },
    referrer: { type: "string", description: "As the browser has it; 2,048 characters are kept" },
    visitor: {
      type: "string",
      maxLength: 200,
      description:
        "Opaque id that the tag keeps, any text without control characters; absent or empty: cookieless",
    },
    lease: { type: "string", description: "The lease still held" },
    gpc: { type: "boolean", description: "The browser sends Global Privacy Control" },
    data,
  },
};

/** The sandbox speaks JSON, the providers send forms. */
const webhookBody: Json = {
  required: true,
  content: {
    "application/json": {
      schema: {
        type: "object",
        description: "The sandbox's: `call_id`, `from`, `to`, `status` and their like",
      },
    },
    "application/x-www-form-urlencoded": {
      schema: { type: "object", additionalProperties: { type: "string" }, description: "The provider's own" },
    },
  },
};

const webhook = (id: string, summary: string, ...more: Json[]): Json => ({
  post: {
    operationId: `telephony.${id}`,
    summary,
    tags: ["telephony"],
    security: [],
    description: "Body, signature and answer are the provider's own; the account's id says which provider.",
    parameters: [path("account", "Id of a telephony account"), ...more],
    requestBody: webhookBody,
    responses: {
      200: {
        description: "What to do with the call, in the provider's language",
        content: { "text/xml": { schema: { type: "string" } }, "application/json": { schema: {} } },
      },
      400: problem("Signed, but no webhook of this kind"),
      401: problem("The sandbox asks for the API key of its network"),
      403: problem("Bad signature"),
      404: problem("No such telephony account or call"),
      413: problem("The body is too large"),
      503: problem("To be sent again: it cannot be kept just now"),
    },
  },
});

const call = path("call", "Id of a call");
const leaseToken = path("id", "The lease, which is its own token");

/** `text/plain` needs no preflight; a body of any content type is read as JSON. */
const lease = (
  id: string,
  summary: string,
  route: { body: Json; body_required: boolean; parameters?: Json[]; responses: { [status: number]: Json } },
): Json => ({
  operationId: `leases.${id}`,
  summary,
  tags: ["tag"],
  security: [],
  ...(route.parameters && { parameters: route.parameters }),
  requestBody: { required: route.body_required, content: { "text/plain": { schema: route.body } } },
  responses: {
    ...route.responses,
    400: problem("A broken body"),
    413: problem("The body is too large"),
    503: problem("The page keeps its own number"),
  },
});

export const PUBLIC_PATHS: { [path: string]: Json } = {
  "/api/v1/openapi.json": {
    get: {
      operationId: "openapi.read",
      summary: "This document",
      tags: ["openapi"],
      security: [],
      responses: { 200: answer("OpenAPI 3.1", "application/json") },
    },
  },
  "/docs/problems": {
    get: {
      operationId: "problems.read",
      summary: "What the types of problems mean",
      tags: ["openapi"],
      security: [],
      responses: { 200: answer("A page", "text/html") },
    },
  },
  "/t/{siteKey}.js": {
    get: {
      operationId: "tag.site",
      summary: "The tag of a site, its settings inside",
      tags: ["tag"],
      security: [],
      parameters: [path("siteKey", "Key of a site")],
      responses: { 200: answer("The script", "text/javascript"), 404: problem("No such site") },
    },
  },
  "/tag/latest.json": {
    get: {
      operationId: "tag.latest",
      summary: "Address and integrity= of the newest immutable tag",
      tags: ["tag"],
      security: [],
      responses: {
        200: answer("`version`, `src`, `integrity`, and the `snippet` with all of them", "application/json"),
      },
    },
  },
  "/tag/overlay.js": {
    get: {
      operationId: "tag.overlay",
      summary: "The tag's diagnostics, for pages opened with ?ringtrail-debug",
      tags: ["tag"],
      security: [],
      responses: { 200: answer("The script", "text/javascript") },
    },
  },
  "/tag/ringtrail.d.ts": {
    get: {
      operationId: "tag.types",
      summary: "TypeScript's types of window.ringtrail",
      tags: ["tag"],
      security: [],
      responses: { 200: answer("Declarations", "text/plain") },
    },
  },
  "/tag/{version}/ringtrail.js": {
    get: {
      operationId: "tag.version",
      summary: "The immutable tag, for integrity=",
      tags: ["tag"],
      security: [],
      parameters: [path("version", "First ten hex digits of its SHA-256")],
      responses: { 200: answer("The script", "text/javascript"), 404: problem("No such version") },
    },
  },
  "/c/{linkKey}": {
    get: {
      operationId: "clicks.follow",
      summary: "Follow a publisher's tracking link",
      tags: ["tag"],
      security: [],
      parameters: [path("linkKey", "Key of a tracking link")],
      responses: {
        302: answer("To the landing page, the query kept and `rt_click` added"),
        404: problem("No such link"),
      },
    },
  },
  "/v1/leases": {
    post: lease("create", "A number of one's own for a page view", {
      body: leaseRequest,
      body_required: true,
      responses: {
        200: leaseAnswer("The lease still held, or none and why"),
        201: leaseAnswer("A new lease"),
        403: problem("Not an origin of the site"),
        404: problem("No such site"),
      },
    }),
  },
  "/v1/leases/{id}/renew": {
    post: lease("renew", "Keep a lease while the page is open", {
      parameters: [leaseToken],
      body: { type: "object", properties: { data } },
      body_required: false,
      responses: { 200: leaseAnswer("The lease, extended"), 410: problem("The lease is gone") },
    }),
  },
  "/v1/leases/{id}/events": {
    post: lease("note", "The call link was pressed, or the page was left", {
      parameters: [leaseToken],
      body: {
        type: "object",
        required: ["type"],
        properties: { type: { enum: ["tel_click", "left"], type: "string" } },
      },
      body_required: true,
      responses: { 204: answer("Noted"), 410: problem("The lease is gone") },
    }),
  },
  "/v1/telephony/{account}/voice": webhook("voice", "A phone rings"),
  "/v1/telephony/{account}/status": webhook("status", "A call has got further"),
  "/v1/telephony/{account}/dial/{call}": webhook("dial", "The dialled leg has ended", call),
  "/v1/telephony/{account}/gather/{call}/{step}": webhook(
    "gather",
    "The caller has pressed a key",
    call,
    path("step", "Where in the call flow the caller is"),
  ),
  "/v1/telephony/{account}/recording": webhook("recording", "A recording is ready"),
};
