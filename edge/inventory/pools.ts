import { and, asc, eq, gt, isNull, type SQL, sql } from "drizzle-orm";
import type { Pool, PoolInput, PoolPatch } from "../../shared/api/inventory.ts";
import { type Instant, SECOND_MS } from "../../shared/instant.ts";
import type { Viewer } from "../accounts/viewer.ts";
import type { Change, Ground } from "../platform/change.ts";
import type { Db, Statement } from "../platform/db.ts";
import type { PageAsk } from "../platform/paging.ts";
import { pools } from "./tables.ts";

export type PoolRow = typeof pools.$inferSelect;
/** A pool and how many numbers are in it. */
export type SeenPool = { pool: PoolRow; numbers: number };

/** A network sees all of its pools, a publisher its own. */
function visibleTo(viewer: Viewer): SQL[] {
  const where: SQL[] = [eq(pools.network_id, viewer.network_id)];
  if (viewer.kind !== "network") where.push(eq(pools.publisher_id, viewer.organization_id));
  return where;
}

function select(db: Db, where: SQL[], limit: number): Promise<SeenPool[]> {
  // Spelled out: drizzle leaves the table's name away where it thinks there is but one.
  const inPool = sql<number>`(SELECT count(*) FROM number_assignments a
    WHERE a.pool_id = pools.id AND a.to_at IS NULL)`;
  return db
    .select({ pool: pools, numbers: inPool })
    .from(pools)
    .where(and(...where))
    .orderBy(asc(pools.id))
    .limit(limit);
}

/** A pool that this viewer may see, retired or not. */
export async function findPool(db: Db, viewer: Viewer, id: string): Promise<SeenPool | null> {
  const [row] = await select(db, [...visibleTo(viewer), eq(pools.id, id)], 1);
  return row ?? null;
}

export function listPools(
  db: Db,
  viewer: Viewer,
  page: PageAsk,
  filter: { campaign_id?: string | undefined },
): Promise<SeenPool[]> {
  const where = visibleTo(viewer);
  if (page.after !== null) where.push(gt(pools.id, page.after));
  if (!page.retired) where.push(isNull(pools.retired_at));
  if (filter.campaign_id !== undefined) where.push(eq(pools.campaign_id, filter.campaign_id));
  return select(db, where, page.limit + 1);
}

/** A pool as this viewer may see it: what a number costs is the network's own affair. */
export function poolView(viewer: Viewer, { pool, numbers }: SeenPool): Pool {
  const { id, campaign_id, publisher_id, name, lease_ttl_s, cooldown_s, cooldown_mode, late_window_s } = pool;
  const { created_at, retired_at, number_rent_micros, when_empty } = pool;
  const rent = viewer.kind === "network" ? { number_rent_micros } : {};
  const settings = {
    lease_ttl_s,
    cooldown_s,
    cooldown_mode,
    late_window_s,
    when_empty,
    objects: pool.objects,
  };
  return { id, campaign_id, publisher_id, name, ...settings, ...rent, numbers, created_at, retired_at };
}

/** A new, empty pool. Its short key is taken by the database, in the insert itself. */
export function createPool(ground: Ground, viewer: Viewer, input: PoolInput): Change<Pool> {
  const { publisher_id, ...given } = input;
  const row = {
    ...given,
    id: ground.ids.next("pool"),
    network_id: viewer.network_id,
    publisher_id: publisher_id ?? null,
    number_rent_micros: input.number_rent_micros ?? null,
    objects: input.objects,
    objects_ever: input.objects,
    split_settled_at: 0,
    assignment_version: 1,
    created_at: ground.now,
    retired_at: null,
  };
  const { first_pool_key = 0 } = ground;
  const key = sql<number>`(SELECT coalesce(max(p.key), ${first_pool_key}) + 1 FROM pools p)`;
  return {
    result: poolView(viewer, { pool: { ...row, key: 0 }, numbers: 0 }),
    subject_id: row.id,
    statements: [ground.db.insert(pools).values({ ...row, key })],
    detail: input,
  };
}

export function changePool(ground: Ground, viewer: Viewer, seen: SeenPool, patch: PoolPatch): Change<Pool> {
  const next = {
    name: patch.name ?? seen.pool.name,
    lease_ttl_s: patch.lease_ttl_s ?? seen.pool.lease_ttl_s,
    cooldown_s: patch.cooldown_s ?? seen.pool.cooldown_s,
    late_window_s: patch.late_window_s ?? seen.pool.late_window_s,
    cooldown_mode:
      patch.cooldown_mode ?? (patch.cooldown_s === undefined ? seen.pool.cooldown_mode : "fixed"),
    when_empty: patch.when_empty ?? seen.pool.when_empty,
    number_rent_micros:
      patch.number_rent_micros === undefined ? seen.pool.number_rent_micros : patch.number_rent_micros,
    ...splitOf(seen.pool, patch, ground.now),
  };
  return {
    result: poolView(viewer, { ...seen, pool: { ...seen.pool, ...next } }),
    subject_id: seen.pool.id,
    statements: [
      ground.db.update(pools).set(next).where(eq(pools.id, seen.pool.id)),
      ...(patch.objects === undefined ? [] : [numbersChanged(ground.db, seen.pool.id)]),
    ],
    detail: patch,
  };
}

/** Settings that a request may still have in its cache when a pool is split, or a number leaves it. */
export const CACHED_MS = 10_000;

/**
 * Another number of objects. Each number goes with the object it falls to; the one it leaves renews no lease of it, so
 * by `split_settled_at` all of them have ended and cooled, whichever of the old and new times is longer.
 */
function splitOf(pool: PoolRow, patch: PoolPatch, now: Instant) {
  const { objects = pool.objects } = patch;
  if (objects === pool.objects) return {};
  const hold_s =
    Math.max(pool.lease_ttl_s, patch.lease_ttl_s ?? 0) + Math.max(pool.cooldown_s, patch.cooldown_s ?? 0);
  return {
    objects,
    objects_ever: Math.max(pool.objects_ever, objects),
    split_settled_at: now + hold_s * SECOND_MS + CACHED_MS,
  };
}

export function retirePool(ground: Ground, { pool }: SeenPool): Change<null> {
  const retired_at = pool.retired_at ?? ground.now;
  const retired = ground.db.update(pools).set({ retired_at }).where(eq(pools.id, pool.id));
  return { result: null, subject_id: pool.id, statements: [retired], detail: {} };
}

/** Tells a pool's object that its numbers changed; goes into the same write as the change. */
export function numbersChanged(db: Db, pool_id: string): Statement {
  return db
    .update(pools)
    .set({ assignment_version: sql`${pools.assignment_version} + 1` })
    .where(eq(pools.id, pool_id));
}

/** A pool as its object wants to know it. */
export function poolSettings(pool: PoolRow) {
  const { id, key, network_id, lease_ttl_s, cooldown_s, late_window_s, assignment_version } = pool;
  return {
    pool_id: id,
    pool_key: key,
    network_id,
    lease_ttl_s,
    cooldown_s,
    late_window_s,
    assignment_version,
    ...splitFacts(pool),
  };
}

/** What a pool's objects must know of each other; nothing for a pool that was never split. */
export function splitFacts(pool: Pick<PoolRow, "objects" | "objects_ever" | "split_settled_at">) {
  const { objects, objects_ever, split_settled_at } = pool;
  return objects_ever > 1 ? { objects, objects_ever, split_settled_at } : {};
}

/** The network's pools in use whose cool-down follows their load, the oldest first: `limit` at most of those after one. */
export function poolsToAdvise(db: Db, network_id: string, after: string, limit: number): Promise<SeenPool[]> {
  const where = [
    eq(pools.network_id, network_id),
    eq(pools.cooldown_mode, "automatic" as const),
    isNull(pools.retired_at),
    gt(pools.id, after),
  ];
  return select(db, where, limit);
}

/** Sets a cool-down that follows the load, unless its owner has fixed it meanwhile. */
export function setCooldown(db: Db, pool_id: string, cooldown_s: number): Statement {
  return db
    .update(pools)
    .set({ cooldown_s })
    .where(and(eq(pools.id, pool_id), eq(pools.cooldown_mode, "automatic")));
}
