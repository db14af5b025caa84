import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type UpkeepReport, upkeep } from "../../edge/journeys/upkeep.ts";
import type { Call } from "../../shared/api/calls.ts";
import { HOUR_MS, MINUTE_MS } from "../../shared/instant.ts";
import { type Inventory, stockUp } from "../support/inventory.ts";
import { balancesOf, callNamed, ledgerOf, placeCall } from "../support/phone.ts";
import { startWorld, type World } from "../support/world.ts";
import { inProcess } from "./in-process.ts";

const NUMBER = "+16285550900";
const EVERY_CALL_PAID = "+16285550901";
/** So many are judged again at once when an earlier call turns up. */
const AT_ONCE = 20;
const CALLS = 24;

let world: World;
let stock: Inventory;
let every_call_account: string;

beforeAll(async () => {
  world = await startWorld();
  // A minute and a half: of calls a minute apart every second one qualifies.
  stock = await stockUp(world, { terms: { dedupe_window_s: 90, min_duration_s: 10 } });
  const { sandbox_account_id: telephony_account_id, campaign_id, publisher_id } = stock;
  await world.json("/api/v1/numbers", {
    json: { telephony_account_id, e164: [NUMBER], campaign_id, publisher_id },
  });
  const all = await stockUp(world, {
    terms: { repeat_callers: "all", min_duration_s: 10 },
    numbers: 1,
    prefix: "+1646555",
  });
  await world.json("/api/v1/numbers", {
    json: {
      telephony_account_id: all.sandbox_account_id,
      e164: [EVERY_CALL_PAID],
      campaign_id: all.campaign_id,
      publisher_id: all.publisher_id,
    },
  });
  every_call_account = all.sandbox_account_id;
});
afterAll(() => world?.stop());

const tick = (now: number) => world.json<UpkeepReport>("/__local/scheduled", { method: "POST", now });
const judgements = async () =>
  (
    await world.d1
      .prepare("SELECT count(*) AS n FROM call_events WHERE kind = 'judged_again'")
      .first<{ n: number }>()
  )?.n;

describe("a caller who rings every minute", () => {
  it("has every verdict turned over by one earlier call, the last of them by upkeep", async () => {
    const { at } = world;
    const now = at + 2 * HOUR_MS;
    const place = (minute: number) =>
      placeCall(world, stock.sandbox_account_id, {
        call_id: `chain-${minute}`,
        to: NUMBER,
        at: at + minute * MINUTE_MS,
        connected_s: 20,
      });
    const qualified = async () => {
      const list = await world.json<{ data: Call[] }>("/api/v1/calls?limit=200", { now });
      return list.data
        .filter(({ revenue }) => revenue?.status === "qualified")
        .map(({ started_at }) => (started_at - at) / MINUTE_MS)
        .toReversed();
    };
    const minutes = Array.from({ length: CALLS + 1 }, (_, minute) => minute);

    for (let minute = 1; minute <= CALLS; minute++) await place(minute);
    expect(await qualified()).toEqual(minutes.filter((minute) => minute % 2 === 1));
    await place(0);
    await tick(now);
    expect(await qualified()).toEqual(minutes.filter((minute) => minute % 2 === 0));

    const lines = await ledgerOf(world, `call_id=${(await callNamed(world, "chain-1", now)).id}`, now);
    expect(balancesOf(lines)).toEqual({});
  });

  it("is judged once for each fact where every call is paid, however often the clock ticks", async () => {
    const at = world.at + 6 * HOUR_MS;
    const now = at + 2 * HOUR_MS;
    const place = (minute: number) =>
      placeCall(world, every_call_account, {
        call_id: `paid-${minute}`,
        to: EVERY_CALL_PAID,
        at: at + minute * MINUTE_MS,
        connected_s: 20,
        from: "+14155550188",
      });
    for (let minute = 1; minute <= CALLS; minute++) await place(minute);
    const judged = await judgements();
    expect((await tick(now)).reviewed).toBe(0);
    expect(await judgements()).toBe(judged);

    // An earlier call turns up: more calls follow it than are judged at once, each of them once.
    await place(0);
    expect((await tick(now)).reviewed).toBe(CALLS - AT_ONCE);
    expect((await callNamed(world, "paid-1", now)).is_duplicate).toBe(true);
    const settled = await judgements();
    for (const minute of [1, 2]) expect((await tick(now + minute * MINUTE_MS)).reviewed).toBe(0);
    expect(await judgements()).toBe(settled);
  });

  it("takes three quarters of what a run has, and no more, however many of the calls are due", async () => {
    const due = async () =>
      (await world.d1.prepare("SELECT count(*) AS n FROM calls WHERE held_until <= 1").first<{ n: number }>())
        ?.n;
    await world.d1.exec("UPDATE calls SET held_until = 1, marks = marks + 1");
    const all = await due();
    const { services } = await inProcess({ world });
    const judged = await judgements();
    expect((await upkeep(services(), 8)).reviewed).toBe(6);
    expect(await due()).toBe((all ?? 0) - 6);
    expect((await tick(world.at + 10 * HOUR_MS)).reviewed).toBe((all ?? 0) - 6);
    expect(await due()).toBe(0);
    expect(await judgements()).toBe(judged);
  });
});
