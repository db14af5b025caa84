import { assert } from "../../../../shared/assert.ts";
import { RATE_FLOOR } from "../background.ts";
import { binsOf, LEFT_EDGES_S, ON_EDGES_S, valueIn } from "../bins.ts";
import { doubtAfter, factorFor, type Parameters } from "../parameters.ts";
import { learnAgain } from "./again.ts";
import { expectCounts, type SoftCounts } from "./expect.ts";
import { exposureOf, type HourExposure, hourExposure } from "./exposure.ts";
import { learnFactors } from "./factors.ts";
import { learnHours } from "./hours.ts";
import type { Observed } from "./observed.ts";
import { countPresses, learnPresses, type Presses } from "./presses.ts";
import { PHASE_BINS, phaseOfBin, type Tally, zeros } from "./tally.ts";

/** Three already suffice; thirty are no better. */
const PASSES = 8;

/** How many calls each prior counts for: gamma priors whose mean is the start value. */
const PRIOR = { scale: 10, bin: 1.5, stray: 5, number: 2 };
/** The start value of a, and its weight in calls. */
const LOCAL_PRIOR = { local: 12, regional: 20 };
/** Odds of a stray call: the prior decides where time cannot tell a stray from the far tail. */
const STRAY_ODDS = 0.02 / 0.98;

const DIGITS = 4;

/** What stays the same over all passes. */
type Exposure = { leases: Tally; hours: HourExposure; presses: Presses };

/**
 * Learns a pool's parameters from its calls without anybody saying who made them: expectation–maximisation, soft
 * counts over exposure, each rate shrunk towards its start value. Deterministic: the same facts give the same bits.
 * `version` is left empty; whoever stores the result names it by its hash.
 */
export function fitModel(observed: Observed): Parameters {
  const exposure: Exposure = {
    leases: exposureOf(observed),
    hours: hourExposure(observed),
    presses: countPresses(observed),
  };
  // What is usual is not yet known, so nothing is a surge.
  let parameters: Parameters = { ...observed.start, traffic: null };
  for (let pass = 0; pass < PASSES; pass++) {
    parameters = maximise(observed, exposure, parameters, expectCounts(observed.calls, parameters));
  }
  const doubt = doubtAfter(observed.calls.length);
  return rounded({ ...parameters, doubt, traffic: usualTraffic(observed), version: "" });
}

const DAY_MS = 86_400_000;
/** Traffic is what it was in the last week. */
const TRAFFIC_DAYS = 7;

/** Leases a day and number of each publisher, within the window's last week. */
function usualTraffic({ leases, leases_each, number_keys, from, to }: Observed): Record<string, number> {
  const since = Math.max(from, to - TRAFFIC_DAYS * DAY_MS);
  const days = Math.max(1, (to - since) / DAY_MS);
  const counts = new Map<string, number>();
  for (const { publisher_id, leased_at } of leases) {
    if (publisher_id === null || leased_at < since || leased_at >= to) continue;
    counts.set(publisher_id, (counts.get(publisher_id) ?? 0) + leases_each);
  }
  const each = days * Math.max(1, number_keys.length);
  return Object.fromEntries(
    [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([id, n]) => [id, n / each]),
  );
}

function maximise(observed: Observed, exposure: Exposure, old: Parameters, counts: SoftCounts): Parameters {
  const { start, number_keys } = observed;
  const seconds = Math.max(1, (observed.to - observed.from) / 1_000);
  const { row, calls } = learnDelays(start, old, exposure.leases, counts.delay);
  const rates = splitRow(row);
  const factors = learnFactors({ ...old, ...rates }, exposure.leases, counts.delay);
  const expected = (STRAY_ODDS * calls) / (seconds * Math.max(1, number_keys.length));
  const mean =
    (counts.stray + PRIOR.stray) /
    (seconds * Math.max(1, number_keys.length) + PRIOR.stray / Math.max(RATE_FLOOR, expected));
  const numbers = number_keys.map((key): [string, number] => [
    String(key),
    ((counts.stray_by_number.get(key) ?? 0) + PRIOR.number) / (seconds + PRIOR.number / mean),
  ]);
  const learned = {
    ...old,
    ...rates,
    ...factors,
    ...learnPresses(start, old, exposure.presses, counts),
    ...learnAgain(start, counts.again, observed.to),
    local_share: (counts.local + LOCAL_PRIOR.local) / (counts.regional + LOCAL_PRIOR.regional),
    stray: { mean, numbers: Object.fromEntries(numbers) },
  };
  return { ...learned, ...learnHours(learned, exposure.hours, counts.hourly, number_keys.length) };
}

/** λ: how often at all first, then when. Also the calls that delays explain. */
function learnDelays(
  start: Parameters,
  old: Parameters,
  exposure: Tally,
  counted: Tally,
): { row: number[]; calls: number } {
  const seconds = zeros(PHASE_BINS);
  exposure.each((bin, publisher_id, device, amount) => {
    const { phase } = phaseOfBin(bin);
    seconds[bin] =
      valueIn(seconds, bin) + amount * old.device[device][phase] * factorFor(old.publisher, publisher_id);
  });
  const found = zeros(PHASE_BINS);
  counted.each((bin, _publisher, _device, amount) => {
    found[bin] = valueIn(found, bin) + amount;
  });
  const before = [...start.on, ...start.left];
  const calls = found.reduce((sum, amount) => sum + amount, 0);
  const expected = before.reduce((sum, rate, bin) => sum + rate * valueIn(seconds, bin), 0);
  const scale = (calls + PRIOR.scale) / (expected + PRIOR.scale);
  const row = before.map((rate, bin) =>
    Math.max(
      RATE_FLOOR,
      (valueIn(found, bin) + PRIOR.bin) / (valueIn(seconds, bin) + PRIOR.bin / (scale * rate)),
    ),
  );
  return { row, calls };
}

function splitRow(row: readonly number[]): Pick<Parameters, "on" | "left"> {
  const on = row.slice(0, binsOf(ON_EDGES_S));
  const left = row.slice(binsOf(ON_EDGES_S));
  assert(left.length === binsOf(LEFT_EDGES_S), "a row holds the bins of both phases");
  return { on, left };
}

/** Every number to four digits: what is stored is what is used, on every engine. */
function rounded(parameters: Parameters): Parameters {
  const round = (value: unknown): unknown => {
    if (typeof value === "number") return Number(value.toPrecision(DIGITS));
    if (Array.isArray(value)) return value.map(round);
    if (value === null || typeof value !== "object") return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, round(inner)]));
  };
  return round(parameters) as Parameters;
}
