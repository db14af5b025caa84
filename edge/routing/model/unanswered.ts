/** How a call to a target ended, as far as the target goes. */
export type Attempt = "answered" | "unanswered" | "undecided";

/** So many in a row, and nobody is there. */
export const UNANSWERED_MAX = 5;

/** What a leg's status says of the phone that rang. A caller who hangs up, or is not connected yet, says nothing. */
export function attemptOf(status: string | undefined): Attempt {
  if (status === "answered" || status === "completed") return "answered";
  return status === "no_answer" || status === "busy" || status === "failed" ? "unanswered" : "undecided";
}

/** True when the latest five that ended by the target's own doing all went unanswered; latest first. */
export function isGone(attempts: readonly Attempt[]): boolean {
  const decided = attempts.filter((attempt) => attempt !== "undecided").slice(0, UNANSWERED_MAX);
  return decided.length === UNANSWERED_MAX && decided.every((attempt) => attempt === "unanswered");
}
