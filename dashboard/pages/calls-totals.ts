import type { OrganizationKind } from "../../shared/api/organizations.ts";
import type { Micros } from "../../shared/money.ts";
import { api, type Query } from "../api.ts";
import { count, duration, money } from "../format.ts";
import { useResource } from "../query.ts";
import { useMe } from "../session.ts";
import type { Cells } from "./calls-cells.tsx";

/** Sums over every call that the filters let through, not only those shown. */
export type CallTotals = {
  calls: number;
  connected_calls: number;
  connected_s: number;
  billable_calls?: number;
  payable_calls?: number;
  revenue_micros?: Micros;
  payout_micros?: Micros;
  margin_micros?: Micros;
};

const METRICS: Readonly<Record<OrganizationKind, readonly string[]>> = {
  network: [
    "calls",
    "connected_calls",
    "connected_s",
    "billable_calls",
    "payable_calls",
    "revenue_micros",
    "payout_micros",
    "margin_micros",
  ],
  advertiser: ["calls", "connected_calls", "connected_s", "billable_calls", "revenue_micros"],
  publisher: ["calls", "connected_calls", "connected_s", "payable_calls", "payout_micros"],
};

/** The totals of a query; null while they are unknown, and for a search, which reports cannot follow. */
export function useCallTotals(query: Query): CallTotals | null {
  const { organization } = useMe();
  const metrics = METRICS[organization.kind].join(",");
  const { q, ...filters } = query;
  const totals = useResource(
    q ? null : `totals ${metrics} ${JSON.stringify(filters)}`,
    async (signal) =>
      (await api.get<{ totals: CallTotals }>("/reports", { metrics, ...filters }, signal)).totals,
    { keep: true },
  );
  return q ? null : totals.data;
}

/** What stands in the foot of a column, or null. Averages are of connected calls. */
export function totalsFor(column: string, totals: CallTotals, { currency }: Cells): string | null {
  const amount = (micros: Micros | undefined) =>
    micros === undefined || currency === null ? null : money(micros);
  const average = totals.connected_calls > 0 ? totals.connected_s / totals.connected_calls : null;
  const due = totals.payable_calls ?? totals.billable_calls;
  switch (column) {
    case "started":
      return `All ${count(totals.calls)}`;
    case "connected":
      return average === null ? null : duration(average);
    case "trail":
      return due === undefined ? null : `${count(due)} qualified`;
    case "payout":
      return amount(totals.payout_micros);
    case "revenue":
      return amount(totals.revenue_micros);
    case "margin":
      return amount(totals.margin_micros);
    default:
      return null;
  }
}
