import type { OrganizationKind } from "../../../shared/api/organizations.ts";
import type { Dimension, Metric } from "../../../shared/api/reports.ts";

/** An advertiser never sees what a call paid a publisher, a publisher never what it earned the network. */
const HIDDEN_METRICS: Record<OrganizationKind, readonly Metric[]> = {
  network: [],
  advertiser: ["payable_calls", "payout_micros", "margin_micros"],
  publisher: ["billable_calls", "revenue_micros", "margin_micros"],
};

const HIDDEN_DIMENSIONS: Record<OrganizationKind, readonly Dimension[]> = {
  network: [],
  advertiser: ["payout_status"],
  publisher: ["revenue_status", "target"],
};

/** True when this side may be told the metric; else it is absent from every answer. */
export function seesMetric(kind: OrganizationKind, metric: Metric): boolean {
  return !HIDDEN_METRICS[kind].includes(metric);
}

/** True when this side may group and filter by it: either would tell what it hides. */
export function seesDimension(kind: OrganizationKind, dimension: Dimension): boolean {
  return !HIDDEN_DIMENSIONS[kind].includes(dimension);
}
