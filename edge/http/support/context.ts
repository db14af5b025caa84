import type { Context, TypedResponse } from "hono";
import type { Operation } from "../../accounts/permissions.ts";
import type { Viewer } from "../../accounts/viewer.ts";
import type { IdempotentRequest } from "../../platform/idempotency.ts";
import { type Failure, type Problem, problemResponse } from "../../platform/problem.ts";
import type { Services } from "../../services.ts";

/** What handlers find on the context: services everywhere, a viewer behind the account door. */
export type HttpEnv = {
  Variables: {
    services: Services;
    viewer: Viewer;
    /** What is being done, as `may` let it pass: the action in the audit log. */
    operation: Operation | "users.accept";
    /** Set for an unsafe request with an `Idempotency-Key` until its answer is kept. */
    idempotent?: IdempotentRequest | null;
    /** The request's body once it was read: a stream can be read only once. */
    body_text?: string;
  };
};

export type ProblemStatus = 400 | 401 | 403 | 404 | 409 | 410 | 413 | 415 | 422 | 429 | 503;

/** Answers a failure as problem+json; the type tells `hono/client` that what is not 2xx is a problem. */
export function problem(
  c: Context<HttpEnv>,
  failure: Failure,
): Response & TypedResponse<Problem, ProblemStatus, "json"> {
  const response = problemResponse(failure, c.var.services.request_id);
  return response as Response & TypedResponse<Problem, ProblemStatus, "json">;
}
