import { type SQL, sql } from "drizzle-orm";
import type { Dimension, Metric } from "../../shared/api/reports.ts";
import { assert } from "../../shared/assert.ts";
import { HOUR_MS, type Instant } from "../../shared/instant.ts";
import { calls } from "../calls/tables.ts";
import { clicks } from "../inventory/tracking-link-tables.ts";
import { blockedSessions, sessions } from "../leasing/tables.ts";
import { type CallPlace, callSource, type Place } from "./call-source.ts";
import {
  BLOCKED_COLUMNS,
  blockedScope,
  CLICK_COLUMNS,
  clickScope,
  type Reader,
  sessionColumns,
  sessionScope,
} from "./columns.ts";
import { currencyOfMoney, measureOf } from "./measures.ts";
import type { Bucket } from "./model/buckets.ts";
import type { Fact, Filter, Plan } from "./model/plan.ts";

const HOUR = sql.raw(String(HOUR_MS));

/** What one statement reads. Without buckets there is one stretch, `[from_at, to_at)`; null is open. */
export type Ask = {
  reader: Reader;
  plan: Pick<Plan, "metrics" | "dimensions" | "filters" | "facts">;
  from_at: Instant | null;
  to_at: Instant | null;
  buckets: readonly Bucket[] | null;
};

/** The facts of a kind that happened in the asked time and that the reader may count, and what they are grouped by. */
type Source = { columns: Partial<Record<Dimension, SQL>>; from: SQL; conditions: SQL[] };

/** How the columns of an answer are called: `t0` the first time label, `g0` the first group, metrics by their names. */
export const timeColumn = (i: number): SQL => sql`${sql.identifier(`t${i}`)}`;
export const groupColumn = (i: number): SQL => sql`${sql.identifier(`g${i}`)}`;
export const metricColumn = (metric: Metric): SQL => sql`${sql.identifier(metric)}`;

/**
 * A parenthesized query with one row for each group: every fact is grouped on its own (nothing is joined, so nothing
 * is counted twice) and their rows are put together. Columns are `t…`, `g…`, the metrics, `currency_count`,
 * `currency`, `rank` (1 is the group with most of the first metric, over all of time) and `group_count`.
 */
export function groupedQuery(ask: Ask): SQL {
  const { plan, buckets } = ask;
  const times = (buckets?.[0]?.labels ?? []).map((_, i) => timeColumn(i));
  const groups = plan.dimensions.map((_, i) => groupColumn(i));
  const keys = [...times, ...groups];
  const parts = plan.facts.map((fact) => factQuery(ask, fact, times, groups));
  const sums = plan.metrics.map(
    (metric) => sql`coalesce(sum(${metricColumn(metric)}), 0) AS ${metricColumn(metric)}`,
  );
  const [first] = plan.metrics;
  assert(first, "a report without metrics is not read");
  const weight = sql`sum(${metricColumn(first)}) OVER (${groups.length > 0 ? sql`PARTITION BY ${list(groups)}` : sql``})`;
  const order = list([sql`weight DESC`, ...groups]);
  return sql`(WITH ${buckets ? bucketTables(buckets, times) : sql``}
    facts AS (${sql.join(parts, sql` UNION ALL `)}),
    summed AS (SELECT ${list([...keys, ...sums, sql`sum(currency_count) AS currency_count`, sql`max(currency) AS currency`])}
      FROM facts ${groupBy(keys)}),
    weighed AS (SELECT *, ${weight} AS weight FROM summed),
    ranked AS (SELECT *, dense_rank() OVER (ORDER BY ${order}) AS rank FROM weighed)
    SELECT *, max(rank) OVER () AS group_count FROM ranked)`;
}

function factQuery(ask: Ask, fact: Fact, times: readonly SQL[], groups: readonly SQL[]): SQL {
  const { plan, reader } = ask;
  const source = sourceOf(ask, fact, times);
  const dimensions = plan.dimensions.map(
    (dimension, i) => sql`${columnOf(source, dimension)} AS ${groups[i]}`,
  );
  const metrics = plan.metrics.map((metric) => {
    const measure = measureOf(metric, reader.kind);
    return sql`${measure.fact === fact ? measure.aggregate : sql`0`} AS ${metricColumn(metric)}`;
  });
  const money = fact === "calls" ? currencyOfMoney(reader.kind) : sql`NULL`;
  const currencies = [sql`count(DISTINCT ${money}) AS currency_count`, sql`max(${money}) AS currency`];
  const conditions = [...source.conditions, ...plan.filters.map((filter) => matches(source, filter))];
  return sql`SELECT ${list([...times, ...dimensions, ...metrics, ...currencies])}
    FROM ${source.from} ${where(conditions)} ${groupBy([...times, ...groups])}`;
}

function sourceOf(ask: Ask, fact: Fact, times: readonly SQL[]): Source {
  const { reader, plan } = ask;
  switch (fact) {
    case "calls": {
      const { columns, place, united } = callSource(reader, plan);
      return {
        columns,
        ...(place ? found(ask, place) : { from: unitedCalls(ask, united, times), conditions: [] }),
      };
    }
    case "sessions": {
      const place = { table: sql`${sessions}`, at: sql`${sessions.leased_at}`, scope: sessionScope(reader) };
      return { columns: sessionColumns(reader), ...found(ask, place, false) };
    }
    case "clicks": {
      const place = { table: sql`${clicks}`, at: sql`${clicks.clicked_at}`, scope: clickScope(reader) };
      return { columns: CLICK_COLUMNS, ...found(ask, place) };
    }
    case "blocked_sessions": {
      const { hour_at } = blockedSessions;
      const place = { table: sql`${blockedSessions}`, at: sql`${hour_at}`, scope: blockedScope(reader) };
      return { columns: BLOCKED_COLUMNS, ...found(ask, place) };
    }
  }
}

/**
 * The facts of one place in the asked time. `is_in_time`: there is an index by moment; else all of the range is read at
 * once, and each row looks for its bucket.
 */
function found(ask: Ask, place: Place, is_in_time = true): Omit<Source, "columns"> {
  const { table } = place;
  const bucketed = is_in_time
    ? sql`buckets CROSS JOIN ${table}`
    : sql`${table} CROSS JOIN bucket_hours AS buckets`;
  return {
    from: ask.buckets ? bucketed : table,
    conditions: [...place.scope, ...during(ask, place, is_in_time)],
  };
}

/** The calls of several places as if they stood in one table. */
function unitedCalls(ask: Ask, places: readonly CallPlace[], times: readonly SQL[]): SQL {
  const parts = places.map((place) => {
    const { from, conditions } = found(ask, place);
    return sql`SELECT ${list([...times, place.select])} FROM ${from} ${where(conditions)}`;
  });
  return sql`(${sql.join(parts, sql` UNION ALL `)}) AS ${calls}`;
}

/**
 * `buckets` has one row for each. It stands left of the facts in a CROSS JOIN, which SQLite never reorders: each bucket
 * is one range of the index on the fact's moment, so the time zone costs nothing per row. `bucket_hours` has a row for
 * each UTC hour that a bucket touches: a fact without such an index finds its bucket among the one to three of its hour.
 */
function bucketTables(buckets: readonly Bucket[], times: readonly SQL[]): SQL {
  const rows = JSON.stringify(buckets.map(({ from_at, to_at, labels }) => [from_at, to_at, ...labels]));
  const labels = times.map((name, i) => sql`value ->> ${`$[${i + 2}]`} AS ${name}`);
  const columns = list([sql`from_at`, sql`to_at`, ...times]);
  return sql`RECURSIVE buckets AS MATERIALIZED (SELECT
    ${list([sql`value ->> '$[0]' AS from_at`, sql`value ->> '$[1]' AS to_at`, ...labels])} FROM json_each(${rows})),
    touched AS (SELECT from_at / ${HOUR} AS hour, ${columns} FROM buckets
      UNION ALL SELECT hour + 1, ${columns} FROM touched WHERE (hour + 1) * ${HOUR} < to_at),
    bucket_hours AS MATERIALIZED (SELECT * FROM touched), `;
}

function during({ buckets, from_at, to_at }: Ask, { at }: Place, is_in_time: boolean): SQL[] {
  const bounds = buckets ? [sql`${at} >= buckets.from_at`, sql`${at} < buckets.to_at`] : [];
  if (buckets && is_in_time) return bounds;
  const from = buckets?.[0]?.from_at ?? from_at;
  const to = buckets?.at(-1)?.to_at ?? to_at;
  if (buckets) bounds.push(sql`buckets.hour = ${at} / ${HOUR}`);
  if (from !== null) bounds.push(sql`${at} >= ${from}`);
  if (to !== null) bounds.push(sql`${at} < ${to}`);
  return bounds;
}

function matches(source: Source, { dimension, value }: Filter): SQL {
  const column = columnOf(source, dimension);
  return value === null ? sql`${column} IS NULL` : sql`${column} = ${value}`;
}

function columnOf(source: Source, dimension: Dimension): SQL {
  const column = source.columns[dimension];
  assert(column, "the plan uses only what the fact knows");
  return column;
}

function list(parts: readonly SQL[]): SQL {
  return sql.join([...parts], sql`, `);
}

function where(conditions: readonly SQL[]): SQL {
  return conditions.length === 0 ? sql`` : sql`WHERE ${sql.join([...conditions], sql` AND `)}`;
}

/** By the names of the answer's columns, so that no expression is written, or bound, twice. */
function groupBy(names: readonly SQL[]): SQL {
  return names.length === 0 ? sql`` : sql`GROUP BY ${list(names)}`;
}
