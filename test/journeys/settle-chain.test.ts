import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Call } from "../../shared/api/calls.ts";
import { HOUR_MS, MINUTE_MS } from "../../shared/instant.ts";
import { type Inventory, stockUp } from "../support/inventory.ts";
import { balancesOf, callNamed, ledgerOf, placeCall } from "../support/phone.ts";
import { startWorld, type World } from "../support/world.ts";

const NUMBER = "+16285550900";
/** More than are judged again at once when an earlier call turns up. */
const CALLS = 24;

let world: World;
let stock: Inventory;

beforeAll(async () => {
  world = await startWorld();
  // A minute and a half: of calls a minute apart every second one qualifies.
  stock = await stockUp(world, { terms: { dedupe_window_s: 90, min_duration_s: 10 } });
  const { sandbox_account_id: telephony_account_id, campaign_id, publisher_id } = stock;
  await world.json("/api/v1/numbers", {
    json: { telephony_account_id, e164: [NUMBER], campaign_id, publisher_id },
  });
});
afterAll(() => world?.stop());

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
    await world.json("/__local/scheduled", { method: "POST", now });
    expect(await qualified()).toEqual(minutes.filter((minute) => minute % 2 === 0));

    const lines = await ledgerOf(world, `call_id=${(await callNamed(world, "chain-1", now)).id}`, now);
    expect(balancesOf(lines)).toEqual({});
  });
});
