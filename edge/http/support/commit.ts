import type { Context, TypedResponse } from "hono";
import type { Result } from "../../../shared/result.ts";
import { keepAnswer } from "../../accounts/kept-answers.ts";
import { auditRow } from "../../accounts/store.ts";
import type { Change, Ground } from "../../platform/change.ts";
import { isConflict, type Statement, write } from "../../platform/db.ts";
import type { Failure, Problem } from "../../platform/problem.ts";
import { type HttpEnv, type ProblemStatus, problem } from "./context.ts";
import { answeredMeanwhile } from "./idempotent.ts";

const TRIES_MAX = 4;

type Prepared<T> = Result<Change<T>, Failure> | Promise<Result<Change<T>, Failure>>;
type Answer<T, S extends 200 | 201 | 204> =
  | (Response & TypedResponse<T, S, S extends 204 ? "body" : "json">)
  | (Response & TypedResponse<Problem, ProblemStatus, "json">);

/** The viewer's own database, ids and the request's time. */
export function groundOf(c: Context<HttpEnv>): Ground {
  const { services, viewer } = c.var;
  return { ...services.network(viewer.network_id), ids: services.ids, now: services.clock.now() };
}

/**
 * Writes a change and answers it: the change, its audit row and the answer kept for an `Idempotency-Key` are one
 * atomic write; with a database of its own, what the directory must know is written there first. When somebody else took the same natural key meanwhile, `prepare` reads again and decides anew.
 * `then` runs after the write and before the answer.
 */
export async function commit<T, S extends 200 | 201 | 204>(
  c: Context<HttpEnv>,
  status: S,
  prepare: () => Prepared<T>,
  then: (result: T) => Promise<void> = async () => {},
): Promise<Answer<T, S>> {
  const { db } = groundOf(c);
  for (let tries = 1; ; tries++) {
    const change = await prepare();
    if (!change.ok) return problem(c, change.error);
    try {
      const { statements, directory = [], people = [] } = change.value;
      const outside = c.var.services.directory.db;
      const isApart = outside !== db;
      if (isApart) await write(outside, ...directory, ...people);
      await write(
        db,
        ...keptWith(c, status, change.value),
        ...statements,
        ...directory,
        ...(isApart ? [] : people),
        audited(c, change.value),
      );
    } catch (error) {
      if (!isConflict(error)) throw error;
      const first = await answeredMeanwhile(c);
      if (first) return first as Answer<T, S>;
      if (tries < TRIES_MAX) continue;
      return problem(c, { kind: "conflict", detail: "Others are changing the same thing. Try again." });
    }
    c.set("idempotent", null);
    await then(change.value.result);
    const answer = status === 204 ? c.body(null, 204) : c.json(change.value.result as object, status as 200);
    return answer as Response as Answer<T, S>;
  }
}

function keptWith<T>(c: Context<HttpEnv>, status: number, change: Change<T>): Statement[] {
  const request = c.var.idempotent;
  if (!request) return [];
  const body = status === 204 ? "" : JSON.stringify(change.kept ?? change.result);
  return keepAnswer(groundOf(c).db, request, status, body);
}

/** The audit log's row for what this request does. */
export function audited(
  c: Context<HttpEnv>,
  { subject_id, detail }: Pick<Change<unknown>, "subject_id" | "detail">,
): Statement {
  const { db, ids, now } = groundOf(c);
  const { operation, viewer, services } = c.var;
  const entry = { id: ids.next("audit"), at: now, subject_id, detail, request_id: services.request_id };
  return auditRow(db, viewer, { ...entry, action: operation });
}
