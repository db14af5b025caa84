import type { MiddlewareHandler } from "hono";
import { takeAttempt } from "../../accounts/people/attempts.ts";
import { networkOf } from "../../leasing/model/browser.ts";
import { type HttpEnv, problem } from "./context.ts";

/** What ends a session or goes on to another organization guesses nothing: whoever has tried too often may do it still. */
const UNCOUNTED = /\/(sign-out|organization\/set-active)$/;

/**
 * Refuses what might be a guess at a password or an invitation when its address has made too many (429, with
 * `Retry-After`). Without an edge there is no address, and nothing is counted.
 */
export const withinSignInRate: MiddlewareHandler<HttpEnv> = async (c, next) => {
  const at = networkOf(c.req.header("cf-connecting-ip") ?? "");
  if (at === null || c.req.method !== "POST" || UNCOUNTED.test(c.req.path)) return next();
  const { services } = c.var;
  const retry_after_s = await takeAttempt(services, `${at.prefix} ${at.host}`, services.clock.now());
  if (retry_after_s > 0) return problem(c, { kind: "too_many_requests", retry_after_s });
  return next();
};
