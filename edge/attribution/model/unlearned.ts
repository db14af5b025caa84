import { strayRate } from "./background.ts";
import { valueIn } from "./bins.ts";
import { beliefs, type Restraint } from "./doubt.ts";
import {
  type Beliefs,
  type Explained,
  sharesBy,
  sharesOf,
  sourcesOf,
  totalOf,
  weighAll,
} from "./explained.ts";
import type { Parameters } from "./parameters.ts";
import type { Past } from "./past.ts";
import type { Sighting } from "./sighting.ts";
import { spreadOf } from "./spread.ts";
import type { RingContext } from "./weights.ts";

/** How much the start values count against what other pools turned out to have. */
const START_PART = 0.75;

/** What money hangs on, where a campaign says nothing else. */
const SURE = 0.9;
/** How far a claim may be from there, of how far the plain mean of other pools is: beyond, and below. */
const BEYOND = 4;
const BELOW = 0.5;

/**
 * How a ring is judged in a pool of which nothing was learned. Its values may be the start's, or those of any other pool
 * (`spread.ts`), each as likely as it made this ring: three parts of the former and one of the latter are the claim. But
 * it must not hang on values that this pool may not have: sure is only what the plain mean of other pools is sure of.
 * Later calls remember what the start values say.
 */
export function unlearned(
  sightings: readonly Sighting[],
  weights: Explained,
  ring: RingContext,
  parameters: Parameters,
  past: Past,
): Beliefs {
  const alike = nothing(sightings);
  const likely = nothing(sightings);
  for (const { parameters: one, stray_rate } of spreadOf(
    parameters,
    ring.stray_rate,
    likeliestPublishers(sightings, weights),
  )) {
    const own = weighAll(sightings, { ...ring, stray_rate }, one, past);
    const shares = sharesOf(own);
    addTo(alike, shares, 1);
    addTo(likely, shares, totalOf(own) / usualRate(one, stray_rate, ring.stray_rate));
  }
  const start = sharesOf(weights);
  const claim = nothing(sightings);
  addTo(claim, start, START_PART);
  addTo(claim, sharesOf(likely), 1 - START_PART);
  const held = beliefs(sourcesOf(sightings, claim), claim.none, heldTo(sharesOf(alike)));
  const believed = sharesBy(claim, held);
  const doubts = believed.sources.map(
    (share, i) => (share * weights.none) / (valueIn(weights.sources, i) * believed.none),
  );
  return { shares: start, believed, doubts };
}

/** What is claimed of a publisher, or of one of its visits, is held to what this mean claims. */
function heldTo(mean: Explained): Restraint {
  const shareOf = (places: readonly number[] | null) =>
    places === null ? mean.none : places.reduce((sum, place) => sum + valueIn(mean.sources, place), 0);
  return {
    ofGroup: (part, rest, places) => oddsUpTo(mostClaimed(shareOf(places)), part, rest),
    ofVisit: (part, rest, place, places) =>
      oddsUpTo(mostClaimed(valueIn(mean.sources, place) / shareOf(places)), part, rest),
  };
}

function mostClaimed(mean: number): number {
  const beyond = mean - SURE;
  return Math.min(1, SURE + beyond * (beyond > 0 ? BEYOND : BELOW));
}

/** What is left of the odds of `part` against `rest` when it is at most this share of both. */
function oddsUpTo(most: number, part: number, rest: number): number {
  if (part <= most * (part + rest)) return 1;
  return (most * rest) / ((1 - most) * part);
}

/** Seconds that a visit to the simulated pools spends in each bin, half of all saying goodbye and half falling silent. */
const ON_S: readonly number[] = [29.2, 27, 47.7, 80.8, 139, 227, 31.6, 19.9, 18.3];
const LEFT_S: readonly number[] = [
  ...[30, 30, 60, 120, 210, 900, 1_800],
  ...[3_600, 7_200, 14_400, 28_800, 28_800],
  ...[86_400, 172_800, 345_600, 691_200, 1_209_600],
];
/** The share of those visits that are on a phone. */
const MOBILE_SHARE = 0.57;

/** Calls per second to be expected of a number whatever has been seen on it, by its pool's leases. */
function usualRate(
  { on, left, device: { mobile, desktop } }: Parameters,
  stray_rate: number,
  usual_stray_rate: number,
): number {
  const leases_per_s = usual_stray_rate / strayRate(1, 1);
  const inAll = (rates: readonly number[], seconds: readonly number[]) =>
    rates.reduce((sum, rate, bin) => sum + rate * valueIn(seconds, bin), 0);
  const device = (phase: "on" | "left") => MOBILE_SHARE * mobile[phase] + (1 - MOBILE_SHARE) * desktop[phase];
  const calls_per_lease = inAll(on, ON_S) * device("on") + inAll(left, LEFT_S) * device("left");
  return stray_rate + leases_per_s * calls_per_lease;
}

type Sum = { sources: number[]; none: number };

function nothing(sightings: readonly Sighting[]): Sum {
  return { sources: sightings.map(() => 0), none: 0 };
}

function addTo(sum: Sum, { sources, none }: Explained, times: number): void {
  for (let i = 0; i < sources.length; i++)
    sum.sources[i] = valueIn(sum.sources, i) + valueIn(sources, i) * times;
  sum.none += none * times;
}

/** Sums that agree to so many digits are even: in which order they were added up must not tell. */
const EVEN_DIGITS = 9;

/** Of two publishers that are even the id decides, as nothing else tells them apart. */
function likeliestPublishers(sightings: readonly Sighting[], { sources }: Explained): string[] {
  const sums = new Map<string, number>();
  for (const [i, { publisher_id }] of sightings.entries()) {
    if (publisher_id !== null) sums.set(publisher_id, (sums.get(publisher_id) ?? 0) + valueIn(sources, i));
  }
  return [...sums]
    .map(([id, sum]) => ({ id, sum: Number(sum.toPrecision(EVEN_DIGITS)) }))
    .sort((a, b) => b.sum - a.sum || (a.id < b.id ? -1 : 1))
    .map(({ id }) => id);
}
