import { expect } from "vitest";
import type { BlockedReply, LeaseReply } from "../../shared/api/leases.ts";
import { type Inventory, PAGE_ORIGIN, type Stock, stockUp } from "../support/inventory.ts";
import type { World } from "../support/world.ts";

export const MINUTE = 60_000;
export const CHROME =
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/146.0.0.0 Safari/537.36";
export const IPHONE =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1";

export type Asked = { now?: number; headers?: Record<string, string>; origin?: string | null };

export const PAGE = {
  url: `${PAGE_ORIGIN}/quote?utm_source=google&utm_medium=cpc&utm_campaign=spring&gclid=abc`,
  referrer: "",
};

/** Speaks to a world as the tag does. */
export function visitorsOf(world: () => World) {
  let stocks = 0;

  /** A campaign, pool and site of its own, an hour after the last. */
  async function stock(more: Stock = {}): Promise<Inventory> {
    stocks += 1;
    world().at += 60 * MINUTE;
    return stockUp(world(), { ...more, prefix: `+1628${String(100 + stocks)}` });
  }

  /** The same with a static number to fall back on, which is the publisher's own. */
  async function stockWithStatic(more: Stock = {}): Promise<Inventory & { fallback: string }> {
    const own = await stock(more);
    const fallback = `+1510${String(stocks).padStart(3, "0")}0001`;
    await world().json("/api/v1/numbers", {
      json: {
        telephony_account_id: own.sandbox_account_id,
        e164: [fallback],
        campaign_id: own.campaign_id,
        publisher_id: own.publisher_id,
      },
    });
    return { ...own, fallback };
  }

  /** Posts text/plain, from the page's origin, with a browser's user agent. */
  function post(path: string, body: unknown, asked: Asked = {}): Promise<Response> {
    const { origin = PAGE_ORIGIN, headers, ...rest } = asked;
    return world().ask(path, {
      ...rest,
      key: null,
      method: "POST",
      as_text: typeof body === "string" ? body : JSON.stringify(body),
      headers: { "user-agent": CHROME, ...(origin !== null && { origin }), ...headers },
    });
  }

  function visit(own: Inventory, more: object = {}, asked: Asked = {}): Promise<Response> {
    return post("/v1/leases", { site: own.site_key, ...PAGE, ...more }, asked);
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

  /** A pool's sessions, which D1 is asked for after a flush. */
  async function sessionsOf(own: Inventory, now = world().at): Promise<Record<string, unknown>[]> {
    const path = `/api/v1/sessions?pool_id=${own.pool_id}`;
    return (await world().json<{ data: Record<string, unknown>[] }>(path, { now })).data;
  }

  return { stock, stockWithStatic, post, visit, lease, blocked, sessionsOf };
}
