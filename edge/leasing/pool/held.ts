import { type Instant, SECOND_MS } from "../../../shared/instant.ts";
import type { PoolSettings } from "../pool-port.ts";
import {
  CROWDED_COOLDOWN_S,
  CROWDED_FIRST_S,
  CROWDED_TTL_S,
  LEASE_LIFE_MAX_MS,
  RENEWAL_GRACE_MS,
} from "./limits.ts";

/** The newest lease of a number as the Pool keeps it in memory; what never changes stays in SQLite. */
export type Held = {
  number_key: number;
  leased_at: Instant;
  /** When this visitor was first given the number: a new touch begins a new lease, but keeps this. */
  holder_since_at: Instant;
  /** The Pool's count of rows written when this state was stored; 0 before that. */
  seq: number;
  /** The Pool's count of leases when this one was made. */
  ordinal: number;
  expires_at: Instant;
  held_until: Instant;
  last_seen_at: Instant;
  closed_at: Instant | null;
  /** Earlier values of `last_seen_at` and `closed_at`, so that the past can be asked for. */
  seen_at: readonly Instant[];
  left_at: readonly Instant[];
  tel_clicks: readonly Instant[];
  site_id: string;
  touch_key: string;
  data: Record<string, string>;
  /** In memory only. Null after a restart for a visitor without an id. */
  visitor_key: string | null;
};

/** What a new lease has of all of these: one for all, because lists here are replaced and never changed. */
export const NO_MOMENTS: readonly Instant[] = [];

/** Clicks and earlier moments kept of one lease. */
const CLICKS_KEPT = 3;
const MOMENTS_KEPT = 16;
const DATA_NAMES_MAX = 20;

export function isLive(lease: Held, now: Instant): boolean {
  return now < lease.expires_at;
}

/** How long a lease and its number's rest are: the pool's, or those of a crowd. */
export type Terms = { lease_ttl_s: number; cooldown_s: number };

/** In a crowd leases are short, the first of all, and numbers rest no longer than an answer takes. */
export function termsOf(pool: PoolSettings, in_crowd: "first" | "later" | null): Terms {
  const { lease_ttl_s, cooldown_s } = pool;
  if (in_crowd === null) return { lease_ttl_s, cooldown_s };
  const crowded_s = in_crowd === "first" ? CROWDED_FIRST_S : CROWDED_TTL_S;
  return {
    lease_ttl_s: Math.min(lease_ttl_s, crowded_s),
    cooldown_s: Math.min(cooldown_s, CROWDED_COOLDOWN_S),
  };
}

/** The ends of a lease that is made or extended at `now`. */
export function endsOf(
  leased_at: Instant,
  now: Instant,
  terms: Terms,
): { expires_at: Instant; held_until: Instant } {
  const expires_at = Math.min(now + terms.lease_ttl_s * SECOND_MS, leased_at + LEASE_LIFE_MAX_MS);
  return { expires_at, held_until: expires_at + terms.cooldown_s * SECOND_MS };
}

/** The visitor was seen at `now`: the lease is open again and lasts longer, never shorter. */
export function extend(lease: Held, now: Instant, terms: Terms): void {
  if (now > lease.last_seen_at) {
    lease.seen_at = [...lease.seen_at, lease.last_seen_at].slice(-MOMENTS_KEPT);
    lease.last_seen_at = now;
  }
  if (lease.closed_at !== null) {
    lease.left_at = [...lease.left_at, lease.closed_at].slice(-MOMENTS_KEPT);
    lease.closed_at = null;
  }
  const ends = endsOf(lease.leased_at, now, terms);
  lease.expires_at = Math.max(lease.expires_at, ends.expires_at);
  lease.held_until = Math.max(lease.held_until, ends.held_until);
}

/** The lease ends at `at`, because its visitor begins another one on the same number. */
export function endAt(lease: Held, at: Instant): void {
  lease.expires_at = Math.min(lease.expires_at, at);
  lease.held_until = at;
  lease.closed_at ??= at;
}

/** When an open page was to renew: half of what the last time it was seen left it. */
function renewalDueAt(lease: Held): Instant {
  return lease.last_seen_at + Math.floor((lease.expires_at - lease.last_seen_at) / 2);
}

/** True when no page shows the number any more, as far as renewals tell: one is overdue, or the lease has ended. */
export function isUnseen(lease: Held, now: Instant): boolean {
  return !isLive(lease, now) || now >= renewalDueAt(lease) + RENEWAL_GRACE_MS;
}

/** The lease of a visitor who is not seen any more gives its number to another one at `at`. */
export function giveUp(lease: Held, at: Instant): void {
  if (isLive(lease, at)) lease.expires_at = renewalDueAt(lease);
  lease.held_until = at;
}

/** True when a page view should be stored: half of what the last one left has gone, or the visitor had left. */
export function isDue(lease: Held, now: Instant): boolean {
  if (lease.closed_at !== null) return true;
  const since_ms = now - lease.last_seen_at;
  return since_ms >= SECOND_MS && since_ms >= (lease.expires_at - lease.last_seen_at) / 2;
}

/** Notes a press of the call link; false when the last one was within a second, which is the same press. */
export function click(lease: Held, now: Instant): boolean {
  const last = lease.tel_clicks.at(-1);
  if (last !== undefined && now - last < SECOND_MS) return false;
  lease.tel_clicks = [...lease.tel_clicks, now].slice(-CLICKS_KEPT);
  return true;
}

/** Adds custom data, at most 20 names in all; false when nothing is new. */
export function addData(lease: Held, data: Record<string, string> | null): boolean {
  let changed = false;
  for (const [name, value] of Object.entries(data ?? {})) {
    const isKnown = Object.hasOwn(lease.data, name);
    if (isKnown ? lease.data[name] === value : Object.keys(lease.data).length >= DATA_NAMES_MAX) continue;
    lease.data = { ...lease.data, [name]: value };
    changed = true;
  }
  return changed;
}
