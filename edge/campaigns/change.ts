import { eq } from "drizzle-orm";
import type { Campaign, CampaignPatch } from "../../shared/api/campaigns.ts";
import type { ResumeInput } from "../../shared/api/common.ts";
import { given } from "../../shared/given.ts";
import type { Instant } from "../../shared/instant.ts";
import { err, ok, type Result } from "../../shared/result.ts";
import type { Viewer } from "../accounts/viewer.ts";
import type { Change, Ground } from "../platform/change.ts";
import { pauseFrom, resumeFrom } from "../platform/pause.ts";
import type { Failure } from "../platform/problem.ts";
import type { CampaignRow, SeenCampaign } from "./store.ts";
import { campaigns } from "./tables.ts";
import { campaignView } from "./view.ts";

/** Any change of a campaign's own row; what is not given stays. A retired campaign is changed no more. */
function changed(
  ground: Ground,
  viewer: Viewer,
  seen: SeenCampaign,
  next: Partial<CampaignRow>,
  detail: Record<string, unknown>,
): Result<Change<Campaign>, Failure> {
  const { campaign } = seen;
  if (campaign.retired_at !== null) return err({ kind: "conflict", detail: "This campaign is retired." });
  const values = { ...next, updated_at: ground.now };
  return ok({
    result: campaignView(viewer, { ...seen, campaign: { ...campaign, ...values } }),
    subject_id: campaign.id,
    statements: [ground.db.update(campaigns).set(values).where(eq(campaigns.id, campaign.id))],
    detail,
  });
}

export function changeCampaign(ground: Ground, viewer: Viewer, seen: SeenCampaign, patch: CampaignPatch) {
  return changed(ground, viewer, seen, given(patch), patch);
}

/** From now on no call is sent to the campaign, until it is resumed or `resume_at` has come. */
export function pauseCampaign(
  ground: Ground,
  viewer: Viewer,
  seen: SeenCampaign,
  pause: { reason: string; resume_at?: Instant | undefined },
): Result<Change<Campaign>, Failure> {
  const next = pauseFrom(ground.now, pause);
  return next.ok ? changed(ground, viewer, seen, next.value, pause) : next;
}

export function resumeCampaign(
  ground: Ground,
  viewer: Viewer,
  seen: SeenCampaign,
  detail: ResumeInput,
): Result<Change<Campaign>, Failure> {
  const next = resumeFrom(ground.now, seen.campaign, detail);
  return next.ok ? changed(ground, viewer, seen, next.value, detail) : next;
}

/** Takes a campaign out of use. Retiring it again changes nothing. */
export function retireCampaign(ground: Ground, { campaign }: SeenCampaign): Change<null> {
  const retired_at = campaign.retired_at ?? ground.now;
  const retired = ground.db.update(campaigns).set({ retired_at }).where(eq(campaigns.id, campaign.id));
  return { result: null, subject_id: campaign.id, statements: [retired], detail: {} };
}
