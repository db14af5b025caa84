import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ListOf } from "../../shared/api/common.ts";
import {
  NewWebhook,
  ReplayedDeliveries,
  WEBHOOK_EVENTS,
  WEBHOOK_LIMITS,
  Webhook,
  WebhookDelivery,
  WebhookDeliveryFile,
} from "../../shared/api/webhooks.ts";
import { DAY_MS } from "../../shared/instant.ts";
import { checkRoute, problemOf } from "../support/api-suite.ts";
import { isSignedBy, type Receiver, startReceiver } from "../support/receiver.ts";
import { type Stage, setStage, type Who } from "../support/stage.ts";

let stage: Stage;
let receiver: Receiver;
/** Theirs who ask for it in the suite, which makes many: of several organizations, for each may have ten. */
let hook: NewWebhook;
let delivery: WebhookDelivery;

beforeAll(async () => {
  stage = await setStage();
  receiver = await startReceiver();
  hook = await make();
  delivery = await test();
});
afterAll(async () => {
  await receiver?.stop();
  await stage?.stop();
});
const on = () => stage;

const make = (more: Record<string, unknown> = {}, who: Who = "admin") =>
  stage.json<NewWebhook>(who, "/webhooks", { json: { url: receiver.url, ...more } });
const test = (id = hook.id, who: Who = "admin") =>
  stage.json<WebhookDelivery>(who, `/webhooks/${id}/test`, { method: "POST" });
const read = (id: string) => stage.json<Webhook>("admin", `/webhooks/${id}`);

/** Room for another one: the suite asks for the same thing again and again. */
async function makeRoom(): Promise<void> {
  const { data } = await stage.json<{ data: Webhook[] }>("admin", "/webhooks?limit=200");
  for (const { id } of data) {
    if (id !== hook.id) await stage.json("admin", `/webhooks/${id}`, { method: "DELETE" });
  }
}
const pathOfNew = async (rest = "") => {
  await makeRoom();
  return `/webhooks/${(await make()).id}${rest}`;
};

describe("/webhooks", () => {
  checkRoute(on, {
    operation: "webhooks.create",
    method: "POST",
    path: async () => {
      await makeRoom();
      return "/webhooks";
    },
    body: (s) => ({
      url: receiver.url,
      events: ["call.judged"],
      description: "The CRM",
      organization_id: s.own.publisher_id,
    }),
    required: ["url"],
    references: (s) => ({ organization_id: s.foreign.publisher_id }),
    status: 201,
    answers: NewWebhook,
    secret: "secret",
  });
  checkRoute(on, {
    operation: "webhooks.list",
    method: "GET",
    path: () => "/webhooks",
    status: 200,
    answers: ListOf(Webhook),
  });
  checkRoute(on, {
    operation: "webhooks.read",
    method: "GET",
    path: () => `/webhooks/${hook.id}`,
    status: 200,
    answers: Webhook,
  });
  checkRoute(on, {
    operation: "webhooks.update",
    method: "PATCH",
    path: () => `/webhooks/${hook.id}`,
    body: () => ({ events: [...WEBHOOK_EVENTS], description: null }),
    status: 200,
    answers: Webhook,
  });
  checkRoute(on, { operation: "webhooks.retire", method: "DELETE", path: () => pathOfNew(), status: 204 });
  checkRoute(on, {
    operation: "webhooks.rotate",
    method: "POST",
    path: () => pathOfNew("/rotate-secret"),
    status: 200,
    answers: NewWebhook,
    secret: "secret",
  });
  checkRoute(on, {
    operation: "webhooks.test",
    method: "POST",
    path: () => `/webhooks/${hook.id}/test`,
    status: 201,
    answers: WebhookDelivery,
  });
  checkRoute(on, {
    operation: "webhooks.replay",
    method: "POST",
    path: () => `/webhooks/${hook.id}/replay`,
    body: (s) => ({ from: s.world.at - DAY_MS, to: s.world.at }),
    required: ["from", "to"],
    status: 200,
    answers: ReplayedDeliveries,
  });
  checkRoute(on, {
    operation: "webhook_deliveries.list",
    method: "GET",
    path: () => `/webhooks/${hook.id}/deliveries`,
    status: 200,
    answers: ListOf(WebhookDelivery),
  });
  checkRoute(on, {
    operation: "webhook_deliveries.read",
    method: "GET",
    path: () => `/webhooks/${hook.id}/deliveries/${delivery.id}`,
    status: 200,
    answers: WebhookDeliveryFile,
  });
  checkRoute(on, {
    operation: "webhook_deliveries.resend",
    method: "POST",
    path: () => `/webhooks/${hook.id}/deliveries/${delivery.id}/resend`,
    status: 200,
    answers: WebhookDelivery,
  });
});

describe("a webhook", () => {
  it("shows its secret once, and keeps it sealed", async () => {
    await makeRoom();
    const made = await make();
    expect(made.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(made.events).toEqual([...WEBHOOK_EVENTS]);
    const shown = JSON.stringify([await read(made.id), await stage.json("admin", "/webhooks?limit=200")]);
    expect(shown).toContain(made.id);
    expect(shown).not.toContain(made.secret);
    for (const table of ["webhooks", "audit_log", "idempotency_keys"]) {
      const { results } = await stage.world.d1.prepare(`SELECT * FROM ${table}`).all();
      expect(JSON.stringify(results)).not.toContain(made.secret);
    }
  });

  it("is tried at once, and answers what became of it", async () => {
    const before = receiver.received.length;
    const { id } = await test();
    const file = await stage.json<WebhookDeliveryFile>("admin", `/webhooks/${hook.id}/deliveries/${id}`);
    expect(file).toMatchObject({ type: "webhook.test", status: "delivered", next_attempt_at: null });
    expect(file.attempts).toMatchObject([{ http_status: 204, fault: null }]);
    const message = receiver.received[before];
    expect(message?.text).toBe(file.body);
    expect(message?.headers["webhook-id"]).toBe(file.id);
    expect(message?.headers["content-type"]).toBe("application/json");
    expect(message && isSignedBy(hook.secret, message)).toBe(true);
    expect(message?.body).toEqual({
      id: file.id,
      type: "webhook.test",
      timestamp: new Date(stage.world.at).toISOString(),
      data: { webhook: { id: hook.id } },
    });
  });

  it("signs with both secrets for a day after another was given", async () => {
    await makeRoom();
    const made = await make();
    const turned = await stage.json<NewWebhook>("admin", `/webhooks/${made.id}/rotate-secret`, {
      method: "POST",
    });
    expect(turned.secret).not.toBe(made.secret);
    const signedNow = async (now: number) => {
      const file = await stage.json<WebhookDelivery>("admin", `/webhooks/${made.id}/test`, {
        method: "POST",
        now,
      });
      const message = await receiver.told(({ body }) => body.id === file.id);
      return [made, turned].map(({ secret }) => isSignedBy(secret, message));
    };
    expect(await signedNow(stage.world.at + DAY_MS - 1)).toEqual([true, true]);
    expect(await signedNow(stage.world.at + DAY_MS)).toEqual([false, true]);
  });

  it("says why a message failed, and nothing of what was answered", async () => {
    for (const [answer, fault, http_status] of [
      [{ status: 500 }, "answered 500", 500],
      [{ status: 302, headers: { location: receiver.url } }, "redirections are not followed", 302],
      [null, "no connection", null],
    ] as const) {
      receiver.answer = answer;
      const before = receiver.received.length;
      const file = await test();
      expect(receiver.received.length).toBe(before + 1);
      expect(file).toMatchObject({ status: "waiting", attempts: [{ fault, http_status }] });
      expect(JSON.stringify(file)).not.toContain("nobody else");
    }
    expect((await read(hook.id)).failing_since).toBe(stage.world.at);
    receiver.answer = { status: 200 };
    await test();
    expect(await read(hook.id)).toMatchObject({ failing_since: null, last_delivered_at: stage.world.at });
  });

  it("switches itself off where its server answers that it is gone", async () => {
    await makeRoom();
    const { id } = await make();
    receiver.answer = { status: 410 };
    expect(await test(id)).toMatchObject({ status: "failed", next_attempt_at: null });
    receiver.answer = { status: 204 };
    expect(await read(id)).toMatchObject({ status: "disabled" });
    await stage.json("admin", `/webhooks/${id}`, { method: "PATCH", json: { status: "enabled" } });
    expect(await read(id)).toMatchObject({ status: "enabled", failing_since: null });
  });

  it("is one of ten at most, and nothing any more once it is retired", async () => {
    await makeRoom();
    const made: NewWebhook[] = [];
    for (let n = 1; n < WEBHOOK_LIMITS.webhooks; n++) made.push(await make());
    await problemOf(await stage.as("admin", "/webhooks", { json: { url: receiver.url } }), 409);
    const [first] = made;
    await stage.json("admin", `/webhooks/${first?.id}`, { method: "DELETE" });
    for (const rest of ["/test", "/rotate-secret"]) {
      await problemOf(await stage.as("admin", `/webhooks/${first?.id}${rest}`, { method: "POST" }), 409);
    }
    await make();
    await makeRoom();
  });

  it("is its own organization's and the network's, and no other's", async () => {
    const { id } = await make({}, "publisher");
    const { id: delivery_id } = await test(id, "publisher");
    for (const who of ["advertiser", "other_publisher", "stranger"] as const) {
      for (const path of ["", "/deliveries", `/deliveries/${delivery_id}`]) {
        await problemOf(await stage.as(who, `/webhooks/${id}${path}`), 404);
      }
      const { data } = await stage.json<{ data: Webhook[] }>(who, "/webhooks");
      expect(data.map((one) => one.id)).not.toContain(id);
    }
    expect((await read(id)).organization_id).toBe(stage.own.publisher_id);
  });

  it("goes out of use with its organization, as keys do", async () => {
    const { id: organization_id } = await stage.json<{ id: string }>("admin", "/publishers", {
      json: { name: "Gone soon" },
    });
    await makeRoom();
    const { id } = await make({ organization_id });
    await stage.json("admin", `/publishers/${organization_id}`, { method: "DELETE" });
    expect(await read(id)).toMatchObject({ status: "disabled", retired_at: stage.world.at });
  });
});
