import { valueIn } from "./bins.ts";
import type { Source } from "./doubt.ts";
import type { Parameters } from "./parameters.ts";
import type { Past } from "./past.ts";
import type { Sighting } from "./sighting.ts";
import { factorsOf, type RingContext, strayTerms, weightOf } from "./weights.ts";

/** What explains a ring: the sightings in their order, lumps as a whole, and chance. Weights, or shares of 1. */
export type Explained = { sources: readonly number[]; none: number };

/** Shares as later calls remember them, as far as they are believed, and what that does to each one's odds against none. */
export type Beliefs = { shares: Explained; believed: Explained; doubts: readonly number[] };

/** The expected calls per second of each. */
export function weighAll(
  sightings: readonly Sighting[],
  ring: RingContext,
  parameters: Parameters,
  past: Past,
): Explained {
  const stray = strayTerms(ring, parameters, past);
  return {
    sources: sightings.map((one) => one.count * weightOf(factorsOf(one, ring, parameters, past))),
    none: stray.fresh + stray.again,
  };
}

export function totalOf({ sources, none }: Explained): number {
  return sources.reduce((sum, weight) => sum + weight, none);
}

/** Each one's part of the total. */
export function sharesOf(weights: Explained): Explained {
  const total = totalOf(weights);
  return { sources: weights.sources.map((weight) => weight / total), none: weights.none / total };
}

/** The same as sources of publishers. */
export function sourcesOf(sightings: readonly Sighting[], { sources }: Explained): Source[] {
  return sightings.map(({ publisher_id, count }, i) => ({
    ...{ publisher_id, count },
    weight: valueIn(sources, i),
  }));
}

/** Each as far as its factor says, as shares. */
export function sharesBy({ sources, none }: Explained, factors: Explained): Explained {
  return sharesOf({
    sources: sources.map((weight, i) => weight * valueIn(factors.sources, i)),
    none: none * factors.none,
  });
}
