import type { VerdictStatus } from "../../../shared/api/calls.ts";
import type { MessageType, WebhookEvent } from "../../../shared/api/webhooks.ts";

/** Of what a webhook wants to be told. */
export type Wish = { events: readonly WebhookEvent[]; statuses: readonly VerdictStatus[] | null };

/** What its organization sees now: how its side stands, and a fingerprint of all that is shown. */
export type Sight = { status: string | undefined; fingerprint: string };

/** A message that it got of the same call before. */
export type ToldBefore = { type: MessageType; fingerprint: string };

/**
 * As what a webhook is told of an event; null when it is not. `sight` is null where its organization may not see the
 * subject: that a call is gone is news to whom it was shown, once. A judgement that changed nothing in these eyes is no
 * news, unless the call was gone meanwhile. `told` is in the order in which the messages were made.
 */
export function newsOf(
  event: WebhookEvent,
  wish: Wish,
  sight: Sight | null,
  told: readonly ToldBefore[],
): WebhookEvent | null {
  const wasGone = told.at(-1)?.type === "call.withdrawn";
  if (!sight) {
    return told.length > 0 && !wasGone && wish.events.includes("call.withdrawn") ? "call.withdrawn" : null;
  }
  if (!wish.events.includes(event)) return null;
  if (event !== "call.judged") return event;
  const before = told.findLast(({ type }) => type === event);
  const isKnown = !wasGone && before?.fingerprint === sight.fingerprint;
  const isWanted = wish.statuses === null || wish.statuses.some((status) => status === sight.status);
  return isWanted && !isKnown ? event : null;
}
