import type { World } from "./world.ts";

/** What a test needs before a phone can ring, by the ids and keys it will use. */
export type Inventory = {
  advertiser_id: string;
  publisher_id: string;
  campaign_id: string;
  destination_number: string;
  sandbox_account_id: string;
  pool_id: string;
  pool_numbers: string[];
  site_id: string;
  site_key: string;
};

export type Stock = {
  origins?: string[];
  swap_numbers?: string[];
  /** How many numbers the publisher's own pool has. */
  numbers?: number;
  terms?: Record<string, unknown>;
  campaign?: Record<string, unknown>;
  pool?: Record<string, unknown>;
  /** False: a pool and a site of the network's own traffic. */
  own_pool?: boolean;
  /** The numbers' first characters, eight or fewer, so that several stocks fit into one world. */
  prefix?: string;
};

/** The API takes so many in one request. */
const NUMBERS_AT_ONCE = 1_000;
/** Of a number of the United States, its `+` included. */
const E164_LENGTH = 12;
export const DESTINATION = "+14155550199";
export const PAGE_ORIGIN = "https://plumber.example";
export const SWAP_NUMBER = "+14155550132";

/**
 * Makes, through the API, one advertiser and publisher, a campaign (70 USD in, 45 USD out, 90 s, 30 days of
 * dedupe), a sandbox account, a pool with numbers and a site.
 */
export async function stockUp(world: World, stock: Stock = {}): Promise<Inventory> {
  const post = <T = { id: string }>(path: string, json: unknown) => world.json<T>(`/api/v1${path}`, { json });
  const advertiser = await post("/advertisers", { name: "Redwood Plumbing" });
  const publisher = await post("/publishers", { name: "Fernhill Media" });
  const account = await post("/telephony-accounts", {
    provider: "sandbox",
    name: "Sandbox",
    account_sid: "SB1",
    auth_token: "sandbox-needs-no-signature",
  });
  const campaign = await post("/campaigns", {
    advertiser_id: advertiser.id,
    name: "Emergency plumbing",
    timezone: "America/Los_Angeles",
    currency: "USD",
    destination_number: DESTINATION,
    terms: {
      revenue_micros: 70_000_000,
      payout_micros: 45_000_000,
      min_duration_s: 90,
      dedupe_window_s: 30 * 86_400,
      repeat_callers: "first_only",
      ...stock.terms,
    },
    ...stock.campaign,
  });
  await post(`/campaigns/${campaign.id}/enrollments`, { publisher_id: publisher.id, status: "approved" });
  const own = stock.own_pool !== false;
  const owner = own ? { publisher_id: publisher.id } : {};
  const pool = await post("/pools", { campaign_id: campaign.id, name: "Pool", ...owner, ...stock.pool });
  const prefix = stock.prefix ?? "+1628555";
  const pool_numbers = Array.from(
    { length: stock.numbers ?? 5 },
    (_, i) => prefix + String(i).padStart(E164_LENGTH - prefix.length, "0"),
  );
  for (let from = 0; from < pool_numbers.length; from += NUMBERS_AT_ONCE) {
    const e164 = pool_numbers.slice(from, from + NUMBERS_AT_ONCE);
    await post("/numbers", { telephony_account_id: account.id, e164, pool_id: pool.id });
  }
  const site = await post<{ id: string; key: string }>("/sites", {
    campaign_id: campaign.id,
    pool_id: pool.id,
    origins: stock.origins ?? [PAGE_ORIGIN],
    swap_numbers: stock.swap_numbers ?? [SWAP_NUMBER],
    ...owner,
  });
  return {
    advertiser_id: advertiser.id,
    publisher_id: publisher.id,
    campaign_id: campaign.id,
    destination_number: DESTINATION,
    sandbox_account_id: account.id,
    pool_id: pool.id,
    pool_numbers,
    site_id: site.id,
    site_key: site.key,
  };
}
