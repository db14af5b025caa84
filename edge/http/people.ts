import { type Context, Hono } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import { takeAttempt } from "../accounts/people/attempts.ts";
import {
  authOf,
  foundNetwork,
  isMember,
  ORGANIZATION_COOKIE,
  personOf,
  viewerOf,
} from "../accounts/people/people.ts";
import { networkOf } from "../leasing/model/browser.ts";
import type { Failure } from "../platform/problem.ts";
import { type CurrentUser, FROM_ELSEWHERE, isSameOrigin } from "./support/auth.ts";
import { drain, parseObject, readBody } from "./support/body.ts";
import { type HttpEnv, problem } from "./support/context.ts";

const BODY_LIMIT_BYTES = 16_384;
const YEAR_S = 31_536_000;

/** The seam between the API and people's sign-in: whose session cookie is it, and in which organization? */
export const currentUser: CurrentUser = async (c) => {
  const { services } = c.var;
  const person = await personOf(services, c.req.raw.headers);
  return person ? viewerOf(services, person, getCookie(c, ORGANIZATION_COOKIE)) : null;
};

/**
 * People's sign-in at `/auth`: sign-up makes a network of one's own, sign-in, sign-out, and the switch between
 * organizations. Everything else under it is better-auth's own; its errors leave as problem+json.
 */
export const people = new Hono<HttpEnv>()
  .use(async (c, next) => {
    await next();
    await drain(c.req.raw);
  })

  .get("/options", (c) => c.json({ demo: c.var.services.config.demo }))

  .post("/organization/set-active", async (c) => {
    const { services } = c.var;
    const person = await personOf(services, c.req.raw.headers);
    if (!person) return problem(c, { kind: "unauthenticated" });
    if (!isSameOrigin(c)) return problem(c, FROM_ELSEWHERE);
    const body = await readBody(c.req.raw, BODY_LIMIT_BYTES);
    const parsed = body.ok ? parseObject(body.value) : body;
    if (!parsed.ok) return problem(c, parsed.error);
    const { organizationId } = parsed.value;
    if (typeof organizationId !== "string" || !(await isMember(services, person.id, organizationId))) {
      return problem(c, { kind: "not_found", what: "organization" });
    }
    keepOrganization(c, organizationId);
    return c.json({ organizationId });
  })

  .post("/sign-up/email", async (c) => {
    const refused = await triedTooOften(c);
    if (refused) return refused;
    const body = await readBody(c.req.raw, BODY_LIMIT_BYTES);
    const parsed = body.ok ? parseObject(body.value) : body;
    if (!parsed.ok) return problem(c, parsed.error);
    const { network_name, ...rest } = parsed.value;
    const answer = await forward(c, JSON.stringify(rest));
    if (!answer.ok) return asProblem(c, answer);
    const { user } = (await answer.clone().json()) as { user: { id: string; name: string; email: string } };
    const name =
      typeof network_name === "string" && network_name.trim() ? network_name.trim().slice(0, 200) : user.name;
    await foundNetwork(c.var.services, user, name);
    return answer;
  })

  .all("*", async (c) => {
    const refused = await triedTooOften(c);
    if (refused) return refused;
    const body = c.req.method === "POST" ? await readBody(c.req.raw, BODY_LIMIT_BYTES) : null;
    if (body && !body.ok) return problem(c, body.error);
    const answer = await forward(c, body?.value ?? null);
    return answer.ok || answer.status < 400 ? answer : asProblem(c, answer);
  });

/** What ends a session guesses nothing, and whoever has tried too often may still leave. */
const UNCOUNTED = /\/sign-out$/;

/** Refuses what might be a guess at a password when its address has made too many. Without an edge there is no address. */
async function triedTooOften(c: Context<HttpEnv>): Promise<Response | null> {
  if (c.req.method !== "POST" || UNCOUNTED.test(c.req.path)) return null;
  const at = networkOf(c.req.header("cf-connecting-ip") ?? "");
  if (!at) return null;
  const { services } = c.var;
  const retry_after_s = await takeAttempt(services, `${at.prefix} ${at.host}`, services.clock.now());
  return retry_after_s === 0 ? null : problem(c, { kind: "too_many_requests", retry_after_s });
}

export function keepOrganization(c: Context<HttpEnv>, organization_id: string): void {
  const secure = c.var.services.config.public_url.startsWith("https:");
  setCookie(c, ORGANIZATION_COOKIE, organization_id, {
    path: "/",
    httpOnly: true,
    sameSite: "Lax",
    secure,
    maxAge: YEAR_S,
  });
}

/** Hands a request to better-auth, under our configured origin: the Host header decides nothing. */
async function forward(c: Context<HttpEnv>, body: string | null): Promise<Response> {
  const { services } = c.var;
  const asked = new URL(c.req.url);
  const auth = await authOf(services);
  const url = `${services.config.public_url}${asked.pathname}${asked.search}`;
  return auth.handler(new Request(url, { method: c.req.method, headers: c.req.raw.headers, body }));
}

/** better-auth answers `{ message, code }`; ours are RFC 9457. */
async function asProblem(c: Context<HttpEnv>, answer: Response): Promise<Response> {
  const { message } = (await answer.json().catch(() => ({}))) as { message?: string };
  const detail = message ?? "The request was refused.";
  const failures: Record<number, Failure> = {
    401: { kind: "unauthenticated" },
    403: { kind: "forbidden", detail },
    404: { kind: "not_found", what: "path" },
  };
  const refused: Failure = { kind: "invalid", faults: [{ pointer: "", detail }] };
  return problem(
    c,
    failures[answer.status] ?? (answer.status >= 500 ? { kind: "unavailable", detail } : refused),
  );
}
