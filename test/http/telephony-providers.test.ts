import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TelephonyAccount } from "../../shared/api/telephony-accounts.ts";
import { type Inventory, stockUp } from "../support/inventory.ts";
import { balancesOf, callNamed, ledgerOf } from "../support/phone.ts";
import { startWorld, type World } from "../support/world.ts";
import type { Signing } from "../telephony/fixtures/index.ts";
import { endOf, lengthOf, type Story } from "../telephony/fixtures/story.ts";
import { connect, hooksIn, type Line } from "../telephony/provider-line.ts";
import { SIGNERS } from "../telephony/signers.ts";
import { readXml } from "../telephony/xml-reader.ts";

/** Every provider in its own words, through HTTP, to the money. */

let world: World;
let stock: Inventory;
const lines = new Map<Signing, Line>();
const PROVIDERS = [
  ["twilio", "+1212555"],
  ["telnyx", "+1213555"],
  ["signalwire", "+1214555"],
  ["plivo", "+1215555"],
] as const;

beforeAll(async () => {
  world = await startWorld();
  stock = await stockUp(world);
  for (const [name, prefix] of PROVIDERS) lines.set(name, await connect(world, name, stock, prefix));
});
afterAll(() => world?.stop());

const hook = (line: Line, path: string) => `${world.url}/v1/telephony/${line.account_id}/${path}`;
const accountOf = (line: Line, now: number) =>
  world.json<TelephonyAccount>(`/api/v1/telephony-accounts/${line.account_id}`, { now });

/** Rings, and answers what was told to do. */
async function ring(line: Line, story: Story): Promise<{ text: string; status: number }> {
  const { voice } = line.payloads(story);
  const response = await line.send(hook(line, "voice"), voice, story.started_at);
  return { text: await response.text(), status: response.status };
}

type Report = { url: string; parameters: Readonly<Record<string, string>>; at: number };

/** What the provider reports after a ring that was answered with this document. */
function reportsOf(line: Line, story: Story, document: string): Report[] {
  const sent = line.payloads(story);
  const { leg_status, dial_action } = hooksIn(document);
  const answered_at = story.started_at + story.rings_s * 1_000;
  return [
    { url: leg_status, parameters: sent.leg_answered, at: answered_at },
    { url: leg_status, parameters: sent.leg_ended, at: endOf(story) + 300 },
    { url: dial_action, parameters: sent.dial_ended, at: endOf(story) + 400 },
    { url: hook(line, "status"), parameters: sent.ended, at: endOf(story) + 900 },
  ];
}

/** All entries that a call left in the ledger, as sums by account. */
async function moneyOf(call_id: string, now: number) {
  return Object.values(balancesOf(await ledgerOf(world, `call_id=${call_id}`, now))).sort((a, b) => a - b);
}

describe.each(PROVIDERS)("%s", (name) => {
  const line = () => lines.get(name)!;

  it("rings, is told, reports its leg, ends, and is booked", async () => {
    const story = line().story(1, { to: line().numbers[0]! });
    const told = await ring(line(), story);
    expect(told.status).toBe(200);
    expect(hooksIn(told.text).target.replace(/^\+?/, "+")).toBe(stock.destination_number);
    for (const { url, parameters, at } of reportsOf(line(), story, told.text)) {
      expect((await line().send(url, parameters, at)).status).toBe(200);
    }
    const now = endOf(story) + 10_000;
    const call = await callNamed(world, story.call_id, now);
    expect(call).toMatchObject({
      provider: name,
      provider_call_id: story.call_id,
      status: "completed",
      disposition: "answered",
      from: story.from,
      to: story.to,
      started_at: story.started_at,
      duration_s: lengthOf(story),
      connected_s: 95,
      target: stock.destination_number,
      legs: [{ target: stock.destination_number, role: "buyer", status: "answered", connected_s: 95 }],
      campaign_id: stock.campaign_id,
      publisher_id: stock.publisher_id,
      attribution: { method: "static_number", publisher_proof: "number" },
      revenue: { status: "qualified", revenue_micros: 70_000_000 },
      payout: { status: "qualified", payout_micros: 45_000_000 },
    });
    expect(await moneyOf(call.id, now)).toEqual([-45_000_000, -25_000_000, 70_000_000]);
  });

  it("comes to the same call and money whatever comes twice and in whatever order", async () => {
    const orders = fc.sample(fc.shuffledSubarray([0, 1, 2, 3, 0, 1, 2, 3], { minLength: 8 }), {
      numRuns: 3,
      seed: 8,
    });
    for (const [n, order] of orders.entries()) {
      const story = line().story(10 + n, { to: line().numbers[1]! });
      const told = await ring(line(), story);
      // The same ring again has the same answer, and makes no second call.
      expect(await ring(line(), story)).toEqual(told);
      const reports = reportsOf(line(), story, told.text);
      for (const i of order) {
        const { url, parameters, at } = reports[i]!;
        expect((await line().send(url, parameters, at)).status).toBe(200);
      }
      const now = endOf(story) + 10_000;
      const call = await callNamed(world, story.call_id, now);
      expect(call).toMatchObject({ status: "completed", connected_s: 95, duration_s: lengthOf(story) });
      expect(call.legs).toHaveLength(1);
      expect(await moneyOf(call.id, now)).toEqual([-45_000_000, -25_000_000, 70_000_000]);
    }
  });

  it("puts callers through while the database is silent, asks for reports again, and books them", async () => {
    const story = line().story(20, { to: line().numbers[0]! });
    await world.fault("throw");
    const told = await ring(line(), story);
    const reports = reportsOf(line(), story, told.text);
    const [answered] = reports;
    const unheard = await line().send(answered!.url, answered!.parameters, answered!.at);
    await world.fault("none");
    expect(hooksIn(told.text).target).toMatch(/14155550199$/);
    expect(unheard.status).toBe(503);
    for (const { url, parameters, at } of reports) {
      expect((await line().send(url, parameters, at)).status).toBe(200);
    }
    const now = endOf(story) + 10_000;
    const call = await callNamed(world, story.call_id, now);
    expect(call).toMatchObject({ status: "completed", connected_s: 95, started_at: story.started_at });
    expect(await moneyOf(call.id, now)).toEqual([-45_000_000, -25_000_000, 70_000_000]);
  });

  it("is believed neither unsigned nor by another secret, leaves nothing, and raises an alarm", async () => {
    const story = line().story(2, { to: line().numbers[2]! });
    const { voice } = line().payloads(story);
    const calls = () => world.d1.prepare("SELECT count(*) AS n FROM call_events").first<{ n: number }>();
    const before = await calls();
    expect((await accountOf(line(), story.started_at)).alarms).toEqual([]);
    const body = new URLSearchParams(voice).toString();
    const { other } = SIGNERS[name].secrets;
    const refusals = [
      await line().post(hook(line(), "voice"), body, story.started_at, {}),
      await line().send(hook(line(), "voice"), voice, story.started_at, other),
    ];
    expect((await accountOf(line(), story.started_at)).alarms).toEqual([]);
    refusals.push(await line().send(hook(line(), "status"), voice, story.started_at, other));
    expect(refusals.map(({ status }) => status)).toEqual([403, 403, 403]);
    expect(await accountOf(line(), story.started_at)).toMatchObject({
      refused_today: 3,
      alarms: ["signatures_refused"],
    });
    const days_later = (days: number) => accountOf(line(), story.started_at + days * 86_400_000);
    expect(await days_later(1)).toMatchObject({ refused_today: 0, alarms: ["signatures_refused"] });
    expect((await days_later(2)).alarms).toEqual([]);
    expect(await calls()).toEqual(before);
  });

  it("goes on while its secret is rotated", async () => {
    const { own, other } = SIGNERS[name].secrets;
    const patch = (json: unknown) =>
      world.json(`/api/v1/telephony-accounts/${line().account_id}`, { method: "PATCH", json });
    const voiceBy = async (n: number, secret: string) => {
      const story = line().story(n, { to: line().numbers[3]! });
      const { voice } = line().payloads(story);
      return (await line().send(hook(line(), "voice"), voice, story.started_at, secret)).status;
    };
    await patch({ next_auth_token: other });
    expect([await voiceBy(31, own), await voiceBy(32, other)]).toEqual([200, 200]);
    await patch({ auth_token: other, next_auth_token: null });
    expect([await voiceBy(33, own), await voiceBy(34, other)]).toEqual([403, 200]);
    await patch({ auth_token: own });
    expect(await voiceBy(35, own)).toBe(200);
  });

  it("is refused politely, and validly, for a number that is not the account's", async () => {
    const story = line().story(4, { to: "+19995550100" });
    const told = await ring(line(), story);
    expect(told.status).toBe(200);
    const [said, hung] = readXml(told.text).children;
    expect([said?.tag, hung?.tag]).toEqual([name === "plivo" ? "Speak" : "Say", "Hangup"]);
    expect(await callNamed(world, story.call_id, story.started_at + 1_000)).toMatchObject({
      status: "rejected",
      campaign_id: null,
      target: null,
    });
  });
});

describe("when nobody takes the call", () => {
  const SECOND = "+14155550188";
  let campaign: { campaign_id: string; publisher_id: string };
  beforeAll(async () => {
    const { campaign_id, publisher_id } = await stockUp(world, { prefix: "+1646555" });
    campaign = { campaign_id, publisher_id };
    for (const [number, priority] of [
      [stock.destination_number, 1],
      [SECOND, 2],
    ]) {
      await world.json("/api/v1/targets", { json: { campaign_id, number, priority } });
    }
  });

  it.each([
    ["twilio", "+1332555"],
    ["telnyx", "+1347555"],
    ["signalwire", "+1718555"],
    ["plivo", "+1917555"],
  ] as const)("at %s the next one is rung, and the one who takes it is booked", async (name, prefix) => {
    const line = await connect(world, name, campaign, prefix);
    const first = line.story(50, { to: line.numbers[0]! });
    const told = await ring(line, first);
    const hooks = hooksIn(told.text);
    expect(hooks.target).toMatch(/14155550199$/);

    const gave_up_at = first.started_at + 30_000;
    const unanswered = line.payloads(first).dial_unanswered;
    const onward = await (await line.send(hooks.dial_action, unanswered, gave_up_at)).text();
    expect(hooksIn(onward).target).toMatch(/14155550188$/);
    // Asked again, it says the same again.
    expect(await (await line.send(hooks.dial_action, unanswered, gave_up_at + 1_000)).text()).toBe(onward);

    const second: Story = { ...line.story(51), ...first, leg_id: line.story(51).leg_id, target: SECOND };
    for (const { url, parameters, at } of reportsOf(line, { ...second, rings_s: 38 }, onward)) {
      expect((await line.send(url, parameters, at)).status).toBe(200);
    }
    const now = endOf(second) + 60_000;
    const call = await callNamed(world, first.call_id, now);
    expect(call).toMatchObject({ status: "completed", target: SECOND, connected_s: 95 });
    expect(call.legs?.map(({ target, status }) => [target, status])).toEqual([
      [stock.destination_number, "no_answer"],
      [SECOND, "answered"],
    ]);
    expect(await moneyOf(call.id, now)).toEqual([-45_000_000, -25_000_000, 70_000_000]);
  });
});

describe("a request that was caught", () => {
  it("of telnyx is refused once it is five minutes old, and changes nothing before", async () => {
    const line = lines.get("telnyx")!;
    const story = line.story(5, { to: line.numbers[4]! });
    const told = await ring(line, story);
    const reports = reportsOf(line, story, told.text);
    const caught: { report: Report; body: string; headers: Record<string, string> }[] = [];
    for (const report of reports) {
      const { url, at } = report;
      const body = new URLSearchParams(report.parameters).toString();
      const headers = await SIGNERS.telnyx.sign({ url, body }, SIGNERS.telnyx.secrets.own, at);
      caught.push({ report, body, headers });
      expect((await line.post(url, body, at, headers)).status).toBe(200);
    }
    const now = endOf(story) + 10_000;
    const call = await callNamed(world, story.call_id, now);
    for (const { report, body, headers } of caught) {
      expect((await line.post(report.url, body, report.at + 299_000, headers)).status).toBe(200);
      expect((await line.post(report.url, body, report.at + 302_000, headers)).status).toBe(403);
    }
    expect(await callNamed(world, story.call_id, now + 600_000)).toEqual(call);
  });

  it("of plivo cannot be sent to another address", async () => {
    const line = lines.get("plivo")!;
    const story = line.story(6, { to: line.numbers[5]! });
    const url = hook(line, "voice");
    const body = new URLSearchParams(line.payloads(story).voice).toString();
    const headers = await SIGNERS.plivo.sign({ url, body }, SIGNERS.plivo.secrets.own, story.started_at);
    expect((await line.post(hook(line, "status"), body, story.started_at, headers)).status).toBe(403);
    expect((await line.post(`${url}?x=1`, body, story.started_at, headers)).status).toBe(403);
    expect((await line.post(url, body, story.started_at, headers)).status).toBe(200);
  });
});

describe("an account", () => {
  it("of telnyx takes a public key for its secret, and nothing else", async () => {
    const json = { provider: "telnyx", name: "T", account_sid: "1", auth_token: "a-secret" };
    const post = (more: object) => world.ask("/api/v1/telephony-accounts", { json: { ...json, ...more } });
    const refused = await post({});
    expect(refused.status).toBe(422);
    expect(await refused.json()).toMatchObject({ errors: [{ pointer: "/auth_token" }] });
    const { own, other } = SIGNERS.telnyx.secrets;
    const next = await post({ auth_token: own, next_auth_token: "soon" });
    expect(await next.json()).toMatchObject({ errors: [{ pointer: "/next_auth_token" }] });
    const made = await post({ auth_token: own, next_auth_token: other });
    expect(made.status).toBe(201);
    const { id } = (await made.json()) as { id: string };
    const patch = (patched: object) =>
      world.ask(`/api/v1/telephony-accounts/${id}`, { method: "PATCH", json: patched });
    expect((await patch({ auth_token: "a-secret" })).status).toBe(422);
    expect((await patch({ auth_token: other, next_auth_token: null })).status).toBe(200);
  });
});
