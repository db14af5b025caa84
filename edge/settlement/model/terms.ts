import type { PayoutTerms, RevenueTerms, Terms } from "../../../shared/api/campaigns.ts";
import type { Micros } from "../../../shared/money.ts";
import type { Side } from "./facts.ts";

/** The terms as they bind one side, every override applied. */
export type SideTerms = {
  amount_micros: Micros;
  min_duration_s: number;
  dedupe_window_s: number;
  repeat_callers: "first_only" | "all";
  dedupe_scope: "campaign" | "advertiser";
  hold_s: number;
  requires_signal: string | null;
  signal_window_s: number;
  requires_keypress: { question: string; keys: string[] } | null;
};

/**
 * What applies to a side: the side's own fields of the terms replace the common ones, and a publisher's own
 * (from its enrollment) replace both for the payout.
 */
export function effectiveTerms(terms: Terms, side: Side, enrolled: PayoutTerms | null): SideTerms {
  if (side === "revenue") {
    const own: RevenueTerms = terms.revenue ?? {};
    return bind(terms, own, own.revenue_micros ?? terms.revenue_micros);
  }
  const own: PayoutTerms = { ...terms.payout, ...enrolled };
  return bind(terms, own, own.payout_micros ?? terms.payout_micros);
}

function bind(common: Terms, own: Omit<RevenueTerms, "revenue_micros">, amount_micros: Micros): SideTerms {
  return {
    amount_micros,
    min_duration_s: own.min_duration_s ?? common.min_duration_s,
    dedupe_window_s: own.dedupe_window_s ?? common.dedupe_window_s,
    repeat_callers: own.repeat_callers ?? common.repeat_callers,
    dedupe_scope: own.dedupe_scope ?? common.dedupe_scope,
    hold_s: own.hold_s ?? common.hold_s,
    requires_signal: own.requires_signal ?? common.requires_signal ?? null,
    signal_window_s: own.signal_window_s ?? common.signal_window_s,
    requires_keypress: own.requires_keypress ?? common.requires_keypress ?? null,
  };
}
