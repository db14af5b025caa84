import { type Cast, OWN_SITE } from "./cast.ts";
import type { Chance } from "./chance.ts";

/** A visitor the demo invents: whose page, by which way, from where, with which phone. */
export type DemoVisitor = {
  site: keyof Cast["sites"];
  origin: string;
  path: string;
  /** The tracking link that leads there, in place of `path`. */
  link: keyof Cast["links"] | null;
  referrer: string;
  user_agent: string;
  region: string;
  phone: string;
  /** Keeps an id; the others are cookieless. */
  id: string | null;
};

const ORIGINS: Record<keyof Cast["sites"], string> = {
  fernhill: "https://plumber-now.example",
  bluegate: "https://best-plumbers.example",
  own: OWN_SITE,
};

const SITES = [
  ["fernhill", 6],
  ["bluegate", 3],
  ["own", 2],
] as const;

const PAGES: Record<keyof Cast["sites"], readonly (readonly [string, number])[]> = {
  fernhill: [
    ["/emergency-plumber", 6],
    ["/drain-cleaning", 3],
    ["/water-heater", 2],
  ],
  bluegate: [
    ["/san-francisco", 5],
    ["/oakland", 3],
    ["/compare", 2],
  ],
  own: [
    ["/", 5],
    ["/prices", 3],
    ["/contact", 3],
  ],
};

const KEYWORDS = [
  ["burst pipe", 6],
  ["emergency plumber near me", 8],
  ["drain cleaning cost", 4],
  ["water heater repair", 4],
  ["plumber open now", 5],
  ["sewer line backup", 2],
] as const;

type Way = { query: string; referrer: string };
const plus = (text: string) => text.replaceAll(" ", "+");
const click = (chance: Chance) =>
  `Cj0KCQ${chance.between(10 ** 8, 10 ** 9 - 1).toString(36)}${chance.between(10 ** 8, 10 ** 9 - 1).toString(36)}`;

const PAID: readonly (readonly [(chance: Chance) => Way, number])[] = [
  [
    (c) => ({
      query: `?utm_source=google&utm_medium=cpc&utm_campaign=emergency&utm_term=${plus(c.pick(KEYWORDS))}&gclid=${click(c)}`,
      referrer: "https://www.google.com/",
    }),
    9,
  ],
  [
    (c) => ({
      query: `?utm_source=bing&utm_medium=cpc&utm_campaign=emergency&utm_term=${plus(c.pick(KEYWORDS))}&msclkid=${click(c)}`,
      referrer: "https://www.bing.com/",
    }),
    3,
  ],
  [
    (c) => ({
      query: `?utm_source=facebook&utm_medium=paid_social&utm_campaign=homeowners&fbclid=${click(c)}`,
      referrer: "https://l.facebook.com/",
    }),
    3,
  ],
];
const FREE: readonly (readonly [(chance: Chance) => Way, number])[] = [
  [() => ({ query: "", referrer: "https://www.google.com/" }), 6],
  [() => ({ query: "", referrer: "https://duckduckgo.com/" }), 1],
  [() => ({ query: "", referrer: "https://chatgpt.com/" }), 1.5],
  [() => ({ query: "", referrer: "https://www.yelp.com/biz/redwood-plumbing" }), 2],
  [() => ({ query: "", referrer: "" }), 4],
];

const REGIONS = [
  ["US-CA", 20],
  ["US-NV", 2],
  ["US-OR", 2],
  ["US-TX", 1],
  ["US-NY", 1],
] as const;
const AREA_CODES: Record<string, readonly (readonly [string, number])[]> = {
  "US-CA": [
    ["415", 5],
    ["510", 4],
    ["650", 2],
    ["408", 1],
    ["925", 1],
  ],
  "US-NV": [
    ["702", 1],
    ["775", 1],
  ],
  "US-OR": [["503", 1]],
  "US-TX": [["512", 1]],
  "US-NY": [["212", 1]],
};
const USER_AGENTS = [
  [
    "Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.1 Mobile/15E148 Safari/604.1",
    6,
  ],
  [
    "Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/155.0.0.0 Mobile Safari/537.36",
    4,
  ],
  [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/155.0.0.0 Safari/537.36",
    5,
  ],
] as const;

/** The last four digits of visitors' phones lie below this, those of test calls from here on: no caller is both. */
export const TEST_LINES_FROM = 8_000;

/** A phone of somebody who lives in this region; three quarters have a local area code. */
export function phoneIn(chance: Chance, region: string): string {
  const home = chance.happens(0.75) ? region : chance.pick(REGIONS);
  const area = chance.pick(AREA_CODES[home] ?? [["415", 1]]);
  return `+1${area}555${String(chance.between(0, TEST_LINES_FROM - 1)).padStart(4, "0")}`;
}

/** How many of the visitors of the advertiser's own site come by a letter with Tallow's link in it. */
const LINK_SHARE = 0.35;
const LINKS = [
  ["newsletter", 3],
  ["neighbours", 1],
] as const;

export function inventVisitor(chance: Chance): DemoVisitor {
  const site = chance.pick(SITES);
  // Publishers buy most of their traffic, the advertiser's own site is mostly found.
  const way = chance.pick(chance.happens(site === "own" ? 0.25 : 0.7) ? PAID : FREE)(chance);
  const region = chance.pick(REGIONS);
  const link = site === "own" && chance.happens(LINK_SHARE) ? chance.pick(LINKS) : null;
  return {
    site,
    origin: ORIGINS[site],
    path: `${chance.pick(PAGES[site])}${way.query}`,
    link,
    referrer: link ? "" : way.referrer,
    user_agent: chance.pick(USER_AGENTS),
    region,
    phone: phoneIn(chance, region),
    id: chance.happens(0.85) ? `demo${chance.between(10 ** 8, 10 ** 9 - 1)}` : null,
  };
}
