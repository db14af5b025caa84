import type { Posterior } from "../../edge/attribution/model/posterior.ts";
import type { CampaignFacts, SourceFacts } from "../../edge/settlement/model/facts.ts";
import { partsOf } from "../../edge/settlement/model/split.ts";
import { DAY_S } from "./habits.ts";
import { FLOOR } from "./metrics.ts";
import { freezeCalls, learn, posteriors, publisherName } from "./product.ts";
import { type PoolKind, runWorld, type World } from "./world.ts";

/** What one publisher of a pool would be paid, in payouts of a call, beside the calls that its visitors made. */
export type PublisherPay = { publisher_id: string; due: number; withhold: number; split: number };

/** A pool's payouts by publisher, and the same pool with one publisher's script leasing in it. */
export type PayoutStudy = {
  seed: number;
  kind: PoolKind;
  calls: number;
  honest: PublisherPay[];
  junk: PublisherPay[];
  /** How long the judged calls of each life took. */
  days: { honest: number; junk: number };
};

/** Scripted leases an hour, held for an hour each, by the first publisher. */
const JUNK = { publisher: 0, per_h: 80, hold_s: 3_600, presses: 0 };

/**
 * Lets one world live twice, with a publisher's junk leases in the judged part and without, and pays its calls both
 * ways: withheld below the floor, or shared as the settlement shares an uncertain payout.
 */
export function studyPayouts(
  seed: number,
  kind: PoolKind,
  { learned, judged }: { learned: number; judged: number },
): PayoutStudy {
  const live = (junk: boolean) => {
    const flood = junk ? { ...JUNK, from_call: learned } : null;
    const world = runWorld(seed, kind, learned + judged, flood);
    const frozen = freezeCalls(world);
    const pay = payByPublisher(world, posteriors(frozen, learn(world, frozen, learned)), learned);
    const [first, last] = [world.calls[learned], world.calls.at(-1)];
    return { pay, days: ((last?.at_s ?? 0) - (first?.at_s ?? 0)) / DAY_S };
  };
  const [honest, flooded] = [live(false), live(true)];
  return {
    ...{ seed, kind, calls: judged, honest: honest.pay, junk: flooded.pay },
    days: { honest: honest.days, junk: flooded.days },
  };
}

const SPLIT: CampaignFacts = { uncertain_payout: "split", attribution_floor: FLOOR, bill_own_traffic: false };

function payByPublisher(world: World, results: readonly Posterior[], from: number): PublisherPay[] {
  const pay = new Map<string, PublisherPay>();
  const of = (publisher_id: string): PublisherPay => {
    const known = pay.get(publisher_id) ?? { publisher_id, due: 0, withhold: 0, split: 0 };
    pay.set(publisher_id, known);
    return known;
  };
  for (const [place, { publishers }] of results.entries()) {
    if (place < from) continue;
    const lease = world.calls[place]?.lease ?? null;
    const truth = lease === null ? undefined : world.leases[lease];
    if (truth) of(publisherName(truth.publisher)).due += 1;
    const likeliest = publishers[0];
    if (likeliest && likeliest.probability >= FLOOR) {
      of(likeliest.publisher_id).withhold += 1;
      of(likeliest.publisher_id).split += 1;
      continue;
    }
    const source: SourceFacts = {
      publisher_id: null,
      publisher_confidence: likeliest?.probability ?? 0,
      publisher_proof: likeliest ? "site" : "none",
      proven: publishers,
    };
    for (const { publisher_id, part } of partsOf(source, SPLIT)) of(publisher_id).split += part.of / part.in;
  }
  return [...pay.values()].sort((a, b) => (a.publisher_id < b.publisher_id ? -1 : 1));
}

const MONTH_DAYS = 30;

/** The study as a table, in payouts a month; the script is the first publisher's. */
export function payoutLines({ seed, kind, calls, honest, junk, days }: PayoutStudy): string[] {
  const monthly = (count: number | undefined, over: number) => ((count ?? 0) * MONTH_DAYS) / over;
  const number = (value: number) => value.toFixed(1).padStart(15);
  const ways = ["due", "withhold", "split"];
  const header = ["publisher", ...ways, ...ways.map((way) => `${way}, junk`)].map((name) =>
    name.padStart(15),
  );
  const rows = honest.map((own) => {
    const flooded = junk.find(({ publisher_id }) => publisher_id === own.publisher_id);
    const figures = [
      ...[own.due, own.withhold, own.split].map((count) => monthly(count, days.honest)),
      ...[flooded?.due, flooded?.withhold, flooded?.split].map((count) => monthly(count, days.junk)),
    ];
    return [own.publisher_id.padStart(15), ...figures.map(number)].join("");
  });
  const gain = (way: "withhold" | "split") =>
    monthly(junk[0]?.[way], days.junk) - monthly(honest[0]?.[way], days.honest);
  return [
    `seed ${seed}, ${kind} pool: payouts a month, from ${calls} calls in ${days.honest.toFixed(0)} days and, with junk, in ${days.junk.toFixed(0)}; junk is ${JUNK.per_h} scripted leases an hour by ${honest[0]?.publisher_id}`,
    header.join(""),
    ...rows,
    `junk leases gain their publisher ${gain("withhold").toFixed(1)} payouts a month under withhold, ${gain("split").toFixed(1)} under split`,
  ];
}
