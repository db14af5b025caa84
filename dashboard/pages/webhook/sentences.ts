import type { MessageType, Webhook, WebhookDelivery } from "../../../shared/api/webhooks.ts";
import { WEBHOOK_EVENTS } from "../../../shared/api/webhooks.ts";
import { span } from "../../format.ts";
import type { GlyphName } from "../../parts/glyph.tsx";
import { dayAndMinute } from "../../parts/manage/when.ts";

/** What a message is about, in words. */
export const MESSAGE_WORDS: Readonly<Record<MessageType, string>> = {
  "call.started": "A phone rings",
  "call.ended": "A call has ended",
  "call.recorded": "A recording is there",
  "call.judged": "Attribution or verdict changed",
  "call.withdrawn": "A call proves to be another’s",
  "dispute.opened": "Money is disputed",
  "dispute.decided": "A dispute is decided",
  "webhook.test": "A test",
};

/** How something stands, with its glyph. */
export type Standing = { glyph: GlyphName; says: string };

export function standingOf(hook: Webhook, now: number, zone: string): Standing {
  const { status, failing_since, last_delivered_at } = hook;
  if (status === "disabled") return { glyph: "open", says: "Off" };
  if (failing_since !== null) {
    return { glyph: "rejected", says: `Fails since ${dayAndMinute(failing_since, zone)}` };
  }
  if (last_delivered_at === null) return { glyph: "open", says: "Nothing sent yet" };
  return { glyph: "fact", says: `Arrived last ${span(Math.max(0, now - last_delivered_at))} ago` };
}

/** Of what a webhook is told: all, or the types themselves. */
export function eventsOf({ events, statuses }: Pick<Webhook, "events" | "statuses">): string {
  const told = events.length === WEBHOOK_EVENTS.length ? "everything" : events.join(", ");
  return statuses ? `${told}; verdicts when ${statuses.join(" or ")}` : told;
}

export function deliveryStanding(delivery: WebhookDelivery, now: number): Standing {
  const { status, attempts, next_attempt_at } = delivery;
  const last = attempts.at(-1);
  if (status === "delivered") return { glyph: "fact", says: `Arrived, ${last?.http_status ?? ""}` };
  if (status === "failed") return { glyph: "rejected", says: `Given up: ${last?.fault ?? "never sent"}` };
  if (!last || next_attempt_at === null) return { glyph: "pending", says: "On its way" };
  return { glyph: "pending", says: `Tries again in ${span(Math.max(0, next_attempt_at - now))}` };
}

/** What somebody who looks after a webhook wants to know first. */
export function pulseOf(hook: Webhook, now: number, zone: string): string {
  const { status, failing_since, last_delivered_at, retired_at, both_secrets_until } = hook;
  if (retired_at !== null) return "It is retired: nothing more is sent.";
  if (status === "disabled") return "It is off: what happens meanwhile is not told, not afterwards either.";
  const rotating =
    both_secrets_until !== null && now < both_secrets_until
      ? ` Messages are signed with both secrets until ${dayAndMinute(both_secrets_until, zone)}.`
      : "";
  if (failing_since !== null) {
    return `Its server has not taken a message since ${dayAndMinute(failing_since, zone)}. Each is tried for three days.${rotating}`;
  }
  if (last_delivered_at === null)
    return `Nothing was sent yet. Send a test to see whether it arrives.${rotating}`;
  return `Messages arrive; the last one did ${span(Math.max(0, now - last_delivered_at))} ago.${rotating}`;
}

/** What was sent as a person reads it: a postback is its address. */
export function readable(text: string): string {
  return text.startsWith("{") ? JSON.stringify(JSON.parse(text), null, 2) : text;
}
