import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { valueOfText } from "../../edge/signals/model/value.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../shared/instant.ts";
import { type Inventory, stockUp } from "../support/inventory.ts";
import { law } from "../support/laws.ts";
import { balancesOf, callNamed, ledgerOf, placeCall } from "../support/phone.ts";
import { importOutcomes } from "../support/upload.ts";
import { startWorld, type World } from "../support/world.ts";

/**
 * An import is what the same outcomes are when they are reported one by one. Two campaigns that are alike have the same
 * calls; of one the outcomes are posted, of the other they come in a file, and later once more.
 */

const STORY_MS = 2 * DAY_MS;
const cases = law(4);
/** So many end before the year 2100. */
const STORIES_MAX = 10_000;

let world: World;
const twins: { stock: Inventory; number: string }[] = [];
let stories = 0;

beforeAll(async () => {
  world = await startWorld();
  for (const prefix of ["+1628555", "+1646555"]) {
    const stock = await stockUp(world, {
      prefix,
      terms: { dedupe_window_s: 1_800, requires_signal: "sold", signal_window_s: 86_400 },
    });
    const { sandbox_account_id: telephony_account_id, campaign_id, publisher_id } = stock;
    const number = `${prefix}0900`;
    await world.json("/api/v1/numbers", {
      json: { telephony_account_id, e164: [number], campaign_id, publisher_id },
    });
    twins.push({ stock, number });
  }
});
afterAll(() => world?.stop());

const call = fc.record({
  minute: fc.integer({ min: 0, max: 40 }),
  caller: fc.constantFrom(0, 0, 1),
  connected_s: fc.constantFrom(30, 95),
});
const outcome = fc.record({
  /** Which call, by its place; one beyond them is no call's. */
  of: fc.nat({ max: 4 }),
  by: fc.constantFrom("call_id", "provider_call_id"),
  name: fc.constantFrom("sold", "sold", "quoted"),
  value: fc.constantFrom("true", "1", "0", "12.50", "no, too dear", '"said so"', "x".repeat(201)),
  revenue_micros: fc.constantFrom("", "0", "125500000", "-1"),
  minute: fc.constantFrom(null, 50, 60, 61),
});
const story = fc.record({
  calls: fc.uniqueArray(call, { minLength: 1, maxLength: 4, selector: ({ minute }) => minute }),
  outcomes: fc.array(outcome, { minLength: 1, maxLength: 12 }),
});
type Story = typeof story extends fc.Arbitrary<infer T> ? T : never;
type Outcome = Story["outcomes"][number];

const nameOf = (of: number, i: number) => `import-law-${stories}-${of}-${i}`;
const cell = (text: string) => `"${text.replaceAll('"', '""')}"`;
const momentOf = ({ minute }: Outcome, start: number) =>
  minute === null ? "" : String(start + minute * MINUTE_MS);

/** Rings, and gives the calls' ids. */
async function ring(of: 0 | 1, { calls }: Story, start: number): Promise<string[]> {
  const { stock, number } = twins[of]!;
  const ids: string[] = [];
  for (const [i, { minute, caller, connected_s }] of calls.entries()) {
    await placeCall(world, stock.sandbox_account_id, {
      ...{ call_id: nameOf(of, i), to: number, at: start + minute * MINUTE_MS, connected_s },
      from: `+1415556${String((stories * 2 + caller) % 10_000).padStart(4, "0")}`,
    });
    ids.push((await callNamed(world, nameOf(of, i), start + HOUR_MS)).id);
  }
  return ids;
}

/** One by one; how many were taken. What nobody dates is not told of a call that it was told of before. */
async function post(
  { outcomes }: Story,
  ids: readonly string[],
  start: number,
  now: number,
): Promise<number> {
  const said = new Set<string>();
  let taken = 0;
  for (const one of outcomes) {
    const occurred_at = momentOf(one, start);
    const key = JSON.stringify([one.of, one.name, one.value]);
    const json = {
      ...{ name: one.name, value: valueOfText(one.value) },
      ...(one.revenue_micros !== "" && { revenue_micros: Number(one.revenue_micros) }),
      ...(occurred_at !== "" && { occurred_at: Number(occurred_at) }),
    };
    const id = ids[one.of] ?? "cal_00000000000000000000000000";
    if (occurred_at === "" && said.has(key)) {
      taken += 1;
      continue;
    }
    const { ok } = await world.ask(`/api/v1/calls/${id}/signals`, { json, now });
    if (!ok) continue;
    said.add(key);
    taken += 1;
  }
  return taken;
}

function fileOf({ outcomes }: Story, ids: readonly string[], start: number): string {
  const lines = outcomes.map((one) => {
    const name = one.by === "call_id" ? (ids[one.of] ?? "") : nameOf(1, one.of);
    const named = one.by === "call_id" ? [name || "cal_00000000000000000000000000", ""] : ["", name];
    return [...named, one.name, cell(one.value), one.revenue_micros, momentOf(one, start)].join(",");
  });
  return ["call_id,provider_call_id,name,value,revenue_micros,occurred_at", ...lines, ""].join("\r\n");
}

/** `reversed` is a rejected call that was booked before it was known to be one: the one thing that order decides. */
const verdict = (status: string | undefined) => (status === "reversed" ? "rejected" : status);

async function cameTo(of: 0 | 1, { calls }: Story, now: number) {
  const { stock } = twins[of]!;
  const told = [];
  for (const i of calls.keys()) {
    const { id, signals, revenue, payout } = await callNamed(world, nameOf(of, i), now);
    const balances = balancesOf(await ledgerOf(world, `call_id=${id}`, now));
    told.push({
      signals: signals.map(({ id: _, ...signal }) => JSON.stringify(signal)).sort(),
      verdicts: [verdict(revenue?.status), verdict(payout?.status)],
      balances: Object.entries(balances).map(([key, sum]) => [
        key.replace(stock.advertiser_id, "advertiser").replace(stock.publisher_id, "publisher"),
        sum,
      ]),
    });
  }
  return told;
}

it("is what the same outcomes are one by one", { timeout: 12 * HOUR_MS }, async () => {
  await fc.assert(
    fc.asyncProperty(story, async (told) => {
      stories += 1;
      const start = world.at + stories * STORY_MS;
      const [posted, imported] = [await ring(0, told, start), await ring(1, told, start)];
      const now = start + 2 * HOUR_MS;
      const taken = await post(told, posted, start, now);
      const file = fileOf(told, imported, start);
      const job = await importOutcomes(world, file, { now });
      expect([job.accepted, job.rejected]).toEqual([taken, told.outcomes.length - taken]);
      const tick = (at: number) => world.json("/__local/scheduled", { method: "POST", now: at });
      await tick(now);
      const expected = await cameTo(0, told, now);
      expect(await cameTo(1, told, now)).toEqual(expected);
      await importOutcomes(world, file, { now: now + HOUR_MS });
      await tick(now + HOUR_MS);
      expect(await cameTo(1, told, now + HOUR_MS)).toEqual(expected);
    }),
    { ...cases, numRuns: Math.min(cases.numRuns, STORIES_MAX), endOnFailure: true },
  );
});
