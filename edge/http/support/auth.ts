import type { Context, MiddlewareHandler } from "hono";
import { authenticate, noteUse } from "../../accounts/authenticate.ts";
import type { Viewer } from "../../accounts/viewer.ts";
import { write } from "../../platform/db.ts";
import { errorFields } from "../../platform/log.ts";
import type { Failure } from "../../platform/problem.ts";
import type { Services } from "../../services.ts";
import { type HttpEnv, problem } from "./context.ts";

/** Finds the signed-in person behind a request without an API key: a session cookie's owner, or null. */
export type CurrentUser = (c: Context<HttpEnv>) => Promise<Viewer | null>;

const nobody: CurrentUser = async () => null;

/**
 * Sets `c.var.viewer`, or answers 401. A bearer key decides alone when there is one: a wrong key never falls
 * back to a cookie.
 */
export function authenticated(currentUser: CurrentUser = nobody): MiddlewareHandler<HttpEnv> {
  return async (c, next) => {
    const header = c.req.header("authorization");
    const viewer = header === undefined ? await currentUser(c) : await keyHolder(c.var.services, header);
    if (!viewer) return problem(c, { kind: "unauthenticated" });
    if (viewer.via === "user" && !isSameOrigin(c)) return problem(c, FROM_ELSEWHERE);
    c.set("viewer", viewer);
    await next();
  };
}

export const FROM_ELSEWHERE: Failure = {
  kind: "forbidden",
  detail: "A session may change things from our own pages only.",
};

const SAFE_METHODS = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * A cookie is sent along by the browser whoever wrote the page, so a session's unsafe requests must come from our
 * own pages: `Sec-Fetch-Site`, or `Origin` where a browser has no such header (OWASP, CSRF prevention).
 */
export function isSameOrigin(c: Context<HttpEnv>): boolean {
  if (SAFE_METHODS.has(c.req.method)) return true;
  const site = c.req.header("sec-fetch-site");
  if (site !== undefined) return site === "same-origin";
  return c.req.header("origin") === c.var.services.config.public_url;
}

/** The viewer behind `Authorization: Bearer KEY`, or null. */
export async function keyHolder(services: Services, authorization: string): Promise<Viewer | null> {
  const bearer = /^Bearer ([^\s]+)$/i.exec(authorization)?.[1];
  if (bearer === undefined) return null;
  const { db } = services.directory;
  const now = services.clock.now();
  const holder = await authenticate(db, bearer, now);
  if (!holder) return null;
  const { use_is_due, ...viewer } = holder;
  if (use_is_due) {
    const noted = write(db, noteUse(db, viewer.actor_id, now));
    services.later(noted.catch((error) => services.log.error("key use not noted", errorFields(error))));
  }
  return viewer;
}
