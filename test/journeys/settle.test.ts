import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Call } from "../../shared/api/calls.ts";
import { HOUR_MS, MINUTE_MS } from "../../shared/instant.ts";
import { type Inventory, stockUp } from "../support/inventory.ts";
import { law } from "../support/laws.ts";
import { balancesOf, callNamed, ledgerOf, placeCall, reportsOf, type Told, visit } from "../support/phone.ts";
import { startWorld, type World } from "../support/world.ts";

const REVENUE = 70_000_000;
const PAYOUT = 45_000_000;
const WINDOW_S = 3_600;

let world: World;
let stock: Inventory;
/** A second campaign with an advertiser of its own, to tell one story in two orders. */
let mirror: Inventory;
const STATIC = "+16285550900";
const MIRROR_STATIC = "+16465550900";

beforeAll(async () => {
  world = await startWorld();
  stock = await stockUp(world, { terms: { dedupe_window_s: WINDOW_S } });
  mirror = await stockUp(world, { terms: { dedupe_window_s: WINDOW_S }, prefix: "+1646555" });
  for (const [of, e164] of [
    [stock, STATIC],
    [mirror, MIRROR_STATIC],
  ] as const) {
    const { sandbox_account_id: telephony_account_id, campaign_id, publisher_id } = of;
    await world.json("/api/v1/numbers", {
      json: { telephony_account_id, e164: [e164], campaign_id, publisher_id },
    });
  }
});
afterAll(() => world?.stop());
beforeEach(() => {
  // Every lease, cool-down and window of the test before is over.
  world.at += 2 * 24 * HOUR_MS;
});

const place = (told: Told) => placeCall(world, stock.sandbox_account_id, told);
const count = async (sql: string) => (await world.d1.prepare(sql).first<{ n: number }>())?.n;
const booked = () =>
  Promise.all(
    ["verdicts", "ledger_transactions", "ledger_entries", "call_events", "attributions"].map((table) =>
      count(`SELECT count(*) AS n FROM ${table}`),
    ),
  );

describe("a call of a visitor", () => {
  it("is attributed to the visit and booked on both sides", async () => {
    const { at } = world;
    const to = await visit(world, stock, at, "?utm_source=google&utm_medium=cpc&utm_term=burst+pipe");
    await place({ call_id: "main-1", to, at: at + 30_000 });
    const now = at + 300_000;
    const call = await callNamed(world, "main-1", now);
    expect(call.attribution).toMatchObject({
      method: "lease",
      publisher_proof: "number",
      asked_later: false,
    });
    expect(call.attribution.confidence + call.attribution.none_probability).toBeCloseTo(1, 5);
    expect(call.session).toMatchObject({ source: "google", medium: "cpc", term: "burst pipe" });
    expect(call.publisher_id).toBe(stock.publisher_id);
    expect(call.revenue).toMatchObject({ status: "qualified", revenue_micros: REVENUE, terms_version: 1 });
    expect(call.payout).toMatchObject({ status: "qualified", payout_micros: PAYOUT, terms_version: 1 });
    expect(balancesOf(await ledgerOf(world, `call_id=${call.id}`, now))).toEqual({
      [`receivable ${stock.advertiser_id}`]: REVENUE,
      [`payable ${stock.publisher_id}`]: -PAYOUT,
      [`margin ${world.network_id}`]: PAYOUT - REVENUE,
    });
  });

  it("changes nothing when every report comes again", async () => {
    const told = { call_id: "twice-1", to: STATIC, at: world.at };
    await place(told);
    const before = await booked();
    await place(told);
    await world.json("/__local/scheduled", { method: "POST", now: world.at + MINUTE_MS });
    expect(await booked()).toEqual(before);
  });

  it("is judged by the terms in force when it began, not by later ones", async () => {
    const { at } = world;
    const path = `/api/v1/campaigns/${stock.campaign_id}/terms`;
    const terms = { min_duration_s: 300, dedupe_window_s: WINDOW_S, repeat_callers: "first_only" };
    await world.json(path, {
      now: at,
      json: { ...terms, revenue_micros: 1, payout_micros: 1, effective_at: at + HOUR_MS },
    });
    await place({ call_id: "before-1", to: STATIC, at: at + HOUR_MS - 1_000 });
    await place({ call_id: "after-1", to: STATIC, at: at + HOUR_MS, from: "+14155550178" });
    const now = at + 2 * HOUR_MS;
    expect((await callNamed(world, "before-1", now)).revenue).toMatchObject({
      status: "qualified",
      terms_version: 1,
    });
    expect((await callNamed(world, "after-1", now)).revenue).toMatchObject({
      status: "rejected",
      terms_version: 2,
    });
    await world.json(path, {
      now,
      json: {
        ...terms,
        min_duration_s: 90,
        revenue_micros: REVENUE,
        payout_micros: PAYOUT,
        effective_at: now,
      },
    });
  });

  it("pays nobody whose enrollment was suspended, and charges all the same", async () => {
    const { at } = world;
    const path = `/api/v1/campaigns/${mirror.campaign_id}/enrollments`;
    const enroll = (status: string, effective_at: number) =>
      world.json(path, { now: at, json: { publisher_id: mirror.publisher_id, status, effective_at } });
    await enroll("suspended", at);
    await enroll("approved", at + HOUR_MS);
    await placeCall(world, mirror.sandbox_account_id, { call_id: "suspended-1", to: MIRROR_STATIC, at });
    const call = await callNamed(world, "suspended-1", at + HOUR_MS);
    expect([call.revenue?.status, call.payout?.status]).toEqual(["qualified", "rejected"]);
    expect(call.payout?.rules[0]).toMatchObject({
      rule: "enrollment",
      detail: "suspended when the call began",
    });
  });
});

describe("repeat callers", () => {
  it("qualify once when all their calls end at the same time", async () => {
    const { at } = world;
    const calls = Array.from({ length: 6 }, (_, i) =>
      reportsOf(world, stock.sandbox_account_id, {
        call_id: `rush-${i}`,
        to: STATIC,
        at: at + i * MINUTE_MS,
        duration_s: 900 - i * 60,
      }),
    );
    for (const [ring] of calls) await ring?.();
    await Promise.all(calls.map((reports) => reports.at(-1)?.()));
    const now = at + HOUR_MS;
    const statuses = await Promise.all(
      calls.map(async (_, i) => (await callNamed(world, `rush-${i}`, now)).revenue?.status),
    );
    expect(statuses[0]).toBe("qualified");
    for (const status of statuses.slice(1)) expect(["rejected", "reversed"]).toContain(status);
    const lines = await ledgerOf(world, `from=${at}&to=${now}`, now);
    expect(balancesOf(lines)[`receivable ${stock.advertiser_id}`]).toBe(REVENUE);
  });

  it("are reversed, never edited, when an earlier call turns up late", async () => {
    const { at } = world;
    await place({ call_id: "later-1", to: STATIC, at: at + 10 * MINUTE_MS });
    const now = at + HOUR_MS;
    expect((await callNamed(world, "later-1", now)).revenue?.status).toBe("qualified");
    await place({ call_id: "earlier-1", to: STATIC, at });
    expect((await callNamed(world, "earlier-1", now)).revenue?.status).toBe("qualified");
    const later = await callNamed(world, "later-1", now);
    expect(later).toMatchObject({
      is_duplicate: true,
      revenue: { status: "reversed" },
      payout: { status: "reversed" },
    });
    const lines = await ledgerOf(world, `call_id=${later.id}`, now);
    expect(lines.map(({ kind }) => kind).filter((kind) => kind === "reversal")).toHaveLength(4);
    expect(balancesOf(lines)).toEqual({});
  });
});

type Story = { caller: number; minute: number; connected_s: number | null };
const story = fc.uniqueArray(
  fc.record<Story>({
    caller: fc.integer({ min: 0, max: 1 }),
    minute: fc.integer({ min: 0, max: 150 }),
    connected_s: fc.constantFrom(95, 95, 95, 71, 0, null),
  }),
  { minLength: 2, maxLength: 6, selector: ({ minute }) => minute },
);

/** What may not depend on the order of arrival; that a verdict was once booked and taken back may. */
function outcome(call: Call) {
  const side = (judged: Call["revenue"] | Call["payout"]) => ({
    status: judged?.status === "reversed" ? "rejected" : judged?.status,
    rules: judged?.rules,
  });
  return {
    revenue: { ...side(call.revenue), micros: call.revenue?.revenue_micros },
    payout: { ...side(call.payout), micros: call.payout?.payout_micros },
    duplicate: call.is_duplicate,
    connected_s: call.connected_s,
    status: call.status,
  };
}

/** Who qualifies, by the contract's words: in order of start, the first of each caller within the window. */
function qualifiers(calls: readonly Story[]): Set<Story> {
  const qualified = new Set<Story>();
  for (const call of calls.toSorted((a, b) => a.minute - b.minute)) {
    const repeats = [...qualified].some(
      (other) => other.caller === call.caller && call.minute - other.minute < WINDOW_S / 60,
    );
    if (!repeats && (call.connected_s ?? 0) >= 90) qualified.add(call);
  }
  return qualified;
}

describe("the same facts in any order", () => {
  let run = 0;

  it("give the same verdicts, and the same balance of every call", { timeout: 120_000 }, async () => {
    const orders = story.chain((calls) =>
      fc.tuple(
        fc.constant(calls),
        fc.shuffledSubarray(calls, { minLength: calls.length, maxLength: calls.length }),
        fc.constantFrom("one by one", "rung first", "at once"),
      ),
    );
    const property = fc.asyncProperty(orders, async ([calls, shuffled, delivery]) => {
      run += 1;
      const at = world.at + run * 12 * HOUR_MS;
      const now = at + 6 * HOUR_MS;
      const toldOf = (call: Story, name: string, to: string): Told => ({
        call_id: `${name}-${run}-${call.minute}`,
        from: `+1415556${String(run * 2 + call.caller).padStart(4, "0")}`,
        to,
        at: at + call.minute * MINUTE_MS,
        connected_s: call.connected_s,
      });
      for (const call of calls.toSorted((a, b) => a.minute - b.minute)) {
        await place(toldOf(call, "straight", STATIC));
      }
      const reports = shuffled.map((call) =>
        reportsOf(world, mirror.sandbox_account_id, toldOf(call, "shuffled", MIRROR_STATIC)),
      );
      if (delivery !== "one by one") for (const [ring] of reports) await ring?.();
      const deliver = async ([ring, answered, completed]: (typeof reports)[number]) => {
        if (delivery === "one by one") await ring?.();
        // The end may overtake the answer.
        await completed?.();
        await answered?.();
      };
      if (delivery === "at once") await Promise.all(reports.map(deliver));
      else for (const one of reports) await deliver(one);

      const expected = qualifiers(calls);
      for (const call of calls) {
        const straight = await callNamed(world, `straight-${run}-${call.minute}`, now);
        const other = await callNamed(world, `shuffled-${run}-${call.minute}`, now);
        expect(outcome(other)).toEqual(outcome(straight));
        expect(straight.revenue?.status === "qualified").toBe(expected.has(call));
        for (const { id } of [straight, other]) {
          const lines = await ledgerOf(world, `call_id=${id}`, now);
          const margin = balancesOf(lines)[`margin ${world.network_id}`] ?? 0;
          expect(margin).toBe(expected.has(call) ? PAYOUT - REVENUE : 0);
        }
      }
    });
    await fc.assert(property, { ...law(6), endOnFailure: true });
  });
});
