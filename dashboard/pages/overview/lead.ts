import type { OrganizationKind } from "../../../shared/api/organizations.ts";
import { change, count, counted, moneyIn } from "../../format.ts";
import { metric, type ReportRow } from "../../report.ts";
import { earningMetric } from "./measures.ts";

/** How many more or fewer calls than before, as a half sentence; empty when there is nothing to compare with. */
function comparison(now: number, before: { calls: number; label: string } | null): string {
  if (!before || before.calls === 0) return "";
  if (now === before.calls) return `, as many as ${before.label}`;
  const by = change(now, before.calls)?.replace(/^[+−]/, "") ?? "";
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
  const sum = (name: string) => moneyIn(metric(totals, name), currency);
  const first = `${counted(calls, "call")}${comparison(calls, before)}.`;
  if (kind === "publisher") {
    const pays = earning === 1 ? "earns" : "earn";
    return `${first} ${count(earning)} of them ${pays} you ${sum("payout_micros")}.`;
  }
  const head = `${first} ${count(earning)} qualified:`;
  if (kind === "advertiser") return `${head} you pay ${sum("revenue_micros")}.`;
  return `${head} advertisers owe ${sum("revenue_micros")}, publishers earn ${sum("payout_micros")}, ${sum("margin_micros")} stays with you.`;
}
