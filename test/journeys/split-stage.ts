import { expect } from "vitest";
import type { Call } from "../../shared/api/calls.ts";
import type { StatementPayment } from "../../shared/api/statements.ts";
import { MINUTE_MS, SECOND_MS } from "../../shared/instant.ts";
import { look } from "../support/clicks.ts";
import { type Inventory, PAGE_ORIGIN, stockUp } from "../support/inventory.ts";
import { callNamed, placeCall } from "../support/phone.ts";
import type { World } from "../support/world.ts";

/** Calls whose payout two publishers share, because nobody can say whose visitor called. */

export type Publisher = { id: string; key: string; site_key: string };
export type Stage = { stock: Inventory; publishers: [Publisher, Publisher]; rates: Map<string, number> };

/** A campaign of its own that shares uncertain payouts, with two publishers who are paid by these terms. */
export async function splitStage(
  world: World,
  prefix: string,
  terms: [PayoutTerms, PayoutTerms],
): Promise<Stage> {
  // One number that every visitor in turn is shown, so that nobody can say whose visitor called it.
  const stock = await stockUp(world, {
    prefix,
    own_pool: false,
    numbers: 1,
    pool: { lease_ttl_s: 60, cooldown_s: 0 },
    campaign: { uncertain_payout: "split" },
  });
  const [first, second] = terms;
  const publishers: Stage["publishers"] = [
    await join(world, stock, "Fernhill", first),
    await join(world, stock, "Bluegate", second),
  ];
  const rates = new Map(publishers.map(({ id }, i) => [id, terms[i]?.payout_micros ?? 0]));
  return { stock, publishers, rates };
}

type PayoutTerms = {
  payout_micros: number;
  hold_s?: number;
  dedupe_window_s?: number;
  min_duration_s?: number;
};

async function join(world: World, stock: Inventory, name: string, terms: PayoutTerms): Promise<Publisher> {
  const { id } = await world.json<{ id: string }>("/api/v1/publishers", { json: { name } });
  await world.json(`/api/v1/campaigns/${stock.campaign_id}/enrollments`, {
    json: { publisher_id: id, status: "approved", ...terms },
  });
  const site = await world.json<{ key: string }>("/api/v1/sites", {
    json: {
      campaign_id: stock.campaign_id,
      pool_id: stock.pool_id,
      publisher_id: id,
      origins: [PAGE_ORIGIN],
      swap_numbers: ["+14155550132"],
    },
  });
  const { key } = await world.json<{ key: string }>("/api/v1/api-keys", {
    json: { name, role: "admin", organization_id: id },
  });
  return { id, key, site_key: site.key };
}

/** Both publishers' visitors were shown the number, one after the other, that is then called; answers minutes later. */
export async function callThatIsShared(
  world: World,
  { stock, publishers: [first, second] }: Stage,
  call_id: string,
  more: { from?: string } = {},
): Promise<{ call: Call; now: number }> {
  const { at } = world;
  const { number } = await look(world, first, at, { visitor: `anna-${call_id}` });
  const again = await look(world, second, at + 61 * SECOND_MS, { visitor: `bert-${call_id}` });
  expect(again.number).toBe(number);
  await placeCall(world, stock.sandbox_account_id, { call_id, to: number, at: at + 4 * MINUTE_MS, ...more });
  const now = at + 20 * MINUTE_MS;
  return { call: await callNamed(world, call_id, now), now };
}

/** What the network reads of one publisher's part. */
export const partOf = (call: Call, { id }: Publisher) =>
  call.payout?.shares?.find(({ publisher_id }) => publisher_id === id)?.payout_micros;

export const payPublisher = (world: World, { id }: Publisher, now: number) =>
  world.json<StatementPayment>("/api/v1/statements/payments", {
    now,
    json: { organization_id: id, period: "2026-11" },
  });
