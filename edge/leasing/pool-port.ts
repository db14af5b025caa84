import type { CallSession } from "../../shared/api/calls.ts";
import type { Instant } from "../../shared/instant.ts";
import type { Visit } from "./model/source.ts";

/**
 * What the Pool object answers. There is one object per pool, the only one who leases its numbers;
 * each question carries the time, so that there is one clock.
 */
export type PoolPort = {
  /** A number of one's own for this visit, the one already held, or the reason why not. */
  lease(ask: LeaseAsk): Promise<LeaseAnswer>;
  /** Extends a live lease; `gone` when it has ended or was never made. */
  renew(ask: RenewAsk): Promise<GrantedLease | { kind: "gone" }>;
  /** The visitor pressed the call link, or left. */
  note(ask: NoteAsk): Promise<{ kind: "noted" } | { kind: "gone" }>;
  /** Every session that may explain a call to this number at `at`, as known then, newest first. */
  candidates(ask: CandidatesAsk): Promise<CandidatesAnswer>;
  /** Who holds which number now. */
  occupancy(ask: { now: Instant; pool: PoolSettings }): Promise<NumberState[]>;
  /** Writes what D1 does not have yet; answers how many sessions that were. */
  flush(ask: { now: Instant; pool: PoolSettings }): Promise<{ flushed: number }>;
};

/** The pool as D1 has it. A higher `assignment_version` makes the object read its numbers again. */
export type PoolSettings = {
  pool_id: string;
  pool_key: number;
  network_id: string;
  lease_ttl_s: number;
  cooldown_s: number;
  late_window_s: number;
  assignment_version: number;
  /** The share of its numbers that only visitors with a proven click get; none unless told. */
  reserved_share?: number;
  /** While no number is free, one whose holder is not seen any more is lent. */
  share?: true;
  /** For a pool that is or was split over several objects: how many lead it, and the most there ever were. */
  objects?: number;
  objects_ever?: number;
  /** Which of them is asked. */
  part?: number;
  /** Numbers that changed their object are not lent before. */
  split_settled_at?: Instant;
};

/** A lease by its number and moment: what a verified `lse_…` token says. */
export type LeaseRef = { number_key: number; leased_at: Instant };

/** A visit as it is stored with the lease. */
export type VisitFacts = Omit<Visit, "rt_click" | "touch_key"> & {
  site_id: string;
  device: "mobile" | "desktop";
  country: string | null;
  region: string | null;
  /** Proven by the pool or the site, never by what the browser says. */
  publisher_id: string | null;
  publisher_proof: "number" | "site" | "click_token" | "none";
  click_link: string | null;
  click_nonce: string | null;
  data: Record<string, string>;
};

export type LeaseAsk = {
  now: Instant;
  pool: PoolSettings;
  /** Who is asking, for "one visitor, one number": the visitor id and site, or a salted daily fingerprint. In memory only. */
  visitor_key: string;
  /** The id to store; null for a cookieless visitor. */
  visitor: string | null;
  /** A keyed fingerprint of the visitor's address prefix, for quotas and in memory only; null where it is unknown. */
  prefix: string | null;
  /** Which address of the prefix it is; "" where it is unknown. */
  host: string;
  /** The nonce of a tracking link's click that is ours and not expired. */
  verified_click: string | null;
  /** The lease the page still holds, its token verified. */
  held: LeaseRef | null;
  /** Another click, click id or UTM set than the session's begins a new session on the same number; "" changes nothing. */
  touch_key: string;
  visit: VisitFacts;
};

export type GrantedLease = {
  kind: "granted";
  created: boolean;
  number_key: number;
  e164: string;
  leased_at: Instant;
  expires_at: Instant;
  /** Another visitor may still have the number in hand: his page has only stopped renewing it. */
  shared?: true;
  /** Whose page it is on: a renewal names only the lease. */
  site_id: string;
};

/** `again`: the same visitor was refused in this hour before, so one visitor less than page views. */
export type BlockedLease = { kind: "blocked"; reason: "pool_empty" | "over_quota"; again?: true };

export type LeaseAnswer = GrantedLease | BlockedLease;

export type RenewAsk = {
  now: Instant;
  pool: PoolSettings;
  lease: LeaseRef;
  data: Record<string, string> | null;
};
export type NoteAsk = { now: Instant; pool: PoolSettings; lease: LeaseRef; type: "tel_click" | "left" };
export type CandidatesAsk = { now: Instant; pool: PoolSettings; number_key: number; at: Instant };

/** A session with what the join needs beside it. `last_seen_at` and `closed_at` are as of the asked moment. */
export type CandidateSession = CallSession &
  LeaseRef & {
    visitor: string | null;
    tel_clicks: Instant[];
    click_link: string | null;
    click_nonce: string | null;
  };

export type CandidatesAnswer = {
  sessions: CandidateSession[];
  /** Seconds between renewals, which bound how long a silent page may still be open. */
  renew_after_s: number;
  /** For the rate of strays: leases a second of this pool up to the asked moment, and its numbers. */
  leases_per_s: number;
  numbers: number;
  /** Of a pool that was ever split: how many objects to ask. */
  objects_ever?: number;
};

export type NumberState = {
  number_key: number;
  e164: string;
  state: "free" | "leased" | "cooling";
  leased_at: Instant | null;
  expires_at: Instant | null;
  reusable_at: Instant | null;
};
