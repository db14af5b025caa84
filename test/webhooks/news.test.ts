import { expect, it } from "vitest";
import { newsOf, type ToldBefore, type Wish } from "../../edge/webhooks/model/news.ts";
import { WEBHOOK_EVENTS, type WebhookEvent } from "../../shared/api/webhooks.ts";

/** As what a webhook is told of an event, by what it was told before. */

const ALL: Wish = { events: WEBHOOK_EVENTS, statuses: null };
const QUALIFIED: Wish = { events: WEBHOOK_EVENTS, statuses: ["qualified"] };
const JUDGED: Wish = { events: ["call.judged"], statuses: null };
const sees = (status: string, fingerprint = status) => ({ status, fingerprint });
const told = (...types: (ToldBefore["type"] | [ToldBefore["type"], string])[]): ToldBefore[] =>
  types.map((one) =>
    typeof one === "string" ? { type: one, fingerprint: "" } : { type: one[0], fingerprint: one[1] },
  );

it.each<[string, WebhookEvent, Wish, ReturnType<typeof sees> | null, ToldBefore[], WebhookEvent | null]>([
  ["what it asked for", "call.ended", ALL, sees("pending"), told("call.started"), "call.ended"],
  ["not what it did not", "call.ended", JUDGED, sees("pending"), [], null],
  ["a first judgement", "call.judged", ALL, sees("pending"), told("call.started"), "call.judged"],
  ["another", "call.judged", ALL, sees("paid"), told(["call.judged", "qualified"]), "call.judged"],
  ["not the same again", "call.judged", ALL, sees("paid"), told(["call.judged", "paid"]), null],
  [
    "the last one counts, not one before it",
    "call.judged",
    ALL,
    sees("pending"),
    told(["call.judged", "pending"], ["call.judged", "rejected"]),
    "call.judged",
  ],
  ["not how it does not want it", "call.judged", QUALIFIED, sees("pending"), [], null],
  ["how it wants it", "call.judged", QUALIFIED, sees("qualified"), [], "call.judged"],
  ["once", "call.judged", QUALIFIED, sees("qualified"), told(["call.judged", "qualified"]), null],
  ["other events whatever stands", "call.ended", QUALIFIED, sees("pending"), [], "call.ended"],
  ["nothing of what it never saw", "call.judged", ALL, null, [], null],
  ["that what it saw is gone", "call.judged", ALL, null, told("call.started"), "call.withdrawn"],
  ["that once", "call.judged", ALL, null, told("call.started", "call.withdrawn"), null],
  ["not that if it did not ask", "call.judged", JUDGED, null, told(["call.judged", "paid"]), null],
  [
    "that it is back, though it is the same",
    "call.judged",
    ALL,
    sees("paid"),
    told(["call.judged", "paid"], "call.withdrawn"),
    "call.judged",
  ],
])("is told %s", (_, event, wish, sight, before, news) => {
  expect(newsOf(event, wish, sight, before)).toBe(news);
});
