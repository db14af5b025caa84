import { isbot } from "isbot";

/** What is read from a browser's request beside its body. Claims, all of it. */

const MOBILE = /\b(?:Mobi|Mobile|Android|iPhone|iPad|iPod)/;

/** By the client hint `Sec-CH-UA-Mobile` where the browser sends it, else by its user agent. */
export function deviceOf(mobile_hint: string | null, user_agent: string): "mobile" | "desktop" {
  if (mobile_hint === "?1") return "mobile";
  if (mobile_hint === "?0") return "desktop";
  return MOBILE.test(user_agent) ? "mobile" : "desktop";
}

/** True for a page that nobody looks at yet: `Sec-Purpose: prefetch` and `prefetch;prerender`. */
export function isAhead(purpose: string | null): boolean {
  return /^\s*(?:prefetch|prerender)\b/i.test(purpose ?? "");
}

/** Country and ISO 3166-2 region; null for what is unknown (Cloudflare's `XX` and `T1` are no countries). */
export function placeOf(
  country: string | null,
  region_code: string | null,
): { country: string | null; region: string | null } {
  if (country === null || !/^[A-Z]{2}$/.test(country) || country === "XX")
    return { country: null, region: null };
  const isCode = region_code !== null && /^[A-Z0-9]{1,3}$/.test(region_code);
  return { country, region: isCode ? `${country}-${region_code}` : null };
}

/** True when the page's origin is one of the site's: exactly, or a host below `https://*.host`. */
export function isOriginOf(origins: readonly string[], origin: string): boolean {
  return origins.some((allowed) => {
    if (!allowed.startsWith("https://*.")) return allowed === origin;
    const host = allowed.slice("https://*".length);
    return (
      origin.startsWith("https://") && origin.endsWith(host) && isHostLabel(origin.slice(8, -host.length))
    );
  });
}

function isHostLabel(text: string): boolean {
  return /^[a-z0-9-]+(?:\.[a-z0-9-]+)*$/i.test(text);
}

/** Measuring robots that the library takes for people. */
const MEASURING_TOOL = /GTmetrix|Miniature\.io|\bYLT\b/;

/** True for a declared robot: nobody looks at the page it loads, so it needs no number of its own. */
export function isBot(user_agent: string): boolean {
  return isbot(user_agent) || MEASURING_TOOL.test(user_agent);
}

/**
 * A headless browser on a page of its own machine is somebody's test, not a crawler: no stranger's page has a
 * loopback origin (W3C Secure Contexts, "potentially trustworthy" hosts).
 */
export function isTest(user_agent: string, origin: string | null): boolean {
  const ownMachine = /^http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/.test(origin ?? "");
  return ownMachine && user_agent.includes("HeadlessChrome/");
}

/** Browsers that are run by a program, and programs that fetch pages without one, as they name themselves. */
const SCRAPING_TOOL =
  /HeadlessChrome|PhantomJS|Puppeteer|Playwright|Selenium|Scrapy|python-|aiohttp|httpx|curl\/|Wget|node-fetch|axios|undici|Go-http-client|okhttp|Java\/|Apache-HttpClient|libwww-perl|Guzzle|Ruby\b|Colly/i;

/**
 * True for a declared bot whose pages no person sees. A crawler that says where its owner is to be found (a search
 * engine, a preview of a link) shows people what it read.
 */
export function isScraper(user_agent: string): boolean {
  return SCRAPING_TOOL.test(user_agent) && !/https?:\/\/|@/.test(user_agent);
}

/**
 * Whose an address is: `prefix` is the part that one subscriber has at most, a /24 of IPv4 or a /48 of IPv6 (RFC 6177),
 * and `host` which address of it this is, of IPv6 which /64, since a machine has all of those. Null for what is no
 * address and for a machine's own, which is what a local run sees; an IPv4 address inside IPv6 counts as the former.
 */
export function networkOf(address: string): { prefix: string; host: string } | null {
  const v4 = /^(?:::ffff:)?(\d{1,3}\.\d{1,3}\.\d{1,3})\.(\d{1,3})$/i.exec(address);
  if (v4) {
    const [, prefix = "", host = ""] = v4;
    return prefix.startsWith("127.") ? null : { prefix, host };
  }
  if (address === "::1") return null;
  if (!/^[0-9a-f:]{2,39}$/i.test(address) || !address.includes(":")) return null;
  const [head = "", tail] = address.toLowerCase().split("::");
  const groups = head === "" ? [] : head.split(":");
  if (tail !== undefined) {
    const rest = tail === "" ? [] : tail.split(":");
    while (groups.length + rest.length < 8) groups.push("0");
    groups.push(...rest);
  }
  const [a = "", b = "", c = "", host = ""] = groups.map((group) => group.replace(/^0+(?=.)/, ""));
  return { prefix: `${a}:${b}:${c}`, host };
}
