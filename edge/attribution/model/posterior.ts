import type { Proof } from "../../../shared/api/calls.ts";
import { valueIn } from "./bins.ts";
import { type CandidateLease, isLive, type Lump, type Snapshot } from "./candidate.ts";
import { beliefs, doubtBy } from "./doubt.ts";
import { type Beliefs, type Explained, sharesBy, sharesOf, sourcesOf, weighAll } from "./explained.ts";
import type { Parameters } from "./parameters.ts";
import { NO_PAST, type Past, type Step, TOUCH_MIN } from "./past.ts";
import { type Sighting, sightAll, sightingsOf } from "./sighting.ts";
import { unlearned } from "./unlearned.ts";
import { contextOf } from "./weights.ts";

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
      : unlearned(sightings, weights, ring, parameters, past);
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

/** What was learned, doubted where odds are long; later calls remember what the weights say. */
function doubted(sightings: readonly Sighting[], weights: Explained, doubt: number): Beliefs {
  const factors = beliefs(sourcesOf(sightings, weights), weights.none, doubtBy(doubt));
  return {
    shares: sharesOf(weights),
    believed: sharesBy(weights, factors),
    doubts: factors.sources.map((one) => one / factors.none),
  };
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
