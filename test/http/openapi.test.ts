import { uniqueSymbol } from "hono-openapi";
import { describe, expect, it } from "vitest";
import { POLICIES } from "../../edge/accounts/permissions.ts";
import { account } from "../../edge/http/account.ts";
import { clicks } from "../../edge/http/clicks.ts";
import { leases } from "../../edge/http/leases.ts";
import { openApiDocument } from "../../edge/http/openapi.ts";
import { telephony } from "../../edge/http/telephony.ts";
import { MESSAGE_TYPES } from "../../shared/api/webhooks.ts";

type Operation = {
  operationId: string;
  summary: string;
  security?: unknown[];
  parameters?: { name: string; in: string; required?: boolean }[];
  requestBody?: { required?: boolean; content: Record<string, { schema: unknown }> };
  responses: Record<string, { content?: Record<string, { schema: unknown }> }>;
};
type Document = {
  openapi: string;
  security: unknown[];
  paths: Record<string, Record<string, Operation>>;
  webhooks: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, unknown>; securitySchemes: Record<string, unknown> };
};

const document = (await openApiDocument(account, "https://calls.example")) as unknown as Document;
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
);

/** Every route that the account zone answers, with the operation that its `may` lets pass. */
const routes = new Map<string, string | null>();
for (const route of account.routes) {
  if (route.method === "ALL") continue;
  const name = `${route.method.toLowerCase()} /api/v1${route.path.replace(/\/$/, "")}`.replace(
    /:(\w+)/g,
    "{$1}",
  );
  const spec = (route.handler as unknown as { [uniqueSymbol]?: { spec?: { operationId?: string } } })[
    uniqueSymbol
  ];
  routes.set(name, spec?.spec?.operationId ?? routes.get(name) ?? null);
}

describe("every route of the account zone", () => {
  const guarded = [...routes].filter(([name]) => name !== "get /api/v1/openapi.json");

  it.each(guarded)("%s has a policy and stands in the document", (name, operation) => {
    expect(operation, "no may(…) before it").not.toBeNull();
    expect(Object.keys(POLICIES)).toContain(operation);
    const [method, path] = name.split(" ");
    expect(document.paths[path ?? ""]?.[method ?? ""]?.operationId).toBe(operation);
  });

  it("is named by no other route", () => {
    const ids = operations.map(({ operation }) => operation.operationId);
    expect(ids).toEqual([...new Set(ids)]);
  });
});

describe("every route of the public zones", () => {
  const zones = [
    ["/v1", leases],
    ["/v1/telephony", telephony],
    ["/c", clicks],
  ] as const;
  const named = zones.flatMap(([prefix, zone]) =>
    zone.routes
      .filter(({ method, path }) => method !== "ALL" && method !== "OPTIONS" && !path.endsWith("*"))
      .map(
        ({ method, path }) => [method.toLowerCase(), `${prefix}${path}`.replace(/:(\w+)/g, "{$1}")] as const,
      ),
  );
  /** The names of path parameters are nobody's contract. */
  const shape = (path: string) => path.replaceAll(/\{\w+\}/g, "{}");

  it.each(named)("%s %s stands in the document, without a key", (method, path) => {
    const known = operations.find((one) => one.method === method && shape(one.path) === shape(path));
    expect(known?.operation.security).toEqual([]);
  });

  it("says how it refuses: what it cannot read, what is too large, and that it cannot be done just now", () => {
    for (const { path, method, operation } of operations) {
      if (!path.startsWith("/v1/")) continue;
      const refusals = ["400", "413", "503", path.startsWith("/v1/telephony/") ? "403" : "400"];
      expect(Object.keys(operation.responses), `${method} ${path}`).toEqual(expect.arrayContaining(refusals));
    }
  });

  it("says what an event of a lease must have", () => {
    const note = operations.find(({ operation }) => operation.operationId === "leases.note")?.operation;
    expect(note?.requestBody).toMatchObject({
      content: { "text/plain": { schema: { required: ["type"] } } },
    });
  });
});

describe("the document", () => {
  it("is OpenAPI 3.1 and asks for a key unless it says otherwise", () => {
    expect(document.openapi).toBe("3.1.0");
    expect(document.security).toEqual([{ apiKey: [] }, { session: [] }]);
    for (const { path, operation } of operations) {
      const isPublic = !path.startsWith("/api/v1/") || path === "/api/v1/openapi.json";
      expect(operation.security, path).toEqual(isPublic ? [] : undefined);
    }
  });

  it("says of every operation what it is, and of every unsafe one how to repeat it", () => {
    for (const { path, method, operation } of operations) {
      expect(operation.summary.length, path).toBeGreaterThan(3);
      const names = (operation.parameters ?? []).map((parameter) => parameter.name);
      if (path.startsWith("/api/v1/")) expect(names.includes("Idempotency-Key")).toBe(method !== "get");
      for (const [, name] of path.matchAll(/\{(\w+)\}/g)) expect(names, path).toContain(name);
    }
  });

  it("asks for no body where none is needed", () => {
    const optional = operations.filter(({ operation }) => operation.requestBody?.required === false);
    expect(optional.map(({ operation }) => operation.operationId).sort()).toEqual([
      "call_flows.try",
      "campaigns.resume",
      "enrollments.resume",
      "leases.renew",
      "numbers.resume",
      "targets.resume",
    ]);
  });

  it("says what kinds of body are sent and answered, not JSON alone", () => {
    const named = (id: string) => operations.find(({ operation }) => operation.operationId === id)?.operation;
    const downloads = operations.filter(({ operation }) =>
      operation.parameters?.some(({ name }) => name === "format"),
    );
    const ids = downloads.map(({ operation }) => operation.operationId);
    expect(ids).toEqual(
      expect.arrayContaining(["calls.list", "reports.read", "statements.read", "ledger.list"]),
    );
    for (const { operation } of downloads) {
      const types = Object.keys(operation.responses[200]?.content ?? {});
      expect(types).toEqual(["application/json", "text/csv", "application/x-ndjson"]);
    }
    for (const hook of ["voice", "status", "dial", "gather", "recording"]) {
      const types = Object.keys(named(`telephony.${hook}`)?.requestBody?.content ?? {});
      expect(types).toEqual(["application/json", "application/x-www-form-urlencoded"]);
    }
    expect(Object.keys(named("problems.read")?.responses[200]?.content ?? {})).toEqual(["text/html"]);
    expect(Object.keys(named("recordings.play")?.responses[200]?.content ?? {})).toContain("audio/*");
  });

  it("answers errors as problems", () => {
    for (const { path, method, operation } of operations) {
      for (const [status, answer] of Object.entries(operation.responses)) {
        if (Number(status) < 400) continue;
        expect(answer.content, `${path} ${status}`).toEqual({
          "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } },
        });
      }
      if (path.startsWith("/api/v1/") && path !== "/api/v1/openapi.json") {
        const refusals = ["401", "403", "503", ...(method === "get" ? [] : ["400", "413", "422"])];
        expect(Object.keys(operation.responses)).toEqual(expect.arrayContaining(refusals));
      }
    }
  });

  it("shows every message that a webhook gets, with what it holds", () => {
    expect(Object.keys(document.webhooks)).toEqual([...MESSAGE_TYPES]);
    expect(document.webhooks["call.judged"]?.post).toMatchObject({
      security: [],
      requestBody: {
        content: {
          "application/json": {
            schema: {
              required: ["id", "type", "timestamp", "data"],
              properties: {
                type: { const: "call.judged" },
                data: { properties: { call: { $ref: "#/components/schemas/Call" } } },
              },
            },
          },
        },
      },
    });
  });

  it("refers only to what it defines", () => {
    const text = JSON.stringify(document);
    const refs = [...text.matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)].map(
      (match) => match[1] ?? "",
    );
    expect(refs.length).toBeGreaterThan(50);
    for (const ref of new Set(refs)) expect(Object.keys(document.components.schemas)).toContain(ref);
  });

  it("says of moments, money and durations that they are integers, of means that they are not", () => {
    const text = JSON.stringify(document);
    const typed = [...text.matchAll(/"(\w+)":\{"type":"(integer|number)"/g)].map(([, name = "", type]) => [
      name,
      type,
    ]);
    const whole = typed.filter(([name = ""]) => /_(at|micros|s)$/.test(name) && !name.startsWith("mean_"));
    expect(whole.length).toBeGreaterThan(100);
    expect(whole.filter(([, type]) => type !== "integer")).toEqual([]);
    expect(text).toMatch(/"ended_at":\{"anyOf":\[\{"type":"integer"\},\{"type":"null"\}\]\}/);
    expect(text).toMatch(/"mean_hold_s":[^}]*"type":"number"/);
  });

  it("has the contract's resources with the fields they are created with", () => {
    const created: Record<string, string[]> = {
      OrganizationInput: ["name"],
      TargetInput: ["campaign_id", "number"],
      TelephonyAccountInput: ["provider", "name", "account_sid", "auth_token"],
      CampaignInput: ["advertiser_id", "name", "timezone", "currency", "destination_number"],
      TermsInput: ["revenue_micros", "payout_micros", "min_duration_s", "dedupe_window_s", "repeat_callers"],
      EnrollmentInput: ["publisher_id", "status"],
      PoolInput: ["campaign_id", "name"],
      NumbersInput: ["telephony_account_id", "e164"],
      SiteInput: ["campaign_id", "pool_id", "origins", "swap_numbers"],
      ApiKeyInput: ["name", "role"],
      WebhookInput: ["url"],
    };
    for (const [name, required] of Object.entries(created)) {
      expect(document.components.schemas[name], name).toMatchObject({
        required,
        additionalProperties: false,
      });
    }
  });
});
