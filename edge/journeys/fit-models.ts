import { DAY_MS, HOUR_MS, type Instant } from "../../shared/instant.ts";
import { nameModel } from "../attribution/fit/model-name.ts";
import type { Snapshot } from "../attribution/model/candidate.ts";
import { fitModel } from "../attribution/model/fit/fit.ts";
import { type ObservedCall, observe } from "../attribution/model/fit/observed.ts";
import { CAREFUL_UNTIL_CALLS, type Parameters, START } from "../attribution/model/parameters.ts";
import { addModel, latestFits, readModel } from "../attribution/model-store.ts";
import { type LessonsOf, latestStarts, selectLessons } from "../calls/lessons.ts";
import { numberKeysOfPool } from "../inventory/numbers.ts";
import type { PoolRow } from "../inventory/pools.ts";
import { poolsInUse } from "../inventory/pools-in-use.ts";
import { leaseSpans } from "../leasing/lessons.ts";
import { type Db, isConflict, write } from "../platform/db.ts";
import { errorFields } from "../platform/log.ts";
import type { Services } from "../services.ts";

/** The night's fits begin at this hour of the UTC day, and are not begun later than two hours after. */
const NIGHT_AT_MS = 3 * HOUR_MS;
const NIGHT_MS = 2 * HOUR_MS;
/** One run of upkeep fits one pool of a network: seconds of computing. */
const POOLS_PER_RUN = 1;
/** More calls teach hardly more, and their snapshots have to fit into memory, a page at a time. */
const CALLS_MAX = 2_000;
const CALLS_PER_PAGE = 50;
/** Of more leases every second is looked at, or every fourth, and so on. */
const LEASES_MAX = 100_000;
/** Habits change: what is older is not learned from. */
const LEARNED_MS = 90 * DAY_MS;
/** A lease before the window may still call within it. */
const LATE_MS = 30 * DAY_MS;
/** A sister pool's rates are a better start than the shipped ones once it has this many calls. */
const SISTER_CALLS = 1_000;

type Fits = Awaited<ReturnType<typeof latestFits>>;

/** How many models were fitted, and the pools whose could not be. */
export type Fitted = { fitted: number; failed: string[] };

/**
 * Fits the model of a network's pools once a night, each from the facts up to three o'clock UTC: the same facts give
 * the same version. What one run leaves the next minute's does. A pool with fewer than 50 calls, or without a new one,
 * keeps what it has; so does one whose fit fails, which is tried again by the next run and keeps no other from its own.
 */
export async function fitModels(services: Services, network_id: string): Promise<Fitted> {
  const now = services.clock.now();
  const night = Math.floor((now - NIGHT_AT_MS) / DAY_MS) * DAY_MS + NIGHT_AT_MS;
  const done: Fitted = { fitted: 0, failed: [] };
  if (now - night >= NIGHT_MS) return done;
  const { db } = services.network(network_id);
  const [pools, fits] = await Promise.all([poolsInUse(db, network_id), latestFits(db, network_id)]);
  for (const pool of pools) {
    if (done.fitted >= POOLS_PER_RUN) break;
    try {
      if (await fitPool(db, pool, { night, now, fits, pools })) done.fitted += 1;
    } catch (error) {
      done.failed.push(pool.id);
      services.log.error("model not fitted", { pool_id: pool.id, ...errorFields(error) });
    }
  }
  return done;
}

type Night = { night: Instant; now: Instant; fits: Fits; pools: readonly PoolRow[] };

async function fitPool(db: Db, pool: PoolRow, { night, now, fits, pools }: Night): Promise<boolean> {
  const { network_id, id: pool_id } = pool;
  const last = fits.find((fit) => fit.pool_id === pool_id);
  if (last && last.to_at >= night) return false;
  const of = { network_id, pool_id, from: Math.max(pool.created_at, night - LEARNED_MS), to: night };
  const starts = await latestStarts(db, of, CAREFUL_UNTIL_CALLS);
  const newest = starts[0] ?? 0;
  if (starts.length < CAREFUL_UNTIL_CALLS || (last && newest < last.to_at)) return false;

  const calls = await observedCalls(db, of);
  const oldest = calls[0];
  if (!oldest) return false;
  // Exposure must cover what the calls cover: no more when the oldest calls were left out.
  const from = calls.length < CALLS_MAX ? of.from : oldest.ring.at;
  const [{ leases, each }, number_keys, start] = await Promise.all([
    leaseSpans(db, { ...of, from: from - LATE_MS }, LEASES_MAX),
    numberKeysOfPool(db, pool_id, from),
    startFor(db, pool, fits, pools, calls.length),
  ]);
  const renew_after_s = Math.floor(pool.lease_ttl_s / 2);
  const observed = { start, from, to: night, renew_after_s, number_keys, leases, leases_each: each, calls };
  const fitted = fitModel(observed);
  const basis = { network_id, pool_id, from, to: night, calls: calls.length, start_version: start.version };
  try {
    await write(db, addModel(db, await nameModel(basis, fitted, now)));
  } catch (error) {
    // Another run fitted the same night: the same facts, the same model.
    if (!isConflict(error)) throw error;
  }
  return true;
}

/** The latest calls of the window, in the order in which they began. */
async function observedCalls(db: Db, of: LessonsOf): Promise<ObservedCall[]> {
  const calls: ObservedCall[] = [];
  for (let offset = 0; offset < CALLS_MAX; offset += CALLS_PER_PAGE) {
    const rows = await selectLessons(db, of, { limit: CALLS_PER_PAGE, offset });
    // A snapshot's column is JSON that only `askCandidates` writes.
    for (const { snapshot, caller } of rows) calls.push(observe(snapshot as Snapshot, caller));
    if (rows.length < CALLS_PER_PAGE) break;
  }
  return calls.reverse();
}

/** What the rates are shrunk towards: a sister pool's of the same campaign that knows much more, else the shipped ones. */
async function startFor(
  db: Db,
  pool: PoolRow,
  fits: Fits,
  pools: readonly PoolRow[],
  calls: number,
): Promise<Parameters> {
  if (calls >= SISTER_CALLS) return START;
  const sisters = new Set(
    pools.filter((one) => one.campaign_id === pool.campaign_id && one.id !== pool.id).map(({ id }) => id),
  );
  const sister = fits.find((fit) => sisters.has(fit.pool_id) && fit.calls >= SISTER_CALLS);
  const parameters = sister ? await readModel(db, pool.network_id, sister.version) : null;
  // Its numbers and their strays are its own.
  return parameters ? { ...parameters, stray: null } : START;
}
