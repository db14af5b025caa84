/**
 * Addresses as a tracking link needs them, read and put together as text: what a publisher has written into a
 * landing page stays byte for byte.
 */

/** The host of a web address or origin, lower case, without port; "" for any other text. */
export function hostOf(url: string): string {
  return (/^https?:\/\/([^/?#:]+)/i.exec(url)?.[1] ?? "").replace(/\.$/, "").toLowerCase();
}

/** True when a page's host is one of a site's, whatever scheme and port: `https://*.host` stands for all below it. */
export function liesOn(url: string, origins: readonly string[]): boolean {
  const host = hostOf(url);
  return origins.some((origin) => {
    const allowed = hostOf(origin);
    return allowed.startsWith("*.") ? host.endsWith(allowed.slice(1)) : host === allowed;
  });
}

/** What a tracking link adds: its signed click token. */
export const CLICK_TOKEN_PARAMETER = "rt_click";

/** Of a visitor's own query so much is passed on, in whole parameters. */
const PASSED_ON_LENGTH_MAX = 4_000;

/**
 * The visitor's query as it goes on to the landing page: without a click token of its own, which is nobody's to
 * give but ours, and at most 4,000 characters of it.
 */
export function passedOn(query: string): string {
  const kept: string[] = [];
  let length = 0;
  for (const pair of query.replace(/^\?/, "").split("&")) {
    const [name = ""] = pair.split("=", 1);
    if (pair === "" || decoded(name).trim().toLowerCase() === CLICK_TOKEN_PARAMETER) continue;
    length += pair.length + 1;
    if (length > PASSED_ON_LENGTH_MAX) break;
    kept.push(pair);
  }
  return kept.join("&");
}

/** The landing page's address with more parameters, before its fragment. */
export function withParameters(landing_url: string, ...queries: string[]): string {
  const mark = landing_url.indexOf("#");
  const page = mark < 0 ? landing_url : landing_url.slice(0, mark);
  const fragment = mark < 0 ? "" : landing_url.slice(mark);
  const added = queries.filter((query) => query !== "").join("&");
  if (added === "") return landing_url;
  const joint = !page.includes("?") ? "?" : /[?&]$/.test(page) ? "" : "&";
  return `${page}${joint}${added}${fragment}`;
}

const SUB_LENGTH_MAX = 200;

/** The sub ids that a click brings in its own query, read as a form does; `+` is a space. */
export function subIdsOf(query: string): Partial<Record<"sub1" | "sub2" | "sub3" | "sub4" | "sub5", string>> {
  const found: Partial<Record<"sub1" | "sub2" | "sub3" | "sub4" | "sub5", string>> = {};
  for (const pair of query.split("&")) {
    const match = /^(sub[1-5])=(.+)$/i.exec(pair);
    const name = match?.[1]?.toLowerCase() as keyof typeof found | undefined;
    if (!name || name in found) continue;
    const value = decoded(match?.[2] ?? "").replace(/\p{Cc}/gu, "");
    found[name] = [...value].slice(0, SUB_LENGTH_MAX).join("");
  }
  return found;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return text;
  }
}
