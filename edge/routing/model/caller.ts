import type { CallerType } from "../../../shared/api/routing.ts";
import type { Instant } from "../../../shared/instant.ts";
import type { E164 } from "../../../shared/phone-number.ts";

/** What is known of a caller when the phone rings. */
export type Caller = {
  /** Null when it is hidden. */
  number: E164 | null;
  /** ISO 3166-2, by the area code; null when it has none. */
  region: string | null;
  /** Null when nobody said. */
  type: CallerType | null;
  stir: "A" | "B" | "C" | "failed" | null;
  /** The caller's latest calls to the network, latest first. */
  past: readonly PastCall[];
};

export type PastCall = {
  call_id: string;
  campaign_id: string | null;
  started_at: Instant;
  /** Whom the caller was put through to. */
  target: string | null;
  connected_s: number | null;
  /** The advertiser owes for it. */
  is_due: boolean;
};
