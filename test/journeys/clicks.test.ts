import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { DAY_MS, MINUTE_MS } from "../../shared/instant.ts";
import { click, type Link, look, makeLink } from "../support/clicks.ts";
import { type Inventory, stockUp } from "../support/inventory.ts";
import { callNamed, placeCall } from "../support/phone.ts";
import { startWorld, type World } from "../support/world.ts";

let world: World;
/** A pool and a site of nobody's: only a click proves a publisher there. */
let stock: Inventory;
let other_publisher_id: string;
let link: Link;
let other: Link;
let told = 0;

beforeAll(async () => {
  world = await startWorld();
  stock = await stockUp(world, { own_pool: false, numbers: 30 });
  const second = await world.json<{ id: string }>("/api/v1/publishers", { json: { name: "Bluegate Leads" } });
  other_publisher_id = second.id;
  await world.json(`/api/v1/campaigns/${stock.campaign_id}/enrollments`, {
    json: { publisher_id: other_publisher_id, status: "approved" },
  });
  link = await makeLink(world, stock, stock.publisher_id);
  other = await makeLink(world, stock, other_publisher_id);
});
afterAll(() => world?.stop());
beforeEach(() => {
  // Every lease and cool-down of the test before is over, and every token of it expired.
  world.at += 40 * DAY_MS;
});

/** Calls the number 20 s after it was shown; the call as the network sees it a while later. */
async function callOf(number: string, at: number, key = world.key) {
  const call_id = `click-${++told}`;
  const from = `+1415556${String(told).padStart(4, "0")}`;
  await placeCall(world, stock.sandbox_account_id, { call_id, from, to: number, at: at + 20_000 });
  return callNamed(world, call_id, at + 10 * MINUTE_MS, key);
}

describe("a click token", () => {
  it("proves its publisher, who is paid; the click's query and sub ids are the call's", async () => {
    const { at } = world;
    const query = await click(world, link, at, "?gclid=G1&sub2=blue");
    const { number } = await look(world, stock, at + 1_000, { query, visitor: "anna" });
    const call = await callOf(number, at + 2_000);
    expect(call.publisher_id).toBe(stock.publisher_id);
    expect(call.attribution).toMatchObject({ publisher_proof: "click_token", method: "lease" });
    expect(call.attribution.candidates[0]?.click).toMatchObject({ link_id: link.id, status: "valid" });
    expect(call.session).toMatchObject({
      publisher_id: stock.publisher_id,
      publisher_proof: "click_token",
      click: { link_id: link.id, query: "gclid=G1&sub2=blue", sub1: "spring", sub2: "blue", sub3: null },
    });
    expect(call.session?.landing_url).not.toContain("rt_click");
    expect(call.payout).toMatchObject({ status: "qualified", payout_micros: 45_000_000 });
  });

  it("proves nobody when it is forged, from another network, or not there", async () => {
    const { at } = world;
    const query = await click(world, link, at);
    const forged = query.replace(link.publisher_id.slice(4), other_publisher_id.slice(4));
    expect(forged).not.toBe(query);
    for (const [i, tried] of [forged, `${query}x`, `?pub=${stock.publisher_id}`].entries()) {
      const then = at + i * MINUTE_MS;
      const { number } = await look(world, stock, then, { query: tried, visitor: `mallory-${i}` });
      const call = await callOf(number, then);
      expect(call.attribution).toMatchObject({ publisher_proof: "none", publishers: [] });
      expect(call.attribution.candidates[0]?.click).toBeUndefined();
      expect(call.payout).toMatchObject({ status: "rejected", payout_micros: 0 });
    }
  });

  it("proves three visitors, the earliest, in whatever order they call, and flags the others", async () => {
    const { at } = world;
    const query = await click(world, link, at);
    const shown = [];
    for (let i = 0; i < 5; i++) {
      const then = at + i * MINUTE_MS;
      const address = `192.0.2.${i + 1}`;
      shown.push({ ...(await look(world, stock, then, { query, visitor: `v${i}`, address })), then });
    }
    const proofs = [];
    for (const { number, then } of shown.toReversed()) {
      const call = await callOf(number, Math.max(then, at + 5 * MINUTE_MS));
      proofs.push([call.attribution.publisher_proof, call.attribution.candidates[0]?.click?.status]);
    }
    const [flagged, valid] = [
      ["none", "too_many_visitors"],
      ["click_token", "valid"],
    ];
    expect(proofs).toEqual([flagged, flagged, valid, valid, valid]);
  });

  it("counts one visitor's reloads as one, and a cookieless visitor by each lease", async () => {
    const { at } = world;
    const query = await click(world, link, at);
    for (let i = 0; i < 4; i++) await look(world, stock, at + i * 1_000, { query, visitor: "anna" });
    for (const address of ["192.0.2.7", "192.0.2.8"])
      await look(world, stock, at + 5_000, { query, address });
    const { number } = await look(world, stock, at + 6_000, { query, address: "192.0.2.9" });
    expect((await callOf(number, at + 6_000)).attribution.publisher_proof).toBe("none");
  });

  it("does not bind bots and previews that open the landing page", async () => {
    const { at } = world;
    const query = await click(world, link, at);
    for (let i = 0; i < 5; i++) {
      await world.ask("/v1/leases", {
        now: at,
        key: null,
        as_text: JSON.stringify({ site: stock.site_key, url: `https://plumber.example/offer${query}` }),
        headers: { origin: "https://plumber.example", "user-agent": `facebookexternalhit/1.${i}` },
      });
    }
    const { number } = await look(world, stock, at + 1_000, { query, visitor: "anna" });
    expect((await callOf(number, at + 1_000)).attribution.publisher_proof).toBe("click_token");
  });

  it("lives for 30 days, also for a visitor who comes back without it; the latest valid one counts", async () => {
    const { at } = world;
    const first = await click(world, link, at);
    await look(world, stock, at, { query: first, visitor: "anna" });
    const back = await look(world, stock, at + 20 * DAY_MS, { visitor: "anna" });
    const returned = await callOf(back.number, at + 20 * DAY_MS);
    expect(returned.publisher_id).toBe(stock.publisher_id);
    expect(returned.session).toMatchObject({ source: "(direct)", click: { link_id: link.id } });

    const second = await click(world, other, at + 25 * DAY_MS);
    const again = await look(world, stock, at + 25 * DAY_MS, { query: second, visitor: "anna" });
    expect((await callOf(again.number, at + 25 * DAY_MS)).publisher_id).toBe(other_publisher_id);

    const late = await look(world, stock, at + 56 * DAY_MS, { query: first, visitor: "bert" });
    const expired = await callOf(late.number, at + 56 * DAY_MS);
    expect(expired.publisher_id).toBeNull();
    expect(expired.attribution.candidates[0]?.click).toMatchObject({
      status: "expired",
      publisher_id: stock.publisher_id,
    });
  });

  it("keeps its link and nonce under GPC, and nothing else of the click", async () => {
    const { at } = world;
    const query = await click(world, link, at, "?gclid=G1");
    const response = await world.ask("/v1/leases", {
      now: at,
      key: null,
      as_text: JSON.stringify({
        site: stock.site_key,
        url: `https://plumber.example/offer${query}`,
        visitor: "anna",
        gpc: true,
      }),
      headers: { origin: "https://plumber.example", "user-agent": "Mozilla/5.0 Chrome/130.0" },
    });
    const reply = (await response.json()) as { swaps: { replace: string }[] };
    const call = await callOf(reply.swaps[0]?.replace ?? "", at);
    expect(call.attribution.publisher_proof).toBe("click_token");
    expect(call.session?.click_ids).toEqual({});
    expect(call.session?.landing_url).toBe("https://plumber.example/offer");
  });
});

/** A site of the stock's publisher, on which that publisher is proven without a click. */
function publishersSite() {
  const { campaign_id, pool_id, publisher_id } = stock;
  const places = { origins: ["https://plumber.example"], swap_numbers: ["+14155550132"] };
  return world.json<{ id: string; key: string }>("/api/v1/sites", {
    json: { campaign_id, pool_id, publisher_id, ...places },
  });
}

describe("a token on a site of its own publisher's", () => {
  it("adds nothing to the site's proof, but its query and sub ids are the call's, and the report's", async () => {
    const { at } = world;
    const site = await publishersSite();
    const query = await click(world, link, at, "?sub2=blue");
    const { number } = await look(world, { site_key: site.key }, at, { query, visitor: "anna" });
    const call = await callOf(number, at);
    expect(call.session).toMatchObject({
      publisher_proof: "site",
      click: { link_id: link.id, query: "sub2=blue", sub1: "spring", sub2: "blue" },
    });
    const path = `/api/v1/reports?metrics=clicks,calls&group_by=sub2&from=${at}&to=${at + DAY_MS}`;
    const report = await world.json<{ data: unknown[] }>(path, { now: at + DAY_MS });
    expect(report.data).toEqual([{ sub2: "blue", clicks: 1, calls: 1 }]);
    await world.json(`/api/v1/sites/${site.id}`, { method: "DELETE" });
  });
});

describe("a token of one publisher on the site of another", () => {
  it("is a conflict that the network sees, and proves nothing", async () => {
    const { at } = world;
    const site = await publishersSite();
    const query = await click(world, other, at);
    const { number } = await look(world, { site_key: site.key }, at, { query, visitor: "anna" });
    const call = await callOf(number, at);
    expect(call.publisher_id).toBe(stock.publisher_id);
    expect(call.attribution.publisher_proof).toBe("site");
    expect(call.attribution.candidates[0]?.click).toMatchObject({
      status: "conflict",
      publisher_id: other_publisher_id,
    });
    expect(call.session).not.toHaveProperty("click");
    const { key } = await world.json<{ key: string }>("/api/v1/api-keys", {
      json: { name: "p", role: "admin", organization_id: stock.publisher_id },
    });
    const seen = await callNamed(world, call.provider_call_id, at + 10 * MINUTE_MS, key);
    expect(JSON.stringify(seen)).not.toContain(other_publisher_id);
    expect(seen.attribution.candidates.some((one) => one.click)).toBe(false);
    await world.json(`/api/v1/sites/${site.id}`, { method: "DELETE" });
  });
});
