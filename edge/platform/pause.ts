import type { Instant } from "../../shared/instant.ts";
import { err, ok, type Result } from "../../shared/result.ts";
import type { Failure } from "./problem.ts";

/** A pause as it is stored beside whatever is paused; all null when nothing is. */
export type PauseFields = {
  paused_at: Instant | null;
  pause_reason: string | null;
  resume_at: Instant | null;
};

/** A pause from now on, for this reason, until `resume_at` if it has one. Invalid when that is not in the future. */
export function pauseFrom(
  now: Instant,
  pause: { reason: string; resume_at?: Instant | undefined },
): Result<PauseFields, Failure> {
  const resume_at = pause.resume_at ?? null;
  if (resume_at !== null && resume_at <= now) return err(IN_THE_PAST);
  return ok({ paused_at: now, pause_reason: pause.reason, resume_at });
}

export const NOT_PAUSED: PauseFields = { paused_at: null, pause_reason: null, resume_at: null };

/**
 * A pause that ends now or, if told, at `resume_at`: the pause in force gets this end, and what is not paused stays so.
 * Invalid when that is not in the future.
 */
export function resumeFrom(
  now: Instant,
  current: PauseFields,
  { resume_at }: { resume_at?: Instant | undefined },
): Result<PauseFields, Failure> {
  if (resume_at === undefined) return ok(NOT_PAUSED);
  if (resume_at <= now) return err(IN_THE_PAST);
  const { paused_at, pause_reason } = current;
  const isOver = paused_at === null || (current.resume_at !== null && current.resume_at <= now);
  return ok(isOver ? NOT_PAUSED : { paused_at, pause_reason, resume_at });
}

const IN_THE_PAST: Failure = {
  kind: "invalid",
  faults: [{ pointer: "/resume_at", detail: "must be in the future" }],
};
