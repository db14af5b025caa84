import { and, asc, eq, gte, lt, sql } from "drizzle-orm";
import { HOUR_MS, type Instant, MINUTE_MS } from "../../../shared/instant.ts";
import type { Db, Statement } from "../../platform/db.ts";
import { endsInTime } from "../in-time.ts";
import type { PoolHour } from "../model/pool-load.ts";
import { countedArrivals, countedHours, ofNetwork, ofPool, REACH_MS } from "./count.ts";
import { poolHours, poolHoursCounted } from "./tables.ts";

/** An hour as it is kept and shown. */
export type MeasuredHour = PoolHour & {
  /** How long numbers were leased within this hour. Divided by the hour: how many were, on average. */
  occupied_ms: number;
};

/** A session changes no more when its lease can live no longer; its copy in D1 may be late by so much. */
const SETTLED_AFTER_MS = REACH_MS + 30 * MINUTE_MS;
/** What one run counts at most: few enough for one statement of a busy network. */
const HOURS_PER_RUN = 48;
/** Nobody asks about older hours. */
export const HOURS_KEPT = 28 * 24;

const floorHour = (at: Instant) => at - (at % HOUR_MS);

/** Until when a network's hours are counted; the beginning of what anybody asks about when none is. */
export async function countedTo(db: Db, network_id: string, now: Instant): Promise<Instant> {
  const [row] = await db
    .select({ to: poolHoursCounted.counted_to })
    .from(poolHoursCounted)
    .where(eq(poolHoursCounted.network_id, network_id));
  return Math.max(row?.to ?? 0, floorHour(now) - HOURS_KEPT * HOUR_MS);
}

/**
 * Counts the hours that nothing can change any more, two days' at most; hours in which nobody came are passed over.
 * Writing them again gives the same rows, so it may be repeated or done by two at once. Null when nothing is due.
 */
export async function countSettledHours(
  db: Db,
  network_id: string,
  now: Instant,
): Promise<{ statements: Statement[]; counted_to: Instant } | null> {
  const settled_to = floorHour(now - SETTLED_AFTER_MS);
  const counted_to = await countedTo(db, network_id, now);
  if (settled_to <= counted_to) return null;
  const first_at = await firstToCount(db, network_id, counted_to);
  if (first_at === null || first_at >= settled_to) return null;
  const from = Math.max(counted_to, floorHour(first_at));
  const to = Math.min(settled_to, from + HOURS_PER_RUN * HOUR_MS);
  const counted = countedHours(ofNetwork(network_id), from, to, now);
  // In the order of the table's columns, as drizzle's INSERT … SELECT demands.
  const hours = db
    .insert(poolHours)
    .select(
      sql`SELECT c.pool_id, c.hour_at, ${network_id}, c.arrivals, c.refused, c.leased_ms, c.occupied_ms
        FROM (${counted}) c WHERE true`,
    )
    .onConflictDoUpdate({
      target: [poolHours.pool_id, poolHours.hour_at],
      set: {
        arrivals: sql`excluded.arrivals`,
        refused: sql`excluded.refused`,
        leased_ms: sql`excluded.leased_ms`,
        occupied_ms: sql`excluded.occupied_ms`,
      },
    });
  const progress = db
    .insert(poolHoursCounted)
    .values({ network_id, counted_to: to, advised_after: "" })
    .onConflictDoUpdate({
      target: poolHoursCounted.network_id,
      set: {
        counted_to: sql`max(${poolHoursCounted.counted_to}, excluded.counted_to)`,
        // A round that is not over goes on: the pools that it has yet to look at must not wait for ever.
        advised_after: sql`coalesce(${poolHoursCounted.advised_after}, excluded.advised_after)`,
      },
    });
  return { statements: [hours, progress], counted_to: to };
}

/** The pool after which the next ones are to be advised since hours were counted; null when all of them were. */
export async function advisedAfter(db: Db, network_id: string): Promise<string | null> {
  const [row] = await db
    .select({ after: poolHoursCounted.advised_after })
    .from(poolHoursCounted)
    .where(eq(poolHoursCounted.network_id, network_id));
  return row?.after ?? null;
}

/** Remembers how far the pools of a network are advised. */
export function noteAdvised(db: Db, network_id: string, advised_after: string | null): Statement {
  return db
    .update(poolHoursCounted)
    .set({ advised_after })
    .where(eq(poolHoursCounted.network_id, network_id));
}

export type HoursAsk = {
  network_id: string;
  pool_id: string;
  /** Numbers that are or were the pool's within the time asked for. */
  number_keys: readonly number[];
  from: Instant;
  now: Instant;
};

/**
 * A pool's hours from `from` (a whole hour) until now, oldest first, those without any visitor left out: counted
 * ones from the rollup, the last few from the sessions themselves.
 */
export async function hoursOfPool(db: Db, ask: HoursAsk): Promise<MeasuredHour[]> {
  const { network_id, pool_id, from, now } = ask;
  const counted_to = Math.max(from, await countedTo(db, network_id, now));
  const open = countedHours(ofPool(network_id, pool_id, ask.number_keys), counted_to, now + 1, now);
  const [kept, live] = await Promise.all([
    db
      .select({
        hour_at: poolHours.hour_at,
        arrivals: poolHours.arrivals,
        refused: poolHours.refused,
        leased_ms: poolHours.leased_ms,
        occupied_ms: poolHours.occupied_ms,
      })
      .from(poolHours)
      .where(
        and(eq(poolHours.pool_id, pool_id), gte(poolHours.hour_at, from), lt(poolHours.hour_at, counted_to)),
      )
      .orderBy(asc(poolHours.hour_at)),
    db.all<MeasuredHour & { pool_id: string }>(sql`${open} ORDER BY hour_at`),
  ]);
  return [...kept, ...live.map(({ pool_id: _, ...hour }) => hour)];
}

/** Visitors who were given a number of this pool since `from`, however recently: the load of this moment. */
export async function arrivalsSince(db: Db, ask: HoursAsk): Promise<number> {
  const scope = ofPool(ask.network_id, ask.pool_id, ask.number_keys);
  const [row] = await db.all<{ arrivals: number }>(countedArrivals(scope, ask.from, ask.now + 1));
  return row?.arrivals ?? 0;
}

/** When the first session or refusal came that reaches beyond `counted_to`: a seek for each number and one more. */
async function firstToCount(db: Db, network_id: string, counted_to: Instant): Promise<Instant | null> {
  const [ends, [refusal]] = await Promise.all([
    endsInTime(db, network_id, counted_to - REACH_MS, Number.MAX_SAFE_INTEGER),
    db.all<{ first_at: number | null }>(sql`SELECT min(hour_at) AS first_at FROM blocked_sessions
      WHERE network_id = ${network_id} AND hour_at >= ${counted_to}`),
  ]);
  const firsts = [ends?.first_at, refusal?.first_at].filter((at) => at != null);
  return firsts.length === 0 ? null : Math.min(...firsts);
}
