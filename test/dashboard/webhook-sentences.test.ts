import { describe, expect, it } from "vitest";
import { readReplay, readWebhookInput, readWebhookPatch } from "../../dashboard/pages/webhook/drafts.ts";
import { deliveryStanding, eventsOf, pulseOf, standingOf } from "../../dashboard/pages/webhook/sentences.ts";
import { WEBHOOK_EVENTS, type Webhook, type WebhookDelivery } from "../../shared/api/webhooks.ts";
import { HOUR_MS, MINUTE_MS } from "../../shared/instant.ts";

const NOW = Date.UTC(2026, 10, 21, 12);
const webhook = (fields: Partial<Webhook> = {}): Webhook => ({
  ...{ id: "whk_1", organization_id: "org_1", url: "https://crm.ringtrail.net/told", description: null },
  ...{ events: [...WEBHOOK_EVENTS], status: "enabled", failing_since: null, last_delivered_at: null },
  ...{ method: "POST", statuses: null, both_secrets_until: null, created_at: 1, retired_at: null },
  ...fields,
});
const delivery = (fields: Partial<WebhookDelivery> = {}): WebhookDelivery => ({
  ...{ id: "dlv_1", webhook_id: "whk_1", type: "call.judged", call_id: "cal_1", dispute_id: null },
  ...{ occurred_at: NOW, created_at: NOW, status: "waiting", next_attempt_at: NOW, attempts: [] },
  ...fields,
});
const plain = (text: string) => text.replaceAll("\u00a0", " ");
const tried = (fault: string | null, http_status: number | null) => [
  { at: NOW, http_status, fault, took_ms: 12 },
];

describe("how a webhook stands", () => {
  it.each<[Partial<Webhook>, string, string]>([
    [{}, "Nothing sent yet", "Nothing was sent yet. Send a test to see whether it arrives."],
    [
      { last_delivered_at: NOW - 2 * MINUTE_MS },
      "Arrived last 2 min ago",
      "Messages arrive; the last one did 2 min ago.",
    ],
    [
      { failing_since: NOW - HOUR_MS, last_delivered_at: NOW - 2 * HOUR_MS },
      "Fails since Sat 21 Nov, 11:00",
      "Its server has not taken a message since Sat 21 Nov, 11:00. Each is tried for three days.",
    ],
    [
      { status: "disabled", failing_since: NOW },
      "Off",
      "It is off: what happens meanwhile is not told, not afterwards either.",
    ],
    [
      { last_delivered_at: NOW, both_secrets_until: NOW + HOUR_MS },
      "Arrived last 0 s ago",
      "Messages arrive; the last one did 0 s ago. Messages are signed with both secrets until Sat 21 Nov, 13:00.",
    ],
    [
      { last_delivered_at: NOW, both_secrets_until: NOW },
      "Arrived last 0 s ago",
      "Messages arrive; the last one did 0 s ago.",
    ],
  ])("%j", (fields, short, long) => {
    expect(plain(standingOf(webhook(fields), NOW, "UTC").says)).toBe(short);
    expect(plain(pulseOf(webhook(fields), NOW, "UTC"))).toBe(long);
  });

  it("names what it is told of, or that it is everything", () => {
    expect(eventsOf(webhook())).toBe("everything");
    expect(eventsOf(webhook({ events: ["call.judged", "dispute.opened"] }))).toBe(
      "call.judged, dispute.opened",
    );
    expect(eventsOf(webhook({ events: ["call.judged"], statuses: ["qualified"] }))).toBe(
      "call.judged; verdicts when qualified",
    );
  });
});

describe("how a message stands", () => {
  it.each<[Partial<WebhookDelivery>, string]>([
    [{}, "On its way"],
    [{ status: "delivered", next_attempt_at: null, attempts: tried(null, 204) }, "Arrived, 204"],
    [{ next_attempt_at: NOW + 5 * MINUTE_MS, attempts: tried("answered 500", 500) }, "Tries again in 5 min"],
    [
      { status: "failed", next_attempt_at: null, attempts: tried("no connection", null) },
      "Given up: no connection",
    ],
    [{ status: "failed", next_attempt_at: null }, "Given up: never sent"],
  ])("%j", (fields, says) => {
    expect(plain(deliveryStanding(delivery(fields), NOW).says)).toBe(says);
  });
});

describe("what is sent", () => {
  const typed = { url: " https://crm.ringtrail.net/told ", description: "", organization_id: "" };

  it("is what was ticked, in the order of the list", () => {
    const values = { ...typed, "events/dispute.opened": "on", "events/call.judged": "on" };
    expect(readWebhookInput(values)).toEqual({
      ok: true,
      value: {
        url: "https://crm.ringtrail.net/told",
        method: "POST",
        events: ["call.judged", "dispute.opened"],
      },
    });
    expect(readWebhookInput({ ...values, method: "GET", statuses: "qualified,paid" })).toMatchObject({
      value: { method: "GET", statuses: ["qualified", "paid"] },
    });
    expect(readWebhookPatch(values)).toMatchObject({
      ok: true,
      value: { description: null, statuses: null },
    });
  });

  it("needs an address", () => {
    expect(readWebhookInput({ ...typed, url: " " })).toMatchObject({
      ok: false,
      error: [{ pointer: "/url" }],
    });
  });

  it("is a range that ends now", () => {
    const read = readReplay(NOW);
    expect(read({ hours: "24", status: "failed" })).toEqual({
      ok: true,
      value: { from: NOW - 24 * HOUR_MS, to: NOW, status: "failed" },
    });
    expect(read({ hours: "1", status: "all" })).toEqual({
      ok: true,
      value: { from: NOW - HOUR_MS, to: NOW },
    });
  });
});
