import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { TrackingNumber } from "../../shared/api/inventory.ts";
import type { Replay } from "../../shared/api/replays.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../shared/instant.ts";
import { look } from "../support/clicks.ts";
import { PAGE_ORIGIN, stockUp } from "../support/inventory.ts";
import { law } from "../support/laws.ts";
import { placeCall } from "../support/phone.ts";
import { startWorld, type World } from "../support/world.ts";

/**
 * What a replay's preview says is what applying it does: whichever numbers were moved late, between static places and
 * pools, campaigns and advertisers; with callers who call again, and calls that several publishers share.
 */

/** The long form; a history takes some three seconds. */
const HISTORIES_MAX = 500;
const LONG_MS = 2 * HOUR_MS;
const cases = law(10);
/** So long that no lease, window or repeat of one history reaches into the next. */
const HISTORY_MS = 14 * DAY_MS;

type Place = { campaign_id: string; publisher_id: string } | { pool_id: string };

let world: World;
const campaigns: string[] = [];
/** Three static places, each in a campaign of its own, and two pools. */
const places: Place[] = [];
/** Where each number is while no history is told: two are static, each pool has one. */
const numbers: { id: string; e164: string; account_id: string; home: Place }[] = [];
/** By pool, two publishers' sites. */
const sites: string[][] = [];
let history = 0;

const api = <T = { id: string }>(path: string, json: unknown, now = world.at) =>
  world.json<T>(`/api/v1${path}`, { json, now });

beforeAll(async () => {
  world = await startWorld();
  const terms = { dedupe_window_s: 1_800 };
  const stocks = [];
  for (const prefix of ["+1628555", "+1646555"]) {
    stocks.push(
      await stockUp(world, {
        prefix,
        own_pool: false,
        numbers: 1,
        pool: { lease_ttl_s: 60, cooldown_s: 0 },
        campaign: { uncertain_payout: "split", attribution_floor: 0.8 },
        // The second one's advertiser pays for repeats, its publishers are not paid for them.
        terms: stocks.length === 0 ? terms : { ...terms, revenue: { repeat_callers: "all" } },
      }),
    );
  }
  const [first, second] = stocks;
  if (!first || !second) throw new Error("two stocks");
  // The first one's advertiser again, who counts repeats over both campaigns.
  const sibling = await api("/campaigns", {
    advertiser_id: first.advertiser_id,
    name: "Sibling",
    timezone: "UTC",
    currency: "USD",
    destination_number: first.destination_number,
    uncertain_payout: "split",
    attribution_floor: 0.8,
    terms: {
      revenue_micros: 80_000_000,
      payout_micros: 30_000_000,
      min_duration_s: 90,
      repeat_callers: "first_only",
      dedupe_scope: "advertiser",
      ...terms,
    },
  });
  campaigns.push(first.campaign_id, sibling.id, second.campaign_id);
  const publishers = [first.publisher_id, second.publisher_id];
  for (const campaign_id of campaigns) {
    for (const publisher_id of publishers)
      await api(`/campaigns/${campaign_id}/enrollments`, { publisher_id, status: "approved" });
    places.push({ campaign_id, publisher_id: first.publisher_id });
  }
  for (const { campaign_id, pool_id } of stocks) {
    const keys: string[] = [];
    for (const publisher_id of publishers) {
      const swap = { origins: [PAGE_ORIGIN], swap_numbers: ["+14155550132"] };
      const site = { campaign_id, pool_id, publisher_id, ...swap };
      keys.push((await api<{ key: string }>("/sites", site)).key);
    }
    sites.push(keys);
    places.push({ pool_id });
  }
  const telephony_account_id = first.sandbox_account_id;
  for (const [i, home] of places.slice(0, 2).entries())
    await api("/numbers", { telephony_account_id, e164: [`+1212555000${i}`], ...home });
  const listed = await world.json<{ data: TrackingNumber[] }>("/api/v1/numbers");
  for (const { id, e164, telephony_account_id: account_id = "", pool_id, campaign_id } of listed.data) {
    const home = places.find((place) =>
      "pool_id" in place ? place.pool_id === pool_id : pool_id === null && place.campaign_id === campaign_id,
    );
    if (home) numbers.push({ id, e164, account_id, home });
  }
  numbers.sort((a, b) => (a.e164 < b.e164 ? -1 : 1));
});
afterAll(() => world?.stop());

const minute = fc.integer({ min: 1, max: 40 });
const story = fc.record({
  visits: fc.uniqueArray(fc.record({ minute, pool: fc.nat(1), site: fc.nat(1) }), {
    maxLength: 4,
    selector: (one) => one.minute,
  }),
  calls: fc.uniqueArray(fc.record({ minute, number: fc.nat(3), caller: fc.constantFrom(0, 0, 0, 1) }), {
    minLength: 1,
    maxLength: 5,
    selector: (one) => one.minute,
  }),
  moves: fc.uniqueArray(fc.record({ minute, number: fc.nat(3), place: fc.nat(4) }), {
    minLength: 1,
    maxLength: 4,
    selector: (one) => one.number,
  }),
  /** Whose calls are replayed first; all of them are afterwards. */
  campaign: fc.constantFrom(null, null, 0, 1, 2),
});

type Story = typeof story extends fc.Arbitrary<infer T> ? T : never;

/** Two calls of one caller that two publishers share, of the first pool's number; it had been moved to the second. */
const SHARED: Story = {
  visits: [
    { minute: 2, pool: 0, site: 0 },
    { minute: 4, pool: 0, site: 1 },
  ],
  calls: [
    { minute: 7, number: 2, caller: 0 },
    { minute: 9, number: 2, caller: 0 },
  ],
  moves: [{ minute: 1, number: 2, place: 4 }],
  campaign: null,
};

/** What happens up to the moment from which the numbers' late moves are written down. */
async function live({ visits, calls }: Story, start: number) {
  const happens = [
    ...visits.map((one, i) => ({
      at: start + one.minute * MINUTE_MS,
      tell: (at: number) => {
        const site_key = sites[one.pool]?.[one.site] ?? "";
        return look(world, { site_key }, at, { visitor: `v${history}-${i}`, address: `203.0.${i}.7` });
      },
    })),
    ...calls.map((one, i) => ({
      at: start + one.minute * MINUTE_MS + 30_000,
      tell: (at: number) => {
        const number = numbers[one.number];
        if (!number) throw new Error("four numbers");
        const from = `+1415556${String(history * 2 + one.caller).padStart(4, "0")}`;
        return placeCall(world, number.account_id, {
          call_id: `preview-${history}-${i}`,
          from,
          to: number.e164,
          at,
        });
      },
    })),
  ];
  for (const { at, tell } of happens.sort((a, b) => a.at - b.at)) await tell(at);
}

it("says what applying it does", { timeout: LONG_MS }, async () => {
  expect(numbers).toHaveLength(4);
  await fc.assert(
    fc.asyncProperty(story, async (told) => {
      history += 1;
      const start = world.at + history * HISTORY_MS;
      const now = start + 2 * HOUR_MS;
      await live(told, start);
      for (const { number, place, minute } of told.moves) {
        const effective_at = start + minute * MINUTE_MS;
        await api(`/numbers/${numbers[number]?.id}/move`, { ...places[place], effective_at }, now);
      }
      const replay = (campaign: number | null, apply: boolean) => {
        const campaign_id = campaign === null ? {} : { campaign_id: campaigns[campaign] };
        return api<Replay>("/replays", { from: start, to: start + DAY_MS, apply, ...campaign_id }, now);
      };
      for (const campaign of [told.campaign, null]) {
        const preview = await replay(campaign, false);
        expect(await replay(campaign, true)).toEqual({ ...preview, mode: "applied" });
      }
      expect((await replay(null, true)).calls).toEqual([]);
      for (const { number } of told.moves) {
        const { id, home } = numbers[number] ?? {};
        await api(`/numbers/${id}/move`, { ...home, rest_s: 0 }, now);
      }
    }),
    {
      ...cases,
      numRuns: Math.min(cases.numRuns, HISTORIES_MAX),
      examples: [[SHARED]],
      endOnFailure: true,
    },
  );
});
