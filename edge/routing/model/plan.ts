import type { Provider } from "../../../shared/api/inventory.ts";
import type { Instant } from "../../../shared/instant.ts";
import type { PoolSettings } from "../../leasing/pool-port.ts";

/** Whose webhooks an address takes, and by which secrets they are checked. Sealed: it is kept outside the database. */
export type AccountPlan = {
  account_id: string;
  network_id: string;
  provider: Provider;
  auth_token_sealed: string;
  next_auth_token_sealed: string | null;
};

/** Everything that has to be known when a number rings, so that a call can be answered from this alone. */
export type NumberPlan = NumberPart & { campaign: CampaignPart };

/** What a number has for itself. It changes when the number is assigned. */
export type NumberPart = {
  account_id: string;
  network_id: string;
  number: { key: number; e164: string; label: string | null; subs: Subs };
  /** The assignment of the moment asked for: it decides whose call it is. */
  assignment: { from_at: Instant; to_at: Instant | null; campaign_id: string; publisher_id: string | null };
  /** Null for a static number. */
  pool: PoolSettings | null;
};

/** What all numbers of a campaign share, so that a pause is one change however many numbers there are. */
export type CampaignPart = {
  id: string;
  advertiser_id: string;
  currency: string;
  timezone: string;
  /** E.164 or a `sip:` address; a campaign without targets has it as its one target. */
  destination_number: string;
  overflow: "destination" | "message" | "voicemail" | null;
  test_callers: readonly string[];
  paused_at: Instant | null;
  resume_at: Instant | null;
  retired_at: Instant | null;
};

export type Subs = Readonly<Record<"sub1" | "sub2" | "sub3" | "sub4" | "sub5", string | null>>;
