import type { Context } from "hono";
import type { Viewer } from "../../accounts/viewer.ts";
import { type Failure, problemResponse } from "../../platform/problem.ts";
import type { Services } from "../../services.ts";

/** What handlers find on the context: services everywhere, a viewer behind the account door. */
export type HttpEnv = { Variables: { services: Services; viewer: Viewer } };

/** Answers a failure as problem+json. */
export function problem(c: Context<HttpEnv>, failure: Failure): Response {
  return problemResponse(failure, c.var.services.request_id);
}
