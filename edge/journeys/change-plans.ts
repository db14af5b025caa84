import { keysOfNumbers, numberIdsOfPool } from "../inventory/numbers.ts";
import type { Db } from "../platform/db.ts";
import { errorFields } from "../platform/log.ts";
import {
  writeAccount,
  writePlanOfEnrollment,
  writePlansOfCampaign,
  writePlansOfNumbers,
} from "../routing/plan-store.ts";
import type { Services } from "../services.ts";

/**
 * Something that a ringing phone depends on was changed: its copies, from which calls are answered while D1 is
 * silent, are rewritten before the change is answered. The change itself is committed by then, so a failure here
 * is logged and left to upkeep, which compares the copies with the database.
 */
async function rewrite(services: Services, network_id: string, work: (db: Db) => Promise<void>) {
  try {
    await work(services.network(network_id).db);
  } catch (error) {
    services.log.error("plans not rewritten", errorFields(error));
  }
}

export function accountChanged(services: Services, network_id: string, account_id: string): Promise<void> {
  return rewrite(services, network_id, (db) => writeAccount(db, services.plans, account_id));
}

/** A campaign was changed, or what belongs to it: its targets, their groups, its terms, its routing. */
export function campaignChanged(services: Services, network_id: string, campaign_id: string): Promise<void> {
  return rewrite(services, network_id, (db) =>
    writePlansOfCampaign(db, services.plans, network_id, campaign_id),
  );
}

/** A publisher's enrollment has a new version, was paused or resumed. */
export function enrollmentChanged(
  services: Services,
  network_id: string,
  { campaign_id, publisher_id }: { campaign_id: string; publisher_id: string },
): Promise<void> {
  return rewrite(services, network_id, (db) =>
    writePlanOfEnrollment(db, services.plans, campaign_id, publisher_id),
  );
}

/** Numbers were added, moved, relabelled or retired. */
export function numbersChanged(
  services: Services,
  network_id: string,
  number_ids: readonly string[],
): Promise<void> {
  return rewrite(services, network_id, async (db) =>
    writePlansOfNumbers(db, services.plans, await keysOfNumbers(db, number_ids)),
  );
}

/** A pool's settings were changed, which its numbers' plans carry. */
export function poolChanged(services: Services, network_id: string, pool_id: string): Promise<void> {
  return rewrite(services, network_id, async (db) =>
    writePlansOfNumbers(db, services.plans, [...(await numberIdsOfPool(db, pool_id)).keys()]),
  );
}
