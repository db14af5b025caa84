import type { Instant } from "../../../shared/instant.ts";
import type { PausePart } from "./plan.ts";

/** A pause holds from `paused_at` until `resume_at`, if it has one. */
export function isPaused(pause: PausePart, at: Instant): boolean {
  if (pause.paused_at === null || at < pause.paused_at) return false;
  return pause.resume_at === null || at < pause.resume_at;
}
