import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Call } from "../../shared/api/calls.ts";
import { type Inventory, stockUp } from "../support/inventory.ts";
import { layLine } from "../support/line.ts";
import { startWorld, type World } from "../support/world.ts";

/** A call that a suspension sends on to another campaign, with a menu, words for the agent and terms of its own. */

const CALLER = "+14155550177";
const NUMBER = "+16505590001";
const HOME_PHONE = "+14155550620";
const FIRST_PHONE = "+14155550621";
const SECOND_PHONE = "+14155550622";
const WHISPER = { say: "A caller for the other campaign." };

let world: World;
let stock: Inventory;
let other_id = "";

beforeAll(async () => {
  world = await startWorld();
  stock = await stockUp(world);
  const { advertiser_id, publisher_id, sandbox_account_id: telephony_account_id } = stock;
  const of = { advertiser_id, telephony_account_id };
  const terms = { revenue: { requires_keypress: { question: "reason", keys: ["1"] } } };
  other_id = await layLine(world, { ...of, e164: "+16505590002", terms });
  const { id: first } = await api("/targets", { campaign_id: other_id, number: FIRST_PHONE, priority: 1 });
  const { id: second } = await api("/targets", { campaign_id: other_id, number: SECOND_PHONE, priority: 2 });
  await publish(other_id, {
    menu: menu({ kind: "connect", id: "sales", target_ids: [first], otherwise: "last" }, second),
    whisper: WHISPER,
    accept_key: "5",
  });
  // The home campaign asks under the same name, and would ring somebody else.
  const home_id = await layLine(world, { ...of, e164: NUMBER, number: { publisher_id } });
  const { id: home } = await api("/targets", { campaign_id: home_id, number: HOME_PHONE });
  await publish(home_id, {
    menu: menu({ kind: "connect", id: "sales", target_ids: [home] }, home),
    whisper: { say: "Home." },
  });
  await api(`/campaigns/${home_id}/enrollments`, { publisher_id, status: "suspended" });
  const suspended = { action: "campaign", campaign_id: other_id };
  await api(`/campaigns/${home_id}/routing`, { suspended }, "PATCH");
});
afterAll(() => world?.stop());

const api = <T = { id: string }>(path: string, json: object, method = "POST") =>
  world.json<T>(`/api/v1${path}`, { method, json });
const publish = (campaign_id: string, flow: object) => api(`/campaigns/${campaign_id}/call-flows`, flow);

function menu(sales: object, last: string) {
  const question = { kind: "menu", id: "reason", prompt: { say: "What is it?" }, tries: 2, timeout_s: 5 };
  const nodes = [
    { ...question, keys: [{ key: "1", to: "sales" }], otherwise: "sales" },
    sales,
    { kind: "connect", id: "last", target_ids: [last] },
  ];
  const isUsed = "otherwise" in sales;
  return { start: "reason", nodes: isUsed ? nodes : nodes.slice(0, 2) };
}

type Answer = {
  action: string;
  id: string;
  target?: string;
  callback?: string;
  callbacks?: { dial_action: string; whisper: string };
  before?: { say: string }[];
};

let count = 0;
async function ring(to = NUMBER) {
  const call_id = `sent-${++count}`;
  const parties = { call_id, from: CALLER, to };
  const ask = async (url: string, more: object = {}) => {
    const { pathname, search } = new URL(url);
    return world.json<Answer>(pathname + search, { json: { ...parties, ...more } });
  };
  const first = await ask(`${world.url}/v1/telephony/${stock.sandbox_account_id}/voice`);
  return { call_id, first, ask };
}

describe("a call that was sent on", () => {
  it("is asked, rung and judged by the campaign that it was sent to, whose agent hears its words", async () => {
    const { call_id, first, ask } = await ring();
    expect(first.action).toBe("gather");
    const dial = await ask(first.callback ?? "", { digits: "1" });
    expect(dial).toMatchObject({ action: "dial", target: FIRST_PHONE });
    const whisper = await ask(dial.callbacks?.whisper ?? "", { target: FIRST_PHONE });
    expect(whisper.before).toContainEqual(WHISPER);
    const next = await ask(dial.callbacks?.dial_action ?? "", { target: FIRST_PHONE, status: "no_answer" });
    expect(next).toMatchObject({ action: "dial", target: SECOND_PHONE });
    const json = { call_id, status: "completed", duration_s: 120, connected_s: 100, target: SECOND_PHONE };
    await world.json(`/v1/telephony/${stock.sandbox_account_id}/status`, { json });
    const call = await world.json<Call>(`/api/v1/calls/${first.id}`);
    expect(call).toMatchObject({ campaign_id: other_id, pressed: { reason: "1" } });
    expect(call.revenue?.rules).toContainEqual(expect.objectContaining({ rule: "keypress", passed: true }));
  });

  it("stays in that campaign while the database is silent", async () => {
    const { first, ask } = await ring();
    await world.fault("throw");
    const dial = await ask(first.callback ?? "", { digits: "1" });
    const next = await ask(dial.callbacks?.dial_action ?? "", {
      target: FIRST_PHONE,
      status: "no_answer",
    }).finally(() => world.fault("none"));
    expect([dial.target, next.target]).toEqual([FIRST_PHONE, SECOND_PHONE]);
    await world.json("/__local/scheduled", { method: "POST" });
    expect(await world.json(`/api/v1/calls/${first.id}`)).toMatchObject({
      campaign_id: other_id,
      pressed: { reason: "1" },
    });
  });

  it("is in no campaign that merely stands in the address which is asked", async () => {
    const e164 = "+16505590003";
    const phones = ["+14155550623", "+14155550624"];
    const { advertiser_id, sandbox_account_id: telephony_account_id } = stock;
    const campaign_id = await layLine(world, { advertiser_id, telephony_account_id, e164 });
    for (const [priority, number] of phones.entries())
      await api("/targets", { campaign_id, number, priority });
    const { first, ask } = await ring(e164);
    const elsewhere = `${first.callbacks?.dial_action}?campaign=${other_id}`;
    const next = await ask(elsewhere, { target: phones[0], status: "no_answer" });
    expect(next).toMatchObject({ action: "dial", target: phones[1] });
    expect(await world.json(`/api/v1/calls/${first.id}`)).toMatchObject({ campaign_id });
  });
});
