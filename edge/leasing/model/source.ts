import { type Channel, channelOf, DIRECT_SOURCE, NO_MEDIUM, NOT_SET } from "./channel.ts";
import { type ClickIds, readClickIds } from "./click-ids.ts";
import { keywordParameters, kindOfSource, type SourceKind, sourceOfApp, sourceOfHost } from "./hosts.ts";
import { clean, cut, parseQuery, splitUrl, type UrlParts, urlParameters } from "./query.ts";
import { CLICK_TOKEN_PARAMETER, READ_URL_LENGTH_MAX, redactUrl } from "./redact.ts";

const LABEL_LENGTH_MAX = 256;
const PATH_LENGTH_MAX = 512;
const CLICK_TOKEN_LENGTH_MAX = 512;

/** What one page view says about where its visitor came from. Every text is bounded and free of control characters. */
export type Visit = {
  /** As it may be stored: http(s), ≤ 2,048 characters, see `redactUrl`; "" when it is no web address. */
  landing_url: string;
  /** The path of `landing_url`, ≤ 512 characters. */
  landing_path: string;
  /** As it may be stored: http(s) or an app's; "" when there is none. */
  referrer: string;
  source: string;
  medium: string;
  campaign: string;
  /** The keyword. */
  term: string;
  content: string;
  channel: Channel;
  /** By the platform's spelling of the parameter; empty under Global Privacy Control. */
  click_ids: Record<string, string>;
  /** The click token of a publisher's tracking link, not yet verified. */
  rt_click: string | null;
  /**
   * Fingerprint of the click token, click ids and UTM set that the URL brings; "" when it brings none. A held lease
   * whose visitor comes with another one that is not "" begins a new session. Under Global Privacy Control it knows
   * which click ids there were, not their values.
   */
  touch_key: string;
};

/** Where a visit came from by one kind of evidence. */
type Origin = { source: string; medium: string };

type Utm = Record<"source" | "medium" | "campaign" | "id" | "term" | "content", string>;

type Referrer = Origin & { kind: SourceKind | null; keyword: string };

const DIRECT: Origin = { source: DIRECT_SOURCE, medium: NO_MEDIUM };

/** What visitors of each kind of source come by when nothing says that somebody paid. */
const MEDIUM_OF_KIND: Readonly<Record<SourceKind, string>> = {
  search: "organic",
  social: "social",
  ai: "ai",
  mail: "email",
  directory: "referral",
  display: "display",
};

/**
 * Classifies a page view. UTM parameters go first, then the click id of an advertisement, then the referrer's host,
 * then click ids that unpaid clicks carry too. All of it is the browser's claim: good for analytics, never for money.
 * Takes any text and never throws.
 */
export function classifyVisit(input: { url: string; referrer: string; gpc: boolean }): Visit {
  const url = input.url.trim();
  const page = readUrl(url, ["http", "https"]);
  const from = readUrl(input.referrer.trim(), ["http", "https", "android-app", "ios-app"]);
  const parameters = page ? urlParameters(page) : new Map<string, string>();
  const utm = readUtm(parameters);
  const clicks = readClickIds(parameters);
  const token = parameters.get(CLICK_TOKEN_PARAMETER);
  const rtClick = token === undefined ? null : cut(clean(token), CLICK_TOKEN_LENGTH_MAX);
  const referrer = readReferrer(page, from);
  const paid = paidOrigin(parameters, clicks, referrer);
  const { source, medium } = originOf(utm, paid, referrer, clicks);
  const landingUrl = page ? redactUrl(url, { gpc: input.gpc }) : "";
  return {
    landing_url: landingUrl,
    landing_path: cut(
      (landingUrl === url ? page : splitUrl(landingUrl))?.path || (page ? "/" : ""),
      PATH_LENGTH_MAX,
    ),
    referrer: from ? redactUrl(input.referrer.trim(), { gpc: input.gpc }) : "",
    source,
    medium,
    campaign:
      utm.campaign || utm.id || (paid?.source === "google" ? label(parameters, "gad_campaignid") : ""),
    term: keywordOf(parameters, utm, paid !== null, referrer),
    content: utm.content,
    channel: channelOf(source, medium),
    click_ids: input.gpc ? {} : clicks.values,
    rt_click: rtClick,
    touch_key: touchKey(rtClick, clicks, utm, input.gpc),
  };
}

function readUrl(text: string, schemes: readonly string[]): UrlParts | null {
  const parts = splitUrl(cut(clean(text), READ_URL_LENGTH_MAX));
  return parts && schemes.includes(parts.scheme) ? parts : null;
}

function label(parameters: ReadonlyMap<string, string>, name: string): string {
  const given = parameters.get(name);
  if (given === undefined) return "";
  const value = clean(given).trim();
  // `{keyword}`, `{{ad.name}}`, `%%ID%%`: a placeholder that the platform never filled.
  return /^(?:\{.*\}|%%.*%%|\[.*\])$/.test(value) ? "" : cut(value, LABEL_LENGTH_MAX);
}

/** The first of these parameters that says something; "" when none does. */
function firstLabel(parameters: ReadonlyMap<string, string>, names: readonly string[]): string {
  for (const name of names) {
    const text = label(parameters, name);
    if (text !== "") return text;
  }
  return "";
}

function readUtm(parameters: ReadonlyMap<string, string>): Utm {
  return {
    source: label(parameters, "utm_source"),
    medium: label(parameters, "utm_medium"),
    campaign: label(parameters, "utm_campaign"),
    id: label(parameters, "utm_id"),
    term: label(parameters, "utm_term"),
    content: label(parameters, "utm_content"),
  };
}

/** Who sent the visitor by the referrer; null when nobody did or a page of the same site. */
function readReferrer(page: UrlParts | null, from: UrlParts | null): Referrer | null {
  if (!from || (page && isSameSite(page.host, from.host))) return null;
  const known = from.scheme.endsWith("-app") ? sourceOfApp(from.host) : sourceOfHost(from.host);
  if (!known) return { source: hostLabel(from.host), medium: "referral", kind: null, keyword: "" };
  const names = keywordParameters(known.source);
  const keyword = names.length === 0 ? "" : firstLabel(parseQuery(from.query), names);
  return { source: hostLabel(known.source), medium: MEDIUM_OF_KIND[known.kind], kind: known.kind, keyword };
}

/** The same host, with or without `www.`, or one above or below the other. */
function isSameSite(left: string, right: string): boolean {
  const a = withoutWww(left);
  const b = withoutWww(right);
  return a === b || a.endsWith(`.${b}`) || b.endsWith(`.${a}`);
}

function hostLabel(host: string): string {
  return cut(withoutWww(host), LABEL_LENGTH_MAX);
}

function withoutWww(host: string): string {
  return host.replace(/^www\d?\./, "");
}

function originOf(utm: Utm, paid: Origin | null, referrer: Referrer | null, clicks: ClickIds): Origin {
  const found = paid ?? referrer ?? clicks.rule ?? DIRECT;
  if (utm.source !== "") {
    const kind = kindOfSource(utm.source);
    const usual = paid?.medium ?? (kind ? MEDIUM_OF_KIND[kind] : NOT_SET);
    return { source: utm.source, medium: utm.medium || usual };
  }
  if (utm.medium !== "") return { source: found === DIRECT ? NOT_SET : found.source, medium: utm.medium };
  return { source: found.source, medium: found.medium };
}

/**
 * The origin of a click that was certainly paid, else null. The referrer corrects it where the platform sells space
 * on the pages of others. Browsers that strip `gclid` leave Google's `gad_source`, which only advertisements carry.
 */
function paidOrigin(
  parameters: ReadonlyMap<string, string>,
  { rule }: ClickIds,
  referrer: Referrer | null,
): Origin | null {
  const paid: Origin | null = rule?.paid
    ? rule
    : parameters.has("gad_source")
      ? { source: "google", medium: "cpc" }
      : null;
  if (paid && rule?.partners && referrer?.kind === "search")
    return { source: referrer.source, medium: paid.medium };
  if (paid?.source === "google" && referrer?.kind === "display")
    return { source: "google", medium: "display" };
  return paid;
}

/**
 * The keyword: `utm_term`; what templates of Google and Microsoft Ads call theirs (ValueTrack's `{keyword}`);
 * else what the search engine's referrer tells. `keyword` and `kw` may be a site's own search box: they count only
 * beside a match type or a paid click id, `k` only beside a match type.
 */
function keywordOf(
  parameters: ReadonlyMap<string, string>,
  utm: Utm,
  isPaid: boolean,
  referrer: Referrer | null,
): string {
  const names = ["hsa_kw", "_bk"];
  const hasMatchType = firstLabel(parameters, ["matchtype", "hsa_mt", "_bm"]) !== "";
  if (hasMatchType || isPaid) names.push("keyword", "kw");
  if (hasMatchType) names.push("k");
  const searched = utm.source === "" ? (referrer?.keyword ?? "") : "";
  return utm.term || firstLabel(parameters, names) || searched;
}

function touchKey(rtClick: string | null, clicks: ClickIds, utm: Utm, gpc: boolean): string {
  const brought: [string, string][] = [];
  if (rtClick !== null) brought.push([CLICK_TOKEN_PARAMETER, rtClick]);
  for (const [name, value] of Object.entries(clicks.values)) brought.push([name, gpc ? "" : value]);
  for (const [name, value] of Object.entries(utm)) if (value !== "") brought.push([`utm_${name}`, value]);
  return brought.length === 0 ? "" : fingerprint(JSON.stringify(brought));
}

/**
 * 64 bits of a text in 16 hexadecimal digits: two FNV-1a hashes with different offsets. Not secret and not secure;
 * who makes two touches collide hides only his own second visit.
 */
function fingerprint(text: string): string {
  let left = 0x811c9dc5;
  let right = 0x9e3779b9;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    left = Math.imul(left ^ unit, 0x01000193);
    right = Math.imul(right ^ (unit + i), 0x01000193);
  }
  return hex(left) + hex(right);
}

/** Eight digits, four at a time: of numbers above 2³¹ the engine divides floating-point ones. */
function hex(half: number): string {
  const digits = (quarter: number) => quarter.toString(16).padStart(4, "0");
  return digits(half >>> 16) + digits(half & 0xffff);
}
