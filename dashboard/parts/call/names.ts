import type { Call } from "../../../shared/api/calls.ts";

/** Ids to the words people use for them. An unknown id answers null and the page falls back to the id. */
export type Names = {
  organization(id: string): string | null;
  campaign(id: string): string | null;
  site(id: string): string | null;
  /** The campaign's zone, in which its money and times are told; else the network's. */
  zoneOf(campaign_id: string | null): string;
  /** How long these terms hold a side's money, in seconds; null when that version is not the one in force now. */
  hold_s(campaign_id: string, terms_version: number, side: "revenue" | "payout"): number | null;
};

export function organizationName(id: string, names: Names): string {
  return names.organization(id) ?? id;
}

export function advertiserName(call: Call, names: Names): string {
  return call.advertiser_id === null ? "The advertiser" : organizationName(call.advertiser_id, names);
}

/** The publisher the call is booked to: its name, its alias ("P-1042"), or null when nobody is proven. */
export function publisherName(call: Call, names: Names): string | null {
  if (call.publisher_id) return organizationName(call.publisher_id, names);
  return call.publisher_alias ?? null;
}

export function campaignName(call: Call, names: Names): string | null {
  return call.campaign_id === null ? null : (names.campaign(call.campaign_id) ?? call.campaign_id);
}
