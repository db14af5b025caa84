import type { Hours } from "../../../shared/api/common.ts";
import type { Provider } from "../../../shared/api/inventory.ts";
import type { CallFlow } from "../../../shared/api/ivr.ts";
import type { CampaignRouting } from "../../../shared/api/routing.ts";
import type { Instant } from "../../../shared/instant.ts";
import type { PoolSettings } from "../../leasing/pool-port.ts";

/** Whose webhooks an address takes, and by which secrets they are checked. Sealed: it is kept outside the database. */
export type AccountPlan = {
  account_id: string;
  network_id: string;
  provider: Provider;
  auth_token_sealed: string;
  next_auth_token_sealed: string | null;
  /** What its webhooks say is not believed on its own: see `confirmedRule`. */
  self_reported: boolean;
};

/** Everything that has to be known when a number rings, so that a call can be answered from this alone. */
export type NumberPlan = NumberPart & { campaign: CampaignPart; enrollment: EnrollmentPart | null };

/** A pause holds from `paused_at` until `resume_at`, if it has one. */
export type PausePart = { paused_at: Instant | null; resume_at: Instant | null };

/** What a number has for itself. It changes when the number is assigned or paused. */
export type NumberPart = {
  account_id: string;
  network_id: string;
  number: { key: number; e164: string; label: string | null; subs: Subs };
  pause: PausePart;
  /** The assignment of the moment asked for: it decides whose call it is. */
  assignment: {
    from_at: Instant;
    to_at: Instant | null;
    campaign_id: string;
    publisher_id: string | null;
    is_honeypot: boolean;
  };
  /** Null for a static number. */
  pool: PoolSettings | null;
};

/** What all numbers of a campaign share, so that a pause is one change however many numbers there are. */
export type CampaignPart = PausePart & {
  id: string;
  advertiser_id: string;
  currency: string;
  timezone: string;
  /** E.164 or a `sip:` address; a campaign without targets has it as its one target. */
  destination_number: string;
  overflow: "destination" | "message" | "voicemail" | null;
  test_callers: readonly string[];
  retired_at: Instant | null;
  targets: readonly TargetPart[];
  groups: readonly GroupPart[];
  routing: CampaignRouting;
  /** What callers hear and are asked; null: they are put through at once. */
  call_flow: { version: number; flow: CallFlow } | null;
  /** Every version in force and to come. */
  terms: readonly TermsPart[];
};

/** How many calls may be sent; null for any number of them. */
export type Caps = Readonly<Record<"hourly" | "daily" | "monthly" | "total" | "concurrency", number | null>>;

export type TargetPart = PausePart & {
  id: string;
  group_id: string | null;
  number: string;
  /** The lower is rung first. */
  priority: number;
  weight: number;
  timeout_s: number;
  hours: Hours | null;
  regions: readonly string[] | null;
  caps: Caps;
};

export type GroupPart = { id: string; ringing: "sequential" | "simultaneous"; caps: Caps };

/** What of the terms is decided at the ring. Null: not said. */
export type Gates = {
  hours: Hours | null;
  regions: readonly string[] | null;
  daily_cap: number | null;
  monthly_cap: number | null;
  concurrency_cap: number | null;
};

/** `revenue` and `payout` override `common`, each for its side. */
export type TermsPart = {
  version: number;
  effective_at: Instant;
  common: Gates;
  revenue: Gates;
  payout: Gates;
};

/** A publisher's enrollment, for numbers that prove the publisher. */
export type EnrollmentPart = PausePart & {
  id: string;
  versions: readonly {
    version: number;
    effective_at: Instant;
    status: "approved" | "pending" | "rejected" | "suspended" | "ended";
    gates: Gates;
  }[];
};

export type Subs = Readonly<Record<"sub1" | "sub2" | "sub3" | "sub4" | "sub5", string | null>>;
