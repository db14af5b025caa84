import { type Context, Hono } from "hono";
import { err, ok, type Result } from "../../shared/result.ts";
import {
  type Browser,
  noteEvent,
  type PageViewAnswer,
  pageView,
  type Refusal,
  renewLease,
} from "../journeys/page-view.ts";
import { readData, readLeaseRequest } from "../leasing/model/lease-request.ts";
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
  .post("/leases", async (c) => {
    const body = await jsonObject(c);
    if (!body.ok) return refused(c, body.error);
    const request = readLeaseRequest(body.value);
    if (!request.ok) return refused(c, { kind: "malformed", detail: request.error });
    const answer = await pageView(c.env.services, request.value, browserOf(c));
    if (!answer.ok) return refusal(c, answer.error);
    return answered(c, answer.value);
  })
  .post("/leases/:id/renew", async (c) => {
    const body = await jsonObject(c, { optional: true });
    if (!body.ok) return refused(c, body.error);
    const data = readData(body.value.data);
    if (!data.ok) return refused(c, { kind: "malformed", detail: data.error });
    const answer = await renewLease(c.env.services, c.req.param("id"), data.value, originOf(c));
    if (!answer.ok) return refusal(c, answer.error);
    return answered(c, answer.value);
  })
  .post("/leases/:id/events", async (c) => {
    const body = await jsonObject(c);
    if (!body.ok) return refused(c, body.error);
    const { type } = body.value;
    if (type !== "tel_click" && type !== "left") {
      return refused(c, { kind: "malformed", detail: "type must be tel_click or left" });
    }
    const answer = await noteEvent(c.env.services, c.req.param("id"), type, originOf(c));
    if (!answer.ok) return refusal(c, answer.error);
    return c.body(null, 204, publicHeaders(c, answer.value.origin));
  })
  // Only an unusual client asks first; whose page it is the request itself will show.
  .on("OPTIONS", ["/leases", "/leases/:id/renew", "/leases/:id/events"], (c) =>
    c.body(null, 204, {
      ...publicHeaders(c, originOf(c)),
      "access-control-allow-methods": "POST",
      "access-control-allow-headers": "content-type",
      "access-control-max-age": String(PREFLIGHT_MAX_AGE_S),
    }),
  );

async function jsonObject(
  c: Context<LeaseEnv>,
  options: { optional?: boolean } = {},
): Promise<Result<Record<string, unknown>, Failure>> {
  const text = await readBody(c.req.raw, BODY_LIMIT_BYTES);
  if (!text.ok) return err(text.error);
  return options.optional && text.value === "" ? ok({}) : parseObject(text.value);
}

function originOf(c: Context<LeaseEnv>): string | null {
  return c.req.header("origin") ?? null;
}

/** Made in one go: setting headers one by one costs a page view as much as finding out where it came from. */
function answered(c: Context<LeaseEnv>, { status, reply, origin }: PageViewAnswer): Response {
  const headers = { "content-type": "application/json", ...publicHeaders(c, origin) };
  return new Response(JSON.stringify(reply), { status, headers });
}

function browserOf(c: Context<LeaseEnv>): Browser {
  const { headers } = c.req.raw;
  const header = (name: string): string | null => headers.get(name);
  // A local run has no edge that knows where the visitor is: headers say it, as the contract has it.
  const edge = __LOCAL__ ? undefined : (c.req.raw.cf as { regionCode?: string } | undefined);
  return {
    origin: header("origin"),
    user_agent: header("user-agent") ?? "",
    address: header("cf-connecting-ip") ?? "",
    mobile_hint: header("sec-ch-ua-mobile"),
    purpose: header("sec-purpose"),
    gpc: header("sec-gpc") === "1",
    country: header("cf-ipcountry"),
    region_code: __LOCAL__ ? header("cf-region-code") : (edge?.regionCode ?? null),
  };
}

function refused(c: Context<LeaseEnv>, failure: Failure): Response {
  return refusal(c, { failure, origin: null });
}

function refusal(c: Context<LeaseEnv>, { failure, origin }: Refusal): Response {
  const answer = problemResponse(failure, c.env.services.request_id);
  for (const [name, value] of Object.entries(publicHeaders(c, origin))) answer.headers.set(name, value);
  return answer;
}

function publicHeaders(c: Context<LeaseEnv>, origin: string | null): Record<string, string> {
  const request_id = c.env.services.request_id;
  const shared = { "cache-control": "no-store", vary: "Origin", "ringtrail-request-id": request_id };
  return origin === null ? shared : { ...shared, "access-control-allow-origin": origin };
}
