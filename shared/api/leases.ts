/**
 * The wire between tag and Worker (contract §2). Types only: the tag's bytes are counted, and the Worker
 * reads this body leniently, so that tags cached years ago keep working.
 */
export type LeaseRequest = {
  site: string;
  url: string;
  referrer: string;
  visitor?: string;
  lease?: string;
  gpc?: boolean;
  data?: Record<string, string>;
};

/** `text` is given when `find` and `replace` differ in length and digits cannot be exchanged one for one. */
export type Swap = { find: string; replace: string; text?: string };

export type LeaseReply = {
  lease: string;
  expires_at: number;
  renew_after_s: number;
  swaps: Swap[];
};

/** Why no number could be leased. */
export type BlockedReason = "pool_empty" | "bot" | "over_quota" | "gpc" | "prerender" | "paused";

export type BlockedReply = { lease: null; swaps: Swap[]; reason: BlockedReason };
