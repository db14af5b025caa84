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
  /** The paths of Tallow's tracking links to the advertiser's own site, which belongs to no publisher. */
  links: { newsletter: string; neighbours: string };
  numbers: { tallow: string; printed: string };
};

/** The number that stands in the landing pages' HTML. */
export const PAGE_NUMBER = "+14155550132";
const DESTINATION = "+14155550199";
export const OWN_SITE = "https://redwood-plumbing.example";
const TIME_ZONE = "America/Los_Angeles";
const DAY_S = 86_400;

const usd = (amount: number) => amount * MICROS_PER_UNIT;
const range = (prefix: string, from: number, count: number) =>
  Array.from({ length: count }, (_, i) => `${prefix}${String(from + i).padStart(2, "0")}`);

/** Fernhill's pages: the one that the month's visitors saw, and the demo page, wherever the product is served now. */
const fernhillOrigins = (client: DemoClient) => ["https://plumber-now.example", client.url];

/** Who answers: two desks share the day's calls, one of them with business hours and a lunch break; the plumber on call is next. */
const TARGETS = [
  { name: "Front desk", number: DESTINATION, weight: 2, concurrency_cap: 5 },
  {
    name: "Dispatch, Oakland",
    number: "+15105550195",
    hours: {
      timezone: TIME_ZONE,
      windows: [{ days: ["mon", "tue", "wed", "thu", "fri", "sat"], from: "07:00", to: "20:00" }],
      breaks: [{ days: ["mon", "tue", "wed", "thu", "fri"], from: "12:00", to: "12:30" }],
    },
    daily_cap: 40,
  },
  { name: "Plumber on call", number: "+14155550194", priority: 2, timeout_s: 25 },
];

/** What callers hear: put through at any hour, with a word at night, and a message where nobody answers. */
const CALL_FLOW = {
  greeting: { say: "Redwood Plumbing, good day." },
  menu: {
    start: "hours",
    nodes: [
      {
        kind: "condition",
        id: "hours",
        tests: [
          {
            kind: "hours",
            hours: {
              timezone: TIME_ZONE,
              windows: [{ days: ["mon", "tue", "wed", "thu", "fri", "sat"], from: "07:00", to: "20:00" }],
            },
          },
        ],
        met: "desk",
        otherwise: "night",
      },
      { kind: "connect", id: "desk", otherwise: "message" },
      {
        kind: "say",
        id: "night",
        prompt: { say: "You are put through to our plumber on call." },
        to: "on_call",
      },
      { kind: "connect", id: "on_call", otherwise: "message" },
      {
        kind: "voicemail",
        id: "message",
        prompt: { say: "Please leave your name and number after the tone." },
      },
    ],
  },
  whisper: { say: "A call for Emergency plumbing." },
};

type Made = { id: string };

type Post = <T = Made>(path: string, json: unknown) => Promise<T>;

/** Makes the cast through the API, as a network's first day would. */
export async function makeCast(client: DemoClient, at: Instant): Promise<Cast> {
  const post: Post = (path, json) => client.ask(`/api/v1${path}`, { at, json });
  const me = await client.ask<{ network: Made }>("/api/v1/me", { at, method: "GET" });
  await client.ask("/api/v1/network", { at, method: "PATCH", json: { timezone: TIME_ZONE } });
  const advertiser_id = (await post("/advertisers", { name: "Redwood Plumbing" })).id;
  const publishers = {
    fernhill: (await post("/publishers", { name: "Fernhill Media" })).id,
    bluegate: (await post("/publishers", { name: "Bluegate Leads" })).id,
    tallow: (await post("/publishers", { name: "Tallow & Pine" })).id,
  };
  const campaign_id = await makeCampaign(post, advertiser_id, publishers);
  const account = await post("/telephony-accounts", {
    provider: "sandbox",
    name: "Sandbox line",
    account_sid: "SB-demo",
    auth_token: "the sandbox checks keys, not signatures",
  });
  const pools = await makeNumbers(post, campaign_id, account.id, publishers);

  const site = async (pool_id: string, origins: string[], publisher_id?: string) => {
    const owner = publisher_id ? { publisher_id } : {};
    const made = await post<{ key: string }>("/sites", {
      campaign_id,
      pool_id,
      origins,
      swap_numbers: [PAGE_NUMBER],
      ...owner,
    });
    return made.key;
  };
  const sites = {
    fernhill: await site(pools.own, fernhillOrigins(client), publishers.fernhill),
    bluegate: await site(pools.shared, ["https://best-plumbers.example"], publishers.bluegate),
    own: await site(pools.shared, [OWN_SITE]),
  };
  const link = async (sub1: string) => {
    const landing_url = `${OWN_SITE}/prices?utm_source=${sub1}&utm_medium=email`;
    const publisher_id = publishers.tallow;
    const made = await post<{ key: string }>("/tracking-links", {
      campaign_id,
      publisher_id,
      landing_url,
      sub1,
    });
    return `/c/${made.key}`;
  };
  const links = { newsletter: await link("newsletter"), neighbours: await link("neighbours") };
  const numbers = { tallow: "+16505550160", printed: "+14155550170" };
  return {
    network_id: me.network.id,
    advertiser_id,
    campaign_id,
    account_id: account.id,
    publishers,
    sites,
    links,
    numbers,
  };
}

async function makeCampaign(
  post: Post,
  advertiser_id: string,
  publishers: Cast["publishers"],
): Promise<string> {
  const campaign = await post("/campaigns", {
    advertiser_id,
    name: "Emergency plumbing",
    timezone: TIME_ZONE,
    currency: "USD",
    destination_number: DESTINATION,
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
  await enroll(publishers.fernhill, { payout_micros: usd(48) });
  await enroll(publishers.bluegate);
  await enroll(publishers.tallow, { min_duration_s: 120 });
  for (const target of TARGETS) await post("/targets", { campaign_id: campaign.id, ...target });
  await post(`/campaigns/${campaign.id}/call-flows`, CALL_FLOW);
  return campaign.id;
}

/** Fernhill has a pool of its own, the others share one; each publisher has a static number to fall back on. */
async function makeNumbers(
  post: Post,
  campaign_id: string,
  telephony_account_id: string,
  publishers: Cast["publishers"],
): Promise<{ own: string; shared: string }> {
  const own = await post("/pools", { campaign_id, name: "Fernhill, own", publisher_id: publishers.fernhill });
  const shared = await post("/pools", { campaign_id, name: "Website and partners, shared" });
  const numbers = (e164: string[], where: object) =>
    post("/numbers", { telephony_account_id, e164, ...where });
  await numbers(range("+162855501", 1, 8), { pool_id: own.id });
  await numbers(range("+151055501", 1, 16), { pool_id: shared.id });
  await numbers(["+16285550190"], {
    campaign_id,
    label: "Fernhill fallback",
    publisher_id: publishers.fernhill,
  });
  await numbers(["+15105550190"], {
    campaign_id,
    label: "Bluegate fallback",
    publisher_id: publishers.bluegate,
  });
  await numbers(["+16505550160"], { campaign_id, label: "Radio spot", publisher_id: publishers.tallow });
  await numbers(["+14155550170"], { campaign_id, label: "Printed on the vans" });
  return { own: own.id, shared: shared.id };
}

/** Gives the demo page's origin to its site: a later start on the same data may be served from another one. */
export async function moveIn(client: DemoClient, cast: Cast, at: Instant): Promise<void> {
  const { data } = await client.ask<{ data: { id: string; key: string; origins: string[] }[] }>(
    `/api/v1/sites?publisher_id=${cast.publishers.fernhill}`,
    { at, method: "GET" },
  );
  const site = data.find(({ key }) => key === cast.sites.fernhill);
  if (!site || site.origins.includes(client.url)) return;
  await client.ask(`/api/v1/sites/${site.id}`, {
    at,
    method: "PATCH",
    json: { origins: fernhillOrigins(client) },
  });
}
