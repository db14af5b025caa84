import { afterAll, beforeAll, expect, it } from "vitest";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../shared/instant.ts";
import { type Inventory, stockUp } from "../support/inventory.ts";
import { balancesOf, callNamed, ledgerOf, placeCall } from "../support/phone.ts";
import { whileStuck } from "../support/stuck.ts";
import { startWorld, type World } from "../support/world.ts";

/** What follows from a call's verdict is known with it: whoever comes later finishes what broke off in between. */

const NUMBER = "+16285550900";

let world: World;
let stock: Inventory;

beforeAll(async () => {
  world = await startWorld();
  stock = await stockUp(world, {
    terms: { requires_signal: "sale", signal_window_s: 7 * 86_400 },
  });
  const { sandbox_account_id: telephony_account_id, campaign_id, publisher_id } = stock;
  await world.json("/api/v1/numbers", {
    json: { telephony_account_id, e164: [NUMBER], campaign_id, publisher_id },
  });
});
afterAll(() => world?.stop());

const tick = (now: number) => world.json("/__local/scheduled", { method: "POST", now });

it("charges a caller once when the repeat of a call that was sold cannot be judged at once", async () => {
  const { at } = world;
  const now = at + DAY_MS;
  for (const [i, call_id] of ["sold-1", "sold-2"].entries()) {
    await placeCall(world, stock.sandbox_account_id, { call_id, to: NUMBER, at: at + i * HOUR_MS });
  }
  const [first, second] = [await callNamed(world, "sold-1", now), await callNamed(world, "sold-2", now)];
  const sold = ({ id }: { id: string }) =>
    world.ask(`/api/v1/calls/${id}/signals`, {
      json: { name: "sale", value: true, occurred_at: now },
      now,
      headers: { "idempotency-key": `sale-of-${id}` },
    });
  expect((await sold(second)).status).toBe(201);
  expect((await callNamed(world, "sold-2", now)).revenue?.status).toBe("qualified");

  expect((await whileStuck(world, "verdicts", "sold-2", () => sold(first))).status).toBe(503);
  expect((await callNamed(world, "sold-1", now)).revenue?.status).toBe("qualified");
  // The repetition is answered as the report was stored.
  expect((await sold(first)).status).toBe(201);
  await tick(now + MINUTE_MS);
  expect((await callNamed(world, "sold-2", now)).revenue?.status).toBe("reversed");
  expect(balancesOf(await ledgerOf(world, `call_id=${second.id}`, now + HOUR_MS))).toEqual({});
  expect(balancesOf(await ledgerOf(world, `call_id=${first.id}`, now + HOUR_MS))).toHaveProperty(
    `receivable ${stock.advertiser_id}`,
    70_000_000,
  );
});
