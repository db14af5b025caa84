import { clean, cut } from "./query.ts";

const CLICK_ID_LENGTH_MAX = 512;
const CLICK_IDS_MAX = 8;

export type ClickIdRule = {
  /** The parameter, spelled as its platform does. */
  name: string;
  source: string;
  medium: "cpc" | "display" | "affiliate" | "social" | "organic" | "email";
  /** True where the platform adds it to advertisements only, so that it proves a paid click. */
  paid: boolean;
  /** True where the platform also sells the results of other search engines: then the referrer names the source. */
  partners?: true;
};

/** What advertising and mailing platforms add to a landing page's URL; of several the first here names the source. */
const CLICK_ID_RULES: readonly ClickIdRule[] = [
  { name: "gclid", source: "google", medium: "cpc", paid: true },
  { name: "wbraid", source: "google", medium: "cpc", paid: true },
  { name: "gbraid", source: "google", medium: "cpc", paid: true },
  { name: "msclkid", source: "bing", medium: "cpc", paid: true, partners: true },
  { name: "dclid", source: "google", medium: "display", paid: true },
  { name: "yclid", source: "yandex", medium: "cpc", paid: true },
  { name: "sznclid", source: "seznam", medium: "cpc", paid: true },
  { name: "ttclid", source: "tiktok", medium: "cpc", paid: true },
  { name: "li_fat_id", source: "linkedin", medium: "cpc", paid: true },
  { name: "twclid", source: "x", medium: "cpc", paid: true },
  { name: "epik", source: "pinterest", medium: "cpc", paid: true },
  { name: "rdt_cid", source: "reddit", medium: "cpc", paid: true },
  { name: "ScCid", source: "snapchat", medium: "cpc", paid: true },
  { name: "ndclid", source: "nextdoor", medium: "cpc", paid: true },
  { name: "qclid", source: "quora", medium: "cpc", paid: true },
  { name: "tblci", source: "taboola", medium: "display", paid: true },
  { name: "obclid", source: "outbrain", medium: "display", paid: true },
  { name: "dicbo", source: "outbrain", medium: "display", paid: true },
  { name: "vmcid", source: "yahoo", medium: "display", paid: true },
  { name: "irclickid", source: "impact", medium: "affiliate", paid: true },
  { name: "cjevent", source: "cj", medium: "affiliate", paid: true },
  { name: "awc", source: "awin", medium: "affiliate", paid: true },
  { name: "ranSiteID", source: "rakuten", medium: "affiliate", paid: true },
  { name: "SSCID", source: "shareasale", medium: "affiliate", paid: true },
  { name: "tduid", source: "tradedoubler", medium: "affiliate", paid: true },
  // Added to unpaid clicks too, or to them alone: they name the platform, and only when no referrer does.
  { name: "fbclid", source: "facebook", medium: "social", paid: false },
  { name: "igshid", source: "instagram", medium: "social", paid: false },
  { name: "igsh", source: "instagram", medium: "social", paid: false },
  { name: "srsltid", source: "google", medium: "organic", paid: false },
  { name: "ysclid", source: "yandex", medium: "organic", paid: false },
  // One per recipient of a mailing: as personal as a click id, and treated as one.
  { name: "mc_eid", source: "mailchimp", medium: "email", paid: false },
  { name: "_hsenc", source: "hubspot", medium: "email", paid: false },
  { name: "mkt_tok", source: "marketo", medium: "email", paid: false },
  { name: "_kx", source: "klaviyo", medium: "email", paid: false },
];

/** Each rule with its place in the table, by the name as `parseQuery` has it. */
const BY_NAME: ReadonlyMap<string, { rule: ClickIdRule; place: number }> = new Map(
  CLICK_ID_RULES.map((rule, place) => [rule.name.toLowerCase(), { rule, place }]),
);

/** The names of all click ids, spelled as their platforms do. */
export const CLICK_ID_NAMES: readonly string[] = CLICK_ID_RULES.map((rule) => rule.name);

export type ClickIds = {
  /** By the platform's own spelling; at most 8, values at most 512 characters and never case-folded. */
  values: Record<string, string>;
  /** The rule of the click id that names the source: the first of the table that is present. */
  rule: ClickIdRule | null;
};

/** Picks the click ids out of a URL's parameters (names lower-cased, see `parseQuery`). */
export function readClickIds(parameters: ReadonlyMap<string, string>): ClickIds {
  const present: { rule: ClickIdRule; place: number; value: string }[] = [];
  for (const [name, value] of parameters) {
    const known = BY_NAME.get(name);
    if (known) present.push({ ...known, value });
  }
  present.sort((a, b) => a.place - b.place);
  const values: Record<string, string> = {};
  for (const { rule, value } of present.slice(0, CLICK_IDS_MAX)) {
    values[rule.name] = cut(clean(value), CLICK_ID_LENGTH_MAX);
  }
  return { values, rule: present[0]?.rule ?? null };
}
