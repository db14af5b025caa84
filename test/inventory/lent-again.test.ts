import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { NewNumbers, TrackingNumber } from "../../shared/api/inventory.ts";
import { HOUR_MS } from "../../shared/instant.ts";
import { stockUp } from "../support/inventory.ts";
import { callNamed, placeCall, visit } from "../support/phone.ts";
import { type Stage, setStage } from "../support/stage.ts";

/** What becomes of a number that leaves its pool while a visitor is shown it, and is to be lent again. */

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
});
afterAll(() => stage?.stop());

const tick = (now: number) => stage.world.json("/__local/scheduled", { method: "POST", now });
const read = (id: string) => stage.json<TrackingNumber>("admin", `/numbers/${id}`);
const send = (id: string, json: object, now: number) =>
  stage.json<TrackingNumber>("admin", `/numbers/${id}/move`, { json, now });

describe("a number that is retired and added anew within its campaign", () => {
  it("is lent to nobody while a visitor may still see it, and its earlier visitor's call is no one else's", async () => {
    const { world } = stage;
    const stock = await stockUp(world, { prefix: "+1530555", numbers: 1 });
    const [e164] = stock.pool_numbers;
    const shown_at = world.at + HOUR_MS;
    expect(await visit(world, stock, shown_at)).toBe(e164);
    const { data } = await stage.json<NewNumbers>("admin", `/numbers?pool_id=${stock.pool_id}`);
    const retired_at = shown_at + 60_000;
    await stage.json("admin", `/numbers/${data[0]?.id}`, { method: "DELETE", now: retired_at });
    const json = { telephony_account_id: stock.sandbox_account_id, e164: [e164], pool_id: stock.pool_id };
    const again = await stage.json<NewNumbers>("admin", "/numbers", { json, now: retired_at + 60_000 });

    // Lease and cool-down of who was shown it last, and settings that were still cached when it was retired.
    const free_at = retired_at + (1800 + 900) * 1_000 + 10_000;
    expect((await read(again.data[0]?.id ?? "")).resting).toMatchObject({ until_at: free_at, pool_id: null });
    await expect(visit(world, stock, free_at - 1)).rejects.toThrow("pool_empty");
    await placeCall(world, stock.sandbox_account_id, { call_id: "anew-1", to: e164 ?? "", at: free_at - 1 });
    expect(await callNamed(world, "anew-1", free_at)).toMatchObject({
      attribution: { method: "none" },
      session: null,
    });
    await tick(free_at);
    expect(await visit(world, stock, free_at + 6_000)).toBe(e164);
  });
});

describe("a move between pools that is written down late", () => {
  it("lends the number to nobody else before who was shown it until then may have let it go", async () => {
    const { world } = stage;
    const stock = await stockUp(world, { prefix: "+1559555", numbers: 1 });
    const { campaign_id, publisher_id } = stock;
    const to = await stage.json<{ id: string }>("admin", "/pools", {
      json: { campaign_id, publisher_id, name: "Beside" },
    });
    const json = {
      ...{ campaign_id, publisher_id, pool_id: to.id },
      ...{ origins: ["https://plumber.example"], swap_numbers: ["+14155550132"] },
    };
    const beside = {
      ...stock,
      site_key: (await stage.json<{ key: string }>("admin", "/sites", { json })).key,
    };
    const shown_at = world.at + 3 * HOUR_MS;
    const e164 = await visit(world, stock, shown_at);
    const { data } = await stage.json<NewNumbers>("admin", `/numbers?pool_id=${stock.pool_id}`);
    // Two hours ago, it is said now: no lease of the pool it left was over by then.
    const moved = shown_at + 1_000;
    await send(data[0]?.id ?? "", { pool_id: to.id, effective_at: moved - 2 * HOUR_MS }, moved);
    await expect(visit(world, beside, moved + 6_000)).rejects.toThrow("pool_empty");
    const free_at = moved + (1800 + 900) * 1_000 + 10_000;
    await tick(free_at - 1);
    await expect(visit(world, beside, free_at - 1)).rejects.toThrow("pool_empty");
    await tick(free_at);
    expect(await visit(world, beside, free_at + 6_000)).toBe(e164);
  });
});
