import { VERDICT_STATUSES } from "../../../shared/api/calls.ts";
import type { ReplayInput, Webhook, WebhookInput, WebhookPatch } from "../../../shared/api/webhooks.ts";
import { WEBHOOK_EVENTS, WEBHOOK_METHODS } from "../../../shared/api/webhooks.ts";
import { HOUR_MS } from "../../../shared/instant.ts";
import { type Draft, Reading, type Values } from "../../parts/form/reading.ts";

const eventsIn = (read: Reading) => WEBHOOK_EVENTS.filter((event) => read.checked(`events/${event}`));

/** What a judgement must come to for it to be told, several with commas; empty for whatever it comes to. */
const statusesIn = (read: Reading) =>
  VERDICT_STATUSES.filter((status) => read.text("statuses").split(",").includes(status));

/** The first that is told of by each method: a postback counts a conversion, so it is told once it is one. */
export function firstSettings(method: Webhook["method"]): Pick<Webhook, "events" | "statuses"> {
  return method === "GET"
    ? { events: ["call.judged"], statuses: ["qualified"] }
    : { events: [...WEBHOOK_EVENTS], statuses: null };
}

export function readWebhookInput(values: Values): Draft<WebhookInput> {
  const read = new Reading(values);
  return read.body({
    url: read.required("url", "Where its messages go."),
    method: read.choice("method", WEBHOOK_METHODS),
    events: eventsIn(read),
    statuses: statusesIn(read).length > 0 ? statusesIn(read) : undefined,
    description: read.text("description") || undefined,
    organization_id: read.text("organization_id") || undefined,
  });
}

export function readWebhookPatch(values: Values): Draft<WebhookPatch> {
  const read = new Reading(values);
  return read.body({
    url: read.required("url", "Where its messages go."),
    events: eventsIn(read),
    statuses: statusesIn(read).length > 0 ? statusesIn(read) : null,
    description: read.text("description") || null,
  });
}

/** The last so many hours, all messages or only those that did not arrive. */
export function readReplay(now: number): (values: Values) => Draft<ReplayInput> {
  return (values) => {
    const read = new Reading(values);
    const hours = Number(read.choice("hours", REPLAY_HOURS));
    return read.body({
      from: now - hours * HOUR_MS,
      to: now,
      status: read.text("status") === "failed" ? ("failed" as const) : undefined,
    });
  };
}

export const REPLAY_HOURS = ["1", "24", "72", "168", "720"] as const;
