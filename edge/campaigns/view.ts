import type { Campaign, Enrollment, TermsVersion } from "../../shared/api/campaigns.ts";
import { unreachable } from "../../shared/assert.ts";
import type { Viewer } from "../accounts/viewer.ts";
import { payoutSideTerms, revenueSideTerms } from "./model/terms.ts";
import type { EnrollmentState, EnrollmentVersionRow, SeenCampaign, TermsRow } from "./store.ts";

/** A version of the terms as this viewer may see it; `enrollment` is a publisher's own, in force. */
export function termsView(
  viewer: Viewer,
  row: TermsRow,
  enrollment: EnrollmentVersionRow | null,
): TermsVersion {
  const { id, campaign_id, version, created_at, effective_at } = row;
  const whole: TermsVersion = { ...row.terms, id, campaign_id, version, created_at, effective_at };
  switch (viewer.kind) {
    case "network":
      return whole;
    case "advertiser":
      return revenueSideTerms(whole);
    case "publisher":
      return payoutSideTerms(whole, enrollment?.payout_terms ?? {});
    default:
      return unreachable(viewer.kind);
  }
}

/** A campaign as this viewer may see it: what a side must not know is absent, not blank. */
export function campaignView(viewer: Viewer, { campaign, terms, enrollment }: SeenCampaign): Campaign {
  const { network_id: _, destination_number, overflow, uncertain_payout, ...rest } = campaign;
  const { bill_own_traffic, test_callers, updated_at: __, ...common } = rest;
  const shown = { ...common, terms: terms && termsView(viewer, terms, enrollment) };
  switch (viewer.kind) {
    case "network":
      return { ...shown, destination_number, overflow, uncertain_payout, bill_own_traffic, test_callers };
    case "advertiser":
      return { ...shown, destination_number, overflow, bill_own_traffic };
    case "publisher":
      return { ...shown, uncertain_payout };
    default:
      return unreachable(viewer.kind);
  }
}

export function enrollmentView({ enrollment, version }: EnrollmentState): Enrollment {
  return {
    id: enrollment.id,
    campaign_id: enrollment.campaign_id,
    publisher_id: enrollment.publisher_id,
    version: version.version,
    status: version.status,
    payout_terms: version.payout_terms,
    effective_at: version.effective_at,
    paused_at: enrollment.paused_at,
    pause_reason: enrollment.pause_reason,
    resume_at: enrollment.resume_at,
    created_at: enrollment.created_at,
  };
}
