import type { Instant } from "../../../shared/instant.ts";
import { RATE_FLOOR } from "./background.ts";
import { AGAIN_EDGES_S, binOrLast, FIRST_HOURLY_LEFT_BIN, hourOf, valueIn } from "./bins.ts";
import type { Phase, Snapshot } from "./candidate.ts";
import { factorFor, type Parameters } from "./parameters.ts";
import type { LeasePast, Past } from "./past.ts";
import { recentLeases, type Sighting } from "./sighting.ts";

/** A share of callers below this is not believed: the caller at hand is from there. */
const REGION_SHARE_FLOOR = 1e-6;

/** A lease is never quite used up, so that no ratio of weights is infinite. */
const UNUSED_FLOOR = 1e-9;

/** From this probability of use on, somebody else of the household may call. */
export const USED_FOR_HOUSEHOLD = 0.5;

/** More leases of a publisher than one and a half times its usual number, and two, are the beginning of a surge. */
const SURGE_FROM = { times: 1.5, more: 2 };
/** Half the usual number, and two, beyond that nobody doubts it any more. */
const SURGE_CERTAIN = { times: 0.5, more: 2 };
/** What a publisher of whom little is known has on a number in a day at least. */
const USUAL_FLOOR = 0.25;

/** What a ring says beside its candidates. */
export type RingContext = Pick<
  Snapshot,
  "at" | "number_key" | "caller_region" | "caller_region_share" | "stray_rate"
> & {
  /** Leases of each publisher on the number in the last day. */
  recent: Readonly<Record<string, number>>;
};

/** A snapshot's context, once for all of its candidates. */
export function contextOf(snapshot: Snapshot, sightings: Iterable<Sighting>): RingContext {
  const { at, number_key, caller_region, caller_region_share, stray_rate } = snapshot;
  return { at, number_key, caller_region, caller_region_share, stray_rate, recent: recentLeases(sightings) };
}

/** What makes a lease likely or unlikely to have called, each as the number it enters the weight with. */
export type Factors = Phase & {
  /** λ of the delay's bin, calls per second. */
  rate: number;
  hour: number;
  device: number;
  publisher: number;
  /** Below 1 while the publisher has far more visits than usual: together they count no more than usual. */
  surge: number;
  /** 1 − u. */
  unused: number;
  /** The rate that the latest press of the call link adds, calls per second; 0 without one in the last 200 s. */
  click_rate: number;
  region: number;
  /** What is known of the caller's and the visitor's phones; 1 when nothing is. */
  caller: number;
  /** Calls per second of somebody else of the household, and of the same caller once more. */
  household_rate: number;
  redial_rate: number;
};

/** A weight by where it comes from, calls per second of one lease. Their sum is the lease's weight. */
export type Terms = { delay: number; click: number; household: number; redial: number };

export function termsOf(factors: Factors): Terms {
  const identity = factors.region * factors.caller;
  return {
    delay: delayRate(factors) * identity,
    click: factors.click_rate * identity,
    household: factors.household_rate,
    redial: factors.redial_rate,
  };
}

/** The rate that the delay alone gives a lease, before anything is known of the caller. */
export function delayRate({ rate, hour, device, publisher, surge, unused }: Factors): number {
  return rate * hour * device * publisher * surge * unused;
}

/** The expected calls per second by which one lease explains the ring. */
export function weightOf(factors: Factors): number {
  const { delay, click, household, redial } = termsOf(factors);
  return delay + click + household + redial;
}

/** The expected calls per second that nothing but chance explains, and those of a stray caller once more. */
export function strayTerms(ring: RingContext, parameters: Parameters, past: Past) {
  const fresh = Math.max(RATE_FLOOR, strayRateOf(ring, parameters) * hourFactor(parameters, ring.at));
  const { redial } = past;
  if (redial === null) return { fresh, again: 0 };
  const bin = againBin(ring.at, redial.at);
  return { fresh, again: valueIn(parameters.stray_redial, bin) * parameters.caller_rarity * redial.none };
}

/** μ of the number that rang: learned, else what is expected of its pool. */
function strayRateOf(ring: RingContext, { stray }: Parameters): number {
  if (stray === null) return ring.stray_rate;
  const key = String(ring.number_key);
  return Object.hasOwn(stray.numbers, key) ? (stray.numbers[key] ?? stray.mean) : stray.mean;
}

function hourFactor(parameters: Parameters, at: Instant): number {
  return valueIn(parameters.hour, hourOf(at));
}

function againHourFactor(parameters: Parameters, at: Instant): number {
  return valueIn(parameters.again_hour, hourOf(at));
}

/** Whoever left in the evening calls in the morning. */
function leftHourFactor({ left_hour }: Sighting, parameters: Parameters): number {
  return left_hour === null ? 1 : valueIn(parameters.left_hour, left_hour);
}

/** True for leases whose callers keep the hours of the day. */
export function isHourly({ phase, bin }: Phase): boolean {
  return phase === "left" && bin >= FIRST_HOURLY_LEFT_BIN;
}

/** Which bin of `AGAIN_EDGES_S` lies between two moments. */
export function againBin(at: Instant, before: Instant): number {
  return binOrLast(AGAIN_EDGES_S, Math.max(0, at - before) / 1_000);
}

/** The factors of a lease, or of each one lease of a lump. */
export function factorsOf(
  sighting: Sighting,
  ring: RingContext,
  parameters: Parameters,
  past: Past,
): Factors {
  const { phase, bin, session_id, publisher_id } = sighting;
  const before = session_id === null ? undefined : past.leases[session_id];
  const region = regionFactor(sighting.same_region, ring, parameters);
  const surging = surgeOf(publisher_id, ring, parameters);
  const click = sighting.click_bin === null ? 0 : valueIn(parameters.click, sighting.click_bin);
  return {
    phase,
    bin,
    rate: valueIn(phase === "on" ? parameters.on : parameters.left, bin),
    hour: isHourly(sighting) ? hourFactor(parameters, ring.at) * leftHourFactor(sighting, parameters) : 1,
    device: parameters.device[sighting.device][phase],
    publisher: factorFor(parameters.publisher, publisher_id),
    surge: surgeFactor(surging),
    unused: Math.max(UNUSED_FLOOR, 1 - (before?.used ?? 0)),
    // One press outweighs every delay, so of a script's not even a share is believed.
    click_rate:
      click === 0 ? 0 : click * (1 - surging.certainty) * factorFor(parameters.click_worth, publisher_id),
    region,
    caller: before ? callerFactor(before, region, parameters) : 1,
    household_rate: before ? householdRate(before, ring, region, parameters) : 0,
    redial_rate: before ? redialRate(before, ring, parameters, past) : 0,
  };
}

/** How many of a publisher's leases there are and usually are, and how surely that is a surge. */
type Surge = { certainty: number; usual: number; now: number };

const NO_SURGE: Surge = { certainty: 0, usual: 1, now: 1 };

/** A busy day is no surge, so this sets in over a ramp. */
function surgeOf(publisher_id: string | null, { recent }: RingContext, { traffic }: Parameters): Surge {
  if (publisher_id === null || traffic === null) return NO_SURGE;
  const usual = Object.hasOwn(traffic, publisher_id) ? (traffic[publisher_id] ?? 0) : 0;
  const now = Object.hasOwn(recent, publisher_id) ? (recent[publisher_id] ?? 0) : 0;
  const beyond = now - (SURGE_FROM.times * usual + SURGE_FROM.more);
  if (beyond <= 0) return NO_SURGE;
  const certainty = Math.min(1, beyond / (SURGE_CERTAIN.times * usual + SURGE_CERTAIN.more));
  return { certainty, usual, now };
}

/**
 * Leases are a browser's claim, and a script makes them by the hundred. In a surge as many of a publisher's leases are
 * believed to be visitors' as it usually has, until a fit has seen whether anybody called: each weighs usual ÷ now.
 */
function surgeFactor({ certainty, usual, now }: Surge): number {
  return certainty === 0 ? 1 : 1 - certainty + (certainty * Math.max(USUAL_FLOOR, usual)) / now;
}

/** How much likelier the caller's number is if this visitor called, beside its region. */
function callerFactor({ known, link }: LeasePast, region: number, parameters: Parameters): number {
  const { same_phone, caller_rarity } = parameters;
  return 1 - same_phone * known + (same_phone * caller_rarity * link) / region;
}

function householdRate(
  { used, used_at, link }: LeasePast,
  { at }: RingContext,
  region: number,
  parameters: Parameters,
): number {
  if (used < USED_FOR_HOUSEHOLD) return 0;
  const rate = valueIn(parameters.household, againBin(at, used_at)) * againHourFactor(parameters, at);
  return used * rate * region * (1 - link);
}

function redialRate(
  { redialled }: LeasePast,
  { at }: RingContext,
  parameters: Parameters,
  { redial }: Past,
): number {
  if (redial === null || redialled === 0) return 0;
  const rate = valueIn(parameters.redial, againBin(at, redial.at)) * againHourFactor(parameters, at);
  return rate * parameters.caller_rarity * redialled;
}

/** How much likelier the caller's area code is if this visitor called: 1 when either region is unknown. */
function regionFactor(same: boolean | null, ring: RingContext, parameters: Parameters): number {
  if (same === null) return 1;
  const elsewhere = 1 - parameters.local_share;
  return same ? elsewhere + localLift(ring, parameters) : elsewhere;
}

/** a/π: what a visitor from the caller's region gains by it. */
export function localLift({ caller_region_share }: RingContext, { local_share }: Parameters): number {
  return local_share / Math.max(REGION_SHARE_FLOOR, caller_region_share);
}
