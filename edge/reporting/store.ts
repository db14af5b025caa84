import { type SQL, sql } from "drizzle-orm";
import type { Metric } from "../../shared/api/reports.ts";
import type { Instant } from "../../shared/instant.ts";
import { clicks } from "../inventory/tracking-link-tables.ts";
import { blockedSessions, sessions } from "../leasing/tables.ts";
import type { Db } from "../platform/db.ts";
import { type Place, placesOfCalls } from "./call-source.ts";
import { blockedScope, clickScope, type Reader, sessionScope } from "./columns.ts";
import type { TimeLabel } from "./model/buckets.ts";
import type { Fact } from "./model/plan.ts";
import { type Ask, groupColumn, groupedQuery, metricColumn, timeColumn } from "./query.ts";

/** A group's figures. Money is null when it is in several currencies. */
export type GroupRow = {
  times: TimeLabel[];
  groups: (string | null)[];
  metrics: Partial<Record<Metric, number | null>>;
  /** Of its money; null without any or with several. */
  currency: string | null;
};

export type Figures = { rows: GroupRow[]; group_count: number; totals: GroupRow };

const MONEY: ReadonlySet<Metric> = new Set(["revenue_micros", "payout_micros", "margin_micros"]);

type Answered = Record<string, string | number | null>;

/**
 * Reads the groups of rank `groups_max` and better, at most `rows_max + 1` rows, the greatest groups first, and the
 * totals of all of them, as of one moment.
 */
export async function readFigures(
  db: Db,
  ask: Ask,
  most: { groups: number | null; rows: number },
): Promise<Figures> {
  const totalsAsk: Ask = { ...ask, plan: { ...ask.plan, dimensions: [] }, buckets: null };
  const [rows, [totals]] = await db.batch([selectGroups(db, ask, most), selectGroups(db, totalsAsk, most)]);
  return {
    rows: rows.map((row) => groupRow(row, ask)),
    group_count: Number(rows[0]?.group_count ?? 0),
    totals: groupRow(totals ?? {}, totalsAsk),
  };
}

/** The statement behind `readFigures`, unsent. */
export function selectGroups(db: Db, ask: Ask, most: { groups: number | null; rows: number }) {
  const named = (name: SQL) => sql<string | number | null>`r.${name}`;
  const fields: Record<string, SQL<string | number | null>> = {
    currency: named(sql`currency`),
    currency_count: named(sql`currency_count`),
    group_count: named(sql`group_count`),
  };
  for (const i of (ask.buckets?.[0]?.labels ?? []).keys()) fields[`t${i}`] = named(timeColumn(i));
  for (const i of ask.plan.dimensions.keys()) fields[`g${i}`] = named(groupColumn(i));
  for (const metric of ask.plan.metrics) fields[metric] = named(metricColumn(metric));
  return db
    .select(fields)
    .from(sql`${groupedQuery(ask)} AS r`)
    .where(most.groups === null ? undefined : sql`r.rank <= ${most.groups}`)
    .orderBy(sql`r.rank`)
    .limit(most.rows + 1);
}

function groupRow(row: Answered, { plan, buckets }: Ask): GroupRow {
  const isMixed = Number(row.currency_count ?? 0) > 1;
  const metrics: GroupRow["metrics"] = {};
  for (const metric of plan.metrics) {
    metrics[metric] = isMixed && MONEY.has(metric) ? null : Number(row[metric] ?? 0);
  }
  return {
    times: (buckets?.[0]?.labels ?? []).map((_, i) => row[`t${i}`] ?? ""),
    groups: plan.dimensions.map((_, i) => {
      const value = row[`g${i}`] ?? null;
      return value === null ? null : String(value);
    }),
    metrics,
    currency: isMixed ? null : ((row.currency ?? null) as string | null),
  };
}

/** When the first and the last of the reader's facts happened; null when there is none. */
export async function readExtent(
  db: Db,
  reader: Reader,
  facts: readonly Fact[],
): Promise<{ first_at: Instant; last_at: Instant } | null> {
  const sources: Place[] = facts.includes("calls") ? placesOfCalls(reader) : [];
  if (facts.includes("clicks")) {
    sources.push({ table: sql`${clicks}`, at: sql`${clicks.clicked_at}`, scope: clickScope(reader) });
  }
  if (facts.includes("sessions")) {
    sources.push({ table: sql`${sessions}`, at: sql`${sessions.leased_at}`, scope: sessionScope(reader) });
  }
  if (facts.includes("blocked_sessions")) {
    const { hour_at } = blockedSessions;
    sources.push({ table: sql`${blockedSessions}`, at: sql`${hour_at}`, scope: blockedScope(reader) });
  }
  // Each end is a column of one row: D1 refuses a UNION of more than five.
  const ends = sources.flatMap(({ table, at, scope }) =>
    [sql`ASC`, sql`DESC`].map(
      (way) =>
        sql`(SELECT ${at} FROM ${table} WHERE ${sql.join(scope, sql` AND `)} ORDER BY ${at} ${way} LIMIT 1)`,
    ),
  );
  const fields = ends.map((end, i) => sql`${end} AS ${sql.identifier(`end${i}`)}`);
  const [row = {}] = await db.all<Record<string, Instant | null>>(sql`SELECT ${sql.join(fields, sql`, `)}`);
  const moments = Object.values(row).filter((at) => at !== null);
  return moments.length === 0 ? null : { first_at: Math.min(...moments), last_at: Math.max(...moments) };
}
