import type { Context } from "hono";
import type { Used } from "../../../shared/api/routing.ts";
import { zonesOfCampaigns } from "../../campaigns/targets.ts";
import { usedAt } from "../../routing/model/usage.ts";
import { usageOfCampaigns } from "../../routing/slots-store.ts";
import { groundOf } from "./commit.ts";
import type { HttpEnv } from "./context.ts";

type Counted = { id: string; campaign_id: string };

/** How much each of these targets or groups has used of its caps now, by the clock of its campaign. */
export async function usedNow(
  c: Context<HttpEnv>,
  rows: readonly Counted[],
): Promise<(row: Counted) => Used> {
  const { db, now } = groundOf(c);
  const campaign_ids = rows.map(({ campaign_id }) => campaign_id);
  const [usage, zones] = await Promise.all([
    usageOfCampaigns(db, campaign_ids),
    zonesOfCampaigns(db, campaign_ids),
  ]);
  return ({ id, campaign_id }) => usedAt(usage, id, zones.get(campaign_id) ?? "UTC", now);
}

/** The same of one of them. */
export async function usedBy(c: Context<HttpEnv>, row: Counted): Promise<Used> {
  return (await usedNow(c, [row]))(row);
}
