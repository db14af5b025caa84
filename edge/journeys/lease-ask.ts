import type { Instant } from "../../shared/instant.ts";
import { verifyClickToken } from "../attribution/clicks/token.ts";
import type { SiteSettings } from "../inventory/site-settings.ts";
import { deviceOf, networkOf, placeOf } from "../leasing/model/browser.ts";
import type { LeaseRequestRead } from "../leasing/model/lease-request.ts";
import { classifyVisit } from "../leasing/model/source.ts";
import { visitorKeyOfFingerprint, visitorKeyOfId } from "../leasing/model/visitor-key.ts";
import type { LeaseAsk, VisitFacts } from "../leasing/pool-port.ts";
import { verifyLease } from "../leasing/token.ts";
import { utcDay } from "../platform/clock.ts";
import type { Services } from "../services.ts";

/** What the request itself says about the browser, beside its body; null where a header is missing. */
export type Browser = {
  origin: string | null;
  user_agent: string;
  address: string;
  mobile_hint: string | null;
  purpose: string | null;
  gpc: boolean;
  country: string | null;
  region_code: string | null;
};

/** What a page view asks of its site's pool: who comes, where the visit came from, and what proves it. */
export async function leaseAsk(
  services: Services,
  site: SiteSettings,
  request: LeaseRequestRead,
  browser: Browser,
): Promise<LeaseAsk> {
  const now = services.clock.now();
  const { gpc, data } = request;
  const { rt_click, touch_key, ...visit } = classifyVisit({ ...request, gpc });
  // Whom it proves is decided at settlement; a forged token is nobody's and leaves no trace.
  const click = rt_click && (await verifyClickToken(services.vault, site.network_id, rt_click, now));
  const visitor = gpc ? null : request.visitor;
  const token = request.lease === null ? null : await verifyLease(services.vault, request.lease);
  const facts: VisitFacts = {
    ...visit,
    ...proofOf(site),
    ...placeOf(browser.country, browser.region_code),
    site_id: site.site_id,
    device: deviceOf(browser.mobile_hint, browser.user_agent),
    click_link: click ? click.link_id : null,
    click_nonce: click ? click.nonce : null,
    data,
  };
  return {
    now,
    pool: site.pool,
    visitor,
    visitor_key: await visitorKey(services, site.site_id, visitor, browser, now),
    ...(await whence(services, browser, now)),
    verified_click: click && !click.expired ? click.nonce : null,
    held: token && token.pool_key === site.pool.pool_key ? token : null,
    touch_key,
    visit: facts,
  };
}

/** Who is proven by where the visit happened: the pool's publisher, else the site's. What the URL says proves nothing. */
function proofOf(site: SiteSettings): Pick<VisitFacts, "publisher_id" | "publisher_proof"> {
  if (site.pool_publisher_id !== null) {
    return { publisher_id: site.pool_publisher_id, publisher_proof: "number" };
  }
  if (site.publisher_id !== null) return { publisher_id: site.publisher_id, publisher_proof: "site" };
  return { publisher_id: null, publisher_proof: "none" };
}

/** A visitor without an id is known by address and user agent, keyed by secret and day: never stored, gone tomorrow. */
async function visitorKey(
  services: Services,
  site_id: string,
  visitor: string | null,
  browser: Browser,
  now: Instant,
): Promise<string> {
  if (visitor !== null) return visitorKeyOfId(site_id, visitor);
  const about = JSON.stringify([site_id, browser.address, browser.user_agent]);
  return visitorKeyOfFingerprint(site_id, await services.vault.fingerprint(about, `visitor/${utcDay(now)}`));
}

/** Where a visitor's address belongs to, for quotas: keyed by secret and day like the visitor, and never stored. */
async function whence(
  services: Services,
  browser: Browser,
  now: Instant,
): Promise<Pick<LeaseAsk, "prefix" | "host">> {
  const network = networkOf(browser.address);
  if (network === null) return { prefix: null, host: "" };
  const prefix = await services.vault.fingerprint(network.prefix, `prefix/${utcDay(now)}`);
  return { prefix, host: network.host };
}
