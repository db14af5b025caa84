import type { NewNumbers, TrackingNumber } from "../../shared/api/inventory.ts";
import type { Stage } from "./stage.ts";

/** A new, empty, shared pool of Larkspur's campaign. */
export async function freshPool(stage: Stage): Promise<string> {
  const json = { campaign_id: stage.own.campaign_id, name: "Fresh" };
  return (await stage.json<{ id: string }>("admin", "/pools", { json })).id;
}

/** A new number, in Larkspur's pool unless told. */
export async function freshNumber(
  stage: Stage,
  place: Record<string, unknown> = { pool_id: stage.own.pool_id },
): Promise<TrackingNumber> {
  const json = { telephony_account_id: stage.own.sandbox_account_id, e164: [stage.e164()], ...place };
  const { data } = await stage.json<NewNumbers>("admin", "/numbers", { json });
  return data[0]!;
}

/** 70 USD in, 45 USD out. */
export const TERMS = {
  revenue_micros: 70_000_000,
  payout_micros: 45_000_000,
  min_duration_s: 90,
  dedupe_window_s: 30 * 86_400,
  repeat_callers: "first_only",
};

/** A campaign as complete as it can be created. */
export const campaignBody = (s: Stage) => ({
  advertiser_id: s.own.advertiser_id,
  name: "Roof repair",
  timezone: "America/Los_Angeles",
  currency: "USD",
  destination_number: "+14155550177",
  terms: TERMS,
  overflow: "message",
  attribution_floor: 0.8,
  uncertain_payout: "split",
  bill_own_traffic: true,
  test_callers: ["+14155550111"],
});

export const freshCampaign = async (s: Stage): Promise<string> =>
  (await s.json<{ id: string }>("admin", "/campaigns", { json: campaignBody(s) })).id;
