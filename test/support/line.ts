import { DESTINATION } from "./inventory.ts";
import type { World } from "./world.ts";

/** What differs from one line to the next. */
export type LineAsked = {
  advertiser_id: string;
  telephony_account_id: string;
  /** The line's one number, static. */
  e164: string;
  campaign?: object;
  terms?: object;
  number?: object;
};

/**
 * Makes a campaign with one static number, apart from all others of the world, whose calls are billed whoever sent them
 * (70 USD in, 45 USD out, 90 s, no dedupe). Gives the campaign's id.
 */
export async function layLine(world: World, asked: LineAsked): Promise<string> {
  const { advertiser_id, telephony_account_id, e164, campaign, terms, number } = asked;
  const made = await world.json<{ id: string }>("/api/v1/campaigns", {
    json: {
      advertiser_id,
      name: `Line ${e164}`,
      timezone: "America/Los_Angeles",
      currency: "USD",
      destination_number: DESTINATION,
      bill_own_traffic: true,
      terms: {
        revenue_micros: 70_000_000,
        payout_micros: 45_000_000,
        min_duration_s: 90,
        dedupe_window_s: 0,
        repeat_callers: "all",
        ...terms,
      },
      ...campaign,
    },
  });
  await world.json("/api/v1/numbers", {
    json: { telephony_account_id, e164: [e164], campaign_id: made.id, ...number },
  });
  return made.id;
}
