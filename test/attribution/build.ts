import type { CandidateLease, Snapshot } from "../../edge/attribution/model/candidate.ts";

/** When the phone of these tests rings. */
export const RING = 1_800_000_000_000;

const HALF_HOUR_MS = 1_800_000;

type Changes = Partial<CandidateLease>;

/** A lease whose page has been open for `age_s` and was heard of `seen_s` (at most 60) before the ring. */
export function onLease(lease_id: string, age_s: number, changes: Changes = {}): CandidateLease {
  const seen_s = Math.min(age_s, 60);
  return {
    lease_id,
    session_id: `ses_${lease_id}`,
    visitor: `visitor of ${lease_id}`,
    leased_at: RING - age_s * 1_000,
    last_seen_at: RING - seen_s * 1_000,
    closed_at: null,
    expires_at: RING - seen_s * 1_000 + HALF_HOUR_MS,
    device: "desktop",
    region: null,
    publisher_id: null,
    proof: "none",
    tel_clicks_at: [],
    ...changes,
  };
}

/** A lease whose visitor stayed a minute and said goodbye `left_s` before the ring. */
export function leftLease(lease_id: string, left_s: number, changes: Changes = {}): CandidateLease {
  const closed_at = RING - left_s * 1_000;
  return onLease(lease_id, left_s + 60, {
    last_seen_at: closed_at,
    closed_at,
    expires_at: closed_at + HALF_HOUR_MS,
    ...changes,
  });
}

/** A ring with the stray rate that the model's published test vectors use. */
export function ring(candidates: CandidateLease[], changes: Partial<Snapshot> = {}): Snapshot {
  return {
    at: RING,
    number_key: 1,
    renew_after_s: 900,
    caller_region: null,
    caller_region_share: 1,
    stray_rate: 1.42e-7,
    own_pool_publisher_id: null,
    candidates,
    lumps: [],
    ...changes,
  };
}
