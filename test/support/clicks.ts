import { type Inventory, PAGE_ORIGIN } from "./inventory.ts";
import type { World } from "./world.ts";

const PERSON = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36";

export type Link = { id: string; key: string; publisher_id: string };

/** A tracking link of this publisher to the stock's page. */
export function makeLink(world: World, stock: Inventory, publisher_id: string): Promise<Link> {
  const { campaign_id } = stock;
  const json = { campaign_id, publisher_id, landing_url: `${PAGE_ORIGIN}/offer`, sub1: "spring" };
  return world.json("/api/v1/tracking-links", { json });
}

/** Follows the link at `at`: the query of the landing page, token and all. */
export async function click(world: World, link: Link, at: number, query = ""): Promise<string> {
  const response = await world.ask(`/c/${link.key}${query}`, {
    now: at,
    key: null,
    headers: { "user-agent": PERSON },
  });
  return new URL(response.headers.get("location") ?? "").search;
}

export type Shown = { lease: string; number: string };

/** A visitor's page view at `at`; without a visitor a cookieless one, known by address. */
export async function look(
  world: World,
  stock: Pick<Inventory, "site_key">,
  at: number,
  visit: { query?: string; visitor?: string; address?: string },
): Promise<Shown> {
  const { query = "", visitor, address = "192.0.2.1" } = visit;
  const response = await world.ask("/v1/leases", {
    now: at,
    key: null,
    as_text: JSON.stringify({ site: stock.site_key, url: `${PAGE_ORIGIN}/offer${query}`, visitor }),
    headers: { origin: PAGE_ORIGIN, "user-agent": PERSON, "cf-connecting-ip": address },
  });
  const reply = (await response.json()) as { lease: string | null; swaps: { replace: string }[] };
  const number = reply.swaps[0]?.replace;
  if (reply.lease === null || !number) throw new Error(`no number was leased: ${JSON.stringify(reply)}`);
  return { lease: reply.lease, number };
}
