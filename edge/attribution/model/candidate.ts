import type { Proof } from "../../../shared/api/calls.ts";
import type { Instant } from "../../../shared/instant.ts";

export type Device = "mobile" | "desktop";

/** A lease of the number that rang, as the pool knew it at the ring: no later renewal, no later click. */
export type CandidateLease = {
  lease_id: string;
  session_id: string;
  /** Who it was, over all visits; a visitor without an id is known by the visit alone. */
  visitor: string;
  leased_at: Instant;
  /** The last renewal or page view. */
  last_seen_at: Instant;
  /** When the page said goodbye, or another touch took the number over; null if neither happened. */
  closed_at: Instant | null;
  expires_at: Instant;
  device: Device;
  /** ISO 3166-2 of the visitor's address; null when unknown. */
  region: string | null;
  /** Proven only; what a browser claims is not here. */
  publisher_id: string | null;
  /** `none` is a visitor of nobody's. */
  proof: Proof;
  /** Presses of the call link that the browser reported. */
  tel_clicks_at: readonly Instant[];
  /** Where it was seen, and the link and nonce of a click token: whom that proves is decided at settlement. */
  site_id?: string;
  click_link?: string | null;
  click_nonce?: string | null;
};

/** Whether the visitor had the page open (`on`) or had left it (`left`), and in which bin of that. */
export type Phase = { phase: "on" | "left"; bin: number };

/** Old leases that no evidence tells apart: `count` times the weight of one. */
export type Lump = Phase & {
  publisher_id: string | null;
  proof: Proof;
  device: Device;
  region: string | null;
  /** The hour of the UTC day at which they left, where that matters; snapshots of before do not have it. */
  left_hour?: number | null;
  count: number;
};

/** What was seen when the phone rang; frozen then and stored, so that any replay reads the same. */
export type Snapshot = {
  /** When it rang. */
  at: Instant;
  number_key: number;
  /** Seconds between renewals: a page not heard of for longer is taken as left. */
  renew_after_s: number;
  /** ISO 3166-2 by the caller's area code; null for a hidden or foreign caller. */
  caller_region: string | null;
  /** π: the share of the network's callers that come from `caller_region`. */
  caller_region_share: number;
  /** μ before anything was learned: calls per second to this number that no visitor explains. */
  stray_rate: number;
  /** The publisher whose own pool the number is in; null on a shared pool. */
  own_pool_publisher_id: string | null;
  candidates: readonly CandidateLease[];
  lumps: readonly Lump[];
};

/** The moment from which a lease counts as left: its goodbye, else the last sign of life. Never after `at`. */
export function leftAt(lease: CandidateLease, at: Instant): Instant {
  const seen = Math.min(lease.last_seen_at, at);
  return lease.closed_at !== null && lease.closed_at <= at ? lease.closed_at : seen;
}

/** Whether the visitor had the page open at `at`, as far as could be known then. */
export function isOn(lease: CandidateLease, at: Instant, renewAfterS: number): boolean {
  const closed = lease.closed_at !== null && lease.closed_at <= at;
  return !closed && at < lease.last_seen_at + renewAfterS * 1_000;
}

/** Whether the number was still this lease's at `at`: a goodbye frees nothing early. */
export function isLive(lease: CandidateLease, at: Instant): boolean {
  return lease.leased_at <= at && at < lease.expires_at;
}
