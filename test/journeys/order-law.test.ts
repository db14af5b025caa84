import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Replay } from "../../shared/api/replays.ts";
import type { Report } from "../../shared/api/reports.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../shared/instant.ts";
import { look } from "../support/clicks.ts";
import { type Inventory, PAGE_ORIGIN, stockUp } from "../support/inventory.ts";
import { law } from "../support/laws.ts";
import { balancesOf, callNamed, ledgerOf, reportsOf, type Told } from "../support/phone.ts";
import { startWorld, type World } from "../support/world.ts";

/**
 * Any order, duplication and delay of what providers and advertisers report gives the same calls, balances and
 * reports, and once all is told a replay changes nothing. Two campaigns that are alike are told one history, one of them as it happened, the other shuffled.
 */

/** The long form; a history takes about a second. */
const HISTORIES_MAX = 10_000;
const LONG_MS = 12 * HOUR_MS;
const cases = law(3);
/** A history takes two weeks of its own, so that no lease, window or hold of one reaches into the next. */
const HISTORY_MS = 14 * DAY_MS;
/** So many end before the year 2100, beyond which no moment is taken; the next ones have a world of their own. */
const HISTORIES_A_WORLD = 1_000;
const PREFIXES = ["+1628555", "+1646555"] as const;

let world: World;
/** Each with a pool of nobody's and two publishers' sites on it; the payout is shared where nobody is sure. */
const twins: { stock: Inventory; sites: string[]; names: Map<string, string> }[] = [];
let history = 0;

async function begin(): Promise<void> {
  await world?.stop();
  world = await startWorld();
  history = 0;
  twins.length = 0;
  for (const prefix of PREFIXES) {
    const stock = await stockUp(world, {
      prefix,
      own_pool: false,
      numbers: 2,
      pool: { lease_ttl_s: 60, cooldown_s: 0 },
      campaign: { uncertain_payout: "split", attribution_floor: 0.8 },
      terms: {
        dedupe_window_s: 1_800,
        payout: { requires_signal: "sold", signal_window_s: 7_200, hold_s: 600 },
      },
    });
    const names = new Map([[stock.advertiser_id, "advertiser"]]);
    const sites: string[] = [];
    for (const name of ["first", "second"]) {
      const { id } = await world.json<{ id: string }>("/api/v1/publishers", { json: { name } });
      await world.json(`/api/v1/campaigns/${stock.campaign_id}/enrollments`, {
        json: { publisher_id: id, status: "approved" },
      });
      const { campaign_id, pool_id } = stock;
      const site = await world.json<{ key: string }>("/api/v1/sites", {
        json: {
          campaign_id,
          pool_id,
          publisher_id: id,
          origins: [PAGE_ORIGIN],
          swap_numbers: ["+14155550132"],
        },
      });
      names.set(id, name);
      sites.push(site.key);
    }
    twins.push({ stock, sites, names });
  }
}
beforeAll(begin);
afterAll(() => world?.stop());

const visit = fc.record({ minute: fc.integer({ min: 0, max: 20 }), site: fc.constantFrom(0, 1) });
const told = fc.record({
  minute: fc.integer({ min: 1, max: 40 }),
  caller: fc.constantFrom(0, 0, 1),
  /** Which visit's number is called. */
  visit: fc.nat(),
  connected_s: fc.constantFrom(30, 95, 200),
  sold: fc.constantFrom(null, 1, 20, 200),
});
const story = fc.record({
  visits: fc.uniqueArray(visit, { minLength: 1, maxLength: 4, selector: ({ minute }) => minute }),
  calls: fc.uniqueArray(told, { minLength: 1, maxLength: 4, selector: ({ minute }) => minute }),
  /** By what each report is put back in the queue, and how often it comes. */
  delays: fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 20, maxLength: 20 }),
  copies: fc.array(fc.constantFrom(1, 1, 2, 3), { minLength: 20, maxLength: 20 }),
  /** After which deliveries the clock ticks. */
  ticks: fc.array(fc.boolean(), { minLength: 80, maxLength: 80 }),
});
type Story = typeof story extends fc.Arbitrary<infer T> ? T : never;

/** Rings at once, as phones do; everything else in the order of `queue`. */
async function tell(
  of: number,
  { visits, calls }: Story,
  start: number,
  shuffle: Story | null,
): Promise<string[]> {
  const twin = twins[of];
  if (!twin) throw new Error("two twins");
  const shown: string[] = [];
  const names = calls.map((call) => `law-${history}-${of}-${call.minute}`);
  const beginnings = [
    ...visits.map((one, i) => ({ at: start + one.minute * MINUTE_MS, visit: i, call: -1 })),
    ...calls.map((one, i) => ({ at: start + one.minute * MINUTE_MS + 30_000, visit: -1, call: i })),
  ].sort((a, b) => a.at - b.at);
  const queue: { at: number; deliver: () => Promise<unknown> }[] = [];
  for (const { at, visit, call } of beginnings) {
    if (visit >= 0) {
      const site_key = twin.sites[visits[visit]?.site ?? 0] ?? "";
      // Each from a network of its own: an address gets three numbers an hour.
      const visitor = { visitor: `v${history}-${visit}`, address: `203.0.${visit}.7` };
      shown.push((await look(world, { site_key }, at, visitor)).number);
      continue;
    }
    const one = calls[call];
    const to = shown.length === 0 ? twin.stock.pool_numbers[0] : shown[(one?.visit ?? 0) % shown.length];
    if (!one || !to) continue;
    const told: Told = {
      call_id: names[call] ?? "",
      from: `+1415556${String((history * 2 + one.caller) % 10_000).padStart(4, "0")}`,
      to,
      at,
      connected_s: one.connected_s,
    };
    const [ring, ...later] = reportsOf(world, twin.stock.sandbox_account_id, told);
    await ring?.();
    queue.push(
      ...later.map((deliver, i) => ({ at: at + (i === 0 ? 8 : one.connected_s + 10) * 1_000, deliver })),
    );
    if (one.sold !== null) {
      const now = at + one.sold * MINUTE_MS;
      queue.push({ at: now, deliver: () => sell(told.call_id, now) });
    }
  }
  await deliver(queue, start, shuffle);
  return names;
}

async function sell(call_id: string, now: number): Promise<void> {
  const call = await callNamed(world, call_id, now);
  const json = { name: "sold", value: true, occurred_at: now };
  await world.json(`/api/v1/calls/${call.id}/signals`, { json, now });
}

async function deliver(
  queue: { at: number; deliver: () => Promise<unknown> }[],
  start: number,
  shuffle: Story | null,
): Promise<void> {
  const order = queue.flatMap((one, i) =>
    Array.from({ length: shuffle?.copies[i % 20] ?? 1 }, (_, copy) => ({
      ...one,
      place: shuffle ? (shuffle.delays[(i * 7 + copy * 3) % 20] ?? 0) : one.at,
    })),
  );
  for (const [i, one] of order.sort((a, b) => a.place - b.place).entries()) {
    await one.deliver();
    if (shuffle?.ticks[i % 80]) await tick(start + 41 * MINUTE_MS);
  }
  await tick(start + 10 * HOUR_MS);
}

const tick = (now: number) => world.json("/__local/scheduled", { method: "POST", now });

/** `reversed` is a rejected call that was booked before it was known to be one: the one thing that order decides. */
const verdict = (status: string | undefined) => (status === "reversed" ? "rejected" : status);

/** What a history came to, in words that both twins share. */
async function outcome(of: number, names: readonly string[], start: number) {
  const twin = twins[of];
  if (!twin) throw new Error("two twins");
  const now = start + 11 * HOUR_MS;
  const nameOf = (id: string | null | undefined) => (id ? (twin.names.get(id) ?? "network") : id);
  const calls = [];
  for (const name of names) {
    const call = await callNamed(world, name, now);
    const { status, disposition, duration_s, connected_s, is_duplicate, attribution, revenue, payout } = call;
    const balances = balancesOf(await ledgerOf(world, `call_id=${call.id}`, now));
    calls.push({
      ...{ status, disposition, duration_s, connected_s, is_duplicate, publisher: nameOf(call.publisher_id) },
      started_at: call.started_at - start,
      ended_at: (call.ended_at ?? 0) - start,
      method: attribution.method,
      // Of two that are as likely the one with the lesser id is first, and ids are not the twins' common words.
      shares: attribution.publishers
        .map(({ publisher_id, probability }) => ({ publisher: nameOf(publisher_id), probability }))
        .sort(
          (a, b) => b.probability - a.probability || (String(a.publisher) < String(b.publisher) ? -1 : 1),
        ),
      revenue: [verdict(revenue?.status), revenue?.revenue_micros],
      payout: [verdict(payout?.status), payout?.payout_micros],
      balances: Object.fromEntries(
        Object.entries(balances).map(([key, sum]) => [key.replace(/org_\w+/, (id) => nameOf(id) ?? id), sum]),
      ),
    });
  }
  const query = `campaign_id=${twin.stock.campaign_id}&from=${start}&to=${start + DAY_MS}`;
  const metrics =
    "calls,connected_calls,billable_calls,payable_calls,duplicate_calls,signals,payout_micros,margin_micros";
  const report = await world.json<Report>(`/api/v1/reports?metrics=${metrics}&${query}`, { now });
  return { calls, totals: report.totals };
}

/** What a replay of a told history changed. */
async function replayed(of: number, start: number) {
  const campaign_id = twins[of]?.stock.campaign_id;
  const json = { from: start, to: start + DAY_MS, campaign_id, apply: true };
  const replay = await world.json<Replay>("/api/v1/replays", { json, now: start + 11 * HOUR_MS });
  return replay.calls;
}

it("is the same history in any order, told twice and late", { timeout: LONG_MS }, async () => {
  await fc.assert(
    fc.asyncProperty(story, async (told) => {
      if (history === HISTORIES_A_WORLD) await begin();
      history += 1;
      const start = world.at + history * HISTORY_MS;
      const straight = await tell(0, told, start, null);
      const shuffled = await tell(1, told, start, told);
      const [expected, got] = [await outcome(0, straight, start), await outcome(1, shuffled, start)];
      expect(got).toEqual(expected);
      expect(await replayed(1, start)).toEqual([]);
      for (const { balances } of got.calls) {
        expect(Object.values(balances).reduce((sum, amount) => sum + amount, 0)).toBe(0);
      }
    }),
    { ...cases, numRuns: Math.min(cases.numRuns, HISTORIES_MAX), endOnFailure: true },
  );
});
