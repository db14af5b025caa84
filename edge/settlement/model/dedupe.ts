import { SECOND_MS } from "../../../shared/instant.ts";
import type { CallFacts, CallPlace, EarlierCall } from "./facts.ts";
import type { SideTerms } from "./terms.ts";

/** Negative when `a` is decided before `b`: by start, then by the provider's id, then by whose id it is. */
export function comparePlace(a: CallPlace, b: CallPlace): number {
  if (a.started_at !== b.started_at) return a.started_at - b.started_at;
  if (a.provider_call_id !== b.provider_call_id) return a.provider_call_id < b.provider_call_id ? -1 : 1;
  if (a.telephony_account_id === b.telephony_account_id) return 0;
  return a.telephony_account_id < b.telephony_account_id ? -1 : 1;
}

/**
 * The latest call that makes this one a repeat, or null: a call of the same caller that is due, in scope, decided
 * earlier, and began within the last `dedupe_window_s`. The window is half-open, start to start: a call that
 * begins exactly `dedupe_window_s` after another is no repeat of it.
 * Hidden callers are nobody's repeat; test calls count for nothing; a reversed call is not due and no anchor.
 */
export function findAnchor(
  call: CallFacts,
  earlier: readonly EarlierCall[],
  terms: SideTerms,
): EarlierCall | null {
  if (call.caller === null || call.is_test) return null;
  let anchor: EarlierCall | null = null;
  for (const other of earlier) {
    if (!other.is_due || other.is_test || !inScope(call, other, terms.dedupe_scope)) continue;
    if (comparePlace(other, call) >= 0) continue;
    if (call.started_at - other.started_at >= terms.dedupe_window_s * SECOND_MS) continue;
    if (anchor === null || comparePlace(other, anchor) > 0) anchor = other;
  }
  return anchor;
}

function inScope(call: CallFacts, other: EarlierCall, scope: SideTerms["dedupe_scope"]): boolean {
  return scope === "campaign"
    ? call.campaign_id !== null && other.campaign_id === call.campaign_id
    : call.advertiser_id !== null && other.advertiser_id === call.advertiser_id;
}
