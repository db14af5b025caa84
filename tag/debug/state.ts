import type { BlockedReason, BlockedReply, LeaseReply } from "../../shared/api/leases.ts";
import type { RingtrailSwap } from "../ringtrail.d.ts";

/** What the Worker says when it leases nothing, in words. */
const REASONS: Record<BlockedReason, string> = {
  pool_empty: "every number of the pool is in use",
  bot: "this browser looks like a program",
  over_quota: "this address has had its numbers for now",
  gpc: "the site gives no number under Global Privacy Control",
  prerender: "the page was prerendered",
  paused: "the campaign is paused",
};

/** The Worker's last reply, as the tag remembers it. */
type Remembered = Partial<LeaseReply | BlockedReply>;

/** What is known of the lease: a sentence, and the swaps whose numbers are to be looked for. */
export type State = { sentence: string; is_leased: boolean; swaps: readonly RingtrailSwap[] };

/** The state now; `seen` are the swaps that were shown before, whose numbers are still looked for after a reset. */
export function stateNow(seen: readonly RingtrailSwap[]): State {
  const lease = window.ringtrail?.get();
  if (lease) {
    const sentence = `Lease ${lease.lease.slice(0, 12)}…: ${inWords(lease.swaps)}.`;
    return { sentence, is_leased: true, swaps: lease.swaps };
  }
  const remembered = rememberedReply();
  const swaps = remembered?.swaps?.length ? remembered.swaps : seen;
  const is_static = remembered?.lease === null && remembered.swaps?.length;
  const shown = is_static ? ` Static: ${inWords(swaps)}.` : "";
  return { sentence: `No lease: ${reasonOf(remembered)}.${shown}`, is_leased: !!is_static, swaps };
}

function reasonOf(remembered: Remembered | null): string {
  const reason = remembered && "reason" in remembered ? remembered.reason : undefined;
  if (reason) return REASONS[reason] ?? reason;
  if (document.hidden) return "the page is hidden";
  if (remembered?.lease) return "the last one has ended, and the Worker has not answered since";
  if (navigator.globalPrivacyControl)
    return "none yet, and under Global Privacy Control nothing is remembered";
  return "the Worker has not answered, the origin is not the site's, or there is no consent";
}

/** The tag's memory is the one entry of its name: a page has one site. */
function rememberedReply(): Remembered | null {
  try {
    const key = Object.keys(localStorage).find((name) => name.startsWith("ringtrail:"));
    return key ? (JSON.parse(localStorage.getItem(key) ?? "null") as Remembered | null) : null;
  } catch {
    return null;
  }
}

const inWords = (swaps: readonly RingtrailSwap[]): string =>
  swaps.map(({ find, replace }) => `${find} → ${replace}`).join(", ");
