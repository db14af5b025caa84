import type { World as Served } from "../../support/world.ts";
import { instant } from "../product.ts";
import { regionCode } from "./regions.ts";
import type { Shop } from "./shop.ts";

export const MOBILE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Mobile/15E148 Safari/604.1";
export const DESKTOP = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/130.0 Safari/537.36";
export const CRAWLER = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)";

/** What a page view is answered. */
export type Reply = { lease: string | null; swaps: { replace: string }[]; renew_after_s?: number };

export type Browser = {
  publisher: number;
  visitor: string;
  agent: string;
  region?: number | null;
  /** The lease that it still holds. */
  held?: string;
  /** Of the page's address. */
  query?: string;
};

/** One browser's page view of a publisher's site; null when it was refused or nobody answered. */
export async function viewPage(
  served: Served,
  shop: Shop,
  at_s: number,
  { publisher, visitor, agent, region = null, held, query = "" }: Browser,
): Promise<Reply | null> {
  const site = shop.publishers[publisher];
  if (!site) return null;
  const block = [...visitor].reduce((sum, unit) => (sum * 31 + unit.charCodeAt(0)) % 2 ** 24, 7);
  const headers: Record<string, string> = {
    origin: site.origin,
    "user-agent": agent,
    "cf-connecting-ip": `${(block >> 16) & 255}.${(block >> 8) & 255}.${block & 255}.7`,
  };
  if (region !== null) Object.assign(headers, { "cf-ipcountry": "US", "cf-region-code": regionCode(region) });
  const body = {
    site: site.site_key,
    url: `${site.origin}/${query}`,
    referrer: "",
    visitor,
    ...(held && { lease: held }),
  };
  const response = await served.ask("/v1/leases", {
    now: instant(at_s),
    key: null,
    as_text: JSON.stringify(body),
    headers,
  });
  const text = await response.text();
  return response.ok ? (JSON.parse(text) as Reply) : null;
}

/** Reads an answer that says nothing but whether it went well. */
export async function drain(response: Response): Promise<{ ok: boolean }> {
  await response.text();
  return { ok: response.ok };
}
