import type { RateLimit } from "@cloudflare/workers-types";
import type { BlockedReason, BlockedReply, LeaseReply } from "../../shared/api/leases.ts";
import { type Instant, SECOND_MS } from "../../shared/instant.ts";
import { err, ok, type Result } from "../../shared/result.ts";
import { notePageView, poolDoor, type SiteSettings, siteSettings } from "../inventory/site-settings.ts";
import { BlockedCounts } from "../leasing/blocked-counts.ts";
import { isAhead, isBot, isOriginOf, isScraper, isTest } from "../leasing/model/browser.ts";
import type { LeaseRequestRead } from "../leasing/model/lease-request.ts";
import { swapsTo } from "../leasing/model/swaps.ts";
import type {
  GrantedLease,
  LeaseAnswer,
  LeaseAsk,
  LeaseRef,
  NoteAsk,
  PoolSettings,
} from "../leasing/pool-port.ts";
import { type Blocked, countBlocked } from "../leasing/store.ts";
import { signLease, verifyLease } from "../leasing/token.ts";
import { write } from "../platform/db.ts";
import { errorFields } from "../platform/log.ts";
import type { Failure } from "../platform/problem.ts";
import type { Services } from "../services.ts";
import { type Browser, leaseAsk } from "./lease-ask.ts";

type Reply = LeaseReply | BlockedReply;

/** `origin`: whom the browser may show the answer to; null when the page is not known to be the site's. */
export type PageViewAnswer = { status: 200 | 201; reply: Reply; origin: string | null };
export type Refusal = { failure: Failure; origin: string | null };

const GONE: Failure = { kind: "gone", detail: "This lease has ended." };
const NO_NUMBER: Failure = { kind: "unavailable", detail: "No number can be given out just now." };
/** A site's `last_page_view_at` is this coarse, so that the lease path writes nothing to D1 for most visits. */
const PAGE_VIEW_NOTED_EVERY_MS = 10 * SECOND_MS;
const SITES_NOTED_MAX = 10_000;
const pageViewNotedAt = new Map<string, Instant>();

const BLOCKED_GATHERED_MS = 250;
const blockedCounts = new BlockedCounts();

/**
 * A visit arrives: its site, its source, a number of its own or the reason why not. With the settings cached no D1
 * statement is waited for, and one going on behind the answer may fail.
 */
export async function pageView(
  services: Services,
  request: LeaseRequestRead,
  browser: Browser,
): Promise<Result<PageViewAnswer, Refusal>> {
  const known = await siteSettings(services, request.site);
  if (!known.ok) return err({ failure: known.error, origin: null });
  const site = known.value;
  const { origin } = browser;
  if (origin === null || !isOriginOf(site.origins, origin)) {
    return err({ failure: { kind: "origin_not_allowed" }, origin: null });
  }
  noteVisit(services, site);
  const gpc = request.gpc || browser.gpc;
  const refused = refusalOf(site, browser, gpc, services.clock.now());
  if (refused) {
    const is_scraper = refused === "bot" && isScraper(browser.user_agent);
    return ok({ status: 200, reply: blockedReply(services, site, refused, { is_scraper }), origin });
  }
  const ask = await leaseAsk(services, site, { ...request, gpc }, browser);
  if (services.lease_rate && (await isFlooding(services, services.lease_rate, ask))) {
    return ok({ status: 200, reply: blockedReply(services, site, "over_quota", {}), origin });
  }
  let answer: LeaseAnswer;
  try {
    answer = await services.pool(site.pool.pool_id).lease(ask);
  } catch (error) {
    services.log.error("pool not asked", errorFields(error));
    return err({ failure: NO_NUMBER, origin });
  }
  if (answer.kind === "blocked") {
    return ok({
      status: 200,
      reply: blockedReply(services, site, answer.reason, { visitors: answer.again ? 0 : 1 }),
      origin,
    });
  }
  if (answer.shared) count(services, site, "shared");
  const reply = await leaseReply(services, site.pool, answer, site.swap_numbers, ask.now);
  return ok({ status: answer.created ? 201 : 200, reply, origin });
}

/** A page is still open: its lease lasts longer. The token says which one; `gone` when it has ended. */
export async function renewLease(
  services: Services,
  token: string,
  data: Record<string, string>,
  page_origin: string | null,
): Promise<Result<PageViewAnswer, Refusal>> {
  const door = await doorOf(services, token, page_origin);
  if (!door.ok) return door;
  const { pool, sites, lease, origin } = door.value;
  const now = services.clock.now();
  const answer = await services.pool(pool.pool_id).renew({ now, pool, lease, data });
  const site = answer.kind === "granted" && sites.find(({ site_id }) => site_id === answer.site_id);
  if (!site) return err({ failure: GONE, origin });
  return ok({ status: 200, reply: await leaseReply(services, pool, answer, site.swap_numbers, now), origin });
}

/** The visitor pressed the call link, or left the page. */
export async function noteEvent(
  services: Services,
  token: string,
  type: NoteAsk["type"],
  page_origin: string | null,
): Promise<Result<{ origin: string | null }, Refusal>> {
  const door = await doorOf(services, token, page_origin);
  if (!door.ok) return door;
  const { pool, lease, origin } = door.value;
  const noted = await services.pool(pool.pool_id).note({ now: services.clock.now(), pool, lease, type });
  return noted.kind === "noted" ? ok({ origin }) : err({ failure: GONE, origin });
}

/**
 * The pool and lease that a token names. The token is the authority here, so a request without an origin of the
 * pool's sites is served, but a browser may show the answer to pages of these sites only.
 */
async function doorOf(services: Services, token: string, page_origin: string | null) {
  const named = await verifyLease(services.vault, token);
  if (!named) return err({ failure: GONE, origin: null });
  const door = await poolDoor(services, named.pool_key);
  if (!door.ok) return err({ failure: door.error.kind === "not_found" ? GONE : door.error, origin: null });
  const { pool, sites } = door.value;
  const isOurs = page_origin !== null && sites.some((site) => isOriginOf(site.origins, page_origin));
  const lease: LeaseRef = { number_key: named.number_key, leased_at: named.leased_at };
  return ok({ pool, sites, lease, origin: isOurs ? page_origin : null });
}

/**
 * True when this visitor's address views pages faster than any number of people behind it would. A pool counts what
 * is shown to whom, but a flood that reaches it keeps others waiting. What is not counted is let through.
 */
async function isFlooding(
  services: Services,
  rate: RateLimit,
  { prefix, host, visit }: LeaseAsk,
): Promise<boolean> {
  if (prefix === null) return false;
  try {
    const { success } = await rate.limit({ key: `${visit.site_id}/${prefix}/${host}` });
    return !success;
  } catch (error) {
    services.log.error("page views not counted by address", errorFields(error));
    return false;
  }
}

/** Why this page view is not asked for at the pool at all. */
function refusalOf(site: SiteSettings, browser: Browser, gpc: boolean, now: Instant): BlockedReason | null {
  if (isAhead(browser.purpose)) return "prerender";
  if (isBot(browser.user_agent) && !isTest(browser.user_agent, browser.origin)) return "bot";
  if (isOn(site.paused_at, site.resume_at, now) || isPublisherPaused(site, now)) return "paused";
  if (gpc && site.gpc === "static") return "gpc";
  return null;
}

function isPublisherPaused(
  { publisher_paused_at, publisher_resume_at }: SiteSettings,
  now: Instant,
): boolean {
  return isOn(publisher_paused_at, publisher_resume_at, now);
}

function isOn(paused_at: Instant | null, resume_at: Instant | null, now: Instant): boolean {
  return paused_at !== null && (resume_at === null || now < resume_at);
}

/**
 * No number of one's own: the static one if there is, and the reason, which is counted. A paused publisher's static
 * number leads nowhere, so the page keeps its own, as it does where the pool says so. A scraper reads the honeypot where there is one.
 */
function blockedReply(
  services: Services,
  site: SiteSettings,
  reason: BlockedReason,
  { visitors = 0, is_scraper = false }: { visitors?: 0 | 1; is_scraper?: boolean },
): BlockedReply {
  count(services, site, reason, visitors);
  const { static_number, honeypot_number, swap_numbers } = site;
  if (is_scraper && honeypot_number !== null) {
    return { lease: null, swaps: swapsTo(honeypot_number, swap_numbers), reason };
  }
  const is_pools = reason === "pool_empty" || reason === "over_quota";
  const leads_nowhere =
    static_number === null ||
    isPublisherPaused(site, services.clock.now()) ||
    (is_pools && site.keeps_page_number);
  return { lease: null, swaps: leads_nowhere ? [] : swapsTo(static_number, swap_numbers), reason };
}

/** Counts a page view that got no number of its own alone, by its reason. */
function count(services: Services, site: SiteSettings, reason: Blocked["reason"], visitors: 0 | 1 = 0): void {
  const { network_id, site_id } = site;
  const blocked = { network_id, site_id, pool_id: site.pool.pool_id, reason };
  if (blockedCounts.add(blocked, visitors, services.clock.now()))
    inBackground(services, sendBlocked(services));
}

/** After a moment in which others may join; one statement for each site and reason, one write for each network. */
async function sendBlocked(services: Services): Promise<void> {
  await scheduler.wait(BLOCKED_GATHERED_MS);
  const by_network = Map.groupBy(blockedCounts.take(), ({ network_id }) => network_id);
  for (const [network_id, counts] of by_network) {
    const { db } = services.network(network_id);
    await write(db, ...counts.map((count) => countBlocked(db, count)));
  }
}

async function leaseReply(
  services: Services,
  pool: PoolSettings,
  answer: GrantedLease,
  swap_numbers: readonly string[],
  now: Instant,
): Promise<LeaseReply> {
  const { number_key, leased_at, expires_at, e164 } = answer;
  const lease = await signLease(services.vault, { pool_key: pool.pool_key, number_key, leased_at });
  // Half of what is left, which is half the ttl for a new lease: browsers count the end as twice this.
  const left_s = Math.min((expires_at - now) / SECOND_MS, pool.lease_ttl_s);
  const renew_after_s = Math.max(1, Math.floor(left_s / 2));
  return { lease, expires_at, renew_after_s, swaps: swapsTo(e164, swap_numbers) };
}

function noteVisit(services: Services, site: SiteSettings): void {
  const now = services.clock.now();
  const noted_at = pageViewNotedAt.get(site.site_id);
  if (noted_at !== undefined && Math.abs(now - noted_at) < PAGE_VIEW_NOTED_EVERY_MS) return;
  if (pageViewNotedAt.size >= SITES_NOTED_MAX) pageViewNotedAt.clear();
  pageViewNotedAt.set(site.site_id, now);
  const { db } = services.network(site.network_id);
  inBackground(services, write(db, notePageView(db, site.site_id, now)));
}

/** Counters: worth no visitor's time and no error on a page. */
function inBackground(services: Services, work: Promise<void>): void {
  services.later(work.catch((error) => services.log.error("page view not counted", errorFields(error))));
}
