import type { OrganizationKind } from "../../../shared/api/organizations.ts";
import { change, count, counted, moneyIn } from "../../format.ts";
import { metric, metricOrNull, type ReportRow } from "../../report.ts";
import { earningMetric } from "./measures.ts";

/** How many more or fewer calls than before, as a half sentence; empty when there is nothing to compare with. */
function comparison(now: number, before: { calls: number; label: string } | null): string {
  if (!before || before.calls === 0) return "";
  if (now === before.calls) return `, as many as ${before.label}`;
  const by = change(now, before.calls)?.replace(/^[+−]/, "") ?? "";
  if (by.startsWith("×")) return `, ${by.slice(1)} times as many as ${before.label}`;
  return `, ${by} ${now > before.calls ? "more" : "fewer"} than ${before.label}`;
}

/**
 * The sentence the overview opens with: how many calls, how many of them count, and who owes whom what.
 * @param before the calls of the period before and what it is called, null where nothing is compared
 */
export function leadSentence(
  kind: OrganizationKind,
  totals: ReportRow,
  currency: string | null,
  before: { calls: number; label: string } | null,
): string {
  const calls = metric(totals, "calls");
  if (calls === 0) return `No calls in this period${comparison(0, before)}.`;
  const earning = metric(totals, earningMetric(kind));
  const first = `${counted(calls, "call")}${comparison(calls, before)}.`;
  const qualified = `${count(earning)} ${kind === "publisher" ? "of them earn" : "qualified"}`;
  const paid = kind === "publisher" ? "payout_micros" : "revenue_micros";
  if (metricOrNull(totals, paid) === null) {
    return `${first} ${qualified}. The money is in several currencies: choose one, or a campaign.`;
  }
  const sum = (name: string) => moneyIn(metric(totals, name), currency);
  if (kind === "publisher") return `${first} ${count(earning)} of them earned you ${sum(paid)}.`;
  if (kind === "advertiser") return `${first} ${qualified}: you pay ${sum(paid)}.`;
  return `${first} ${qualified}: advertisers are charged ${sum(paid)}, publishers earn ${sum("payout_micros")}, ${sum("margin_micros")} stays with you.`;
}
