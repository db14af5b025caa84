import { and, desc, eq, lt, lte } from "drizzle-orm";
import { type Instant, MINUTE_MS } from "../../shared/instant.ts";
import type { Db, Statement } from "../platform/db.ts";
import { CAREFUL_START, type Parameters, START } from "./model/parameters.ts";
import { attributionModels as models } from "./tables.ts";

export type ModelRow = typeof models.$inferSelect;
/** What a pool's calls have taught by a certain night. */
export type FittedModel = Pick<ModelRow, "version" | "parameters">;

/**
 * Versions that come with the code rather than from a pool's calls. Those of every release stay here: a call is judged
 * again by the values by which it was judged first.
 */
const SHIPPED: readonly Parameters[] = [START, CAREFUL_START];

/**
 * A run of upkeep says when it began, and its models are written when it is done: 15 minutes later at most, for then a
 * Worker's scheduled run is ended. No call that may have been judged by then is judged by what was not there yet.
 */
const WRITTEN_WITHIN_MS = 15 * MINUTE_MS;

/** The model in force for a call of this pool that began then, if one was fitted; un-awaited. */
export function selectModel(db: Db, pool_id: string, at: Instant) {
  return db
    .select({ version: models.version, parameters: models.parameters })
    .from(models)
    .where(and(eq(models.pool_id, pool_id), lte(models.fitted_at, at - WRITTEN_WITHIN_MS)))
    .orderBy(desc(models.fitted_at))
    .limit(1);
}

/**
 * What a row of `selectModel` says; a pool that has shown nothing yet is judged carefully, or by what came with the
 * release that judged the call `before`. What an older fit did not know of is as at the start.
 */
export function parametersOf(row: FittedModel | undefined, before: string | null = null): Parameters {
  if (row) return { ...START, ...row.parameters, version: row.version };
  return SHIPPED.find(({ version }) => version === before) ?? CAREFUL_START;
}

/** A network's model by its version, or one that is shipped; null when there is none of that name. */
export async function readModel(db: Db, network_id: string, version: string): Promise<Parameters | null> {
  const shipped = SHIPPED.find((one) => one.version === version);
  if (shipped) return shipped;
  const [row] = await db
    .select()
    .from(models)
    .where(and(eq(models.network_id, network_id), eq(models.version, version)))
    .limit(1);
  return row ? parametersOf(row) : null;
}

/** The latest fits of a network's pools, newest first, without their parameters. */
export function latestFits(db: Db, network_id: string) {
  return db
    .select({ pool_id: models.pool_id, calls: models.calls, to_at: models.to_at, version: models.version })
    .from(models)
    .where(eq(models.network_id, network_id))
    .orderBy(desc(models.fitted_at));
}

/** A pool's fits before a moment, newest first, without their parameters. A pool has one at a moment. */
export function fitsOfPool(
  db: Db,
  pool: { id: string; network_id: string },
  { before, limit }: { before: Instant | null; limit: number },
) {
  return db
    .select({
      version: models.version,
      fitted_at: models.fitted_at,
      calls: models.calls,
      from_at: models.from_at,
      to_at: models.to_at,
      start_version: models.start_version,
      sha256: models.sha256,
    })
    .from(models)
    .where(
      and(
        eq(models.pool_id, pool.id),
        eq(models.network_id, pool.network_id),
        before === null ? undefined : lt(models.fitted_at, before),
      ),
    )
    .orderBy(desc(models.fitted_at))
    .limit(limit);
}

/** Stores a model. Refused as a conflict when the pool has one of the same night. */
export function addModel(db: Db, row: ModelRow): Statement {
  return db.insert(models).values(row);
}
