import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import type { Call } from "../../shared/api/calls.ts";
import type { Dispute } from "../../shared/api/disputes.ts";
import type { Replay } from "../../shared/api/replays.ts";
import type { Report } from "../../shared/api/reports.ts";
import type { StatementPayment } from "../../shared/api/statements.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../shared/instant.ts";
import { problemOf } from "../support/api-suite.ts";
import { type Inventory, stockUp } from "../support/inventory.ts";
import { balancesOf, callNamed, ledgerOf, placeCall } from "../support/phone.ts";
import { startWorld, type World } from "../support/world.ts";

/** What becomes of calls whose number belonged to another campaign when it rang, as is written down only afterwards. */

const TERMS = {
  revenue_micros: 70_000_000,
  payout_micros: 45_000_000,
  min_duration_s: 90,
  dedupe_window_s: 30 * 86_400,
  repeat_callers: "first_only",
};

let world: World;
let stock: Inventory;
let told = 0;

beforeAll(async () => {
  world = await startWorld();
  stock = await stockUp(world);
});
afterAll(() => world?.stop());
beforeEach(() => {
  world.at += 40 * DAY_MS;
});

const api = <T = { id: string }>(path: string, json: unknown, now = world.at) =>
  world.json<T>(`/api/v1${path}`, { json, now });

type Wanted = { terms?: object; [setting: string]: unknown };

/** A campaign, of an advertiser of its own unless one is named, that the stock's publisher may call for. */
async function openCampaign({ terms, ...settings }: Wanted = {}) {
  const advertiser_id =
    settings.advertiser_id ?? (await api("/advertisers", { name: `Advertiser ${++told}` })).id;
  const campaign = await api<{ id: string; advertiser_id: string }>("/campaigns", {
    name: `Campaign ${++told}`,
    timezone: "UTC",
    currency: "USD",
    destination_number: stock.destination_number,
    terms: { ...TERMS, ...terms },
    ...settings,
    advertiser_id,
  });
  const { publisher_id } = stock;
  await api(`/campaigns/${campaign.id}/enrollments`, { publisher_id, status: "approved" });
  return campaign;
}

type Place = { campaign_id: string; publisher_id?: string } | { pool_id: string };

async function openNumber(place: Place) {
  const e164 = `+1628555${String(8_000 + ++told)}`;
  const telephony_account_id = stock.sandbox_account_id;
  const made = await api<{ data: { id: string }[] }>("/numbers", {
    ...place,
    telephony_account_id,
    e164: [e164],
  });
  return { id: made.data[0]?.id ?? "", e164 };
}

async function ring(to: string, at: number, from = `+1415556${String(1_000 + ++told)}`) {
  const call_id = `moved-${++told}`;
  await placeCall(world, stock.sandbox_account_id, { call_id, to, at, from });
  return call_id;
}

/** A day later it is written down that the number was moved a minute after the test began. */
const moveLate = (number_id: string, place: Place) =>
  api(`/numbers/${number_id}/move`, { ...place, effective_at: world.at + MINUTE_MS }, world.at + DAY_MS);
const replay = (ask: { apply?: boolean; campaign_id?: string; from?: number; to?: number } = {}) =>
  api<Replay>("/replays", { from: world.at, to: world.at + DAY_MS, ...ask }, world.at + 2 * DAY_MS);
const callOf = (call_id: string) => callNamed(world, call_id, world.at + 3 * DAY_MS);
const ledger = ({ id }: Pick<Call, "id">) => ledgerOf(world, `call_id=${id}`, world.at + 3 * DAY_MS);

it("a call that was corrected to another currency is booked, reported and paid in that one", async () => {
  const usd = await openCampaign();
  const eur = await openCampaign({ advertiser_id: usd.advertiser_id, currency: "EUR" });
  const { publisher_id } = stock;
  const number = await openNumber({ campaign_id: usd.id, publisher_id });
  const name = await ring(number.e164, world.at + HOUR_MS);
  const pay = (currency: string, now: number) => {
    const period = new Date(now).toISOString().slice(0, 7);
    const json = { organization_id: publisher_id, period, currency };
    return api<StatementPayment>("/statements/payments", json, now);
  };
  expect(await pay("USD", world.at + 2 * HOUR_MS)).toMatchObject({ paid_calls: 1, total_micros: 45_000_000 });

  await moveLate(number.id, { campaign_id: eur.id, publisher_id });
  const money = { revenue_micros: 70_000_000, payout_micros: 45_000_000 };
  const nothing = { revenue_micros: 0, payout_micros: 0 };
  for (const apply of [false, true]) {
    const { calls, totals } = await replay({ apply });
    expect(calls.map(({ before, after }) => [before.currency, after.currency])).toEqual([["USD", "EUR"]]);
    expect(totals).toEqual([
      { currency: "USD", calls: 1, before: money, after: nothing },
      { currency: "EUR", calls: 1, before: nothing, after: money },
    ]);
  }

  const call = await callOf(name);
  const lines = await ledger(call);
  expect(balancesOf(lines.filter(({ currency }) => currency === "USD"))).toEqual({});
  expect(balancesOf(lines.filter(({ currency }) => currency === "EUR"))).toMatchObject({
    [`receivable ${usd.advertiser_id}`]: 70_000_000,
    [`payable ${publisher_id}`]: -45_000_000,
  });
  const range = `from=${world.at}&to=${world.at + DAY_MS}`;
  const report = await world.json<Report>(
    `/api/v1/reports?metrics=revenue_micros&group_by=currency&${range}`,
    { now: world.at + 3 * DAY_MS },
  );
  expect(report.data).toMatchObject([{ currency: "EUR", revenue_micros: 70_000_000 }]);

  // Dollars pay no euros.
  expect(call).toMatchObject({ currency: "EUR", payout: { status: "qualified" } });
  const before = await ledger(call);
  expect((await replay({ apply: true })).calls).toEqual([]);
  expect(await ledger(call)).toEqual(before);
  expect(await pay("EUR", world.at + 3 * DAY_MS)).toMatchObject({ paid_calls: 1, total_micros: 45_000_000 });
  expect((await callOf(name)).payout).toMatchObject({ status: "paid", payout_micros: 45_000_000 });
  expect(await pay("EUR", world.at + 3 * DAY_MS)).toMatchObject({ paid_calls: 0, remaining: 0 });
});

it("a call that was corrected to another campaign is judged by the settings of that one, frozen from then on", async () => {
  const billing = await openCampaign({ bill_own_traffic: true, attribution_floor: 0.7 });
  const other = await openCampaign({ bill_own_traffic: false, attribution_floor: 0.8 });
  const [leaving, coming] = [
    await openNumber({ campaign_id: billing.id }),
    await openNumber({ campaign_id: other.id }),
  ];
  const [left, came] = [
    await ring(leaving.e164, world.at + HOUR_MS),
    await ring(coming.e164, world.at + HOUR_MS),
  ];
  await moveLate(leaving.id, { campaign_id: other.id });
  await moveLate(coming.id, { campaign_id: billing.id });
  await replay({ apply: true });

  const [billed, free] = [await callOf(came), await callOf(left)];
  expect(billed).toMatchObject({
    advertiser_id: billing.advertiser_id,
    revenue: { status: "qualified" },
    attribution: { campaign_id: billing.id, bill_own_traffic: true, attribution_floor: 0.7 },
  });
  expect(balancesOf(await ledger(billed))).toMatchObject({
    [`receivable ${billing.advertiser_id}`]: 70_000_000,
  });
  expect(free).toMatchObject({
    advertiser_id: other.advertiser_id,
    revenue: { status: "reversed" },
    attribution: { campaign_id: other.id, bill_own_traffic: false, attribution_floor: 0.8 },
  });
  expect(free.revenue?.rules.find(({ passed }) => !passed)?.detail).toBe("no publisher is proven");
  expect(balancesOf(await ledger(free))).toEqual({});

  const patch = { method: "PATCH", json: { bill_own_traffic: true, attribution_floor: 0.9 } };
  await world.json(`/api/v1/campaigns/${other.id}`, { ...patch, now: world.at + 2 * DAY_MS });
  expect((await replay({ apply: true })).calls).toEqual([]);
  expect((await callOf(left)).attribution).toEqual(free.attribution);
});

it("a call whose attribution does not say whose settings it has keeps them, and nothing is written for that", async () => {
  const { id: campaign_id } = await openCampaign({ bill_own_traffic: true });
  const number = await openNumber({ campaign_id });
  const { id } = await callOf(await ring(number.e164, world.at + HOUR_MS));
  // As a release before this one would have stored it.
  await world.d1
    .prepare(
      `INSERT INTO attributions (id, network_id, call_id, version, corrects_id, reason, model_version, attribution, inputs, created_at)
       SELECT id || 'x', network_id, call_id, 2, id, reason, model_version, json_remove(attribution, '$.campaign_id'),
         inputs, created_at FROM attributions WHERE call_id = ?`,
    )
    .bind(id)
    .run();
  await world.d1.prepare("UPDATE calls SET attribution_version = 2 WHERE id = ?").bind(id).run();
  await world.json(`/api/v1/campaigns/${campaign_id}`, {
    method: "PATCH",
    json: { bill_own_traffic: false },
  });
  expect((await replay({ apply: true })).calls).toEqual([]);
  const versions = world.d1
    .prepare("SELECT max(version) AS last FROM attributions WHERE call_id = ?")
    .bind(id);
  expect(await versions.first("last")).toBe(2);
});

it.each(["the same", "another"])(
  "a repeat caller's calls, corrected to a campaign of %s advertiser, are what their preview says, and booked but once",
  async (whose) => {
    const from = await openCampaign();
    const to = await openCampaign({
      terms: { revenue_micros: 80_000_000 },
      ...(whose === "the same" && { advertiser_id: from.advertiser_id }),
    });
    const { publisher_id } = stock;
    const number = await openNumber({ campaign_id: from.id, publisher_id });
    const names = [
      await ring(number.e164, world.at + HOUR_MS, "+14155550166"),
      await ring(number.e164, world.at + 2 * HOUR_MS, "+14155550166"),
    ];
    await moveLate(number.id, { campaign_id: to.id, publisher_id });
    const preview = await replay();
    expect(preview.totals.map(({ after }) => after)).toEqual([
      { revenue_micros: 80_000_000, payout_micros: 45_000_000 },
    ]);
    expect(await replay({ apply: true })).toEqual({ ...preview, mode: "applied" });
    const [first, second] = await Promise.all(names.map(callOf));
    if (!first || !second) throw new Error("two calls");
    expect(second).toMatchObject({ campaign_id: to.id, revenue: { status: "rejected" }, is_duplicate: true });
    expect(await ledger(second)).toEqual([]);
    expect(balancesOf(await ledger(first))).toMatchObject({ [`receivable ${to.advertiser_id}`]: 80_000_000 });
  },
);

it("a call that is only corrected is attributed and judged anew by upkeep, should the replay break off", async () => {
  const [from, to] = [await openCampaign(), await openCampaign()];
  const { publisher_id } = stock;
  const number = await openNumber({ campaign_id: from.id, publisher_id });
  const name = await ring(number.e164, world.at + HOUR_MS);
  await moveLate(number.id, { campaign_id: to.id, publisher_id });
  // Its correction is there, its judgement is refused.
  await world.d1.exec(
    "CREATE TRIGGER broken BEFORE INSERT ON verdicts BEGIN SELECT RAISE(ABORT, 'it breaks off'); END",
  );
  const json = { from: world.at, to: world.at + DAY_MS, apply: true };
  const broken = await world.ask("/api/v1/replays", { json, now: world.at + 2 * DAY_MS });
  expect(broken.status).toBeGreaterThanOrEqual(500);
  await world.d1.exec("DROP TRIGGER broken");
  await world.json("/__local/scheduled", { method: "POST", now: world.at + 2 * DAY_MS + MINUTE_MS });
  const call = await callOf(name);
  expect(call.attribution.campaign_id).toBe(to.id);
  expect(balancesOf(await ledger(call))).toMatchObject({ [`receivable ${to.advertiser_id}`]: 70_000_000 });
});

it("a test caller's call is a test of the campaign that it was corrected to, and of no other", async () => {
  const from = "+14155550168";
  const [real, tested] = [await openCampaign(), await openCampaign({ test_callers: [from] })];
  const { publisher_id } = stock;
  const coming = await openNumber({ campaign_id: real.id, publisher_id });
  const leaving = await openNumber({ campaign_id: tested.id, publisher_id });
  const came = await ring(coming.e164, world.at + HOUR_MS, from);
  const left = await ring(leaving.e164, world.at + 2 * HOUR_MS, from);
  expect([(await callOf(came)).is_test, (await callOf(left)).is_test]).toEqual([false, true]);
  await moveLate(coming.id, { campaign_id: tested.id, publisher_id });
  await moveLate(leaving.id, { campaign_id: real.id, publisher_id });
  const preview = await replay();
  expect(await replay({ apply: true })).toEqual({ ...preview, mode: "applied" });
  const [test, billed] = [await callOf(came), await callOf(left)];
  expect(test).toMatchObject({ is_test: true, revenue: { status: "reversed" } });
  expect(balancesOf(await ledger(test))).toEqual({});
  expect(billed).toMatchObject({ is_test: false, revenue: { status: "qualified" } });
});

it("a dispute of who is the call's advertiser no longer tells and takes nothing of what its rightful one owes", async () => {
  const [billed, rightful] = [
    await openCampaign(),
    await openCampaign({ terms: { revenue_micros: 91_000_000, payout_micros: 51_000_000 } }),
  ];
  const { publisher_id } = stock;
  const number = await openNumber({ campaign_id: billed.id, publisher_id });
  const name = await ring(number.e164, world.at + HOUR_MS);
  const { key } = await api<{ key: string }>("/api-keys", {
    name: "billing",
    role: "billing",
    organization_id: billed.advertiser_id,
  });
  const words = { reason: "wrong_number", detail: "That was nobody's call for us." };
  const disputes = `/api/v1/calls/${(await callOf(name)).id}/disputes`;
  const now = world.at + 2 * HOUR_MS;
  const { id } = await world.json<Dispute>(disputes, { json: words, key, now });

  await moveLate(number.id, { campaign_id: rightful.id, publisher_id });
  await replay({ apply: true });
  const judge = (json: object) =>
    world.ask(`/api/v1/disputes/${id}/decision`, {
      json: { note: "Yours.", ...json },
      now: world.at + 3 * DAY_MS,
    });
  const asked = { decision: "partial", advertiser_credit_micros: 1, publisher_debit_micros: 1 };
  const problem = await problemOf(await judge(asked), 422);
  expect(problem.errors?.[0]?.detail).toBe("must be at most 0, which is what there is");
  const decided = (await (await judge({ decision: "accepted" })).json()) as Dispute;
  expect(decided).toMatchObject({ advertiser_credit_micros: 0, publisher_debit_micros: 0 });
  const seen = await world.json<Dispute>(`/api/v1/disputes/${id}`, { key, now: world.at + 3 * DAY_MS });
  expect(seen).toMatchObject({ campaign_id: null, publisher_alias: null, advertiser_credit_micros: 0 });
  const { revenue, payout } = await callOf(name);
  expect([revenue?.revenue_micros, payout?.payout_micros]).toEqual([91_000_000, 51_000_000]);
});
