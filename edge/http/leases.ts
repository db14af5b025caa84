import { type Context, Hono } from "hono";
import { err, ok, type Result } from "../../shared/result.ts";
import type { Browser } from "../journeys/lease-ask.ts";
import { noteEvent, type PageViewAnswer, pageView, type Refusal, renewLease } from "../journeys/page-view.ts";
import { readData, readLeaseRequest } from "../leasing/model/lease-request.ts";
import { equalInConstantTime } from "../platform/crypto.ts";
import { type Failure, problemResponse } from "../platform/problem.ts";
import type { Services } from "../services.ts";
import { parseObject, readBody } from "./support/body.ts";

/** These routes stand before the middleware that all others share, so the services come as they were handed in. */
type LeaseEnv = { Bindings: { services: Services } };

/** URLs come as the browser has them and are cut afterwards; no page view that is one is larger than this. */
const BODY_LIMIT_BYTES = 32 * 1024;
const PREFLIGHT_MAX_AGE_S = 86_400;

/**
 * The public lease API that strangers' browsers speak, mounted at `/v1`. Bodies are JSON whatever their content type
 * says: `text/plain` needs no preflight and is what `sendBeacon` sends. An answer carries CORS headers for an origin
 * of the site only, errors too, and never allows credentials.
 */
export const leases = new Hono<LeaseEnv>()
  .post("/leases", (c) => answerPageView(c.req.raw, c.env.services))
  .post("/leases/:id/renew", async (c) => {
    const body = await jsonObject(c.req.raw, { optional: true });
    if (!body.ok) return refused(c.env.services, body.error);
    const data = readData(body.value.data);
    if (!data.ok) return refused(c.env.services, { kind: "malformed", detail: data.error });
    const answer = await renewLease(c.env.services, c.req.param("id"), data.value, originOf(c));
    if (!answer.ok) return refusal(c.env.services, answer.error);
    return answered(c.env.services, answer.value);
  })
  .post("/leases/:id/events", async (c) => {
    const body = await jsonObject(c.req.raw);
    if (!body.ok) return refused(c.env.services, body.error);
    const { type } = body.value;
    if (type !== "tel_click" && type !== "left") {
      return refused(c.env.services, { kind: "malformed", detail: "type must be tel_click or left" });
    }
    const answer = await noteEvent(c.env.services, c.req.param("id"), type, originOf(c));
    if (!answer.ok) return refusal(c.env.services, answer.error);
    return c.body(null, 204, publicHeaders(c.env.services, answer.value.origin));
  })
  // Only an unusual client asks first; whose page it is the request itself will show.
  .on("OPTIONS", ["/leases", "/leases/:id/renew", "/leases/:id/events"], (c) =>
    c.body(null, 204, {
      ...publicHeaders(c.env.services, originOf(c)),
      "access-control-allow-methods": "POST",
      "access-control-allow-headers": "content-type",
      "access-control-max-age": String(PREFLIGHT_MAX_AGE_S),
    }),
  );

/** `POST /v1/leases`. By itself too, without the router: see `app.ts`. */
export async function answerPageView(request: Request, services: Services): Promise<Response> {
  const body = await jsonObject(request);
  if (!body.ok) return refused(services, body.error);
  const read = readLeaseRequest(body.value);
  if (!read.ok) return refused(services, { kind: "malformed", detail: read.error });
  const answer = await pageView(services, read.value, browserOf(request, services.config.proxy_token));
  return answer.ok ? answered(services, answer.value) : refusal(services, answer.error);
}

async function jsonObject(
  request: Request,
  options: { optional?: boolean } = {},
): Promise<Result<Record<string, unknown>, Failure>> {
  const text = await readBody(request, BODY_LIMIT_BYTES);
  if (!text.ok) return err(text.error);
  return options.optional && text.value === "" ? ok({}) : parseObject(text.value);
}

function originOf(c: Context<LeaseEnv>): string | null {
  return c.req.header("origin") ?? null;
}

/** Made in one go: setting headers one by one costs a page view as much as finding out where it came from. */
function answered(services: Services, { status, reply, origin }: PageViewAnswer): Response {
  const headers = { "content-type": "application/json", ...publicHeaders(services, origin) };
  return new Response(JSON.stringify(reply), { status, headers });
}

/**
 * What the request says of the browser. One that carries the proxy token is forwarded by a site's own server: of its
 * visitor only the address in `ringtrail-address` is known, where the edge sees the server.
 */
function browserOf(request: Request, proxy_token: string | null): Browser {
  const { headers } = request;
  const header = (name: string): string | null => headers.get(name);
  const isForwarded =
    proxy_token !== null && equalInConstantTime(header("ringtrail-proxy") ?? "", proxy_token);
  const address = isForwarded ? header("ringtrail-address") : null;
  // A local run has no edge that knows where the visitor is: headers say it, as the contract has it.
  const edge = __LOCAL__ ? undefined : (request.cf as { regionCode?: string } | undefined);
  return {
    origin: header("origin"),
    user_agent: header("user-agent") ?? "",
    address: address ?? header("cf-connecting-ip") ?? "",
    mobile_hint: header("sec-ch-ua-mobile"),
    purpose: header("sec-purpose"),
    gpc: header("sec-gpc") === "1",
    country: isForwarded ? null : header("cf-ipcountry"),
    region_code: isForwarded ? null : __LOCAL__ ? header("cf-region-code") : (edge?.regionCode ?? null),
  };
}

function refused(services: Services, failure: Failure): Response {
  return refusal(services, { failure, origin: null });
}

function refusal(services: Services, { failure, origin }: Refusal): Response {
  const answer = problemResponse(failure, services.request_id);
  for (const [name, value] of Object.entries(publicHeaders(services, origin)))
    answer.headers.set(name, value);
  return answer;
}

function publicHeaders(services: Services, origin: string | null): Record<string, string> {
  const shared = { "cache-control": "no-store", vary: "Origin", "ringtrail-request-id": services.request_id };
  return origin === null ? shared : { ...shared, "access-control-allow-origin": origin };
}
