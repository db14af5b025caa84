import { afterAll, beforeAll, expect, it } from "vitest";
import type { BlockedReply, LeaseReply } from "../../shared/api/leases.ts";
import { SWAP_NUMBER } from "../support/inventory.ts";
import { startWorld, type World } from "../support/world.ts";
import { visitorsOf } from "./visitors.ts";

/** The platform's own count of page views, as workerd's local form of it counts. */
const LIMIT = 5;

let world: World;
beforeAll(async () => {
  world = await startWorld({ leases_per_minute: LIMIT });
});
afterAll(() => world?.stop());

const { stockWithStatic, post, visit, lease } = visitorsOf(() => world);

it("an address that floods a site with page views asks its pool no more; others do, and leases go on", async () => {
  const own = await stockWithStatic({ numbers: 5 });
  const from = (address: string) => ({ headers: { "cf-connecting-ip": address } });
  const held = await lease(own, { visitor: "ann" }, from("192.0.2.1"));
  const replies: (LeaseReply | BlockedReply)[] = [];
  for (let i = 0; i < 3 * LIMIT; i++) {
    replies.push((await (await visit(own, { visitor: "ann" }, from("192.0.2.1"))).json()) as LeaseReply);
  }
  // However the minutes of the platform's clock fall: not more than two are touched.
  const refused = replies.filter(({ lease: token }) => token === null);
  expect(refused.length).toBeGreaterThanOrEqual(LIMIT);
  expect(refused.length).toBeLessThan(3 * LIMIT);
  const fallback = [{ find: SWAP_NUMBER, replace: own.fallback }];
  for (const reply of refused) expect(reply).toEqual({ lease: null, swaps: fallback, reason: "over_quota" });

  const other = await lease(own, { visitor: "bob" }, from("192.0.2.2"));
  expect(other.swaps[0]?.replace).not.toBe(held.swaps[0]?.replace);
  expect((await post(`/v1/leases/${held.lease}/renew`, {}, from("192.0.2.1"))).status).toBe(200);
  const another_site = await stockWithStatic();
  expect((await visit(another_site, { visitor: "ann" }, from("192.0.2.1"))).status).toBe(201);
});
