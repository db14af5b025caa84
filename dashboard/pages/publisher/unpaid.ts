import type { Campaign } from "../../../shared/api/campaigns.ts";
import { shortReason } from "../../parts/call/rules.ts";
import { metric, type ReportRow } from "../../report.ts";
import { lasting } from "../campaign/sentence.ts";
import { sideOf } from "../campaign/terms-rows.ts";

/** Calls that earned nothing for one reason, and what they would have earned at today's rate. */
export type Unpaid = {
  reason: string;
  words: string;
  means: string | null;
  calls: number;
  worth_micros: number;
};

/** What a reason means, by the terms of the one campaign there is, else in general. */
function meaning(reason: string, campaigns: readonly Campaign[]): string | null {
  const [only] = campaigns;
  const terms = campaigns.length === 1 && only?.terms ? sideOf(only.terms, "payout") : null;
  switch (reason) {
    case "min_duration":
      return terms
        ? `connected under ${lasting(terms.min_duration_s)}`
        : "connected for less than the terms ask for";
    case "duplicate":
      return terms ? `same caller within ${lasting(terms.dedupe_window_s)}` : "same caller, not long before";
    case "connected":
      return "nobody picked up";
    case "attribution":
      return campaigns.length === 1 && only
        ? `publisher under ${only.attribution_floor.toFixed(3)}`
        : "publisher under the campaign's floor";
    case "enrollment":
      return "not enrolled when the call began";
    case "requires_signal":
      return terms?.requires_signal
        ? `“${terms.requires_signal}” was not reported`
        : "the signal was not reported";
    case "revenue":
      return "payout follows what the advertiser pays";
    default:
      return null;
  }
}

/** Reads a report grouped by `reject_reason,campaign_id`: most calls first. Rows without a reason earned, or still may. */
export function unpaidOf(rows: readonly ReportRow[], campaigns: readonly Campaign[]): Unpaid[] {
  const byReason = new Map<string, Unpaid>();
  for (const row of rows) {
    const reason = row.reject_reason;
    if (typeof reason !== "string" || reason === "") continue;
    const campaign = campaigns.find(({ id }) => id === row.campaign_id);
    const rate = campaign?.terms ? (sideOf(campaign.terms, "payout").payout_micros ?? 0) : 0;
    const calls = metric(row, "calls");
    const sum = byReason.get(reason) ?? {
      reason,
      words: shortReason(reason),
      means: meaning(reason, campaigns),
      calls: 0,
      worth_micros: 0,
    };
    byReason.set(reason, { ...sum, calls: sum.calls + calls, worth_micros: sum.worth_micros + calls * rate });
  }
  return [...byReason.values()].sort((a, b) => b.calls - a.calls);
}
