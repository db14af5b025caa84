import type { OrganizationKind } from "../../shared/api/organizations.ts";
import type { Report } from "../../shared/api/reports.ts";
import { count, duration, money } from "../format.ts";
import { metric, metricOrNull, useReport } from "../report.ts";
import { useMe } from "../session.ts";
import type { CallsQuery } from "./calls-query.ts";

const METRICS: Readonly<Record<OrganizationKind, string>> = {
  network:
    "calls,connected_calls,connected_s,billable_calls,payable_calls,revenue_micros,payout_micros,margin_micros",
  advertiser: "calls,connected_calls,connected_s,billable_calls,revenue_micros",
  publisher: "calls,connected_calls,connected_s,payable_calls,payout_micros",
};

/** Sums over every call that the filters let through, not only those shown. */
export type CallTotals = Report["totals"];

/** The totals of a query; null while they are unknown, and for a search, which reports cannot follow. */
export function useCallTotals(query: CallsQuery): CallTotals | null {
  const { organization } = useMe();
  const { q, ...filters } = query;
  const asked = Object.entries(filters).filter(([, value]) => value !== null);
  const report = useReport(q ? null : { metrics: METRICS[organization.kind], ...Object.fromEntries(asked) });
  return q ? null : (report.data?.totals ?? null);
}

/** What stands in the foot of a column, or null. The time connected is the average of connected calls. */
export function totalsFor(column: string, totals: CallTotals): string | null {
  const amount = (name: string) => {
    const micros = metricOrNull(totals, name);
    return micros === null ? null : money(micros);
  };
  const connected = metric(totals, "connected_calls");
  // As everywhere: what the advertiser owes for, or what the publisher is paid for.
  const due = metricOrNull(totals, "billable_calls") ?? metricOrNull(totals, "payable_calls");
  switch (column) {
    case "started":
      return `All ${count(metric(totals, "calls"))}`;
    case "connected":
      return connected === 0 ? null : duration(metric(totals, "connected_s") / connected);
    case "trail":
      return due === null ? null : `${count(due)} qualified`;
    case "payout":
      return amount("payout_micros");
    case "revenue":
      return amount("revenue_micros");
    case "margin":
      return amount("margin_micros");
    default:
      return null;
  }
}
