import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { LeaseReply } from "../../shared/api/leases.ts";
import { PAGE_ORIGIN, SWAP_NUMBER } from "../support/inventory.ts";
import { startWorld, type World } from "../support/world.ts";
import { IPHONE, MINUTE, PAGE, visitorsOf } from "./visitors.ts";

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world?.stop());

const { stock, post, visit, lease, sessionsOf } = visitorsOf(() => world);

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

  it("is answered alike past the router and by it", async () => {
    const own = await stock();
    await lease(own, { visitor: "ann" });
    const asked = { ...PAGE, site: own.site_key, visitor: "ann" };
    const told = async (path: string, body: unknown) => {
      const response = await post(path, body);
      const headers = [...response.headers].filter(
        ([name]) => !["date", "ringtrail-request-id"].includes(name),
      );
      expect(response.headers.get("ringtrail-request-id")).toMatch(/^req_/);
      const { instance: _, ...rest } = (await response.json()) as Record<string, unknown>;
      return { status: response.status, headers, rest };
    };
    for (const body of [asked, { ...asked, site: "unknown" }, "not JSON"]) {
      expect(await told("/v1/leases?by=router", body)).toEqual(await told("/v1/leases", body));
    }
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

  it("tells visitors apart by their ids, whatever these are made of", async () => {
    const own = await stock({ numbers: 20 });
    const ids = ["a", "a.b1", "user:11", "user:12", "YWJj+/==1", "ü1", "o'b -- ?", "/x y", "9".repeat(200)];
    // One household: the same address and browser.
    const headers = { "cf-connecting-ip": "127.0.0.1" };
    const shown: string[] = [];
    for (const visitor of ids) {
      const first = await lease(own, { visitor }, { headers });
      expect(await lease(own, { visitor }, { headers, now: world.at + MINUTE })).toMatchObject({
        lease: first.lease,
      });
      shown.push(first.lease);
    }
    expect(new Set(shown).size).toBe(ids.length);
    const stored = await sessionsOf(own, world.at + 2 * MINUTE);
    expect(stored.map(({ visitor }) => visitor).sort()).toEqual([...ids].sort());
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
      landing_url: PAGE.url,
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

describe("the lease path", () => {
  it("sends D1 no statement, for new visitors and for known ones", async () => {
    const own = await stock({ numbers: 20 });
    const asked = async () => (await world.json<{ statements: number }>("/__local/d1")).statements;
    await lease(own, { visitor: "warm" });
    const before = await asked();
    for (let i = 0; i < 15; i++) {
      const { lease: held } = await lease(own, { visitor: `v${i}` });
      await lease(own, { visitor: `v${i}`, lease: held });
    }
    expect((await asked()) - before).toBe(0);
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
