import type { Attribution, CallSession, Candidate, Evidence, Proof } from "../../shared/api/calls.ts";
import type { CandidateLease, Snapshot } from "./model/candidate.ts";
import { explain } from "./model/explain.ts";
import type { Parameters } from "./model/parameters.ts";
import { NO_PAST, type Past, type Step } from "./model/past.ts";
import { type Posterior, posterior, round6, type ScoredCandidate, stepOf } from "./model/posterior.ts";
import type { Inputs } from "./tables.ts";

/** What the phone knew: a static number explains itself, a pool's number needs the candidates frozen at the ring. */
export type Rung =
  | { kind: "static"; publisher_id: string | null }
  | {
      kind: "pool";
      snapshot: Snapshot;
      /** The visits of the snapshot's candidates, by session id. */
      sessions: Readonly<Record<string, CallSession>>;
      asked_later: boolean;
    };

/** What the campaign says about money and proof; kept with the decision, so that later changes re-price nothing. */
export type CampaignSettings = {
  /** Whose they are: a call that proves to be another campaign's is not judged by them. */
  campaign_id?: string;
  attribution_floor: number;
  bill_own_traffic: boolean;
  uncertain_payout?: "withhold" | "split";
};

/** Who the call is booked to, and what is stored and shown of the reasons. */
export type Decision = {
  attribution: Attribution;
  /** Set only with proof and a sum at or above the campaign's floor. */
  publisher_id: string | null;
  /** The visit the call is joined to. */
  session: CallSession | null;
  /** What it was made of beside the snapshot; null for a static number. */
  inputs: Inputs | null;
  /** What later calls are to remember of it, but for the caller; null for a static number. */
  step: Omit<Step, "caller"> | null;
};

const STATIC_MODEL = "static";

/**
 * Where a call came from. A publisher's probability is the sum over its candidates, so it may be certain where the
 * visit is not; money uses that sum, and only with proof. Candidates and their evidence are kept whatever the floor
 * says: it decides about money, not about what an analyst may see.
 */
export function decide(
  rung: Rung,
  settings: CampaignSettings,
  parameters: Parameters,
  past: Past = NO_PAST,
): Decision {
  const decision =
    rung.kind === "static"
      ? decideStatic(rung.publisher_id)
      : decidePool(rung, settings.attribution_floor, parameters, past);
  return { ...decision, attribution: { ...decision.attribution, ...settings } };
}

/** A number shown in one place only leaves nothing to weigh. */
function decideStatic(publisher_id: string | null): Decision {
  const proof: Proof = publisher_id === null ? "none" : "number";
  const detail =
    publisher_id === null
      ? "the number is static: it is shown in one place only"
      : "the number is static and belongs to the publisher";
  return {
    attribution: {
      method: "static_number",
      lease_id: null,
      confidence: 1,
      publisher_confidence: publisher_id === null ? 0 : 1,
      publisher_proof: proof,
      model_version: STATIC_MODEL,
      none_probability: 0,
      candidates: [],
      evidence: [{ kind: "static_number", weight: 1, detail }],
      publishers: publisher_id === null ? [] : [{ publisher_id, probability: 1, proof }],
      asked_later: false,
    },
    publisher_id,
    session: null,
    inputs: null,
    step: null,
  };
}

function decidePool(
  rung: Extract<Rung, { kind: "pool" }>,
  floor: number,
  parameters: Parameters,
  past: Past,
): Decision {
  const { snapshot, sessions, asked_later } = rung;
  const result = posterior(snapshot, parameters, past);
  const best = result.publishers[0];
  // As it is stored and shown, so that the figure on the page and the decision never disagree.
  const publisher_confidence = round6(best?.probability ?? 0);
  const joined = result.top;
  return {
    attribution: {
      method: result.method,
      lease_id: joined?.lease_id ?? null,
      confidence: round6(result.confidence),
      publisher_confidence,
      publisher_proof: best?.proof ?? "none",
      model_version: result.model_version,
      none_probability: round6(result.none),
      candidates: candidatesOf(result, snapshot, sessions),
      evidence: explain(snapshot, parameters, result, past).map(shownEvidence),
      publishers: result.publishers.map(({ publisher_id, probability, proof }) => ({
        publisher_id,
        probability: round6(probability),
        proof,
      })),
      asked_later,
    },
    publisher_id: best && best.proof !== "none" && publisher_confidence >= floor ? best.publisher_id : null,
    session: joined && sessionOf(joined, sessions[joined.session_id]),
    inputs: { model_version: result.model_version, past },
    step: stepOf(snapshot, result),
  };
}

/** The visit with whom it proves: what was found of its number since is in the candidate. */
function sessionOf(
  { publisher_id, proof }: ScoredCandidate,
  visit: CallSession | undefined,
): CallSession | null {
  return visit ? { ...visit, publisher_id, publisher_proof: proof } : null;
}

/** Likeliest first, then the lumped tail: nothing is left out, so the shares add up to 1 − none. */
function candidatesOf(
  result: Posterior,
  snapshot: Snapshot,
  sessions: Readonly<Record<string, CallSession>>,
): Candidate[] {
  const leases = new Map(snapshot.candidates.map((lease) => [lease.lease_id, lease]));
  const single = result.candidates.map((scored) =>
    candidateOf(scored, leases.get(scored.lease_id), sessions[scored.session_id], snapshot.at),
  );
  const lumps = result.lumps.map(
    ({ publisher_id, count, probability }): Candidate => ({
      lease_id: null,
      probability: round6(probability),
      publisher_id,
      count,
    }),
  );
  return [...single, ...lumps];
}

function candidateOf(
  scored: ScoredCandidate,
  lease: CandidateLease | undefined,
  session: CallSession | undefined,
  at: number,
): Candidate {
  const { lease_id, session_id, publisher_id } = scored;
  const candidate: Candidate = {
    lease_id,
    session_id,
    probability: round6(scored.probability),
    publisher_id,
  };
  if (lease) {
    const expired_at = lease.expires_at <= at ? lease.expires_at : null;
    candidate.leased_at = lease.leased_at;
    candidate.last_seen_at = lease.last_seen_at;
    candidate.ended_at = lease.closed_at ?? expired_at;
  }
  if (session) {
    candidate.source = session.source;
    candidate.medium = session.medium;
  }
  return candidate;
}

const WEIGHT_DIGITS = 6;

function shownEvidence({ kind, weight, detail }: { kind: string; weight: number; detail: string }): Evidence {
  return { kind, weight: Number(weight.toPrecision(WEIGHT_DIGITS)), detail };
}
