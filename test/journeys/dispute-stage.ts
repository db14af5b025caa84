import { expect } from "vitest";
import type { Call } from "../../shared/api/calls.ts";
import type { Dispute } from "../../shared/api/disputes.ts";
import type { Replay } from "../../shared/api/replays.ts";
import type { StatementPayment } from "../../shared/api/statements.ts";
import { HOUR_MS, MINUTE_MS } from "../../shared/instant.ts";
import { type Inventory, stockUp } from "../support/inventory.ts";
import { balancesOf, callNamed, ledgerOf, placeCall } from "../support/phone.ts";
import { startWorld, type World } from "../support/world.ts";

/**
 * Three campaigns, one that holds money for a day and one that pays for what was sold, whose sides dispute calls; and
 * what is true of a call's money.
 */

export const OWED = 70_000_000;
export const EARNED = 45_000_000;
const HOLD_S = 86_400;
export const PERIOD = "2026-11";
export const NUMBERS = { free: "+16285550900", held: "+16285550901", awaited: "+16285550902" } as const;
type Kind = keyof typeof NUMBERS;
const STOCKS = {
  free: { prefix: "+1628333", terms: {} },
  held: { prefix: "+1628444", terms: { hold_s: HOLD_S } },
  awaited: { prefix: "+1628222", terms: { requires_signal: "sold" } },
} as const satisfies Record<Kind, object>;

type Side = { stock: Inventory; advertiser: string; publisher: string };
/** Set by `startStage`. */
export let world: World;
export const sides = {} as Record<Kind, Side>;
let told = 0;

export async function startStage(): Promise<void> {
  world = await startWorld();
  for (const [kind, number] of Object.entries(NUMBERS) as [Kind, string][]) {
    const { prefix, terms } = STOCKS[kind];
    const stock = await stockUp(world, { prefix, terms: { dedupe_window_s: 3_600, ...terms } });
    const { sandbox_account_id: telephony_account_id, campaign_id, publisher_id } = stock;
    await world.json("/api/v1/numbers", {
      json: { telephony_account_id, e164: [number], campaign_id, publisher_id },
    });
    const keyOf = async (organization_id: string) =>
      (
        await world.json<{ key: string }>("/api/v1/api-keys", {
          json: { name: "k", role: "billing", organization_id },
        })
      ).key;
    sides[kind] = {
      stock,
      advertiser: await keyOf(stock.advertiser_id),
      publisher: await keyOf(publisher_id),
    };
  }
}

/** A caller of its own for each call, unless told: nobody's repeat. */
export async function fresh(
  kind: Kind = "free",
  more: { from?: string; at?: number; connected_s?: number } = {},
) {
  const call_id = `disputed-${++told}`;
  const { at = world.at + told * 1_000, from = `+1415555${String(2_000 + told)}`, connected_s = 95 } = more;
  const { sandbox_account_id } = sides[kind].stock;
  await placeCall(world, sandbox_account_id, { call_id, to: NUMBERS[kind], at, from, connected_s });
  return callNamed(world, call_id, at + 10 * MINUTE_MS);
}

export const NOW = () => world.at + HOUR_MS;
const ask = { reason: "wrong_number", detail: "They wanted a plumber in another town." };
export const open = (call: Call, key: string, now = NOW(), more = {}) =>
  world.json<Dispute>(`/api/v1/calls/${call.id}/disputes`, { key, now, json: { ...ask, ...more } });
export const tryOpen = (call: Call, key: string, now = NOW(), more = {}) =>
  world.ask(`/api/v1/calls/${call.id}/disputes`, { key, now, json: { ...ask, ...more } });
export const decision = (dispute: Dispute, json: Record<string, unknown>, now = NOW()) =>
  world.ask(`/api/v1/disputes/${dispute.id}/decision`, {
    now,
    json: { note: "We listened to it.", ...json },
  });
export async function decide(dispute: Dispute, json: Record<string, unknown>, now = NOW()): Promise<Dispute> {
  const response = await decision(dispute, json, now);
  const text = await response.text();
  expect(response.status, text).toBe(200);
  return JSON.parse(text) as Dispute;
}
export const pay = (organization_id: string, now = NOW()) =>
  world.json<StatementPayment>("/api/v1/statements/payments", {
    now,
    json: { organization_id, period: PERIOD },
  });
export const tick = (now: number) => world.json("/__local/scheduled", { method: "POST", now });
export const read = (call: Call, now = NOW(), key = world.key) =>
  world.json<Call>(`/api/v1/calls/${call.id}`, { now, key });

/** Both sides' status and amount, and what the ledger says of the call: it must be the same. */
export async function standing(call: Call, kind: Kind = "free", now = NOW()) {
  const { revenue, payout } = await read(call, now);
  const balances = balancesOf(await ledgerOf(world, `call_id=${call.id}`, now));
  const { advertiser_id, publisher_id } = sides[kind].stock;
  const owed = balances[`receivable ${advertiser_id}`] ?? 0;
  const earned = 0 - (balances[`payable ${publisher_id}`] ?? 0);
  expect([owed, earned]).toEqual([revenue?.revenue_micros, payout?.payout_micros]);
  expect(balances[`margin ${world.network_id}`] ?? 0).toBe(earned - owed);
  const rows = await world.d1
    .prepare("SELECT revenue_micros, payout_micros, reject_reason FROM calls WHERE id = ?")
    .bind(call.id)
    .first<{ revenue_micros: number; payout_micros: number; reject_reason: string | null }>();
  expect(rows).toMatchObject({ revenue_micros: owed, payout_micros: earned });
  return [revenue?.status, owed, payout?.status, earned, rows?.reject_reason ?? null];
}

/** Everything that settling writes of a call. */
async function rows({ id }: Call) {
  const counts = ["verdicts", "ledger_transactions", "call_events"].map(
    (table) => `(SELECT count(*) FROM ${table} WHERE call_id = ?1) AS ${table}`,
  );
  return world.d1
    .prepare(`SELECT ${counts.join(", ")}`)
    .bind(id)
    .first<Record<string, number>>();
}

/** What was paid out so far for a side of the call. */
export async function paidFor({ id }: Call, side: "revenue" | "payout"): Promise<number> {
  const found = await world.d1
    .prepare(
      `SELECT coalesce(sum(event ->> 'amount_micros'), 0) AS paid FROM call_events
       WHERE call_id = ? AND kind = 'paid' AND event ->> 'side' = ?`,
    )
    .bind(id, side)
    .first<{ paid: number }>();
  return found?.paid ?? 0;
}

/** Settling again by every way there is changes nothing, nor when its phone company says everything once more. */
export async function expectSettled(call: Call, kind: Kind = "free", now = NOW()) {
  const before = [await standing(call, kind, now), await rows(call)];
  await world.d1.prepare("UPDATE calls SET held_until = ? WHERE id = ?").bind(now, call.id).run();
  await tick(now);
  await tick(now + MINUTE_MS);
  const json = { from: call.started_at, to: call.started_at + 1, apply: true };
  expect((await world.json<Replay>("/api/v1/replays", { now, json })).calls).toEqual([]);
  expect([await standing(call, kind, now), await rows(call)]).toEqual(before);
}

/** A call whose sides are as the name says, before anything is disputed. */
export async function callThatIs(state: "qualified" | "held" | "paid"): Promise<[Call, Kind]> {
  const kind = state === "held" ? "held" : "free";
  const call = await fresh(kind);
  if (state === "paid") {
    const { advertiser_id, publisher_id } = sides[kind].stock;
    await pay(advertiser_id);
    await pay(publisher_id);
  }
  expect(await standing(call, kind)).toEqual([state, OWED, state, EARNED, null]);
  return [call, kind];
}
