import { eq } from "drizzle-orm";
import {
  type CallFilter,
  type CampaignRouting,
  type CampaignRoutingPatch,
  ROUTING_DEFAULTS,
} from "../../shared/api/routing.ts";
import { given } from "../../shared/given.ts";
import { err, ok, type Result } from "../../shared/result.ts";
import type { Viewer } from "../accounts/viewer.ts";
import type { Change, Ground } from "../platform/change.ts";
import type { Db } from "../platform/db.ts";
import type { Failure, Fault } from "../platform/problem.ts";
import { findCampaign } from "./store.ts";
import { campaignRouting } from "./target-tables.ts";

/** What was set for a campaign; the rest has its default. */
export async function routingSet(db: Db, campaign_id: string): Promise<CampaignRoutingPatch> {
  const [row] = await db
    .select({ settings: campaignRouting.settings })
    .from(campaignRouting)
    .where(eq(campaignRouting.campaign_id, campaign_id))
    .limit(1);
  return row?.settings ?? {};
}

export function routingView(settings: CampaignRoutingPatch): CampaignRouting {
  return { ...ROUTING_DEFAULTS, ...given(settings) };
}

/** Changes how a campaign's calls are routed; what is not given stays. A campaign that a call is sent on to must be there. */
export async function changeRouting(
  ground: Ground,
  viewer: Viewer,
  campaign_id: string,
  patch: CampaignRoutingPatch,
): Promise<Result<Change<CampaignRouting>, Failure>> {
  const { db, now } = ground;
  const faults = await namedFaults(ground, viewer, campaign_id, patch);
  if (faults.length > 0) return err({ kind: "invalid", faults });
  const settings = { ...(await routingSet(db, campaign_id)), ...given(patch) };
  const row = { campaign_id, network_id: viewer.network_id, settings, updated_at: now };
  return ok({
    result: routingView(settings),
    subject_id: campaign_id,
    statements: [
      db
        .insert(campaignRouting)
        .values(row)
        .onConflictDoUpdate({ target: campaignRouting.campaign_id, set: { settings, updated_at: now } }),
    ],
    detail: patch,
  });
}

async function namedFaults(
  { db, now }: Ground,
  viewer: Viewer,
  campaign_id: string,
  { filters = [], suspended }: CampaignRoutingPatch,
): Promise<Fault[]> {
  const named = filters.map((filter: CallFilter, i) => ({
    pointer: `/filters/${i}/treatment/campaign_id`,
    treatment: filter.treatment,
  }));
  if (suspended) named.push({ pointer: "/suspended/campaign_id", treatment: suspended });
  const faults: Fault[] = [];
  for (const { pointer, treatment } of named) {
    if (treatment.action !== "campaign") continue;
    const seen = await findCampaign(db, viewer, treatment.campaign_id, now);
    if (!seen || seen.campaign.retired_at !== null)
      faults.push({ pointer, detail: "there is no such campaign" });
    else if (treatment.campaign_id === campaign_id)
      faults.push({ pointer, detail: "is this campaign itself" });
  }
  return faults;
}
