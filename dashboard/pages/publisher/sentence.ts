import type { OrganizationKind } from "../../../shared/api/organizations.ts";
import { count, counted, moneyIn, share } from "../../format.ts";
import { metric, metricOrNull, type ReportRow } from "../../report.ts";

/** What a publisher brought in the range, as its network reads it. */
export function broughtSentence(name: string, totals: ReportRow, currency: string | null): string {
  const calls = metric(totals, "calls");
  if (calls === 0) return `${name} brought no call in this range.`;
  const earning = metric(totals, "payable_calls");
  const payout = metricOrNull(totals, "payout_micros");
  const brought = `${name} brought ${counted(calls, "call")}`;
  if (earning === 0) return `${brought}; none of them earns anything.`;
  const worth =
    payout === null ? "" : ` and ${earning === 1 ? "earns" : "earn"} it ${moneyIn(payout, currency)}`;
  return `${brought}; ${count(earning)} of them meet${earning === 1 ? "s" : ""} the terms${worth}.`;
}

/** What an advertiser owes for the range, as its network reads it. */
export function owesSentence(name: string, totals: ReportRow, currency: string | null): string {
  const calls = metric(totals, "calls");
  if (calls === 0) return `No call came for ${name} in this range.`;
  const billable = metric(totals, "billable_calls");
  const revenue = metricOrNull(totals, "revenue_micros");
  const came = `${counted(calls, "call")} came for ${name}`;
  if (billable === 0) return `${came}; it owes nothing for them.`;
  const worth = revenue === null ? "" : `: it owes ${moneyIn(revenue, currency)}`;
  return `${came}; ${count(billable)} qualified${worth}.`;
}

/** One sentence over all publishers or advertisers, for their list. */
export function sidesSentence(
  kind: Exclude<OrganizationKind, "network">,
  organizations: number,
  totals: ReportRow | null,
  unproven: number,
): string {
  if (organizations === 0) {
    return kind === "publisher"
      ? "There is no publisher yet. Publishers bring the callers."
      : "There is no advertiser yet. Advertisers pay for the calls.";
  }
  const who = counted(organizations, kind);
  const calls = metric(totals, "calls");
  if (totals === null || calls === 0) return `${who}.`;
  if (kind === "advertiser") return `${who}, ${counted(calls, "call")}.`;
  const proven = calls - unproven;
  return `${who} brought ${count(proven)} of ${counted(calls, "call")}, ${share(proven, calls)}; of the others no publisher is proven.`;
}

/** The earnings of a range split by what has become of them, in micros. */
export type Earned = { yours: number; held: number; calls: number; earning: number };

/** Reads a report grouped by `payout_status`. */
export function earnedOf(rows: readonly ReportRow[]): Earned {
  const earned: Earned = { yours: 0, held: 0, calls: 0, earning: 0 };
  for (const row of rows) {
    const status = row.payout_status;
    const calls = metric(row, "calls");
    earned.calls += calls;
    if (status === "qualified" || status === "paid") earned.yours += metric(row, "payout_micros");
    else if (status === "held") earned.held += metric(row, "payout_micros");
    else continue;
    earned.earning += calls;
  }
  return earned;
}

/**
 * The sentence under a publisher's earnings: how many calls, what is its own already, what is held.
 * @param hold how long the terms hold, in words ("5 days"); null where campaigns differ
 */
export function earnedSentence(earned: Earned, currency: string | null, hold: string | null): string {
  const { yours, held, calls, earning } = earned;
  if (calls === 0) return "No call of yours in this range.";
  const of = `${count(earning)} earning ${earning === 1 ? "call" : "calls"} of ${count(calls)}.`;
  if (earning === 0) return of;
  if (held === 0) return `${of} All of it is yours.`;
  const until = hold === null ? "until their hold is over" : `until ${hold} after each call`;
  if (yours === 0) return `${of} All of it is held ${until}.`;
  return `${of} ${moneyIn(yours, currency)} is yours, ${moneyIn(held, currency)} is held ${until}.`;
}
