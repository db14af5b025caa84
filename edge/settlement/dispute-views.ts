import type { Dispute } from "../../shared/api/disputes.ts";
import type { OrganizationKind } from "../../shared/api/organizations.ts";
import type { StoredDispute } from "./disputes.ts";

/** A dispute and what of its call stands beside it. */
export type DisputeFile = StoredDispute & {
  call: {
    started_at: number;
    campaign_id: string | null;
    advertiser_id: string | null;
    publisher_id: string | null;
  };
  /** Of the publisher it is about, or who earns by the call. */
  publisher_alias: string | null;
};

/** Who looks, and whether the network shows advertisers who a publisher is. */
export type DisputeSight = { kind: OrganizationKind; organization_id: string; sees_publishers: boolean };

/**
 * What each side sees of a dispute: what was said and decided alike, of the money its own. One function a role, each
 * building what it shows from nothing, as with calls.
 */
export function disputeView(file: DisputeFile, sight: DisputeSight): Dispute {
  switch (sight.kind) {
    case "network":
      return { ...commonPart(file), ...publisherPart(file), ...owedPart(file), ...earnedPart(file) };
    case "advertiser":
      return forAdvertiser(file, sight);
    case "publisher":
      return forPublisher(file, sight.organization_id);
  }
}

function forAdvertiser(file: DisputeFile, { organization_id, sees_publishers }: DisputeSight): Dispute {
  const shown = file.call.advertiser_id === organization_id ? file : withoutCall(file);
  return {
    ...commonPart(shown),
    ...(sees_publishers ? publisherPart(shown) : { publisher_alias: shown.publisher_alias }),
    ...owedPart(shown),
  };
}

/** Of a call that proved to be another advertiser's, who brought it and to which campaign is that one's business. */
function withoutCall({ call, ...file }: DisputeFile): DisputeFile {
  return { ...file, publisher_alias: null, call: { ...call, campaign_id: null, publisher_id: null } };
}

function forPublisher(file: DisputeFile, publisher_id: string): Dispute {
  const { dispute, decision, call } = file;
  const is_named = dispute.publisher_id === publisher_id;
  // Of a payout that is shared the whole is not its own to know.
  const is_whole = is_named || (dispute.publisher_id === null && call.publisher_id === publisher_id);
  const debit = decision?.publisher_debit_micros ?? null;
  return {
    ...commonPart(file),
    ...(is_whole && { ...publisherPart(file), publisher_debit_micros: debit }),
    ...(is_named && { payout_micros: dispute.payout_micros }),
  };
}

function commonPart({ dispute, decision, call }: DisputeFile) {
  const { id, call_id, advertiser_id, side, claim, opened_by, opened_at, reason, detail, currency } = dispute;
  return {
    id,
    call_id,
    call_started_at: call.started_at,
    campaign_id: call.campaign_id,
    advertiser_id,
    side,
    claim,
    status: decision?.decision ?? ("open" as const),
    opened_by,
    opened_at,
    reason,
    detail,
    currency,
    decided_at: decision?.decided_at ?? null,
    note: decision?.note ?? null,
  };
}

function publisherPart({ dispute, call, publisher_alias }: DisputeFile) {
  return { publisher_id: dispute.publisher_id ?? call.publisher_id, publisher_alias };
}

function owedPart({ dispute, decision }: DisputeFile) {
  return {
    revenue_micros: dispute.revenue_micros,
    advertiser_credit_micros: decision?.advertiser_credit_micros ?? null,
  };
}

function earnedPart({ dispute, decision }: DisputeFile) {
  return {
    payout_micros: dispute.payout_micros,
    publisher_debit_micros: decision?.publisher_debit_micros ?? null,
  };
}
