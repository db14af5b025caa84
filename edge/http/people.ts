import { type Context, Hono } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import { ok, type Result } from "../../shared/result.ts";
import { openInvitation } from "../accounts/people/invitations.ts";
import {
  authOf,
  foundNetwork,
  isMember,
  membershipsOf,
  ORGANIZATION_COOKIE,
  personOf,
  viewerOf,
} from "../accounts/people/people.ts";
import type { Failure } from "../platform/problem.ts";
import { type CurrentUser, FROM_ELSEWHERE, isSameOrigin } from "./support/auth.ts";
import { drain, parseObject, readBody } from "./support/body.ts";
import { type HttpEnv, problem } from "./support/context.ts";
import { fault } from "./support/references.ts";
import { withinSignInRate } from "./support/sign-in-rate.ts";

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
  .use(withinSignInRate)

  .get("/options", async (c) => {
    const { services } = c.var;
    const person = await personOf(services, c.req.raw.headers);
    const mine = person ? await membershipsOf(services, person.id) : [];
    const { demo } = services.config;
    return c.json({ demo, signed_in_as: person?.email ?? null, organizations: mine.length });
  })

  .post("/organization/set-active", async (c) => {
    const { services } = c.var;
    const person = await personOf(services, c.req.raw.headers);
    if (!person) return problem(c, { kind: "unauthenticated" });
    if (!isSameOrigin(c)) return problem(c, FROM_ELSEWHERE);
    const body = await peopleBody(c);
    if (!body.ok) return problem(c, body.error);
    const { organizationId } = body.value;
    if (typeof organizationId !== "string" || !(await isMember(services, person.id, organizationId))) {
      return problem(c, { kind: "not_found", what: "organization" });
    }
    keepOrganization(c, organizationId);
    return c.json({ organizationId });
  })

  .post("/network", async (c) => {
    const { services } = c.var;
    const person = await personOf(services, c.req.raw.headers);
    if (!person) return problem(c, { kind: "unauthenticated" });
    if (!isSameOrigin(c)) return problem(c, FROM_ELSEWHERE);
    const body = await peopleBody(c);
    if (!body.ok) return problem(c, body.error);
    if ((await membershipsOf(services, person.id)).length > 0) {
      return problem(c, { kind: "conflict", detail: "You belong to an organization already." });
    }
    await foundNetwork(services, person, networkName(body.value.network_name) ?? person.name);
    return c.body(null, 204);
  })

  .post("/sign-up/email", async (c) => {
    const body = await peopleBody(c);
    if (!body.ok) return problem(c, body.error);
    const { network_name, invitation, ...rest } = body.value;
    const invited = invitation === undefined ? ok(null) : await invitedAs(c, invitation, rest.email);
    if (!invited.ok) return problem(c, invited.error);
    const answer = await forward(c, JSON.stringify(rest));
    if (!answer.ok) return asProblem(c, answer);
    const { user } = (await answer.clone().json()) as { user: { id: string; name: string; email: string } };
    const name = networkName(network_name);
    // Who comes by an invitation has where to work; a network of his own is made if he names one.
    if (invitation === undefined || name !== null)
      await foundNetwork(c.var.services, user, name ?? user.name);
    return answer;
  })

  .all("*", async (c) => {
    const body = c.req.method === "POST" ? await readBody(c.req.raw, BODY_LIMIT_BYTES) : null;
    if (body && !body.ok) return problem(c, body.error);
    const answer = await forward(c, body?.value ?? null);
    return answer.ok || answer.status < 400 ? answer : asProblem(c, answer);
  });

/** A body of these paths, which our own pages send: a JSON object. */
export async function peopleBody(c: Context<HttpEnv>): Promise<Result<Record<string, unknown>, Failure>> {
  const body = await readBody(c.req.raw, BODY_LIMIT_BYTES);
  return body.ok ? parseObject(body.value) : body;
}

/** What a network is to be called, or null when that was not said. */
function networkName(asked: unknown): string | null {
  return typeof asked === "string" && asked.trim() ? asked.trim().slice(0, 200) : null;
}

/** That this invitation opens, and for the address that signs up. */
async function invitedAs(
  c: Context<HttpEnv>,
  token: unknown,
  email: unknown,
): Promise<Result<null, Failure>> {
  const { services } = c.var;
  const invited = await openInvitation(services.directory.db, token, services.clock.now());
  if (!invited.ok) return invited;
  const is_same = typeof email === "string" && email.trim().toLowerCase() === invited.value.row.email;
  return is_same ? ok(null) : fault("/email", "is not the address that was invited");
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
