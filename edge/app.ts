import { Hono } from "hono";
import { HTTPException } from "hono/http-exception";
import { account } from "./http/account.ts";
import { clicks } from "./http/clicks.ts";
import { invitations } from "./http/invitations.ts";
import { answerPageView, leases } from "./http/leases.ts";
import { people } from "./http/people.ts";
import { problems } from "./http/problems.ts";
import type { HttpEnv } from "./http/support/context.ts";
import { tag } from "./http/tag.ts";
import { telephony } from "./http/telephony.ts";
import { errorFields } from "./platform/log.ts";
import { problemResponse } from "./platform/problem.ts";
import type { Services } from "./services.ts";

/** What `worker.ts` hands in with each request. */
export type AppBindings = { services: Services; assets: ((request: Request) => Promise<Response>) | null };
type AppEnv = HttpEnv & { Bindings: AppBindings };

/**
 * The door, in four trust zones: the public tag (strangers' browsers), the providers (signatures),
 * the account (keys and sessions) and, in a local build only, demo and `/__local`.
 * What is in none of them is the dashboard's, which is static.
 */
export function createApp(local: Hono<HttpEnv> | null) {
  const app = new Hono<AppEnv>();

  // Before what is asked less often: a page view then runs one handler and nothing around it.
  app.route("/v1", leases);

  app.use(async (c, next) => {
    c.set("services", c.env.services);
    await next();
    c.res.headers.set("ringtrail-request-id", c.env.services.request_id);
  });

  app.route("/", tag);
  app.route("/", problems);
  app.route("/c", clicks);
  app.route("/v1/telephony", telephony);
  app.route("/auth/invitation", invitations);
  app.route("/auth", people);
  app.route("/api/v1", account);
  if (local) app.route("/", local);

  app.get("*", async (c) => {
    const path = new URL(c.req.url).pathname;
    const assets = c.env.assets;
    if (!assets || /^\/(v1|api|auth|t|tag|c)(\/|$)/.test(path)) {
      return problemResponse({ kind: "not_found", what: "page" }, c.env.services.request_id);
    }
    const asset = await assets(c.req.raw);
    // The dashboard's page answers for its routes, not for a script of an earlier release that is gone.
    const isPage = asset.headers.get("content-type")?.startsWith("text/html") ?? false;
    if (isPage && /\.[a-z0-9]+$/.test(path) && !path.endsWith(".html")) {
      await asset.body?.cancel();
      return problemResponse({ kind: "not_found", what: "file" }, c.env.services.request_id);
    }
    return dashboardResponse(asset);
  });

  app.notFound((c) => problemResponse({ kind: "not_found", what: "path" }, c.env.services.request_id));
  app.onError((error, c) => problemOf(error, c.req.raw, c.env.services));
  return app;
}

const PAGE_VIEW_URL = /^https?:\/\/[^/]+\/v1\/leases$/;

/**
 * The way of a page view past the router, which would be a tenth of its work; null for any other request. The route is
 * in the app too.
 */
export function shortWay(request: Request, services: Services): Promise<Response> | null {
  if (request.method !== "POST" || !PAGE_VIEW_URL.test(request.url)) return null;
  return answerPageView(request, services).catch((error: unknown) => problemOf(error, request, services));
}

/** What went wrong on our side is logged and said, without its words. */
function problemOf(error: unknown, request: Request, { log, request_id }: Services): Response {
  if (error instanceof HTTPException && error.status < 500) {
    return problemResponse(
      { kind: "malformed", detail: error.message || "The request cannot be read." },
      request_id,
    );
  }
  log.error("request failed", { ...errorFields(error), path: new URL(request.url).pathname });
  return problemResponse(
    { kind: "unavailable", detail: "Something failed on our side; nothing was changed." },
    request_id,
  );
}

/** Nothing foreign runs in the dashboard, and nobody frames it (OWASP ASVS 3.4). */
const DASHBOARD_HEADERS = {
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; media-src blob:; " +
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  "cross-origin-opener-policy": "same-origin",
  "referrer-policy": "same-origin",
  "x-content-type-options": "nosniff",
};

/** The asset with our headers; a copy, because what the assets binding answers cannot be changed. */
function dashboardResponse(asset: Response): Response {
  const response = new Response(asset.body, asset);
  for (const [name, value] of Object.entries(DASHBOARD_HEADERS)) response.headers.set(name, value);
  return response;
}
