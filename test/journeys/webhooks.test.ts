import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import type { Call } from "../../shared/api/calls.ts";
import type { Dispute } from "../../shared/api/disputes.ts";
import type { NewWebhook, Webhook, WebhookDelivery, WebhookDeliveryFile } from "../../shared/api/webhooks.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../shared/instant.ts";
import { CALLER, callNamed, placeCall, reportsOf } from "../support/phone.ts";
import { isSignedBy, type Received, type Receiver, startReceiver } from "../support/receiver.ts";
import { type Stage, setStage, type Who } from "../support/stage.ts";

/** What somebody's server is told of a call's life. */

let stage: Stage;
let receiver: Receiver;
let number: { id: string; e164: string };
let told = 0;

beforeAll(async () => {
  stage = await setStage();
});
afterAll(() => stage?.stop());

beforeEach(async () => {
  stage.world.at += 40 * DAY_MS;
  const { sandbox_account_id: telephony_account_id, campaign_id, publisher_id } = stage.own;
  const json = { telephony_account_id, e164: [`+1628555${7_000 + ++told}`], campaign_id, publisher_id };
  const made = await stage.json<{ data: (typeof number)[] }>("admin", "/numbers", { json });
  if (made.data[0]) number = made.data[0];
  stage.world.at += HOUR_MS;
  receiver = await startReceiver();
  return async () => {
    for (const who of ["admin", "advertiser", "publisher", "other_publisher"] as const) {
      const { data } = await stage.json<{ data: Webhook[] }>(who, "/webhooks?limit=200");
      for (const { id } of data) await stage.json(who, `/webhooks/${id}`, { method: "DELETE" });
    }
    await receiver.stop();
  };
});

const hookOf = (who: Who, more: Record<string, unknown> = {}) =>
  stage.json<NewWebhook>(who, "/webhooks", { json: { url: receiver.url, ...more } });
const tick = (now: number) =>
  stage.world.json<{ told: number; failed: string[] }>("/__local/scheduled", { method: "POST", now });
const newCall = (at = stage.world.at) => ({ call_id: `told-${++told}`, to: number.e164, at });

async function place(more: { connected_s?: number } = {}): Promise<string> {
  const call = newCall();
  await placeCall(stage.world, stage.own.sandbox_account_id, { ...call, ...more });
  return call.call_id;
}
const callOf = (call_id: string, who: Who = "admin", now = stage.world.at + 10 * MINUTE_MS) =>
  callNamed(stage.world, call_id, now, stage.keys[who]);
const typesTo = ({ secret }: NewWebhook) =>
  receiver.received.filter((message) => isSignedBy(secret, message)).map(({ body }) => body.type);
const saidTo = ({ secret }: NewWebhook, type: string) =>
  receiver.told((message) => isSignedBy(secret, message) && message.body.type === type);
const callIn = ({ body }: Received) => body.data.call as Call;
const deliveriesOf = async ({ id }: Pick<Webhook, "id">, now = stage.world.at, query = "") =>
  (
    await stage.json<{ data: WebhookDelivery[] }>("admin", `/webhooks/${id}/deliveries?limit=200${query}`, {
      now,
    })
  ).data;

it("a call is told of from ring to verdict, to each side as it sees it", async () => {
  const hooks = {
    admin: await hookOf("admin"),
    advertiser: await hookOf("advertiser"),
    publisher: await hookOf("publisher"),
  };
  const call_id = await place();
  for (const [who, hook] of Object.entries(hooks) as [keyof typeof hooks, NewWebhook][]) {
    const message = await saidTo(hook, "call.judged");
    // What says in how long something ends moves with the clock; the message was made when the call ended.
    expect(callIn(message)).toEqual(await callOf(call_id, who, stage.world.at + 105_000));
    expect(message.body.timestamp).toBe(new Date(stage.world.at + 105_000).toISOString());
    expect(message.headers["webhook-id"]).toBe(message.body.id);
  }
  expect(callIn(await saidTo(hooks.publisher, "call.judged"))).not.toHaveProperty("revenue");
  expect(callIn(await saidTo(hooks.advertiser, "call.judged"))).not.toHaveProperty("payout");
  expect(typesTo(hooks.admin)).toEqual(["call.started", "call.ended", "call.judged"]);
  await tick(stage.world.at + HOUR_MS);
  expect(typesTo(hooks.admin)).toHaveLength(3);
});

it("only what was asked for is told, and nothing to others or while it is off", async () => {
  const judged = await hookOf("admin", { events: ["call.judged"] });
  const off = await hookOf("admin");
  await stage.json("admin", `/webhooks/${off.id}`, { method: "PATCH", json: { status: "disabled" } });
  const other = await hookOf("other_publisher");
  const stranger = await hookOf("stranger");
  await place();
  await saidTo(judged, "call.judged");
  await tick(stage.world.at + HOUR_MS);
  expect([judged, off, other, stranger].map(typesTo)).toEqual([["call.judged"], [], [], []]);
  await stage.json("stranger", `/webhooks/${stranger.id}`, { method: "DELETE" });
});

it("a network without a webhook writes nothing down for one", async () => {
  await place();
  const count = await stage.world.d1.prepare("SELECT count(*) AS marks FROM webhook_marks").first();
  expect(count).toEqual({ marks: 0 });
});

it("a server that is down is tried less and less often for three days, by one message", async () => {
  receiver.answer = { status: 503 };
  const hook = await hookOf("admin", { events: ["call.started", "call.ended"] });
  const at = stage.world.at;
  await place();
  await saidTo(hook, "call.started");
  await tick(at + 2 * MINUTE_MS);
  const soon = await deliveriesOf(hook, at + 3 * MINUTE_MS);
  const started = soon.find(({ type }) => type === "call.started");
  expect(soon.map(({ status }) => status)).toEqual(["waiting", "waiting"]);
  for (let now = at; now < at + 4 * DAY_MS; ) {
    const waiting = (await deliveriesOf(hook, now)).flatMap(({ next_attempt_at }) => next_attempt_at ?? []);
    if (waiting.length === 0) break;
    // The clock looks by the minute.
    now = Math.max(Math.ceil(Math.min(...waiting) / MINUTE_MS) * MINUTE_MS, now + MINUTE_MS);
    await tick(now);
  }
  const late = await deliveriesOf(hook, at + 4 * DAY_MS);
  expect(late.map(({ status, next_attempt_at }) => [status, next_attempt_at])).toEqual([
    ["failed", null],
    ["failed", null],
  ]);
  const attempts = late.find(({ id }) => id === started?.id)?.attempts ?? [];
  const waits = attempts.slice(1).map((one, n) => one.at - (attempts[n]?.at ?? 0));
  // Five minutes, then half an hour, two, five and ten, each rounded up to when the clock looks.
  expect(waits.slice(1, 6).every((wait, n) => wait >= ([5, 30, 120, 300, 600][n] ?? 0) * MINUTE_MS)).toBe(
    true,
  );
  expect(attempts.length).toBeLessThan(20);
  expect(attempts.every(({ fault }) => fault === "answered 503")).toBe(true);
  // Sent again when it is asked for, under the same id and with the same words.
  receiver.answer = { status: 200 };
  const range = { from: at, to: at + HOUR_MS, status: "failed" };
  const now = at + 4 * DAY_MS;
  expect(await stage.json("admin", `/webhooks/${hook.id}/replay`, { json: range, now })).toEqual({
    deliveries: 2,
  });
  await tick(now + MINUTE_MS);
  const again = receiver.received.filter(({ body }) => body.id === started?.id);
  expect(new Set(again.map(({ text }) => text)).size).toBe(1);
  expect((await deliveriesOf(hook, now)).map(({ status }) => status)).toEqual(["delivered", "delivered"]);
});

it("who asks for patience is given it", async () => {
  receiver.answer = { status: 429, headers: { "retry-after": "7200" } };
  const hook = await hookOf("admin", { events: ["call.started"] });
  await place();
  await saidTo(hook, "call.started");
  await tick(stage.world.at + HOUR_MS);
  const [delivery] = await deliveriesOf(hook);
  expect(delivery?.attempts).toHaveLength(1);
  expect(delivery?.next_attempt_at).toBe((delivery?.attempts[0]?.at ?? 0) + 2 * HOUR_MS);
});

it("two who tell at once tell once", async () => {
  const hook = await hookOf("admin", { events: ["call.recorded"] });
  const names = await Promise.all([1, 2, 3, 4].map(() => place()));
  const ids = (await Promise.all(names.map((name) => callOf(name)))).map(({ id }) => id);
  const now = stage.world.at + HOUR_MS;
  const marks = ids.map((id) => `('${stage.world.network_id}', 'call.recorded', '${id}', ${now})`);
  await stage.world.d1.exec(
    `INSERT INTO webhook_marks (network_id, type, subject_id, occurred_at) VALUES ${marks.join(", ")}`,
  );
  await Promise.all([1, 2, 3].map(() => tick(now)));
  await tick(now + 5 * MINUTE_MS);
  const made = await deliveriesOf(hook, now);
  expect(made.map(({ call_id }) => call_id).sort()).toEqual(ids.sort());
  expect(made.every(({ status, attempts }) => status === "delivered" && attempts.length === 1)).toBe(true);
  expect(receiver.received.map(({ body }) => body.id).sort()).toEqual(made.map(({ id }) => id).sort());
});

it("what changes nothing in somebody's eyes is no news to them", async () => {
  const hooks = [await hookOf("advertiser"), await hookOf("publisher")] as const;
  const call_id = await place();
  for (const hook of hooks) await saidTo(hook, "call.judged");
  const { id } = await callOf(call_id, "admin");
  const now = stage.world.at + HOUR_MS;
  // The advertiser pays: the publisher's part is as it was.
  const period = new Date(stage.world.at).toISOString().slice(0, 7);
  const json = { organization_id: stage.own.advertiser_id, period };
  await stage.json("billing", "/statements/payments", { json, now });
  await receiver.told(
    ({ body }) => (body.data.call as { revenue?: { status: string } })?.revenue?.status === "paid",
  );
  await tick(now + MINUTE_MS);
  expect(typesTo(hooks[0]).filter((type) => type === "call.judged")).toHaveLength(2);
  expect(typesTo(hooks[1]).filter((type) => type === "call.judged")).toHaveLength(1);
  expect(id).toMatch(/^cal_/);
});

it("a publisher is told that a call is not its own after all, and the other one of its call", async () => {
  const before = await hookOf("publisher");
  const after = await hookOf("other_publisher");
  const call_id = await place();
  await saidTo(before, "call.judged");
  const { id } = await callOf(call_id);
  const { campaign_id } = stage.own;
  const now = stage.world.at + DAY_MS;
  const publisher_id = stage.other_publisher_id;
  const effective_at = stage.world.at - MINUTE_MS;
  await stage.json("admin", `/numbers/${number.id}/move`, {
    json: { campaign_id, publisher_id, effective_at },
    now,
  });
  const range = { from: stage.world.at - HOUR_MS, to: stage.world.at + HOUR_MS, apply: true };
  await stage.json("admin", "/replays", { json: range, now });
  const gone = await saidTo(before, "call.withdrawn");
  expect(gone.body.data).toEqual({ call: { id } });
  expect(callIn(await saidTo(after, "call.judged")).id).toBe(id);
  await tick(now + MINUTE_MS);
  expect(typesTo(before).filter((type) => type === "call.withdrawn")).toHaveLength(1);
});

it("a postback counts a call once, when it is earned", async () => {
  const tracker = `${receiver.url}?by={publisher_id}&call={call_id}&earned={payout}&sub={sub1}&is={status}`;
  const json = { url: tracker, method: "GET", statuses: ["qualified"] };
  const hook = await stage.json<NewWebhook>("publisher", "/webhooks", { json });
  await stage.json("admin", `/numbers/${number.id}`, { method: "PATCH", json: { sub1: "spring sale" } });
  const [early, call_id] = [await place({ connected_s: 5 }), await place()];
  const { id } = await callOf(call_id);
  const counted = await receiver.told(({ path }) => path.includes(id));
  expect(counted.path).toBe(
    `/told?by=${stage.own.publisher_id}&call=${id}&earned=45.00&sub=spring%20sale&is=qualified`,
  );
  expect(counted.headers).not.toHaveProperty("webhook-signature");
  // Paying it changes the verdict, and is none of the tracker's business.
  const period = new Date(stage.world.at).toISOString().slice(0, 7);
  const organization_id = stage.own.publisher_id;
  await stage.json("billing", "/statements/payments", { json: { organization_id, period } });
  await tick(stage.world.at + HOUR_MS);
  expect(receiver.received).toHaveLength(1);
  const [delivery] = await deliveriesOf(hook);
  const path = `/webhooks/${hook.id}/deliveries/${delivery?.id}`;
  const { body } = await stage.json<WebhookDeliveryFile>("publisher", path);
  expect(new URL(body).pathname + new URL(body).search).toBe(counted.path);
  expect(await callOf(early)).toMatchObject({ payout: { status: "rejected" } });
});

it("disputes are told to whom they concern", async () => {
  const hook = await hookOf("publisher", { events: ["dispute.opened", "dispute.decided"] });
  const call_id = await place();
  const now = stage.world.at + HOUR_MS;
  const { id } = await callOf(call_id);
  const words = { reason: "spam", detail: "A recorded voice." };
  const dispute = await stage.json<Dispute>("advertiser", `/calls/${id}/disputes`, { json: words, now });
  const opened = await saidTo(hook, "dispute.opened");
  expect(opened.body.data).toEqual({
    dispute: await stage.json("publisher", `/disputes/${dispute.id}`, { now }),
  });
  const decision = { decision: "declined", note: "We listened to it." };
  await stage.json("billing", `/disputes/${dispute.id}/decision`, { json: decision, now: now + MINUTE_MS });
  const decided = (await saidTo(hook, "dispute.decided")).body.data.dispute as Dispute;
  expect(decided).toMatchObject({ id: dispute.id, status: "declined" });
});

it("a call that rings is told of while it rings", async () => {
  const hook = await hookOf("advertiser", { events: ["call.started"] });
  const call = newCall();
  const [ring] = reportsOf(stage.world, stage.own.sandbox_account_id, call);
  await ring?.();
  expect(callIn(await saidTo(hook, "call.started"))).toMatchObject({ ended_at: null });
});

it("keeps what it said sealed, for 30 days", async () => {
  const hook = await hookOf("admin", { events: ["call.judged"] });
  await place();
  const { text, body } = await saidTo(hook, "call.judged");
  expect(text).toContain(CALLER);
  const path = `/webhooks/${hook.id}/deliveries/${body.id}`;
  expect((await stage.json<WebhookDeliveryFile>("admin", path)).body).toBe(text);
  const rows = await stage.world.d1.prepare("SELECT * FROM webhook_deliveries").all();
  expect(JSON.stringify(rows.results)).not.toContain(CALLER);
  const kept = async () => (await deliveriesOf(hook)).filter(({ id }) => id === body.id).length;
  await tick(stage.world.at + 30 * DAY_MS);
  expect(await kept()).toBe(1);
  await tick(stage.world.at + 31 * DAY_MS);
  expect(await kept()).toBe(0);
});
