import type { World as Served } from "../../support/world.ts";
import { areaCodesOf } from "./regions.ts";

/** A network with one shared pool, and a site for each publisher: what a simulated town visits. */
export type Shop = {
  account_id: string;
  pool_id: string;
  numbers: string[];
  publishers: { id: string; site_key: string; origin: string }[];
};

export const PAYOUT_MICROS = 45_000_000;
const NUMBERS_AT_ONCE = 1_000;

/** Set up through the API, as a network would. */
export async function openShop(served: Served, publishers: number, numbers: number): Promise<Shop> {
  const post = <T = { id: string }>(path: string, json: unknown) =>
    served.json<T>(`/api/v1${path}`, { json });
  const advertiser = await post("/advertisers", { name: "Redwood Plumbing" });
  const account = await post("/telephony-accounts", {
    provider: "sandbox",
    name: "Sandbox",
    account_sid: "SB1",
    auth_token: "sandbox-needs-no-signature",
  });
  const campaign = await post("/campaigns", {
    advertiser_id: advertiser.id,
    name: "Emergency plumbing",
    timezone: "UTC",
    currency: "USD",
    destination_number: "+14155550199",
    terms: {
      revenue_micros: 70_000_000,
      payout_micros: PAYOUT_MICROS,
      min_duration_s: 30,
      dedupe_window_s: 0,
      repeat_callers: "all",
    },
  });
  const pool = await post("/pools", {
    campaign_id: campaign.id,
    name: "Shared",
    cooldown_s: 900,
    cooldown_mode: "fixed",
  });
  const e164 = Array.from({ length: numbers }, (_, i) => `+1628${String(2_000_000 + i).padStart(7, "0")}`);
  for (let from = 0; from < e164.length; from += NUMBERS_AT_ONCE) {
    const some = e164.slice(from, from + NUMBERS_AT_ONCE);
    await post("/numbers", { telephony_account_id: account.id, e164: some, pool_id: pool.id });
  }
  const shop: Shop = { account_id: account.id, pool_id: pool.id, numbers: e164, publishers: [] };
  for (let i = 0; i < publishers; i++) {
    const publisher = await post("/publishers", { name: `Publisher ${i}` });
    await post(`/campaigns/${campaign.id}/enrollments`, { publisher_id: publisher.id, status: "approved" });
    const origin = `https://publisher-${i}.example`;
    const site = await post<{ key: string }>("/sites", {
      campaign_id: campaign.id,
      pool_id: pool.id,
      publisher_id: publisher.id,
      origins: [origin],
      swap_numbers: ["+14155550132"],
    });
    shop.publishers.push({ id: publisher.id, site_key: site.key, origin });
  }
  return shop;
}

/** The number of a simulated phone: its area code is of its region, the rest is its own. */
export function phoneNumber(phone: number, region: number): string {
  const codes = areaCodesOf(region);
  const code = codes[phone % codes.length] ?? "212";
  return `+1${code}${String(2_000_000 + phone).padStart(7, "0")}`;
}
