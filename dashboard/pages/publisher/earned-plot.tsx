import { MICROS_PER_UNIT } from "../../../shared/money.ts";
import { brief, money } from "../../format.ts";
import { bucketKey, bucketsOf } from "../../plots/buckets.ts";
import type { Series } from "../../plots/readout.tsx";
import { TimePlot } from "../../plots/time-plot.tsx";
import type { Range } from "../../range.ts";
import { metric, type Report, type ReportRow } from "../../report.ts";

const HEADINGS = { hour: "Hour", day: "Day", month: "Month" } as const;

/** Which part of the bar a payout's status belongs to; what earned nothing has none. */
const PARTS: Readonly<Record<string, "yours" | "held">> = { qualified: "yours", paid: "yours", held: "held" };

function sumBy(rows: readonly ReportRow[], unit: Range["unit"], part: "yours" | "held"): Map<string, number> {
  const sums = new Map<string, number>();
  for (const row of rows) {
    if (PARTS[String(row.payout_status)] !== part) continue;
    const key = bucketKey(row[unit], unit);
    sums.set(key, (sums.get(key) ?? 0) + metric(row, "payout_micros"));
  }
  return sums;
}

/** Earnings over the range, what is free below what is held. */
export function EarnedPlot(props: { report: Report; range: Range; now: number; held: string; free: string }) {
  const { report, range, now, held, free } = props;
  const { unit } = range;
  const keys = report.data.map((row) => bucketKey(row[unit], unit)).sort();
  const first = range.first ?? `${keys[0] ?? range.last}-01`.slice(0, 10);
  const buckets = bucketsOf(unit, first, range.last, range);
  const [yours, waiting] = [sumBy(report.data, unit, "yours"), sumBy(report.data, unit, "held")];
  const values = (sums: Map<string, number>) => buckets.map(({ key }) => sums.get(key) ?? 0);
  const series: Series[] = [
    { id: "yours", label: free, fill: "area", values: values(yours) },
    { id: "held", label: held, fill: "held", values: values(waiting) },
  ];
  const going = buckets.findLastIndex(({ at }) => at <= now);
  const total = [...yours.values(), ...waiting.values()].reduce((sum, value) => sum + value, 0);
  return (
    <TimePlot
      buckets={buckets}
      unit={unit}
      kind="bars"
      series={series}
      unfinished={now >= range.to || going === -1 ? null : going}
      title={`Earnings by ${unit}: ${money(total)}${report.currency ? ` ${report.currency}` : ""} in all.`}
      value={money}
      tick={(value) => brief(value / MICROS_PER_UNIT)}
      heading={HEADINGS[unit]}
      sum="earned"
    />
  );
}
