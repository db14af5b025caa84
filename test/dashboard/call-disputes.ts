import type { Call } from "../../shared/api/calls.ts";
import type { Dispute } from "../../shared/api/disputes.ts";
import type { OrganizationKind } from "../../shared/api/organizations.ts";
import { HOUR_MS } from "../../shared/instant.ts";

/** What is disputed of the invented calls: a held one still is, one that was reversed was decided for its advertiser. */
export function disputesOf(call: Call, kind: OrganizationKind): Dispute[] {
  const status = call.revenue?.status;
  if (status !== "held" && status !== "reversed") return [];
  const decided = status === "reversed";
  return [
    {
      id: `dsp_${call.id.slice(4)}`,
      call_id: call.id,
      call_started_at: call.started_at,
      campaign_id: call.campaign_id,
      advertiser_id: "org_advertiser",
      side: "revenue",
      claim: "reverse",
      status: decided ? "accepted" : "open",
      opened_by: "advertiser",
      opened_at: call.started_at + HOUR_MS,
      reason: "wrong_number",
      detail: "The caller wanted a locksmith and hung up when told.",
      currency: "USD",
      decided_at: decided ? call.started_at + 2 * HOUR_MS : null,
      note: decided ? "We listened to it: they did." : null,
      ...(kind !== "publisher" && {
        revenue_micros: 70_000_000,
        advertiser_credit_micros: decided ? 70_000_000 : null,
      }),
      ...(kind !== "advertiser" && { publisher_debit_micros: decided ? 45_000_000 : null }),
    },
  ];
}
