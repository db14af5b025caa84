import type { Proof } from "../../../shared/api/calls.ts";
import { valueIn } from "./bins.ts";
import { type CandidateLease, isLive, type Lump, type Snapshot } from "./candidate.ts";
import { beliefs } from "./doubt.ts";
import type { Parameters } from "./parameters.ts";
import { NO_PAST, type Past, type Step, TOUCH_MIN } from "./past.ts";
import { type Sighting, sightAll, sightingsOf } from "./sighting.ts";
import { spreadOf } from "./spread.ts";
import { contextOf, factorsOf, type RingContext, strayTerms, weightOf } from "./weights.ts";

export type ScoredCandidate = Pick<CandidateLease, "lease_id" | "session_id" | "publisher_id" | "proof"> & {
  /** Expected calls per second by which this lease explains the ring. */
  weight: number;
  /** The weight's share of all, which later calls remember; `probability` is as far as the model is believed. */
  share: number;
  probability: number;
  /** The factor by which doubt changed its odds against none; 1 where nothing is claimed surely. */
  doubt: number;
  /** Whether the number was still its own at the ring. */
  live: boolean;
};

/** `probability` is that of all its leases together. */
export type ScoredLump = Lump & { weight: number; probability: number };

export type PublisherShare = {
  publisher_id: string;
  probability: number;
  /** Of its most probable lease; `number` on its own pool. */
  proof: Proof;
};

export type Posterior = {
  model_version: string;
  /** Likeliest first. Leases that cannot have called (begun later, left 30 days ago) are not among them. */
  candidates: ScoredCandidate[];
  lumps: ScoredLump[];
  /** The probability that none of the leases made this call. */
  none: number;
  none_weight: number;
  none_share: number;
  /** Proven publishers, likeliest first; what is missing to 1 − none is visitors of nobody's. */
  publishers: PublisherShare[];
  /** The joined candidate; null when "none of these" is at least as likely as every single one. */
  top: ScoredCandidate | null;
  method: "lease" | "late_lease" | "none";
  /** The probability of `top`; with `none` that of none. */
  confidence: number;
};

/**
 * Who made a call: every lease of the number, and chance, is a source with an intensity in calls per second, and its
 * probability is its share of the total. Deterministic to the bit whatever the order of candidates; probabilities
 * are not rounded (see `round6`).
 */
export function posterior(snapshot: Snapshot, parameters: Parameters, past: Past = NO_PAST): Posterior {
  const seen = sightAll(snapshot);
  const sightings = sightingsOf(seen);
  const ring = contextOf(snapshot, sightings);
  const weights = weighAll(sightings, ring, parameters, past);
  const { shares, believed, doubts } =
    parameters.spread === 0
      ? doubted(sightings, weights, parameters.doubt)
      : averaged(sightings, weights, ring, parameters, past);
  const { none } = believed;

  const candidates = seen.leases
    .map(({ lease }, place): ScoredCandidate => {
      const { lease_id, session_id, publisher_id, proof } = lease;
      return {
        ...{ lease_id, session_id, publisher_id, proof },
        weight: valueIn(weights.sources, place),
        share: valueIn(shares.sources, place),
        probability: valueIn(believed.sources, place),
        doubt: valueIn(doubts, place),
        live: isLive(lease, snapshot.at),
      };
    })
    .sort((a, b) => b.probability - a.probability);
  const lumps = seen.lumps.map(({ lump }, i) => {
    const place = seen.leases.length + i;
    return {
      ...lump,
      weight: valueIn(weights.sources, place),
      probability: valueIn(believed.sources, place),
    };
  });
  const first = candidates[0];
  const top = first && first.probability > none ? first : null;
  return {
    model_version: parameters.version,
    candidates,
    lumps,
    none,
    none_weight: weights.none,
    none_share: shares.none,
    publishers: publisherShares(snapshot.own_pool_publisher_id, candidates, lumps, none),
    top,
    method: top === null ? "none" : top.live ? "lease" : "late_lease",
    confidence: top === null ? none : top.probability,
  };
}

/** What explains a ring: the sightings in their order, lumps as a whole, and chance. Weights, or shares of 1. */
type Explained = { sources: number[]; none: number };

/** The expected calls per second of each. */
function weighAll(
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

/** Shares as later calls remember them, as far as they are believed, and what that does to each one's odds against none. */
type Beliefs = { shares: Explained; believed: Explained; doubts: number[] };

function doubted(sightings: readonly Sighting[], weights: Explained, doubt: number): Beliefs {
  const sources = sightings.map(({ publisher_id, count }, i) => ({
    ...{ publisher_id, count },
    weight: valueIn(weights.sources, i),
  }));
  const belief = beliefs(sources, weights.none, doubt);
  const believed = {
    sources: weights.sources.map((weight, i) => weight * valueIn(belief.sources, i)),
    none: weights.none * belief.none,
  };
  return {
    shares: sharesOf(weights),
    believed: sharesOf(believed),
    doubts: belief.sources.map((one) => one / belief.none),
  };
}

/** The mean over the models that this pool's may turn out to be. */
function averaged(
  sightings: readonly Sighting[],
  weights: Explained,
  ring: RingContext,
  parameters: Parameters,
  past: Past,
): Beliefs {
  const models = spreadOf(parameters, ring.stray_rate, likeliestPublishers(sightings, weights));
  const mean: Explained = { sources: weights.sources.map(() => 0), none: 0 };
  for (const { parameters: one, stray_rate } of models) {
    const shares = sharesOf(weighAll(sightings, { ...ring, stray_rate }, one, past));
    for (const [i, share] of shares.sources.entries()) mean.sources[i] = valueIn(mean.sources, i) + share;
    mean.none += shares.none;
  }
  const believed = sharesOf(mean);
  const doubts = believed.sources.map(
    (share, i) => (share * weights.none) / (valueIn(weights.sources, i) * believed.none),
  );
  return { shares: believed, believed, doubts };
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

function sharesOf({ sources, none }: Explained): Explained {
  const total = sources.reduce((sum, weight) => sum + weight, none);
  return { sources: sources.map((weight) => weight / total), none: none / total };
}

/** A probability as it is stored: six digits. */
export function round6(probability: number): number {
  return Math.round(probability * 1e6) / 1e6;
}

/** What later calls are to remember of this one. */
export function stepOf(
  { at, number_key, candidates: leases }: Snapshot,
  { candidates, none_share }: Pick<Posterior, "candidates" | "none_share">,
): Omit<Step, "caller"> {
  const visitors = new Map(leases.map(({ session_id, visitor }) => [session_id, visitor]));
  const touches = candidates
    .filter(({ share }) => share > TOUCH_MIN)
    .map(({ session_id, share }) => ({
      session_id,
      visitor: visitors.get(session_id) ?? session_id,
      share,
    }));
  return { at, number_key, none: none_share, touches };
}

function publisherShares(
  ownPool: string | null,
  candidates: readonly ScoredCandidate[],
  lumps: readonly ScoredLump[],
  none: number,
): PublisherShare[] {
  // Whoever called a number of a publisher's own pool, if it was no stray call, had it from that publisher.
  if (ownPool !== null) return [{ publisher_id: ownPool, probability: 1 - none, proof: "number" }];
  const shares = new Map<string, PublisherShare & { best: number }>();
  const add = (publisherId: string | null, probability: number, each: number, proof: Proof) => {
    if (publisherId === null) return;
    const share = shares.get(publisherId) ?? { publisher_id: publisherId, probability: 0, proof, best: each };
    share.probability += probability;
    if (each > share.best) Object.assign(share, { proof, best: each });
    shares.set(publisherId, share);
  };
  for (const one of candidates) add(one.publisher_id, one.probability, one.probability, one.proof);
  for (const lump of lumps) {
    add(lump.publisher_id, lump.probability, lump.probability / lump.count, lump.proof);
  }
  return [...shares.values()]
    .map(({ publisher_id, probability, proof }) => ({ publisher_id, probability, proof }))
    .sort((a, b) => b.probability - a.probability || (a.publisher_id < b.publisher_id ? -1 : 1));
}
