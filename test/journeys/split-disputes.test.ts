import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Call } from "../../shared/api/calls.ts";
import type { Dispute } from "../../shared/api/disputes.ts";
import type { Report } from "../../shared/api/reports.ts";
import type { Statement } from "../../shared/api/statements.ts";
import { HOUR_MS, MINUTE_MS } from "../../shared/instant.ts";
import { problemOf } from "../support/api-suite.ts";
import { balancesOf, ledgerOf, placeCall } from "../support/phone.ts";
import { startWorld, type World } from "../support/world.ts";
import { callThatIsShared, type Publisher, payPublisher, type Stage, splitStage } from "./split-stage.ts";

/** Disputes about a payout that two publishers share: what each of them loses, keeps and reads. */

const OWED = 70_000_000;
const STATIC = "+16285550980";
const WINDOWS_S = [3_600, 7_200] as const;

let world: World;
let staged: Stage;
let advertiser: string;
let told = 0;

beforeAll(async () => {
  world = await startWorld();
  staged = await splitStage(world, "+1628555", [
    { payout_micros: 40_000_000, dedupe_window_s: WINDOWS_S[0] },
    { payout_micros: 20_000_000, dedupe_window_s: WINDOWS_S[1] },
  ]);
  const { stock, publishers } = staged;
  await world.json("/api/v1/numbers", {
    json: {
      telephony_account_id: stock.sandbox_account_id,
      e164: [STATIC],
      campaign_id: stock.campaign_id,
      publisher_id: publishers[0].id,
    },
  });
  const json = { name: "billing", role: "billing", organization_id: stock.advertiser_id };
  advertiser = (await world.json<{ key: string }>("/api/v1/api-keys", { json })).key;
});
afterAll(() => world?.stop());
beforeEach(() => {
  world.at += 4 * HOUR_MS;
});

type Parts = [first: number, second: number];
type Story = { call: Call; now: number; from: string; parts: Parts };

/** A shared call of a caller of its own, and what its two publishers earn by it. */
async function sharedCall(): Promise<Story> {
  const from = `+1415555${String(4_000 + ++told)}`;
  const { call, now } = await callThatIsShared(world, staged, `split-dispute-${told}`, { from });
  return { call, now, from, parts: await stated(call, now) };
}

const paths = { disputes: ({ id }: Call) => `/api/v1/calls/${id}/disputes` };
const WORDS = { reason: "spam", detail: "Nobody spoke." };
const open = (call: Call, key: string, now: number, more = {}) =>
  world.json<Dispute>(paths.disputes(call), { key, now, json: { ...WORDS, ...more } });
const decide = (dispute: Dispute, now: number, json: object) =>
  world.json<Dispute>(`/api/v1/disputes/${dispute.id}/decision`, {
    now,
    json: { note: "Heard it.", ...json },
  });
const get = <T>(path: string, now: number, key: string) => world.json<T>(`/api/v1${path}`, { now, key });

/**
 * What the two earn by a call: their calls' pages, the network's, and the ledger say the same of it; and of all calls
 * together each one's statement and report, and nothing of the other's.
 */
async function stated({ id }: Call, now: number): Promise<Parts> {
  const whole = await get<Call>(`/calls/${id}`, now, world.key);
  const lines = await ledgerOf(world, `call_id=${id}`, now);
  const balances = balancesOf(lines);
  const earned = async (publisher: Publisher): Promise<number> => {
    const { payout } = await get<Call>(`/calls/${id}`, now, publisher.key);
    const balance = 0 - (balances[`payable ${publisher.id}`] ?? 0);
    expect(payout?.payout_micros).toBe(balance);
    const share = whole.payout?.shares?.find(({ publisher_id }) => publisher_id === publisher.id);
    expect(share).toMatchObject({ status: payout?.status, payout_micros: balance });
    const statement = await get<Statement>("/statements?period=2026-11", now, publisher.key);
    const report = await get<Report>("/reports?metrics=payout_micros", now, publisher.key);
    expect(report.totals.payout_micros).toBe(statement.total_micros);
    return balance;
  };
  const parts: Parts = [await earned(staged.publishers[0]), await earned(staged.publishers[1])];
  expect(whole.payout?.payout_micros).toBe(parts[0] + parts[1]);
  expect(balances[`receivable ${staged.stock.advertiser_id}`] ?? 0).toBe(whole.revenue?.revenue_micros);
  return parts;
}

/** The statuses of the two parts. */
async function statuses({ id }: Call, now: number) {
  const of = async ({ key }: Publisher) => (await get<Call>(`/calls/${id}`, now, key)).payout?.status;
  return [await of(staged.publishers[0]), await of(staged.publishers[1])];
}

async function pay(now: number) {
  const [first, second] = staged.publishers;
  const paid = [await payPublisher(world, first, now), await payPublisher(world, second, now)];
  await world.json("/__local/scheduled", { method: "POST", now: now + 1_000 });
  return paid.map(({ paid_calls, skipped_held }) => ({ paid_calls, skipped_held }));
}

describe("what the advertiser disputes", () => {
  it("holds both parts, and lowers each by its share of what is decided", async () => {
    const { call, now, parts } = await sharedCall();
    const dispute = await open(call, advertiser, now);
    expect(await statuses(call, now)).toEqual(["held", "held"]);
    expect(await stated(call, now)).toEqual(parts);
    expect((await pay(now)).map(({ skipped_held }) => skipped_held)).toEqual([1, 1]);

    const part = { advertiser_credit_micros: 20_000_001, publisher_debit_micros: 10_000_001 };
    await decide(dispute, now, { decision: "partial", ...part });
    const left = await stated(call, now);
    expect(left[0] + left[1]).toBe(parts[0] + parts[1] - 10_000_001);
    for (const i of [0, 1] as const) {
      expect((parts[i] - left[i]) / parts[i]).toBeCloseTo(10_000_001 / (parts[0] + parts[1]), 6);
      const key = staged.publishers[i].key;
      const seen = await get<Dispute>(`/disputes/${dispute.id}`, now, key);
      for (const hidden of [
        "revenue_micros",
        "advertiser_credit_micros",
        "publisher_debit_micros",
        "payout_micros",
      ])
        expect(seen).not.toHaveProperty(hidden);
    }
    expect(await pay(now)).toEqual([
      { paid_calls: 1, skipped_held: 0 },
      { paid_calls: 1, skipped_held: 0 },
    ]);
    expect(await statuses(call, now + 1_000)).toEqual(["paid", "paid"]);
    expect(await stated(call, now + 1_000)).toEqual(left);
  });

  it("is taken back from both, paid or not, and one claims its part for itself alone", async () => {
    const { call, now, parts } = await sharedCall();
    const [first, second] = staged.publishers;
    await payPublisher(world, first, now);
    await decide(await open(call, advertiser, now), now, { decision: "accepted" });
    expect(await stated(call, now)).toEqual([0, 0]);
    expect(await statuses(call, now)).toEqual(["reversed", "reversed"]);

    const claim = await open(call, second.key, now + 1_000);
    expect(claim).toMatchObject({ side: "payout", claim: "restore", publisher_id: second.id });
    await problemOf(
      await world.ask(`/api/v1/disputes/${claim.id}`, { key: first.key, now: now + 1_000 }),
      404,
    );
    await decide(claim, now + 2_000, { decision: "accepted" });
    expect(await stated(call, now + 2_000)).toEqual([0, parts[1]]);
    expect(await statuses(call, now + 2_000)).toEqual(["reversed", "qualified"]);
    // The first was paid: what it got is the negative line of its statement, and nothing more is paid to it.
    expect((await pay(now + 3_000)).map(({ paid_calls }) => paid_calls)).toEqual([0, 1]);
  });
});

describe("what the network disputes", () => {
  it("is the whole payout, and the advertiser owes the same", async () => {
    const { call, now } = await sharedCall();
    const dispute = await open(call, world.key, now, { side: "payout" });
    expect(await statuses(call, now)).toEqual(["held", "held"]);
    await decide(dispute, now, { decision: "accepted" });
    expect(await stated(call, now)).toEqual([0, 0]);
    expect((await get<Call>(`/calls/${call.id}`, now, advertiser)).revenue).toMatchObject({
      status: "qualified",
      revenue_micros: OWED,
    });
  });

  it("is restored to both less what is left out, once", async () => {
    const { call, now, parts } = await sharedCall();
    await decide(await open(call, world.key, now, { side: "payout" }), now, { decision: "accepted" });
    const back = await open(call, world.key, now + 1_000, { side: "payout" });
    expect(back).toMatchObject({ claim: "restore", publisher_id: null });
    await decide(back, now + 2_000, { decision: "partial", publisher_debit_micros: 10_000_001 });
    const restored = await stated(call, now + 2_000);
    expect(restored[0] + restored[1]).toBe(parts[0] + parts[1] - 10_000_001);
    expect(Math.min(...restored)).toBeGreaterThan(0);
  });
});

describe("what is booked of both in one transaction", () => {
  it("gives neither the other's terms for a reason", async () => {
    const { call, now, from } = await sharedCall();
    const at = call.started_at - 30 * MINUTE_MS;
    const call_id = `split-earlier-${told}`;
    await placeCall(world, staged.stock.sandbox_account_id, { call_id, to: STATIC, at, from });
    await world.json("/__local/scheduled", { method: "POST", now });
    expect(await stated(call, now)).toEqual([0, 0]);
    for (const [i, { key }] of staged.publishers.entries()) {
      const lines = await ledgerOf(world, `call_id=${call.id}`, now, key);
      const reversal = lines.find(({ kind }) => kind === "reversal");
      expect(reversal?.reason).toMatch(/^duplicate/);
      const others = i === 0 ? "within 2 h" : "within 1 h";
      expect(JSON.stringify(lines)).not.toContain(others);
    }
  });
});
