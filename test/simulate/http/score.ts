import type { Call } from "../../../shared/api/calls.ts";
import type { LedgerEntry } from "../../../shared/api/ledger.ts";
import type { World as Served } from "../../support/world.ts";
import { type Judged, type Metrics, measure } from "../metrics.ts";
import { judgeByTruth } from "../oracle.ts";
import { judgeByLastHolder, LAST_HOUR_S } from "../rivals.ts";
import { leaseToFind } from "../world.ts";
import type { Driven } from "./drive.ts";
import { FLOODER, withScripted } from "./script.ts";
import { PAYOUT_MICROS, type Shop } from "./shop.ts";

/** What the product made of a driven world, beside the truth. */
export type Score = {
  seed: number;
  visits: number;
  blocked_share: number;
  calls: number;
  /** Calls that rang and are not in the product's list. */
  missing: number;
  wrong_joins: number;
  wrong_joins_held: number;
  product: Metrics;
  optimum: Metrics;
  last_holder: Metrics;
  within_an_hour: Metrics;
  regret: number;
  reliability: { claimed: number; actual: number; calls: number }[];
  /** Posted payouts: all, those to another publisher than the visit's, and those to one without proof. */
  paid_micros: number;
  misdirected_micros: number;
  unproven_micros: number;
  /** Of the publisher whose script runs, since it runs: calls of its visitors, payouts, and those for others' calls. */
  flooder: { leases: number; due: number; paid: number; stolen: number } | null;
  bots_leased: number;
  unanswered: number;
  resent: number;
};

type Page<T> = { data: T[]; next_cursor: string | null };

async function everything<T>(served: Served, path: string, now: number): Promise<T[]> {
  const all: T[] = [];
  for (let cursor: string | null = ""; cursor !== null; ) {
    const more = cursor === "" ? "" : `&cursor=${encodeURIComponent(cursor)}`;
    const page: Page<T> = await served.json(`/api/v1${path}?limit=200${more}`, { now });
    all.push(...page.data);
    cursor = page.next_cursor;
  }
  return all;
}

/** Reads back what the API says of every call and of the ledger. */
export async function score(
  served: Served,
  shop: Shop,
  driven: Driven,
  now: number,
): Promise<{ score: Score; calls: Map<string, Call> }> {
  const { world } = driven;
  const calls = await everything<Call>(served, "/calls", now);
  const ledger = await everything<LedgerEntry>(served, "/ledger", now);
  const byName = new Map(calls.map((call) => [call.provider_call_id, call]));
  const truthOf = (index: number) => {
    const call = world.calls[index];
    return call ? leaseToFind(world, call) : null;
  };
  const tokens = new Map([...driven.leases].map(([token, index]) => [index, token]));
  const judged: Judged[] = [];
  let missing = 0;
  for (const [name, index] of driven.calls) {
    const call = byName.get(name);
    if (!call) {
      missing += 1;
      continue;
    }
    const truth = truthOf(index);
    const { lease_id, confidence, publisher_confidence, publishers } = call.attribution;
    const likeliest = publishers[0]?.publisher_id ?? null;
    judged.push({
      confidence,
      is_right: lease_id === (truth ? (tokens.get(truth.index) ?? "") : null),
      publisher_confidence,
      is_publisher_right: truth !== null && likeliest === shop.publishers[truth.publisher]?.id,
    });
  }
  const product = measure(judged);
  const believed = withScripted(world, driven.scripted);
  const optimum = measure(judgeByTruth(world, 0));
  const made: Score = {
    seed: world.seed,
    visits: world.asked,
    blocked_share: world.blocked / Math.max(1, world.asked),
    calls: driven.calls.size,
    missing,
    wrong_joins: judged.filter(({ is_right }) => !is_right).length,
    wrong_joins_held: product.sure_wrong,
    product,
    optimum,
    last_holder: measure(judgeByLastHolder(believed, 0)),
    within_an_hour: measure(judgeByLastHolder(believed, 0, LAST_HOUR_S)),
    regret: optimum.joined - product.joined,
    reliability: reliabilityOf(judged),
    ...moneyOf(ledger, calls, driven, shop),
    flooder: flooderOf(ledger, calls, driven, shop),
    bots_leased: driven.bots_leased,
    unanswered: driven.unanswered,
    resent: driven.resent,
  };
  return { score: made, calls: byName };
}

/** What is owed by call and publisher. */
function owedOf(ledger: readonly LedgerEntry[]): Map<string, number> {
  const owed = new Map<string, number>();
  for (const { account, call_id, organization_id, amount_micros } of ledger) {
    if (account !== "payable" || !call_id) continue;
    const key = `${call_id} ${organization_id ?? ""}`;
    // The network owes it: a credit is negative.
    owed.set(key, (owed.get(key) ?? 0) - amount_micros);
  }
  return owed;
}

function moneyOf(ledger: readonly LedgerEntry[], calls: readonly Call[], driven: Driven, shop: Shop) {
  const { world } = driven;
  const byId = new Map(calls.map((call) => [call.id, call]));
  let [paid_micros, misdirected_micros, unproven_micros] = [0, 0, 0];
  for (const [key, micros] of owedOf(ledger)) {
    const [call_id = "", publisher = ""] = key.split(" ");
    const call = byId.get(call_id);
    const index = call ? driven.calls.get(call.provider_call_id) : undefined;
    const lease = index === undefined ? null : (world.calls[index]?.lease ?? null);
    const truth = lease === null ? undefined : world.leases[lease];
    paid_micros += micros;
    if (!truth || shop.publishers[truth.publisher]?.id !== publisher) misdirected_micros += micros;
    if (call?.attribution.publisher_proof === "none") unproven_micros += micros;
  }
  return { paid_micros, misdirected_micros, unproven_micros };
}

/** What the publisher earns whose script runs, from the script's first lease on. */
function flooderOf(
  ledger: readonly LedgerEntry[],
  calls: readonly Call[],
  { world, scripted, calls: rung }: Driven,
  shop: Shop,
): Score["flooder"] {
  const first = scripted[0];
  const flooder = shop.publishers[FLOODER];
  if (!first || !flooder) return null;
  const earned = new Set(
    [...owedOf(ledger)].flatMap(([key, micros]) => (micros > 0 && key.endsWith(flooder.id) ? [key] : [])),
  );
  const made = { leases: scripted.length, due: 0, paid: 0, stolen: 0 };
  for (const { id, provider_call_id } of calls) {
    const call = world.calls[rung.get(provider_call_id) ?? -1];
    if (!call || call.at_s < first.leased_at_s) continue;
    const isOwn = call.lease !== null && world.leases[call.lease]?.publisher === FLOODER;
    const isPaid = earned.has(`${id} ${flooder.id}`);
    if (isOwn) made.due += 1;
    if (isPaid) made.paid += 1;
    if (isPaid && !isOwn) made.stolen += 1;
  }
  return made;
}

const BINS = 10;

function reliabilityOf(judged: readonly Judged[]): Score["reliability"] {
  return Array.from({ length: BINS }, (_, bin) => {
    const own = judged.filter(({ confidence }) => Math.min(BINS - 1, Math.floor(confidence * BINS)) === bin);
    const mean = (of: (one: Judged) => number) =>
      own.length === 0 ? 0 : own.reduce((sum, one) => sum + of(one), 0) / own.length;
    return {
      claimed: mean(({ confidence }) => confidence),
      actual: mean(({ is_right }) => (is_right ? 1 : 0)),
      calls: own.length,
    };
  });
}

/** What a network would read first. */
export function reportLines(score: Score): string[] {
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  const money = (micros: number) => `${(micros / 1e6).toFixed(2)} USD`;
  const { product, optimum, last_holder, within_an_hour } = score;
  const row = (name: string, { joined, wrong_money, sure_wrong, ece }: Metrics) =>
    `${name.padEnd(22)} joined ${percent(joined).padStart(7)}   wrong of paid at 0.9 ${percent(wrong_money).padStart(7)}   ` +
    `wrong and held ≥ 0.9 ${String(sure_wrong).padStart(4)}   ECE ${ece.toFixed(3)}`;
  return [
    `seed ${score.seed}: ${score.visits} visits, ${percent(score.blocked_share)} blocked, ${score.calls} calls (${score.missing} missing)`,
    row("Ringtrail", product),
    row("optimum", optimum),
    row("last lease holder", last_holder),
    row("holder within an hour", within_an_hour),
    `regret ${(100 * score.regret).toFixed(1)} points; exact joins ${Math.round(product.joined * product.calls)}, wrong ${score.wrong_joins}, wrong held ≥ 0.9: ${score.wrong_joins_held}`,
    `paid ${money(score.paid_micros)}, misdirected ${money(score.misdirected_micros)}, without proof ${money(score.unproven_micros)} (${Math.round(score.paid_micros / PAYOUT_MICROS)} payouts)`,
    `crawlers shown a number ${score.bots_leased}, rings unanswered in outages ${score.unanswered}, webhooks sent again ${score.resent}`,
    ...(score.flooder ? [floodLine(score.flooder)] : []),
    "reliability, claimed against right:",
    ...score.reliability
      .filter(({ calls }) => calls > 0)
      .map(({ claimed, actual, calls }) => {
        const bar = "█".repeat(Math.round(actual * 40)).padEnd(40, "·");
        return `  ${claimed.toFixed(2)} ${bar} ${actual.toFixed(2)}  (${calls})`;
      }),
  ];
}

function floodLine({ leases, due, paid, stolen }: NonNullable<Score["flooder"]>): string {
  return `${leases} scripted leases by one publisher: its visitors made ${due} calls meanwhile, it is paid for ${paid}, ${stolen} of them others'`;
}
