/** How a call to a target ended, as far as the target goes. */
export type Attempt = "answered" | "unanswered" | "undecided";

/** So many in a row, and nobody is there. */
export const UNANSWERED_MAX = 5;

/** What a leg's status says of the phone that rang. A caller who hangs up, or is not connected yet, says nothing. */
export function attemptOf(status: string | undefined): Attempt {
  if (status === "answered" || status === "completed") return "answered";
  return status === "no_answer" || status === "busy" || status === "failed" ? "unanswered" : "undecided";
}

/**
 * How a target did in a call with these legs. Of phones that ring at once all but one are bound to lose, so there a call
 * that somebody else took says nothing of the others.
 */
export function attemptIn(
  legs: readonly { target: string; status: string }[],
  number: string,
  rings_at_once: boolean,
): Attempt {
  const own = attemptOf(legs.find(({ target }) => target === number)?.status);
  const isLost =
    rings_at_once && legs.some(({ target, status }) => target !== number && attemptOf(status) === "answered");
  return own === "unanswered" && isLost ? "undecided" : own;
}

/** True when the latest five that ended by the target's own doing all went unanswered; latest first. */
export function isGone(attempts: readonly Attempt[]): boolean {
  const decided = attempts.filter((attempt) => attempt !== "undecided").slice(0, UNANSWERED_MAX);
  return decided.length === UNANSWERED_MAX && decided.every((attempt) => attempt === "unanswered");
}
