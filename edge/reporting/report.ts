import {
  type Group,
  REPORT_LIMIT_MAX,
  type Report,
  type ReportQuery,
  type ReportRow,
  TIME_GROUPS,
} from "../../shared/api/reports.ts";
import type { Instant } from "../../shared/instant.ts";
import { err, ok, type Result } from "../../shared/result.ts";
import type { Db } from "../platform/db.ts";
import type { Failure } from "../platform/problem.ts";
import type { Reader } from "./columns.ts";
import {
  BUCKETS_MAX,
  type Bucket,
  bucketsOf,
  fitsBuckets,
  labelKey,
  labelsInOrder,
} from "./model/buckets.ts";
import type { Plan } from "./model/plan.ts";
import { type Figures, type GroupRow, readExtent, readFigures } from "./store.ts";

/** No answer has more rows; asking for more is refused, never cut short. */
export const REPORT_ROWS_MAX = 50_000;

export type ReportAsk = {
  reader: Reader;
  plan: Plan;
  query: Pick<ReportQuery, "from" | "to" | "limit" | "format">;
  timezone: string;
  now: Instant;
};

/**
 * The figures of a plan. Rows come in order of time, then of the first metric, greatest first. Where only time is
 * asked for, stretches in which nothing happened are rows of zeros; without bounds time runs from the first fact to
 * now. Fails when the answer would have too many stretches of time or rows.
 */
export async function report(db: Db, ask: ReportAsk): Promise<Result<Report, Failure>> {
  const { plan, reader, timezone, query } = ask;
  const { from = null, to = null } = query;
  if (from !== null && to !== null && to < from) return refused("?to", "must not be before from");
  if (plan.metrics.length === 0) {
    return ok({ data: [], totals: {}, group_count: 0, currency: null, timezone });
  }
  const cut = await bucketsFor(db, ask);
  if (!cut.ok) return cut;
  const buckets = cut.value;
  const groups = query.limit ?? (isExport(query) ? null : REPORT_LIMIT_MAX);
  const figures = await readFigures(
    db,
    { reader, plan, from_at: from, to_at: to, buckets },
    { groups: plan.dimensions.length > 0 ? groups : null, rows: REPORT_ROWS_MAX },
  );
  if (figures.rows.length > REPORT_ROWS_MAX) {
    return refused("?group_by", `more than ${REPORT_ROWS_MAX} rows: ask for fewer groups, or longer ones`);
  }
  return ok({
    data: rowsInOrder(figures, plan, buckets).map((row) => written(row, plan)),
    totals: written({ ...figures.totals, times: [], groups: [] }, { ...plan, groups: [] }),
    group_count: plan.dimensions.length > 0 ? figures.group_count : 1,
    currency: figures.totals.currency,
    timezone,
  });
}

function isExport({ format }: Pick<ReportQuery, "format">): boolean {
  return format === "csv" || format === "ndjson";
}

function refused(pointer: string, detail: string): Result<never, Failure> {
  return err({ kind: "invalid", faults: [{ pointer, detail }] });
}

/** The stretches of time of the asked range, or null when time is no group. */
async function bucketsFor(db: Db, ask: ReportAsk): Promise<Result<Bucket[] | null, Failure>> {
  const { plan, reader, timezone, query, now } = ask;
  if (plan.time_groups.length === 0) return ok(null);
  let { from, to } = query;
  if (from === undefined || to === undefined) {
    const extent = await readExtent(db, reader, plan.facts);
    to ??= Math.max(now, extent?.last_at ?? now, from ?? 0) + 1;
    from ??= Math.min(extent?.first_at ?? now, to);
  }
  if (!fitsBuckets(plan.time_groups, from, to)) {
    return refused("?group_by", `more than ${BUCKETS_MAX} stretches of time: ask for longer ones, or fewer`);
  }
  return ok(bucketsOf(plan.time_groups, timezone, from, to));
}

function rowsInOrder({ rows }: Figures, plan: Plan, buckets: readonly Bucket[] | null): GroupRow[] {
  if (!buckets) return rows;
  const labels = labelsInOrder(plan.time_groups, buckets);
  if (plan.dimensions.length === 0) {
    const known = new Map(rows.map((row) => [labelKey(row.times), row]));
    return labels.map((times) => known.get(labelKey(times)) ?? nothing(times, plan));
  }
  const place = new Map(labels.map((times, i) => [labelKey(times), i]));
  const placeOf = (row: GroupRow) => place.get(labelKey(row.times)) ?? 0;
  // The sort is stable: within a stretch of time the greatest group stays first.
  return rows.toSorted((a, b) => placeOf(a) - placeOf(b));
}

function nothing(times: GroupRow["times"], plan: Plan): GroupRow {
  return {
    times,
    groups: [],
    metrics: Object.fromEntries(plan.metrics.map((metric) => [metric, 0])),
    currency: null,
  };
}

/** Groups in the order they were asked for, then metrics. */
function written(row: GroupRow, { groups, metrics }: Plan): ReportRow {
  const shown: ReportRow = {};
  let time = 0;
  let other = 0;
  for (const group of groups) {
    shown[group] = (isTime(group) ? row.times[time++] : row.groups[other++]) ?? null;
  }
  for (const metric of metrics) shown[metric] = row.metrics[metric] ?? null;
  return shown;
}

function isTime(group: Group): boolean {
  return (TIME_GROUPS as readonly Group[]).includes(group);
}
