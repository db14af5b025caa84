import type { Call, Candidate } from "../../../shared/api/calls.ts";
import type { Instant } from "../../../shared/instant.ts";
import { type TimeScale, timeScale } from "./time-scale.ts";

/** A lease on the axis, in percent: held from `from` to `to`; `live` when it was held while the phone rang. */
export type LeaseBar = { from: number; to: number; live: boolean; seen: number | null };

/**
 * One explanation of the call. `lease`: a visit that was shown the number. `lump`: several told together (a tail,
 * or the visits of others that a publisher may not see). `none`: something else, which is always a candidate.
 */
export type CandidateRow = {
  kind: "lease" | "lump" | "none";
  key: string;
  /** The one the call is joined to. */
  joined: boolean;
  probability: number;
  /** How many visits a lump stands for, when it says so. */
  count: number | null;
  leased_at: Instant | null;
  ended_at: Instant | null;
  session_id: string | null;
  /** Null: no publisher proven; undefined: not told to this viewer. */
  publisher_id: string | null | undefined;
  source: string;
  bar: LeaseBar | null;
};

export type CandidatePlot = {
  rows: CandidateRow[];
  /** Folded away, to be asked for. */
  hidden: readonly Candidate[];
  scale: TimeScale;
  call_percent: number;
};

/** Rows beyond this are folded into one, unless all are asked for: a pool's number may carry 64 candidates. */
const MOST_ROWS = 6;
/** What rounds to 0.000. */
const NEGLIGIBLE = 0.0005;

/**
 * The attribution plot's geometry: candidates by probability, lumps after them, "something else" always last.
 * Pure: everything is in percent of the plot's width, so it needs no measuring.
 */
export function candidatePlot(call: Call, options: { utc_offset_ms: number; all?: boolean }): CandidatePlot {
  const { candidates } = call.attribution;
  const leases = candidates
    .filter(isLease)
    .toSorted(
      (a, b) => Number(isJoined(b, call)) - Number(isJoined(a, call)) || b.probability - a.probability,
    );
  const shown = options.all ? leases : worthShowing(leases, call);
  // Only what is drawn decides the axis: a faint lease of last week would press today's together.
  const scale = timeScale({
    call_at: call.started_at,
    first_at: Math.min(...shown.map((lease) => lease.leased_at), call.started_at),
    last_at: Math.max(...shown.map((lease) => endOf(lease, call)), call.started_at),
    utc_offset_ms: options.utc_offset_ms,
  });
  const lumps = candidates
    .filter((candidate) => !isLease(candidate))
    .map((candidate, index) => lumpRow(candidate, index));
  return {
    rows: [...shown.map((lease) => leaseRow(lease, call, scale)), ...lumps, noneRow(call)],
    hidden: leases.slice(shown.length),
    // Where no lease is drawn there is nothing to read off the axis.
    scale: shown.length === 0 ? { ...scale, ticks: [] } : scale,
    call_percent: scale.percentAt(call.started_at),
  };
}

/** The likeliest few, without those that round to nothing; a fold of one row would save none, so it is no fold. */
function worthShowing(leases: readonly LeaseCandidate[], call: Call): LeaseCandidate[] {
  const shown = leases.filter(
    (lease, index) => index < MOST_ROWS && (isJoined(lease, call) || lease.probability >= NEGLIGIBLE),
  );
  return leases.length - shown.length <= 1 ? [...leases] : shown;
}

/** Who may not have a live lease's id still knows the visit. */
function isJoined(lease: LeaseCandidate, call: Call): boolean {
  if (lease.lease_id !== null && lease.lease_id === call.attribution.lease_id) return true;
  return lease.session_id != null && lease.session_id === call.session?.id;
}

type LeaseCandidate = Candidate & { leased_at: Instant };

function isLease(candidate: Candidate): candidate is LeaseCandidate {
  return candidate.leased_at !== undefined && (candidate.count ?? 1) <= 1;
}

/** A lease with no end was held when the phone rang; what came of it later the call cannot know. */
function endOf(lease: LeaseCandidate, call: Call): Instant {
  if (typeof lease.ended_at === "number") return lease.ended_at;
  const expires_at = isJoined(lease, call) ? call.session?.expires_at : undefined;
  return Math.max(expires_at ?? call.started_at, lease.last_seen_at ?? lease.leased_at);
}

function leaseRow(lease: LeaseCandidate, call: Call, scale: TimeScale): CandidateRow {
  const ended_at = endOf(lease, call);
  const live = typeof lease.ended_at !== "number" || lease.ended_at > call.started_at;
  const seen_at = lease.last_seen_at;
  return {
    kind: "lease",
    key: lease.lease_id ?? lease.session_id ?? `lease-${lease.leased_at}`,
    joined: isJoined(lease, call),
    probability: lease.probability,
    count: null,
    leased_at: lease.leased_at,
    ended_at: live && typeof lease.ended_at !== "number" ? null : ended_at,
    session_id: lease.session_id ?? null,
    publisher_id: lease.publisher_id,
    source: sourceWords(lease),
    bar: {
      from: scale.percentAt(lease.leased_at),
      to: scale.percentAt(ended_at),
      live,
      seen: seen_at === undefined || seen_at > call.started_at ? null : scale.percentAt(seen_at),
    },
  };
}

function lumpRow(candidate: Candidate, index: number): CandidateRow {
  return {
    ...BARE_ROW,
    kind: "lump",
    key: `lump-${index}`,
    probability: candidate.probability,
    count: candidate.count ?? null,
    publisher_id: candidate.publisher_id,
    source: sourceWords(candidate),
  };
}

function noneRow(call: Call): CandidateRow {
  return { ...BARE_ROW, key: "none", probability: call.attribution.none_probability };
}

const BARE_ROW: CandidateRow = {
  kind: "none",
  key: "none",
  joined: false,
  probability: 0,
  count: null,
  leased_at: null,
  ended_at: null,
  session_id: null,
  publisher_id: undefined,
  source: "",
  bar: null,
};

function sourceWords(candidate: Candidate): string {
  if (!candidate.source) return "";
  return candidate.medium ? `${candidate.source} / ${candidate.medium}` : candidate.source;
}

/**
 * A probability with three decimals. Nothing inferred is certain or impossible: 0.9997 reads 0.999, and what is
 * smaller than a thousandth "< 0.001".
 */
export function sayProbability(probability: number): string {
  if (probability < NEGLIGIBLE) return "<\u00a00.001";
  return Math.min(probability, 0.999).toFixed(3);
}
