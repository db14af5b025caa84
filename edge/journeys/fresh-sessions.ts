import type { Viewer } from "../accounts/viewer.ts";
import { campaignIdsOf } from "../campaigns/store.ts";
import { poolsBehind } from "../inventory/behind-sessions.ts";
import { poolSettings } from "../inventory/pools.ts";
import { flushPools, POOLS_FLUSHED_MAX } from "../leasing/freshen.ts";
import type { Services } from "../services.ts";

/**
 * Asks the viewer's pools for sessions that D1 does not have yet, before they are listed or counted; waits half a
 * second at most and never fails. Answers the campaigns whose pools these are, for an advertiser its own.
 */
export async function freshenSessions(services: Services, viewer: Viewer): Promise<{ campaigns: string[] }> {
  const { db } = services.network(viewer.network_id);
  const campaigns = await campaignIdsOf(db, viewer);
  const pools = await poolsBehind(db, viewer, campaigns, POOLS_FLUSHED_MAX);
  await flushPools((id) => services.pool(id), pools.map(poolSettings), services.clock.now());
  return { campaigns };
}
