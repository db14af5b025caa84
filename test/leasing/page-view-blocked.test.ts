import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { NewNumbers, Site } from "../../shared/api/inventory.ts";
import type { BlockedReply, LeaseReply } from "../../shared/api/leases.ts";
import type { PoolHealth } from "../../shared/api/pool-health.ts";
import { SWAP_NUMBER } from "../support/inventory.ts";
import { startWorld, type World } from "../support/world.ts";
import { MINUTE, PAGE, visitorsOf } from "./visitors.ts";

let world: World;
const proxy_token = "what a site's own server knows";
beforeAll(async () => {
  world = await startWorld({ proxy_token });
});
afterAll(() => world?.stop());

const { stock, stockWithStatic, post, visit, lease, blocked, sessionsOf } = visitorsOf(() => world);

describe("a page view without a number of its own", () => {
  it("gets the publisher's static number when the pool is empty, and is counted", async () => {
    const own = await stockWithStatic({ numbers: 1 });
    await lease(own, { visitor: "ann" });
    const reply = await blocked(own, { visitor: "bob" });
    expect(reply).toEqual({
      lease: null,
      swaps: [{ find: SWAP_NUMBER, replace: own.fallback }],
      reason: "pool_empty",
    });
    await blocked(own, { visitor: "cat" });
    const counted = () =>
      world.d1
        .prepare("SELECT reason, blocked, pool_id FROM blocked_sessions WHERE site_id = ?")
        .bind(own.site_id)
        .all();
    await expect
      .poll(async () => (await counted()).results)
      .toEqual([{ reason: "pool_empty", blocked: 2, pool_id: own.pool_id }]);
  });

  it("keeps the page's number or shares one where the pool says so, and the pool's health tells how often", async () => {
    const page = await stockWithStatic({ numbers: 1, pool: { when_empty: "page" } });
    await lease(page, { visitor: "ann" });
    expect(await blocked(page, { visitor: "bob" })).toEqual({ lease: null, swaps: [], reason: "pool_empty" });

    const share = await stockWithStatic({ numbers: 1, pool: { when_empty: "share" } });
    const [own] = (await lease(share, { visitor: "ann" })).swaps;
    expect((await blocked(share, { visitor: "bob" })).swaps[0]?.replace).toBe(share.fallback);
    const later = { now: world.at + 16 * MINUTE };
    expect((await lease(share, { visitor: "bob" }, later)).swaps).toEqual([own]);
    const measured = async ({ pool_id }: { pool_id: string }) =>
      (await world.json<PoolHealth>(`/api/v1/pools/${pool_id}/health`, later)).measured;
    await expect.poll(async () => (await measured(page))?.blocked).toEqual({ pool_empty: 1 });
    await expect.poll(async () => (await measured(share))?.blocked).toEqual({ pool_empty: 1, shared: 1 });
    expect(await measured(share)).toMatchObject({ arrivals: 2, refused: 1 });
    const report = `/api/v1/reports?metrics=blocked_sessions&site_id=${share.site_id}`;
    expect(await world.json(report, later)).toMatchObject({ totals: { blocked_sessions: 1 } });
  });

  it("is a bot's, a prerendered page's, a paused campaign's, or one under GPC where the site says so", async () => {
    const own = await stockWithStatic();
    const bot = { "user-agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)" };
    expect((await blocked(own, {}, { headers: bot })).reason).toBe("bot");
    expect((await blocked(own, {}, { headers: { "sec-purpose": "prefetch;prerender" } })).reason).toBe(
      "prerender",
    );

    await world.json(`/api/v1/sites/${own.site_id}`, { method: "PATCH", json: { gpc: "static" } });
    const later = { now: world.at + 5_000 };
    expect(await blocked(own, { gpc: true, visitor: "ann" }, later)).toEqual({
      lease: null,
      swaps: [{ find: SWAP_NUMBER, replace: own.fallback }],
      reason: "gpc",
    });

    await world.json(`/api/v1/campaigns/${own.campaign_id}/pause`, {
      json: { reason: "budget" },
      now: later.now,
    });
    const paused = await blocked(own, { visitor: "ann" }, { now: world.at + 10_000 });
    expect(paused.reason).toBe("paused");
    expect(await sessionsOf(own)).toEqual([]);
  });

  it("is not shown a static number that rests on its way to another campaign, and the site warns", async () => {
    const own = await stockWithStatic({ numbers: 0 });
    const elsewhere = await stock({ numbers: 0 });
    expect((await blocked(own)).swaps).toEqual([{ find: SWAP_NUMBER, replace: own.fallback }]);
    const { data } = await world.json<NewNumbers>(`/api/v1/numbers?campaign_id=${own.campaign_id}`);
    const path = `/api/v1/numbers/${data[0]?.id}/move`;
    await world.json(path, { json: { campaign_id: elsewhere.campaign_id } });
    // Settings are remembered for five seconds.
    expect((await blocked(own, {}, { now: world.at + 6_000 })).swaps).toEqual([]);
    const site = await world.json<Site>(`/api/v1/sites/${own.site_id}`);
    expect(site.warnings.join(" ")).toMatch(/no static number/);
    const { campaign_id, pool_id, publisher_id, origins, swap_numbers } = site;
    const json = { campaign_id, pool_id, publisher_id, origins, swap_numbers };
    const added = await world.json<Site>("/api/v1/sites", { json });
    expect(added.warnings.join(" ")).toMatch(/no static number/);
  });

  it("keeps the page's own number when there is no static one", async () => {
    const own = await stock({ numbers: 1 });
    await lease(own, { visitor: "ann" });
    expect(await blocked(own, { visitor: "bob" })).toEqual({ lease: null, swaps: [], reason: "pool_empty" });
  });
});

describe("a lease request that is refused", () => {
  it("is refused with the right problem, without CORS, and stores nothing", async () => {
    const own = await stock({ origins: ["https://*.plumber.example"] });
    const body = { site: own.site_key, ...PAGE };
    const cases: [Promise<Response>, number][] = [
      [post("/v1/leases", { ...body, site: "nobodys" }), 404],
      [post("/v1/leases", body, { origin: "https://evil.example" }), 403],
      [post("/v1/leases", body, { origin: "https://plumber.example" }), 403],
      [post("/v1/leases", body, { origin: "https://evil-plumber.example" }), 403],
      [post("/v1/leases", body, { origin: "http://www.plumber.example" }), 403],
      [post("/v1/leases", body, { origin: "null" }), 403],
      [post("/v1/leases", body, { origin: null }), 403],
      [post("/v1/leases", "not json"), 400],
      [post("/v1/leases", "[]"), 400],
      [post("/v1/leases", ""), 400],
      [post("/v1/leases", { ...body, site: 7 }), 400],
      [post("/v1/leases", { ...body, url: 7 }), 400],
      [post("/v1/leases", { ...body, visitor: 7 }), 400],
      [post("/v1/leases", { ...body, visitor: "9".repeat(201) }), 400],
      [post("/v1/leases", { ...body, visitor: "a\u0000b" }), 400],
      [post("/v1/leases", { ...body, visitor: "\ud83d" }), 400],
      [post("/v1/leases", { ...body, gpc: "yes" }), 400],
      [post("/v1/leases", { ...body, data: ["a"] }), 400],
      [post("/v1/leases", { ...body, url: "x".repeat(100_000) }), 413],
    ];
    for (const [asked, status] of cases) {
      const response = await asked;
      const problem = (await response.json()) as { status: number };
      expect(response.status).toBe(status);
      expect(problem.status).toBe(status);
      expect(response.headers.get("content-type")).toBe("application/problem+json");
      expect(response.headers.get("access-control-allow-origin")).toBeNull();
    }
    expect(await sessionsOf(own)).toEqual([]);
    for (const origin of ["https://www.plumber.example", "https://a.b.plumber.example"]) {
      const allowed = await visit(own, {}, { origin });
      expect(allowed.status).toBeLessThan(300);
      expect(allowed.headers.get("access-control-allow-origin")).toBe(origin);
    }
  });
});

describe("a scraper", () => {
  it("gets three numbers from one address within any hour, however it names itself, and people beside it theirs", async () => {
    const own = await stockWithStatic({ numbers: 30 });
    const address = "2001:db8:77:1";
    const numbers = new Map<string, number[]>();
    const ask = async (visitor: string, minute: number, from: string) => {
      const asked = { headers: { "cf-connecting-ip": from }, now: world.at + minute * MINUTE };
      const reply = (await (await visit(own, { visitor }, asked)).json()) as LeaseReply | BlockedReply;
      const [swap] = reply.swaps;
      if (reply.lease === null || !swap) return reply.lease === null && reply.reason;
      numbers.set(swap.replace, [...(numbers.get(swap.replace) ?? []), minute]);
      return "lent";
    };
    // Across the end of a clock's hour, every minute as somebody else and from another address of the machine's own.
    for (let minute = 40; minute < 160; minute++) await ask(`s${minute}`, minute, `${address}::${minute}`);
    const first_shown = [...numbers.values()].map(([minute = 0]) => minute);
    for (let minute = 40; minute < 160; minute++) {
      const within = first_shown.filter((shown) => shown > minute - 60 && shown <= minute);
      expect(within.length).toBeLessThanOrEqual(3);
    }
    expect(numbers.size).toBe(6);
    expect(await ask("scraper", 160, `${address}::9`)).toBe("lent");
    expect(await ask("again", 160, `${address}::9`)).toBe("over_quota");
    expect(await ask("neighbour", 160, "2001:db8:77:2::9")).toBe("lent");
  });

  it("is counted by its visitor's address where a server forwards it that proves to be trusted", async () => {
    const own = await stock({ numbers: 30 });
    const through = async (visitor: number, token: string, address = `198.51.${visitor}.7`) => {
      const headers = {
        // The server's own, as the edge sees it.
        "cf-connecting-ip": "203.0.113.80",
        "cf-ipcountry": "US",
        "cf-region-code": "VA",
        "ringtrail-proxy": token,
        "ringtrail-address": address,
      };
      const reply = (await (await visit(own, { visitor: `v${visitor}` }, { headers })).json()) as LeaseReply;
      return reply.lease !== null;
    };
    const lent = async (token: string, from: number, address?: string) => {
      const answers = await Promise.all([0, 1, 2, 3, 4].map((i) => through(from + i, token, address)));
      return answers.filter(Boolean).length;
    };
    expect(await lent(proxy_token, 10)).toBe(5);
    expect(await lent(proxy_token, 20, "198.51.100.7")).toBe(3);
    expect(await lent("a guess", 30)).toBe(3);
    const regions = (await sessionsOf(own)).map(({ region }) => region);
    expect(regions.toSorted()).toEqual([...Array(3).fill("US-VA"), ...Array(8).fill(null)]);
  });

  it("gets no more numbers from one address prefix than its quota, and the static one with the reason", async () => {
    const own = await stockWithStatic({ numbers: 30 });
    const from = (address: string) => ({ headers: { "cf-connecting-ip": address } });
    const replies: Record<string, unknown>[] = [];
    for (let i = 0; i < 20; i++) {
      const response = await visit(own, { visitor: `s${i}` }, from(`198.51.100.${i}`));
      replies.push((await response.json()) as Record<string, unknown>);
    }
    expect(replies.filter((reply) => reply.lease !== null)).toHaveLength(15);
    expect(replies.at(-1)).toEqual({
      lease: null,
      swaps: [{ find: SWAP_NUMBER, replace: own.fallback }],
      reason: "over_quota",
    });
    // Another prefix is another subscriber; who held a number keeps it.
    await lease(own, { visitor: "neighbour" }, from("198.51.101.7"));
    await lease(own, { visitor: "s0" }, from("198.51.100.0"));
    expect((await sessionsOf(own)).length).toBe(16);
    const counted = () =>
      world.d1.prepare("SELECT blocked FROM blocked_sessions WHERE site_id = ?").bind(own.site_id).all();
    await expect.poll(async () => (await counted()).results).toEqual([{ blocked: 5 }]);
  });
});
