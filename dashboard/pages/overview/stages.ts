import type { OrganizationKind } from "../../../shared/api/organizations.ts";
import { NBSP, share } from "../../format.ts";
import type { Stage } from "../../plots/funnel.tsx";
import { metric, metricOrNull, type ReportRow } from "../../report.ts";
import { earningMetric } from "./measures.ts";

/**
 * The stages of the trail that can be told, each with its share of the one before. Where a filter is one that only
 * calls have (a target), visits are not told. An advertiser's calls come from publishers' pages, too, whose visits
 * it is not shown: its trail begins with the call, or more would call than came.
 */
export function stagesOf(kind: OrganizationKind, totals: ReportRow): Stage[] {
  const visits: [string, string][] = [
    ["sessions", "Sessions"],
    ["leases", "Leases"],
  ];
  const calls: [string, string][] = [
    ["calls", "Calls"],
    ["connected_calls", "Connected"],
    [earningMetric(kind), kind === "publisher" ? "Earning" : "Qualified"],
    ["paid_calls", kind === "network" ? "Paid out" : "Paid"],
  ];
  const told = [...(kind === "advertiser" ? [] : visits), ...calls].filter(
    ([name]) => metricOrNull(totals, name) !== null,
  );
  return told.map(([name, label], index) => {
    const value = metric(totals, name);
    const before = told[index - 1]?.[0];
    const first = name === "sessions" ? "visits" : NBSP;
    return { id: name, label, value, detail: before ? share(value, metric(totals, before)) : first };
  });
}
