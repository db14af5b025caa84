import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { DAY_MS, HOUR_MS, SECOND_MS } from "../../shared/instant.ts";
import { look } from "../support/clicks.ts";
import { type Inventory, stockUp } from "../support/inventory.ts";
import { callNamed, reportsOf } from "../support/phone.ts";
import { whileStuck } from "../support/stuck.ts";
import { startWorld, type World } from "../support/world.ts";

/** Calls are attributed in the order in which they began, whatever the order in which they end. */

let world: World;
/** Alike: one is told a story as it happened, the other with its reports late. */
let inTime: Inventory;
let late: Inventory;
let told = 0;

beforeAll(async () => {
  world = await startWorld();
  const pool = { own_pool: false, numbers: 2, pool: { lease_ttl_s: 60, cooldown_s: 0 } };
  inTime = await stockUp(world, { ...pool, prefix: "+1628555" });
  late = await stockUp(world, { ...pool, prefix: "+1646555" });
});
afterAll(() => world?.stop());
beforeEach(() => {
  world.at += 100 * DAY_MS;
});

/** A story of one of the two, with visitors and callers of its own. */
function openStory(stock: Inventory) {
  told += 1;
  const start = world.at;
  const seen = (at_s: number, name: string) =>
    look(world, stock, start + at_s * SECOND_MS, {
      visitor: `${name}-${told}`,
      address: `203.0.${[...name].reduce((sum, unit) => sum + unit.charCodeAt(0), 0) % 256}.7`,
    }).then(({ number }) => number);
  /** Rings at once; answers what delivers the report of its end. */
  const rings = async (at_s: number, name: string, caller: number, to: string) => {
    const [ring, , end] = reportsOf(world, stock.sandbox_account_id, {
      call_id: `${name}-${told}`,
      from: `+1415556${String(told * 100 + caller).padStart(4, "0")}`,
      to,
      at: start + at_s * SECOND_MS,
    });
    await ring?.();
    return async () => void (await end?.());
  };
  const posteriorOf = async (name: string) => {
    const { attribution } = await callNamed(world, `${name}-${told}`, start + DAY_MS);
    const shares = attribution.candidates.map(({ leased_at, probability }) => [
      (leased_at ?? 0) - start,
      probability,
    ]);
    return { none: attribution.none_probability, shares };
  };
  const tick = () => world.json("/__local/scheduled", { method: "POST", now: start + 2 * HOUR_MS });
  return { seen, rings, posteriorOf, tick };
}

it("a late report reaches calls that depend on it only through another call", async () => {
  const live = async (stock: Inventory, order: readonly number[]) => {
    const { seen, rings, posteriorOf } = openStory(stock);
    const [first] = [await seen(0, "anna"), await seen(1, "filler")];
    const ends = [await rings(30, "a", 1, first)];
    expect(await seen(70, "bob")).toBe(first);
    ends.push(await rings(100, "b", 2, first));
    const second = await seen(140, "carol");
    await seen(204, "dave");
    // Bob's second visit: that the caller is Bob is known from the call before, and how surely from the one before that.
    expect(await seen(206, "bob")).toBe(second);
    expect(second).not.toBe(first);
    ends.push(await rings(230, "c", 2, second));
    for (const place of order) await ends[place]?.();
    return Promise.all(["a", "b", "c"].map(posteriorOf));
  };
  expect(await live(late, [2, 1, 0])).toEqual(await live(inTime, [0, 1, 2]));
});

it("a late report reaches more calls than are attributed again at once, the last of them by upkeep", async () => {
  const CALLS = 21;
  const live = async (stock: Inventory) => {
    const { seen, rings, posteriorOf, tick } = openStory(stock);
    const number = await seen(0, "anna");
    const ends = [await rings(30, "call-0", 0, number)];
    // The last of them is the first caller's again, who so is known to have called before.
    for (let i = 1; i <= CALLS; i++) ends.push(await rings(30 + i * 60, `call-${i}`, i % CALLS, number));
    const [first, ...others] = ends;
    for (const end of stock === late ? [...others, first] : ends) await end?.();
    await tick();
    return Promise.all(ends.map((_, i) => posteriorOf(`call-${i}`)));
  };
  expect(await live(late)).toEqual(await live(inTime));
});

it("a late report reaches a call that could not be attributed when it came, by upkeep", async () => {
  const live = async (stock: Inventory) => {
    const { seen, rings, posteriorOf, tick } = openStory(stock);
    const [number] = [await seen(0, "anna"), await seen(1, "filler")];
    const first = await rings(30, "a", 1, number);
    expect(await seen(70, "bob")).toBe(number);
    const second = await rings(100, "b", 2, number);
    if (stock === late) {
      await second();
      const answer = whileStuck(world, "attributions", `b-${told}`, first);
      await expect(answer).rejects.toThrow("503");
    } else {
      await first();
      await second();
    }
    await tick();
    return Promise.all(["a", "b"].map(posteriorOf));
  };
  expect(await live(late)).toEqual(await live(inTime));
});
