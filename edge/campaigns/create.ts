import type { Campaign, CampaignInput } from "../../shared/api/campaigns.ts";
import type { Viewer } from "../accounts/viewer.ts";
import type { Change, Ground } from "../platform/change.ts";
import { termsOf } from "./model/terms.ts";
import type { CampaignRow, TermsRow } from "./store.ts";
import { campaigns, campaignTerms } from "./tables.ts";
import { campaignView } from "./view.ts";

/**
 * A new campaign, and the first version of its terms when they come along. That version may begin in the past:
 * no call was made under others.
 */
export function createCampaign(ground: Ground, viewer: Viewer, input: CampaignInput): Change<Campaign> {
  const { db, ids, now } = ground;
  const { terms: termsInput, overflow, ...given } = input;
  const campaign: CampaignRow = {
    ...given,
    id: ids.next("campaign"),
    network_id: viewer.network_id,
    overflow: overflow ?? null,
    paused_at: null,
    pause_reason: null,
    resume_at: null,
    created_at: now,
    updated_at: now,
    retired_at: null,
  };
  const terms: TermsRow | null = termsInput
    ? {
        id: ids.next("terms"),
        network_id: viewer.network_id,
        campaign_id: campaign.id,
        version: 1,
        effective_at: termsInput.effective_at ?? now,
        terms: termsOf(termsInput),
        created_at: now,
      }
    : null;
  const inForce = terms && terms.effective_at <= now ? terms : null;
  return {
    result: campaignView(viewer, { campaign, terms: inForce, enrollment: null }),
    subject_id: campaign.id,
    statements: [
      db.insert(campaigns).values(campaign),
      ...(terms ? [db.insert(campaignTerms).values(terms)] : []),
    ],
    detail: input,
  };
}
