import type { OrganizationKind } from "../../../shared/api/organizations.ts";
import { MICROS_PER_UNIT } from "../../../shared/money.ts";
import {
  brief,
  change,
  count,
  duration,
  money,
  NBSP,
  NOTHING,
  points,
  share,
  wholeMoney,
} from "../../format.ts";
import { metric, metricOrNull, type ReportRow } from "../../report.ts";

/** A figure of the overview: how it is read from a row of a report, and written. Null where it has no value. */
export type Measure = {
  id: string;
  label: string;
  /** Counts and money add up and are bars; shares and means do not and are a line. */
  kind: "count" | "money" | "share" | "seconds";
  read: (row: ReportRow) => number | null;
  /** What it is, for sentences: "calls". */
  noun: string;
};

/** The metric that counts the calls which earn: what the advertiser owes for, or what the publisher is paid for. */
export function earningMetric(kind: OrganizationKind): "billable_calls" | "payable_calls" {
  return kind === "publisher" ? "payable_calls" : "billable_calls";
}

const ratio = (row: ReportRow, part: string, whole: string): number | null => {
  const all = metric(row, whole);
  return all === 0 ? null : metric(row, part) / all;
};

const CALLS: Measure = {
  id: "calls",
  label: "Calls",
  kind: "count",
  noun: "calls",
  read: (row) => metric(row, "calls"),
};
const CONNECTED: Measure = {
  id: "connected",
  label: "Connected",
  kind: "share",
  noun: "of the calls connected",
  read: (row) => ratio(row, "connected_calls", "calls"),
};
const MEAN: Measure = {
  id: "mean",
  label: "Connected, mean",
  kind: "seconds",
  noun: "connected, mean",
  read: (row) => ratio(row, "connected_s", "connected_calls"),
};

const earning = (label: string, name: "billable_calls" | "payable_calls"): Measure => ({
  id: "qualified",
  label,
  kind: "count",
  noun: `${label.toLowerCase()} calls`,
  read: (row) => metric(row, name),
});
const amount = (id: string, label: string, noun: string): Measure => ({
  id,
  label,
  kind: "money",
  noun,
  read: (row) => metricOrNull(row, `${id}_micros`),
});
const perCall = (part: string, whole: string): Measure => ({
  id: "per_call",
  label: "Per call",
  kind: "money",
  noun: "per call",
  read: (row) => ratio(row, part, whole),
});

/** The six figures of each kind of organization. */
export const MEASURES: Record<OrganizationKind, readonly Measure[]> = {
  network: [
    CALLS,
    CONNECTED,
    earning("Qualified", "billable_calls"),
    amount("revenue", "Revenue", "revenue"),
    amount("payout", "Payout", "payout"),
    amount("margin", "Margin", "margin"),
  ],
  advertiser: [
    CALLS,
    CONNECTED,
    earning("Qualified", "billable_calls"),
    amount("revenue", "You pay", "to pay"),
    { ...perCall("revenue_micros", "billable_calls"), label: "Per qualified call" },
    MEAN,
  ],
  publisher: [
    CALLS,
    CONNECTED,
    earning("Earning", "payable_calls"),
    amount("payout", "Earned", "earned"),
    { ...perCall("payout_micros", "calls"), label: "Per call" },
    MEAN,
  ],
};

/** Every metric that the overview of this kind asks for, none that it may not see; by the first groups are ranked. */
export const METRICS: Record<OrganizationKind, readonly string[]> = {
  network: [
    "calls",
    "sessions",
    "leases",
    "connected_calls",
    "connected_s",
    "billable_calls",
    "paid_calls",
    "revenue_micros",
    "payout_micros",
    "margin_micros",
  ],
  advertiser: ["calls", "connected_calls", "connected_s", "billable_calls", "paid_calls", "revenue_micros"],
  publisher: [
    "calls",
    "sessions",
    "leases",
    "connected_calls",
    "connected_s",
    "payable_calls",
    "paid_calls",
    "payout_micros",
  ],
};

const CENTS_UP_TO = 10_000 * MICROS_PER_UNIT;

/** A value as the readout, the figures and the tables write it. */
export function written(measure: Measure, value: number | null): string {
  if (value === null) return NOTHING;
  switch (measure.kind) {
    case "count":
      return count(value);
    case "money":
      return money(value);
    case "share":
      return share(value, 1);
    case "seconds":
      return duration(value);
  }
}

/** A value of the axis: few digits, no unit that the figure's label has already. */
export function axisWritten(measure: Measure, value: number): string {
  if (measure.kind === "share") return `${brief(100 * value)}%`;
  if (measure.kind === "seconds") return duration(value);
  return brief(measure.kind === "money" ? value / MICROS_PER_UNIT : value);
}

/** As written, but large amounts without cents: for the row of figures. */
export function writtenShort(measure: Measure, value: number | null): string {
  const isLarge = measure.kind === "money" && value !== null && Math.abs(value) >= CENTS_UP_TO;
  return isLarge ? wholeMoney(value) : written(measure, value);
}

/** How a value stands to the one before: percent, for shares points; null when it cannot be said. */
export function difference(measure: Measure, now: number | null, before: number | null): string | null {
  if (now === null || before === null) return null;
  return measure.kind === "share" ? points(now, before) : change(now, before);
}

/** The label with its unit: "Revenue, USD". */
export function labelled(measure: Measure, currency: string | null): string {
  return measure.kind === "money" && currency ? `${measure.label},${NBSP}${currency}` : measure.label;
}
