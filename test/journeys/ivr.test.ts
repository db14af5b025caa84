import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Call } from "../../shared/api/calls.ts";
import { PLUMBER } from "../routing/ivr-menus.ts";
import { CALLER, type Stage, setStage } from "./inbound-stage.ts";

/** A caller in a menu, from the ring to the money: over HTTP, on workerd and D1. */

let stage: Stage;
let group_id = "";
let target_id = "";
let plumber_id = "";
const PLUMBER_PHONE = "+14155550601";
const SALES_PHONE = "+14155550602";

beforeAll(async () => {
  stage = await setStage();
  const { campaign_id } = stage.stock;
  const group = await post<{ id: string }>("/target-groups", { campaign_id, name: "Plumbers" });
  const sales = await post<{ id: string }>("/targets", { campaign_id, number: SALES_PHONE, name: "Sales" });
  const plumber = await post<{ id: string }>("/targets", {
    campaign_id,
    number: PLUMBER_PHONE,
    name: "Plumber",
    group_id: group.id,
  });
  [group_id, target_id, plumber_id] = [group.id, sales.id, plumber.id];
  await post(`/campaigns/${campaign_id}/call-flows`, flow());
});
afterAll(() => stage?.world.stop());

const post = <T = Record<string, unknown>>(path: string, json: unknown) =>
  stage.world.json<T>(`/api/v1${path}`, { json });

/** The plumber's menu, open at any hour, over this campaign's targets. */
function flow(more: object = {}) {
  const nodes = PLUMBER.nodes.flatMap((node): object[] => {
    if (node.id === "hours") return [];
    if (node.kind === "ring_group") return [{ ...node, group_id }];
    return [node.kind === "connect" ? { ...node, target_ids: [target_id] } : node];
  });
  return { greeting: { say: "Welcome." }, menu: { start: "reason", nodes }, ...more };
}

type Answer = {
  action: string;
  id: string;
  callback?: string;
  target?: string;
  prompt?: { say: string };
  before?: unknown;
  callbacks?: { dial_action: string };
};
let count = 0;
/** A sandbox call that rings, and whatever is pressed then. */
async function ring() {
  const call_id = `menu-${++count}`;
  const to = stage.stock.pool_numbers[0];
  const answered = async (response: Response) => {
    expect(response.status, await response.clone().text()).toBe(200);
    return (await response.json()) as Answer;
  };
  const first = await answered(await stage.sandbox("voice", { call_id, from: CALLER, to }));
  const press = async (at: Answer, digits?: string) =>
    answered(
      await stage.world.ask(new URL(at.callback ?? "").pathname, {
        json: { call_id, from: CALLER, to, ...(digits !== undefined && { digits }) },
      }),
    );
  const status = (json: object) => stage.sandbox("status", { call_id, from: CALLER, to, ...json });
  const seen = () => stage.world.json<Call>(`/api/v1/calls/${first.id}`);
  return { call_id, first, press, status, seen };
}

describe("a caller in a menu", () => {
  it("is led by keys to who answers, and the keys stand on the call", async () => {
    const call = await ring();
    expect(call.first).toMatchObject({ action: "gather", before: [{ say: "Welcome." }], digits_max: 1 });
    const code = await call.press(call.first, "1");
    expect(code).toMatchObject({ action: "gather", digits_max: 5 });
    const dial = await call.press(code, "94110");
    expect(dial).toMatchObject({ action: "dial", target: PLUMBER_PHONE });
    await call.status({ status: "completed", duration_s: 120, connected_s: 100 });
    const seen = await call.seen();
    expect(seen).toMatchObject({
      pressed: { reason: "1", code: "94110" },
      target: PLUMBER_PHONE,
      connected_s: 100,
      disposition: "answered",
    });
  });

  it("hears a question again, and goes on without a key after its tries", async () => {
    const call = await ring();
    const again = await call.press(call.first, "7");
    expect(again).toMatchObject({ action: "gather", before: [] });
    expect(await call.press(again)).toMatchObject({ action: "dial", target: SALES_PHONE });
  });

  it("is told the same when its keys arrive twice, and rung for once", async () => {
    const call = await ring();
    const once = await call.press(call.first, "2");
    expect(await call.press(call.first, "2")).toEqual(once);
    const events = await stage.events(call.call_id);
    expect(events.filter(({ kind }) => kind === "pressed")).toHaveLength(1);
    expect(events.filter(({ kind }) => kind === "instructed")).toHaveLength(2);
  });

  it("may hang up in it: then nobody was dialled, and nothing waits for a report", async () => {
    const call = await ring();
    await call.press(call.first, "1");
    await call.status({ status: "completed", duration_s: 9 });
    const seen = await call.seen();
    expect(seen).toMatchObject({ disposition: "abandoned", connected_s: 0, revenue: { status: "rejected" } });
    expect(seen.revenue?.rules[0]).toMatchObject({ rule: "connected", detail: "nobody was dialled" });
  });

  it("comes to the message that is left when nobody takes the call", async () => {
    const call = await ring();
    const code = await call.press(call.first, "1");
    await call.press(code, "94110");
    const next = await stage.world.ask(
      `/v1/telephony/${stage.stock.sandbox_account_id}/dial/${call.first.id}`,
      {
        json: { call_id: call.call_id, target: PLUMBER_PHONE, status: "no_answer" },
      },
    );
    expect(await next.json()).toMatchObject({
      action: "voicemail",
      prompt: { say: expect.stringMatching(/closed/) },
    });
  });

  it("comes to that message at once when nobody is open", async () => {
    await post(`/targets/${plumber_id}/pause`, { reason: "Out on jobs" });
    const call = await ring();
    const code = await call.press(call.first, "1");
    expect(await call.press(code, "94110")).toMatchObject({ action: "voicemail" });
    await post(`/targets/${plumber_id}/resume`, {});
  });

  it("hears the greeting and that the call is recorded also where the first to ring is not open", async () => {
    const { campaign_id } = stage.stock;
    const nodes = [
      { kind: "ring_group", id: "plumbers", group_id, otherwise: "sales" },
      { kind: "connect", id: "sales", target_ids: [target_id] },
    ];
    const greeting = { say: "Welcome." };
    await post(`/campaigns/${campaign_id}/call-flows`, {
      greeting,
      recording: {},
      menu: { start: "plumbers", nodes },
    });
    const open = await ring();
    expect(open.first).toMatchObject({ action: "dial", target: PLUMBER_PHONE, record: true });
    await post(`/targets/${plumber_id}/pause`, { reason: "Out on jobs" });
    const closed = await ring();
    expect(closed.first).toMatchObject({ action: "dial", target: SALES_PHONE, record: true });
    expect(closed.first.before).toEqual([greeting, { say: "This call will be recorded." }]);
    expect(closed.first.before).toEqual(open.first.before);
    await post(`/targets/${plumber_id}/resume`, {});
    await post(`/campaigns/${campaign_id}/call-flows`, flow());
  });

  it("goes on by the version that it began under", async () => {
    const call = await ring();
    const { campaign_id } = stage.stock;
    await post(`/campaigns/${campaign_id}/call-flows`, {
      menu: { start: "bye", nodes: [{ kind: "hang_up", id: "bye" }] },
    });
    expect(await call.press(call.first, "2")).toMatchObject({ action: "dial", target: SALES_PHONE });
    expect((await ring()).first.action).not.toBe("gather");
    await post(`/campaigns/${campaign_id}/call-flows`, flow());
  });

  it("goes on by that version after phones that nobody took, and is recorded by no other", async () => {
    const { campaign_id, sandbox_account_id } = stage.stock;
    const publish = (more: object) => post(`/campaigns/${campaign_id}/call-flows`, more);
    const plumbers = { kind: "ring_group", id: "plumbers", group_id, otherwise: "sales" };
    const sales = { kind: "connect", id: "sales", target_ids: [target_id] };
    const rung = { start: "plumbers", nodes: [plumbers, sales] };
    const bye = { start: "bye", nodes: [{ kind: "hang_up", id: "bye" }] };
    const missed = async ({ call_id, first }: Awaited<ReturnType<typeof ring>>, query: string) => {
      const path = `/v1/telephony/${sandbox_account_id}/dial/${first.id}${query}`;
      const json = {
        call_id,
        target: PLUMBER_PHONE,
        status: "no_answer",
        from: CALLER,
        to: stage.stock.pool_numbers[0],
      };
      return (await (await stage.world.ask(path, { json })).json()) as Answer;
    };

    await publish({ menu: rung });
    const unrecorded = await ring();
    await publish({ menu: rung, recording: {} });
    const next = await missed(unrecorded, "");
    expect(next).toMatchObject({ action: "dial", target: SALES_PHONE, record: false, before: [] });

    await publish({ menu: rung, recording: { decline_key: "9" } });
    const declining = await ring();
    expect(await declining.press(declining.first, "9")).toMatchObject({ action: "dial", record: false });
    await publish({ menu: bye });
    expect(await missed(declining, "")).toMatchObject({ action: "dial", target: SALES_PHONE, record: false });

    // The version is in the dial's address, too, for when nobody can be asked.
    await publish({ menu: rung, recording: {} });
    const silent = await ring();
    await publish({ menu: rung, recording: { notice: { say: "Other words." } } });
    await stage.world.fault("throw");
    const version = new URL(silent.first.callbacks?.dial_action ?? "").search;
    const blind = await missed(silent, version).finally(() => stage.world.fault("none"));
    expect(blind).toMatchObject({ action: "dial", record: false });
    await stage.world.json("/__local/scheduled", { method: "POST" });
    await publish(flow());
  });

  it("goes on while the database is silent, and what was pressed is found when it is back", async () => {
    const call = await ring();
    await stage.world.fault("throw");
    const dial = await call.press(call.first, "2").finally(() => stage.world.fault("none"));
    expect(dial).toMatchObject({ action: "dial", target: SALES_PHONE });
    await call.status({ status: "completed", duration_s: 120, connected_s: 100 });
    await stage.world.json("/__local/scheduled", { method: "POST" });
    expect(await call.seen()).toMatchObject({ pressed: { reason: "2" }, connected_s: 100 });
  });
});

describe("a caller who rings while the database is silent", () => {
  it("is led through the menu from the copies, and the whole call is found when it is back", async () => {
    await ring();
    await stage.world.fault("throw");
    const call = await ring().catch(async (error) => {
      await stage.world.fault("none");
      throw error;
    });
    const code = await call.press(call.first, "1");
    const dial = await call.press(code, "94110").finally(() => stage.world.fault("none"));
    expect([call.first.action, code.action, dial.target]).toEqual(["gather", "gather", PLUMBER_PHONE]);
    await stage.world.json("/__local/scheduled", { method: "POST" });
    await call.status({ status: "completed", duration_s: 120, connected_s: 100 });
    expect(await call.seen()).toMatchObject({
      pressed: { reason: "1", code: "94110" },
      target: PLUMBER_PHONE,
      connected_s: 100,
    });
  });
});

describe("the same over Twilio", () => {
  it("is TwiML from question to dial", async () => {
    const asked = await stage.ring("CA-menu");
    const action = /<Gather[^>]* action="([^"]+)"/.exec(asked)?.[1] ?? "";
    expect(action).toMatch(/\/gather\/cal_\w+\/ivr-\d+-$/);
    const path = new URL(action).pathname.split("/").slice(4).join("/");
    const fields = {
      CallSid: "CA-menu",
      From: CALLER,
      To: stage.static_number,
      Digits: "2",
      CallStatus: "in-progress",
    };
    const dial = await (await stage.hook(path, fields)).text();
    expect(dial).toContain(`>${SALES_PHONE}</Number>`);
    expect((await stage.hook(path, fields, { token: "another" })).status).toBe(403);
  });
});

describe("an address that we never gave", () => {
  it.each(["ivr-x-1", "nonsense", "whisper-abc-1-r1", "ivr-1-%2e%2e%2fx"])(
    "is not found: %s",
    async (step) => {
      const call = await ring();
      const path = `/v1/telephony/${stage.stock.sandbox_account_id}/gather/${call.first.id}/${step}`;
      const response = await stage.world.ask(path, { json: { call_id: call.call_id, digits: "1" } });
      expect(response.status).toBe(404);
    },
  );
});
