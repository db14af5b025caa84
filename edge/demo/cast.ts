import type { Instant } from "../../shared/instant.ts";
import { MICROS_PER_UNIT } from "../../shared/money.ts";
import type { DemoClient } from "./client.ts";

/**
 * Who plays in the demo. All of it is invented, and labelled so on every page: one advertiser, three publishers,
 * the advertiser's own site and a number printed on vans. Numbers are from the 555-01xx range kept for fiction.
 */
export type Cast = {
  network_id: string;
  advertiser_id: string;
  campaign_id: string;
  account_id: string;
  publishers: { fernhill: string; bluegate: string; tallow: string };
  sites: { fernhill: string; bluegate: string; own: string };
  numbers: { tallow: string; printed: string };
};

/** The number that stands in the landing pages' HTML. */
export const PAGE_NUMBER = "+14155550132";
const DESTINATION = "+14155550199";
const TIME_ZONE = "America/Los_Angeles";
const DAY_S = 86_400;

const usd = (amount: number) => amount * MICROS_PER_UNIT;
const range = (prefix: string, from: number, count: number) =>
  Array.from({ length: count }, (_, i) => `${prefix}${String(from + i).padStart(2, "0")}`);

type Made = { id: string };

/** Makes the cast through the API, as a network's first day would. */
export async function makeCast(client: DemoClient, at: Instant): Promise<Cast> {
  const post = <T = Made>(path: string, json: unknown) => client.ask<T>(`/api/v1${path}`, { at, json });
  const me = await client.ask<{ network: Made }>("/api/v1/me", { at, method: "GET" });
  await client.ask("/api/v1/network", { at, method: "PATCH", json: { timezone: TIME_ZONE } });
  const advertiser = await post("/advertisers", { name: "Redwood Plumbing" });
  const fernhill = await post("/publishers", { name: "Fernhill Media" });
  const bluegate = await post("/publishers", { name: "Bluegate Leads" });
  const tallow = await post("/publishers", { name: "Tallow & Pine" });

  const account = await post("/telephony-accounts", {
    provider: "sandbox",
    name: "Sandbox line",
    account_sid: "SB-demo",
    auth_token: "the sandbox checks keys, not signatures",
  });
  const campaign = await post("/campaigns", {
    advertiser_id: advertiser.id,
    name: "Emergency plumbing",
    timezone: TIME_ZONE,
    currency: "USD",
    destination_number: DESTINATION,
    bill_own_traffic: false,
    test_callers: ["+14155550198"],
    terms: {
      revenue_micros: usd(70),
      payout_micros: usd(45),
      min_duration_s: 90,
      dedupe_window_s: 30 * DAY_S,
      repeat_callers: "first_only",
      hold_s: 5 * DAY_S,
    },
  });
  const enroll = (publisher_id: string, more = {}) =>
    post(`/campaigns/${campaign.id}/enrollments`, { publisher_id, status: "approved", ...more });
  await enroll(fernhill.id, { payout_micros: usd(48) });
  await enroll(bluegate.id);
  await enroll(tallow.id, { min_duration_s: 120 });

  const pool = (name: string, publisher_id?: string) =>
    post("/pools", { campaign_id: campaign.id, name, ...(publisher_id && { publisher_id }) });
  const ownPool = await pool("Fernhill, own", fernhill.id);
  const sharedPool = await pool("Website and partners, shared");

  const numbers = (e164: string[], where: object) =>
    post<{ data: Made[] }>("/numbers", { telephony_account_id: account.id, e164, ...where });
  await numbers(range("+162855501", 1, 8), { pool_id: ownPool.id });
  await numbers(range("+151055501", 1, 10), { pool_id: sharedPool.id });
  const statics = (e164: string, label: string, publisher_id?: string) =>
    numbers([e164], { campaign_id: campaign.id, label, ...(publisher_id && { publisher_id }) });
  await statics("+16285550190", "Fernhill fallback", fernhill.id);
  await statics("+15105550190", "Bluegate fallback", bluegate.id);
  await statics("+16505550160", "Radio spot", tallow.id);
  await statics("+14155550170", "Printed on the vans");

  const site = (pool_id: string, origins: string[], publisher_id?: string) =>
    post<Made & { key: string }>("/sites", {
      campaign_id: campaign.id,
      pool_id,
      origins,
      swap_numbers: [PAGE_NUMBER],
      ...(publisher_id && { publisher_id }),
    });
  const fernhillSite = await site(ownPool.id, [client.url, "https://plumber-now.example"], fernhill.id);
  const bluegateSite = await site(sharedPool.id, ["https://best-plumbers.example"], bluegate.id);
  const ownSite = await site(sharedPool.id, ["https://redwood-plumbing.example"]);

  return {
    network_id: me.network.id,
    advertiser_id: advertiser.id,
    campaign_id: campaign.id,
    account_id: account.id,
    publishers: { fernhill: fernhill.id, bluegate: bluegate.id, tallow: tallow.id },
    sites: { fernhill: fernhillSite.key, bluegate: bluegateSite.key, own: ownSite.key },
    numbers: { tallow: "+16505550160", printed: "+14155550170" },
  };
}
