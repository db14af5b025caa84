// @vitest-environment happy-dom
import { expect, it, vi } from "vitest";
import { LeaseWorld, lease, RENEW_MS } from "./lease-world.ts";

const world = new LeaseWorld("ringtrail:site_key");

it("a goodbye has the next page renew at once, and then in time", async () => {
  const page = await world.openPage();
  page.report("left");
  const next = await world.openPage();
  expect(next.atOnce).toEqual(next.shows());
  await world.settle(RENEW_MS - 10_000);
  expect(world.paths()).toEqual(["", "/lse_one/renew"]);
  await world.settle(20_000);
  expect(world.paths()).toHaveLength(3);
});

it("a press of the call link does not", async () => {
  const page = await world.openPage();
  page.report("tel_click");
  await world.openPage();
  expect(world.paths()).toEqual([""]);
});

it("a renewal after a goodbye that fails is tried a few times, not all the time", async () => {
  const page = await world.openPage();
  page.report("left");
  world.answer = () => ({ status: 503 });
  await world.settle(RENEW_MS - 10_000);
  expect(world.paths()).toEqual(["", "/lse_one/renew", "/lse_one/renew", "/lse_one/renew", "/lse_one/renew"]);
});

it("a storage that keeps nothing new is no reason to ask again and again", async () => {
  const page = await world.openPage();
  page.report("left");
  // As a full one, which still has what was in it.
  vi.stubGlobal("localStorage", Object.freeze({ ...localStorage }));
  world.answer = () => ({ body: lease("one") });
  await world.settle(60_000);
  expect(world.requests).toHaveLength(2);
});
