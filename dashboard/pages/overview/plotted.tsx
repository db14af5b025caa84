import type { OrganizationKind } from "../../../shared/api/organizations.ts";
import { share, shortDay } from "../../format.ts";
import { type Figure, Figures } from "../../parts/figures.tsx";
import { type Bucket, bucketKey, bucketsOf } from "../../plots/buckets.ts";
import type { Series } from "../../plots/readout.tsx";
import { TimePlot } from "../../plots/time-plot.tsx";
import { type Before, customPatch, type Range } from "../../range.ts";
import { metric, type Report, type ReportRow } from "../../report.ts";
import { useUrl } from "../../url-state.ts";
import {
  axisWritten,
  difference,
  earningMetric,
  labelled,
  MEASURES,
  type Measure,
  written,
  writtenShort,
} from "./measures.ts";

const PANEL = "overview-plot";

/** What the figures and the plot are drawn from. */
export type Plotted = {
  kind: OrganizationKind;
  range: Range;
  now: number;
  report: Report;
  currency: string | null;
  before: Before | null;
  /** The report of the period before, null while it loads or is not compared. */
  earlier: Report | null;
};

/** The row of figures, each plotted below when chosen (`?plot=`). */
export function PlottedFigures(props: Plotted) {
  const { kind, report, currency, earlier } = props;
  const url = useUrl();
  const measures = MEASURES[kind];
  const asked = url.params.get("plot");
  const chosen = measures.find((one) => one.id === asked) ?? measures[0];
  if (!chosen) return null;
  const figures: Figure[] = measures.map((measure) => {
    const now = measure.read(report.totals);
    const then = earlier ? measure.read(earlier.totals) : null;
    const margin = measure.id === "margin" ? marginShare(report.totals) : null;
    return {
      id: measure.id,
      label: labelled(measure, currency),
      value: writtenShort(measure, now),
      detail: margin ?? difference(measure, now, then) ?? "\u00a0",
    };
  });
  const choose = (id: string) => url.set({ plot: id === measures[0]?.id ? null : id }, { replace: true });
  return (
    <>
      <Figures
        figures={figures}
        label="Plotted figure"
        selected={chosen.id}
        onSelect={choose}
        controls={PANEL}
      />
      <div id={PANEL} role="tabpanel" aria-label={chosen.label}>
        <MeasurePlot {...props} measure={chosen} />
      </div>
    </>
  );
}

function marginShare(totals: ReportRow): string | null {
  const revenue = metric(totals, "revenue_micros");
  return revenue === 0 ? null : `${share(metric(totals, "margin_micros"), revenue)} of revenue`;
}

/** The first day there is anything from, for "all time". */
function firstDay(report: Report, range: Range): string {
  if (range.first !== null) return range.first;
  const keys = report.data.map((row) => bucketKey(row[range.unit], range.unit)).sort();
  return keys[0] ? `${keys[0]}-01`.slice(0, 10) : range.last;
}

/** Rows by bucket. The hour that a clock shows twice comes as two rows and is one bar. */
function rowsByBucket(report: Report, unit: Range["unit"]): Map<string, ReportRow> {
  const rows = new Map<string, ReportRow>();
  for (const row of report.data) {
    const key = bucketKey(row[unit], unit);
    const twin = rows.get(key);
    rows.set(key, twin ? addedRows(twin, row) : row);
  }
  return rows;
}

function addedRows(a: ReportRow, b: ReportRow): ReportRow {
  const added = Object.entries(a).map(([name, value]) => {
    const other = b[name];
    return [name, typeof value === "number" && typeof other === "number" ? value + other : value];
  });
  return Object.fromEntries(added);
}

/** A bar of nothing is 0; a share or mean of nothing has no value. */
function valuesOf(
  measure: Measure,
  buckets: readonly Bucket[],
  rows: Map<string, ReportRow>,
): (number | null)[] {
  const none = measure.kind === "count" || measure.kind === "money" ? 0 : null;
  return buckets.map(({ key }) => {
    const row = rows.get(key);
    return row ? measure.read(row) : none;
  });
}

function seriesOf(
  kind: OrganizationKind,
  measure: Measure,
  buckets: Bucket[],
  rows: Map<string, ReportRow>,
): Series[] {
  if (measure.id !== "calls") {
    return [{ id: measure.id, label: measure.noun, fill: "area", values: valuesOf(measure, buckets, rows) }];
  }
  const name = earningMetric(kind);
  const word = kind === "publisher" ? "earning" : "qualified";
  const counts = buckets.map(
    ({ key }) => [metric(rows.get(key), "calls"), metric(rows.get(key), name)] as const,
  );
  return [
    { id: "earning", label: word, fill: "area", values: counts.map(([, earning]) => earning) },
    {
      id: "rest",
      label: `not ${word}`,
      fill: "rest",
      values: counts.map(([calls, earning]) => calls - earning),
    },
  ];
}

const HEADINGS = { hour: "Hour", day: "Day", month: "Month" } as const;

function MeasurePlot(props: Plotted & { measure: Measure }) {
  const { kind, range, now, report, before, earlier, measure } = props;
  const url = useUrl();
  const buckets = bucketsOf(range.unit, firstDay(report, range), range.last, range);
  const series = seriesOf(kind, measure, buckets, rowsByBucket(report, range.unit));
  const isBars = measure.kind === "count" || measure.kind === "money";
  const unfinished = unfinishedBucket(buckets, range, now);
  return (
    <TimePlot
      buckets={buckets}
      unit={range.unit}
      kind={isBars ? "bars" : "line"}
      series={series}
      earlier={
        before && earlier
          ? { label: before.label, values: earlierValues(measure, before, range, earlier, buckets.length) }
          : null
      }
      unfinished={unfinished}
      title={sentence(props)}
      value={(value) => written(measure, value)}
      tick={(value) => axisWritten(measure, value)}
      heading={HEADINGS[range.unit]}
      whole={measure.kind === "count"}
      {...(measure.id === "calls" ? { sum: "calls" } : {})}
      {...(measure.kind === "share" ? { top: 1 } : {})}
      {...(range.unit === "day"
        ? { onPick: (bucket: Bucket) => url.filter(customPatch(bucket.first, bucket.first)) }
        : {})}
    />
  );
}

/** The bucket that is going on now, null when all are over. */
function unfinishedBucket(buckets: readonly Bucket[], range: Range, now: number): number | null {
  const index = buckets.findLastIndex(({ at }) => at <= now);
  return now >= range.to || index === -1 ? null : index;
}

/** The values of the period before, bucket for bucket under those of now. */
function earlierValues(
  measure: Measure,
  before: Before,
  range: Range,
  earlier: Report,
  total: number,
): (number | null)[] {
  const span = {
    zone: range.zone,
    from: before.from,
    to: before.from + (range.to - (range.from ?? range.to)),
  };
  const buckets = bucketsOf(range.unit, before.first, before.last, span).slice(0, total);
  const values = valuesOf(measure, buckets, rowsByBucket(earlier, range.unit));
  // What is not compared yet (the rest of today) has no value, rather than none.
  return Array.from({ length: total }, (_, index) =>
    (buckets[index]?.at ?? before.to) < before.to ? (values[index] ?? null) : null,
  );
}

function sentence({ kind, range, report, measure, before, earlier }: Plotted & { measure: Measure }): string {
  const first = range.first ?? firstDay(report, range);
  const days = first === range.last ? shortDay(first) : `${shortDay(first)} to ${shortDay(range.last)}`;
  const total = written(measure, measure.read(report.totals));
  const earning = measure.id === "calls" ? metric(report.totals, earningMetric(kind)) : null;
  const parts = [
    `${measure.label} by ${range.unit}, ${days}: ${total} in all`,
    earning === null ? "" : `${earning} of them ${kind === "publisher" ? "earning" : "qualified"}`,
    before && earlier ? `${before.label} ${written(measure, measure.read(earlier.totals))}` : "",
  ];
  return `${parts.filter(Boolean).join(", ")}.`;
}
