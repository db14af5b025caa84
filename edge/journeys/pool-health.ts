import type { PoolHealth } from "../../shared/api/pool-health.ts";
import { DAY_MS, HOUR_MS } from "../../shared/instant.ts";
import type { Viewer } from "../accounts/viewer.ts";
import { joinedCalls } from "../calls/of-pool.ts";
import { numberIdsOfPool, numberKeysOfPool } from "../inventory/numbers.ts";
import { findPool, poolSettings, type SeenPool } from "../inventory/pools.ts";
import { flushPools } from "../leasing/freshen.ts";
import { arrivalsSince, hoursOfPool } from "../leasing/health/store.ts";
import { alertsOf, measuresOf } from "../leasing/model/pool-measures.ts";
import { blockedByReason } from "../leasing/store.ts";
import { errorFields } from "../platform/log.ts";
import { honeypotCalls } from "../reporting/honeypot-calls.ts";
import { strayCalls } from "../reporting/stray-calls.ts";
import type { Services } from "../services.ts";

/** A week has every hour that a campaign knows; what is older says little about the next one. */
const MEASURED_MS = 7 * DAY_MS;
/** Calls are rarer than visits. */
const CALLS_MEASURED_MS = 28 * DAY_MS;

/** Who holds which number of a pool now, as its object knows, and how many are free. */
export async function poolNow(services: Services, { pool }: SeenPool): Promise<PoolHealth> {
  const now = services.clock.now();
  const [states, ids] = await Promise.all([
    services.pool(pool.id).occupancy({ now, pool: poolSettings(pool) }),
    numberIdsOfPool(services.network(pool.network_id).db, pool.id),
  ]);
  const counted = (state: string) => states.filter((number) => number.state === state).length;
  const health = {
    as_of: now,
    numbers: states.length,
    free: counted("free"),
    leased: counted("leased"),
    cooling: counted("cooling"),
    states: states.flatMap(({ number_key, ...state }) => {
      const number_id = ids.get(number_key);
      // A number that was just moved away is no number of this pool any more.
      return number_id === undefined ? [] : [{ number_id, ...state }];
    }),
  };
  return { ...health, alerts: alertsOf(health, null, 0) };
}

/**
 * How a pool stands and what it bears: arrivals, holds, offered load and blocking of the last seven days, the risk in
 * its joins of the last 28, and what follows. Reads the pool's own hours, sessions of the last few, and its calls.
 */
export async function poolHealth(services: Services, viewer: Viewer, seen: SeenPool): Promise<PoolHealth> {
  const { measured, now, unexplained } = await measurePool(services, seen);
  if (viewer.kind !== "network") {
    measured.next_number = { visitors_a_month: measured.next_number.visitors_a_month };
    // A publisher may be the one who scrapes.
    delete measured.honeypot;
  }
  return { ...now, alerts: alertsOf(now, measured, unexplained), measured };
}

/** A pool now and over its last days; what only a network may see included. */
export async function measurePool(services: Services, seen: SeenPool) {
  const { pool } = seen;
  const { network_id, id: pool_id, cooldown_s, number_rent_micros } = pool;
  const { db } = services.network(network_id);
  const now = await poolNow(services, seen);
  const at = now.as_of;
  const from = Math.max(at - MEASURED_MS, pool.created_at);
  const first_hour_at = from - (from % HOUR_MS);
  await flushPools((id) => services.pool(id), [poolSettings(pool)], at);
  const number_keys = await numberKeysOfPool(db, pool_id, first_hour_at - DAY_MS);
  const ask = { network_id, pool_id, number_keys, now: at };
  const calls_from = at - CALLS_MEASURED_MS;
  const [hours, arrivals_last_hour, joined, strays, blocked, honeypot] = await Promise.all([
    hoursOfPool(db, { ...ask, from: first_hour_at }),
    arrivalsSince(db, { ...ask, from: at - HOUR_MS }),
    joinedCalls(db, { network_id, pool_id, from: calls_from, to: at + 1 }),
    strayCalls(db, { network_id, pool_id, from: calls_from }),
    blockedByReason(db, { network_id, pool_id, from: first_hour_at }),
    honeypotCalls(db, { network_id, campaign_id: pool.campaign_id, pool_id, from: calls_from }),
  ]);
  const measured = measuresOf({
    from,
    now: at,
    numbers: now.numbers,
    cooldown_s,
    number_rent_micros,
    hours,
    arrivals_last_hour,
    joined,
    calls_to_free_numbers: strays.reduce((total, { calls }) => total + calls, 0),
    blocked,
    honeypot,
  });
  return { now, measured, unexplained: Math.max(0, ...strays.map((stray) => stray.unexplained)) };
}

/** The cool-down that a pool's measured load advises; null while too few visitors came to say. */
export async function advisedCooldown(services: Services, seen: SeenPool): Promise<number | null> {
  return (await measurePool(services, seen)).measured.cooldown.advised_s;
}

/** Lets a pool's objects know how many they are, so that a call asks all of them: a visitor may not have come to the first. */
export async function poolTold(services: Services, viewer: Viewer, pool_id: string): Promise<void> {
  const seen = await findPool(services.network(viewer.network_id).db, viewer, pool_id);
  if (!seen || seen.pool.objects_ever === 1) return;
  try {
    await services.pool(pool_id).occupancy({ now: services.clock.now(), pool: poolSettings(seen.pool) });
  } catch (error) {
    services.log.error("pool not told of its change", errorFields(error));
  }
}
