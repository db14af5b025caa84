import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { BlockedReply, LeaseReply } from "../../shared/api/leases.ts";
import { type Inventory, PAGE_ORIGIN, type Stock, SWAP_NUMBER, stockUp } from "../support/inventory.ts";
import { startWorld, type World } from "../support/world.ts";

const MINUTE = 60_000;
const CHROME =
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/146.0.0.0 Safari/537.36";
const IPHONE =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1";

let world: World;
let stocks = 0;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

/** A campaign, pool and site of its own, an hour after the last. */
async function stock(more: Stock = {}): Promise<Inventory> {
  stocks += 1;
  world.at += 60 * MINUTE;
  return stockUp(world, { ...more, prefix: `+1628${String(100 + stocks)}` });
}

type Asked = { now?: number; headers?: Record<string, string>; origin?: string | null };

/** Posts as the tag does: text/plain, from the page's origin, with a browser's user agent. */
function post(path: string, body: unknown, asked: Asked = {}): Promise<Response> {
  const { origin = PAGE_ORIGIN, headers, ...rest } = asked;
  return world.ask(path, {
    ...rest,
    key: null,
    method: "POST",
    as_text: typeof body === "string" ? body : JSON.stringify(body),
    headers: { "user-agent": CHROME, ...(origin !== null && { origin }), ...headers },
  });
}

const page = {
  url: `${PAGE_ORIGIN}/quote?utm_source=google&utm_medium=cpc&utm_campaign=spring&gclid=abc`,
  referrer: "",
};

function visit(own: Inventory, more: object = {}, asked: Asked = {}): Promise<Response> {
  return post("/v1/leases", { site: own.site_key, ...page, ...more }, asked);
}

async function lease(own: Inventory, more: object = {}, asked: Asked = {}): Promise<LeaseReply> {
  const response = await visit(own, more, asked);
  const reply = (await response.json()) as LeaseReply;
  expect(reply.lease, JSON.stringify(reply)).toMatch(/^lse_/);
  return reply;
}

async function blocked(own: Inventory, more: object = {}, asked: Asked = {}): Promise<BlockedReply> {
  const response = await visit(own, more, asked);
  expect(response.status).toBe(200);
  return (await response.json()) as BlockedReply;
}

/** What D1 knows of a pool's sessions, once it has been asked to flush. */
async function sessionsOf(own: Inventory, now = world.at) {
  const listed = await world.json<{ data: Record<string, unknown>[] }>(
    `/api/v1/sessions?pool_id=${own.pool_id}`,
    {
      now,
    },
  );
  return listed.data;
}

describe("a page view", () => {
  it("is answered with a number of its own in at most 200 bytes, for its origin only", async () => {
    const own = await stock();
    const response = await visit(own, { visitor: "ann" });
    const text = await response.text();
    const reply = JSON.parse(text) as LeaseReply;
    expect(response.status).toBe(201);
    expect(reply).toEqual({
      lease: expect.stringMatching(/^lse_[A-Za-z0-9_-]{1,60}$/),
      expires_at: world.at + 30 * MINUTE,
      renew_after_s: 900,
      swaps: [{ find: SWAP_NUMBER, replace: own.pool_numbers[0] }],
    });
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(200);
    expect(response.headers.get("access-control-allow-origin")).toBe(PAGE_ORIGIN);
    expect(response.headers.get("access-control-allow-credentials")).toBeNull();
    expect(response.headers.get("vary")).toContain("Origin");
    expect(response.headers.get("cache-control")).toBe("no-store");
  });

  it("of the same visitor gets the same lease, by id or by token, and other visitors get others", async () => {
    const own = await stock();
    const first = await lease(own, { visitor: "ann" });
    const again = await visit(own, { visitor: "ann" }, { now: world.at + MINUTE });
    expect(again.status).toBe(200);
    expect(await again.json()).toEqual({ ...first, renew_after_s: 870 });
    expect(await lease(own, { visitor: "new id", lease: first.lease })).toEqual(first);
    expect((await lease(own, { visitor: "bob" })).lease).not.toBe(first.lease);
  });

  it("begins a new session when its URL brings another click", async () => {
    const own = await stock();
    const first = await lease(own, { visitor: "ann" });
    const url = `${PAGE_ORIGIN}/quote?gclid=other`;
    const response = await visit(
      own,
      { visitor: "ann", lease: first.lease, url },
      { now: world.at + MINUTE },
    );
    expect(response.status).toBe(201);
    const second = (await response.json()) as LeaseReply;
    expect(second.swaps).toEqual(first.swaps);
    expect(second.lease).not.toBe(first.lease);
    const sessions = await sessionsOf(own, world.at + 2 * MINUTE);
    expect(sessions.map((session) => [session.lease_id, session.click_ids])).toEqual([
      [second.lease, { gclid: "other" }],
      [first.lease, { gclid: "abc" }],
    ]);
  });

  it("is stored with its source, place, device, proof and data", async () => {
    const own = await stock();
    const headers = { "user-agent": IPHONE, "cf-ipcountry": "US", "cf-region-code": "CA" };
    await lease(
      own,
      { visitor: "ann", data: { plan: "gold", n: 7, odd: { no: 1 } }, junk: true },
      { headers },
    );
    const [session] = await sessionsOf(own);
    expect(session).toMatchObject({
      landing_url: page.url,
      source: "google",
      medium: "cpc",
      campaign: "spring",
      channel: "paid_search",
      click_ids: { gclid: "abc" },
      device: "mobile",
      country: "US",
      region: "US-CA",
      publisher_id: own.publisher_id,
      publisher_proof: "number",
      visitor: "ann",
      data: { plan: "gold", n: "7" },
      leased_at: world.at,
      pool_id: own.pool_id,
      site_id: own.site_id,
    });
    const one = await world.json(`/api/v1/sessions/${session?.id}`);
    expect(one).toEqual(session);
  });

  it("proves a publisher by the site on a shared pool, and nobody on a site of nobody's", async () => {
    const own = await stock({ own_pool: false });
    const site = await world.json<{ key: string }>("/api/v1/sites", {
      json: {
        campaign_id: own.campaign_id,
        pool_id: own.pool_id,
        publisher_id: own.publisher_id,
        origins: [PAGE_ORIGIN],
        swap_numbers: [SWAP_NUMBER],
      },
    });
    await lease(own, { visitor: "ann", url: `${PAGE_ORIGIN}/?publisher_id=${own.publisher_id}` });
    await lease({ ...own, site_key: site.key }, { visitor: "ann" });
    const proofs = (await sessionsOf(own)).map(({ publisher_id, publisher_proof }) => [
      publisher_id,
      publisher_proof,
    ]);
    expect(proofs).toHaveLength(2);
    expect(proofs).toContainEqual([own.publisher_id, "site"]);
    expect(proofs).toContainEqual([null, "none"]);
  });

  it("keeps no id and no click id under Global Privacy Control, but one number per visitor", async () => {
    const own = await stock();
    const headers = { "cf-connecting-ip": "203.0.113.7" };
    const first = await lease(own, { visitor: "ann", gpc: true }, { headers });
    const same = await lease(own, { visitor: "other" }, { headers: { ...headers, "sec-gpc": "1" } });
    expect(same.lease).toBe(first.lease);
    const neighbour = await lease(own, { gpc: true }, { headers: { ...headers, "user-agent": IPHONE } });
    expect(neighbour.lease).not.toBe(first.lease);
    for (const session of await sessionsOf(own)) {
      expect(session).toMatchObject({ visitor: null, click_ids: {} });
      expect(session.landing_url).not.toContain("gclid");
    }
    const stored = await world.d1.prepare("SELECT * FROM sessions WHERE pool_id = ?").bind(own.pool_id).all();
    expect(JSON.stringify(stored.results)).not.toContain("203.0.113");
  });

  it("gets the number as text where it has another length than the page's", async () => {
    const own = await stock({ swap_numbers: [SWAP_NUMBER, "+442079460018"] });
    const { swaps } = await lease(own);
    const replace = own.pool_numbers[0] ?? "";
    expect(swaps).toEqual([
      { find: SWAP_NUMBER, replace },
      {
        find: "+442079460018",
        replace,
        text: expect.stringMatching(/^\+1\u00a0\d{3}\u00a0\d{3}\u00a0\d{4}$/),
      },
    ]);
  });

  it("moves the site's last page view forward", async () => {
    const own = await stock();
    await lease(own);
    const seen = () => world.json<{ last_page_view_at: number }>(`/api/v1/sites/${own.site_id}`);
    await expect.poll(async () => (await seen()).last_page_view_at).toBe(world.at);
  });
});

describe("a page view without a number of its own", () => {
  async function withStatic(more: Stock = {}): Promise<Inventory & { fallback: string }> {
    const own = await stock(more);
    const fallback = `+1510${String(stocks).padStart(3, "0")}0001`;
    await world.json("/api/v1/numbers", {
      json: {
        telephony_account_id: own.sandbox_account_id,
        e164: [fallback],
        campaign_id: own.campaign_id,
        publisher_id: own.publisher_id,
      },
    });
    return { ...own, fallback };
  }

  it("gets the publisher's static number when the pool is empty, and is counted", async () => {
    const own = await withStatic({ numbers: 1 });
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

  it("is a bot's, a prerendered page's, a paused campaign's, or one under GPC where the site says so", async () => {
    const own = await withStatic();
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

  it("keeps the page's own number when there is no static one", async () => {
    const own = await stock({ numbers: 1 });
    await lease(own, { visitor: "ann" });
    expect(await blocked(own, { visitor: "bob" })).toEqual({ lease: null, swaps: [], reason: "pool_empty" });
  });
});

describe("a lease request that is refused", () => {
  it("is refused with the right problem, without CORS, and stores nothing", async () => {
    const own = await stock({ origins: ["https://*.plumber.example"] });
    const body = { site: own.site_key, ...page };
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

describe("a held lease", () => {
  it("is renewed by its token and lives no longer than four hours", async () => {
    const own = await stock();
    const first = await lease(own, { visitor: "ann" });
    const began = world.at;
    let now = began;
    for (let i = 1; i <= 15; i++) {
      now = began + i * 15 * MINUTE;
      const response = await post(`/v1/leases/${first.lease}/renew`, { data: { step: i } }, { now });
      expect(response.status).toBe(200);
      expect(response.headers.get("access-control-allow-origin")).toBe(PAGE_ORIGIN);
      const expires_at = Math.min(now + 30 * MINUTE, began + 240 * MINUTE);
      expect(await response.json()).toEqual({
        ...first,
        expires_at,
        renew_after_s: (expires_at - now) / 2_000,
      });
    }
    const gone = await post(`/v1/leases/${first.lease}/renew`, "", { now: began + 240 * MINUTE });
    expect(gone.status).toBe(410);
    expect(gone.headers.get("access-control-allow-origin")).toBe(PAGE_ORIGIN);
    expect((await sessionsOf(own, now))[0]).toMatchObject({ data: { step: "15" }, last_seen_at: now });
  });

  it("takes events as sendBeacon sends them, and 410 when it is gone", async () => {
    const own = await stock();
    const first = await lease(own, { visitor: "ann" });
    const path = `/v1/leases/${first.lease}/events`;
    const clicked = await post(path, { type: "tel_click" }, { now: world.at + 3_000 });
    expect(clicked.status).toBe(204);
    expect(await clicked.text()).toBe("");
    expect((await post(path, { type: "left" }, { now: world.at + 4_000 })).status).toBe(204);
    expect((await sessionsOf(own))[0]).toMatchObject({ closed_at: world.at + 4_000 });
    expect((await post(path, { type: "jump" })).status).toBe(400);
    expect((await post(path, "")).status).toBe(400);
    expect((await post(path, { type: "left" }, { now: world.at + 30 * MINUTE })).status).toBe(410);
    const forged = `lse_${"A".repeat(40)}`;
    expect((await post(`/v1/leases/${forged}/events`, { type: "left" })).status).toBe(410);
    expect((await post(`/v1/leases/${forged}/renew`, {})).status).toBe(410);
  });

  it("shows its answers to pages of the pool's sites only", async () => {
    const own = await stock();
    const first = await lease(own);
    const foreign = await post(`/v1/leases/${first.lease}/renew`, {}, { origin: "https://evil.example" });
    expect(foreign.headers.get("access-control-allow-origin")).toBeNull();
    await foreign.text();
    const preflight = await world.ask("/v1/leases", {
      method: "OPTIONS",
      key: null,
      headers: { origin: PAGE_ORIGIN, "access-control-request-method": "POST" },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get("access-control-allow-origin")).toBe(PAGE_ORIGIN);
    expect(preflight.headers.get("access-control-allow-methods")).toBe("POST");
  });
});

describe("with D1 away", () => {
  it.each(["throw", "hang"] as const)(
    "(%s) a known site goes on leasing, however old its settings",
    async (fault) => {
      const own = await stock();
      await lease(own, { visitor: "ann" });
      await world.fault(fault);
      try {
        const late = await lease(own, { visitor: "bob" }, { now: world.at + 20 * MINUTE });
        expect(late.swaps).toEqual([{ find: SWAP_NUMBER, replace: own.pool_numbers[1] }]);
      } finally {
        await world.fault("none");
      }
    },
  );

  it("a site nobody has asked for yet is unavailable, which leaves the page its own number", async () => {
    const own = await stock();
    await world.fault("throw");
    try {
      const response = await visit(own, { visitor: "ann" });
      expect(response.status).toBe(503);
      expect(response.headers.get("content-type")).toBe("application/problem+json");
      await response.text();
    } finally {
      await world.fault("none");
    }
    await lease(own, { visitor: "ann" });
  });
});
