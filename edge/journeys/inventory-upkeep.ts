import { auditRow } from "../accounts/store.ts";
import type { Viewer } from "../accounts/viewer.ts";
import { moveNumber } from "../inventory/assign.ts";
import { pausesOver, setNumberPause } from "../inventory/number-pause.ts";
import { findNumber } from "../inventory/numbers.ts";
import { poolsToAdvise, type SeenPool, setCooldown } from "../inventory/pools.ts";
import { type RestOver, restsOver, stay } from "../inventory/rests.ts";
import { advisedAfter, countSettledHours, noteAdvised } from "../leasing/health/store.ts";
import { type Statement, write } from "../platform/db.ts";
import { NOT_PAUSED } from "../platform/pause.ts";
import type { Services } from "../services.ts";
import { numbersChanged, poolChanged } from "./change-plans.ts";
import { advisedCooldown } from "./pool-health.ts";

/** What one run takes on; what is left the next one does. */
const RESTS_PER_RUN = 20;
const POOLS_PER_RUN = 20;

/** Whom the audit log names for what the clock does. */
function clockOf(network_id: string): Viewer {
  return {
    network_id,
    organization_id: network_id,
    kind: "network",
    role: "admin",
    actor_id: "upkeep",
    via: "api_key",
  };
}

/**
 * Counts the hours of a network's pools that are over, and lets the cool-downs that shall follow the load do so: at most
 * once an hour, since before that no hour is over, and some in each run. Answers how many cool-downs were changed.
 */
export async function measurePools(services: Services, network_id: string): Promise<number> {
  const { db } = services.network(network_id);
  const counted = await countSettledHours(db, network_id, services.clock.now());
  if (counted) await write(db, ...counted.statements);
  const after = await advisedAfter(db, network_id);
  if (after === null) return 0;
  const due = await poolsToAdvise(db, network_id, after, POOLS_PER_RUN);
  // Noted first: a pool that cannot be measured now is passed over, lest the ones after it wait for ever.
  const next = due.length < POOLS_PER_RUN ? null : (due.at(-1)?.pool.id ?? null);
  await write(db, noteAdvised(db, network_id, next));
  let changed = 0;
  for (const seen of due) {
    if (await followLoad(services, seen)) changed += 1;
  }
  return changed;
}

async function followLoad(services: Services, seen: SeenPool): Promise<boolean> {
  const { id, network_id, cooldown_s } = seen.pool;
  const advised_s = await advisedCooldown(services, seen);
  if (advised_s === null || advised_s === cooldown_s) return false;
  const { db } = services.network(network_id);
  const detail = { cooldown_s: advised_s, was_s: cooldown_s };
  await write(db, setCooldown(db, id, advised_s), audited(services, network_id, "pools.update", id, detail));
  await poolChanged(services, network_id, id);
  return true;
}

/**
 * Moves the numbers whose rest is over to where they were sent, and has pools show those again whose pause is over.
 * Answers how many rests ended.
 */
export async function endRests(services: Services, network_id: string): Promise<number> {
  await endPauses(services, network_id);
  const { db } = services.network(network_id);
  const over = await restsOver(db, network_id, services.clock.now(), RESTS_PER_RUN);
  for (const rest of over) await endRest(services, network_id, rest);
  return over.length;
}

async function endPauses(services: Services, network_id: string): Promise<void> {
  const { clock, ids } = services;
  const { db } = services.network(network_id);
  const viewer = clockOf(network_id);
  const now = clock.now();
  for (const id of await pausesOver(db, network_id, now, RESTS_PER_RUN)) {
    const seen = await findNumber(db, viewer, [], id);
    if (!seen) continue;
    const change = setNumberPause({ db, ids, now }, viewer, seen, NOT_PAUSED, {
      resumed: "its time had come",
    });
    const entry = audited(services, network_id, "numbers.resume", id, change.detail);
    await write(db, ...change.statements, entry);
    await numbersChanged(services, network_id, [id]);
  }
}

async function endRest(services: Services, network_id: string, over: RestOver): Promise<void> {
  const { clock, ids } = services;
  const { db } = services.network(network_id);
  const { seen, place } = over;
  const { id } = seen.number;
  const now = clock.now();
  if (place === null) {
    await write(db, ...stay(db, over), audited(services, network_id, "numbers.move", id, { rested: true }));
    return;
  }
  const move = moveNumber({ db, ids, now }, clockOf(network_id), seen, place, now);
  const entry = audited(services, network_id, "numbers.move", id, { ...move.detail, rested: true });
  await write(db, ...move.statements, entry);
  await numbersChanged(services, network_id, [id]);
}

function audited(
  services: Services,
  network_id: string,
  action: string,
  subject_id: string,
  detail: Record<string, unknown>,
): Statement {
  const { clock, ids, request_id } = services;
  const entry = { id: ids.next("audit"), at: clock.now(), action, subject_id, detail, request_id };
  return auditRow(services.network(network_id).db, clockOf(network_id), entry);
}
