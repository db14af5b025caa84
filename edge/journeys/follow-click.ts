import { assert } from "../../shared/assert.ts";
import { isId } from "../../shared/id.ts";
import { ok, type Result } from "../../shared/result.ts";
import { networkOf } from "../accounts/directory.ts";
import { signClickToken } from "../attribution/clicks/token.ts";
import { clickNonce } from "../attribution/model/click-token.ts";
import {
  CLICK_TOKEN_PARAMETER,
  passedOn,
  subIdsOf,
  withParameters,
} from "../inventory/model/landing-page.ts";
import { countClick, trackingLinkByKey } from "../inventory/tracking-link-settings.ts";
import type { TrackingLinkRow } from "../inventory/tracking-links.ts";
import { isAhead, isBot, placeOf } from "../leasing/model/browser.ts";
import { redactUrl } from "../leasing/model/redact.ts";
import { toBase64Url } from "../platform/crypto.ts";
import { write } from "../platform/db.ts";
import { within } from "../platform/deadline.ts";
import { errorFields } from "../platform/log.ts";
import type { Failure } from "../platform/problem.ts";
import type { Services } from "../services.ts";

/** A click as the request tells it. */
export type ClickRequest = {
  link_key: string;
  /** As the browser sent it, with or without `?`. */
  query: string;
  user_agent: string;
  purpose: string | null;
  /** Only asks what is there (`HEAD`): previews do, people do not. */
  is_probe: boolean;
  gpc: boolean;
  country: string | null;
  region_code: string | null;
};

const NONCE_BYTES = 8;
/** A visitor waits no longer for the count; the landing page comes first. */
const COUNT_PATIENCE_MS = 250;

/**
 * A publisher's tracking link is followed: the landing page's address with the visitor's query and a click token.
 * A click of a person is counted. Bots, previews and prefetches get the same answer uncounted: a token binds nobody
 * until a visitor leases a number with it, which they cannot. A retired link still leads on, without a token.
 * Errors: `not_found` for a key of nobody, `unavailable` when D1 fails and the link is not remembered.
 */
export async function followClick(
  services: Services,
  request: ClickRequest,
): Promise<Result<{ location: string }, Failure>> {
  const { directory } = services;
  const known = await trackingLinkByKey(services, request.link_key, (key) =>
    networkOf(directory.db, "tracking_link", key),
  );
  if (!known.ok) return known;
  const link = known.value;
  const query = passedOn(request.query);
  if (link.retired_at !== null) return ok({ location: withParameters(link.landing_url, query) });

  const nonce = clickNonce(services.clock.now(), toBase64Url(services.ids.bytes(NONCE_BYTES)));
  if (isPerson(request)) await count(services, link, nonce, { ...request, query });
  const token = await tokenFor(services, link, nonce);
  return ok({ location: withParameters(link.landing_url, query, `${CLICK_TOKEN_PARAMETER}=${token}`) });
}

function isPerson({ user_agent, purpose, is_probe }: ClickRequest): boolean {
  return user_agent !== "" && !is_probe && !isAhead(purpose) && !isBot(user_agent);
}

async function tokenFor(services: Services, link: TrackingLinkRow, nonce: string): Promise<string> {
  const { id: link_id, publisher_id, network_id } = link;
  assert(
    isId("tracking_link", link_id) && isId("organization", publisher_id),
    "a stored link has ids of ours",
  );
  return signClickToken(services.vault, network_id, { link_id, publisher_id, nonce });
}

/** Never fails and never keeps the visitor waiting for long: a click that cannot be counted is followed all the same. */
async function count(
  services: Services,
  link: TrackingLinkRow,
  nonce: string,
  request: ClickRequest,
): Promise<void> {
  const { db } = services.network(link.network_id);
  const click = {
    nonce,
    clicked_at: services.clock.now(),
    // As a URL is stored, so that no click id is kept of who asks for privacy.
    query: redactUrl(`?${request.query}`, { gpc: request.gpc }).slice(1),
    subs: subIdsOf(request.query),
    region: placeOf(request.country, request.region_code).region,
  };
  const counted = write(db, countClick(db, link, click)).catch((error: unknown) => {
    services.log.error("click not counted", errorFields(error));
  });
  services.later(counted);
  await within(COUNT_PATIENCE_MS, counted);
}
