import type { Instant } from "../../../shared/instant.ts";
import type { CandidateSession, VisitFacts } from "../pool-port.ts";
import { encodeSessionId } from "../session-id.ts";
import type { SessionRow } from "./schema.ts";

/**
 * A stored session as it was known at `at`: what was seen, left or clicked later does not count. The sixteen
 * latest moments are kept; before them only the beginning is known.
 */
export function candidateAsOf(row: SessionRow, at: Instant): CandidateSession {
  const seen = [row.leased_at, ...moments(row.seen_at), row.last_seen_at].filter((moment) => moment <= at);
  const left = [...moments(row.left_at), ...(row.closed_at === null ? [] : [row.closed_at])].filter(
    (moment) => moment <= at,
  );
  const last_seen_at = Math.max(...seen);
  const last_left_at = left.length === 0 ? null : Math.max(...left);
  return {
    id: encodeSessionId(row),
    number_key: row.number_key,
    leased_at: row.leased_at,
    last_seen_at,
    closed_at: last_left_at !== null && last_left_at >= last_seen_at ? last_left_at : null,
    expires_at: row.expires_at,
    visitor: row.visitor,
    tel_clicks: moments(row.tel_clicks).filter((moment) => moment <= at),
    site_id: row.site_id,
    landing_url: row.landing_url,
    referrer: row.referrer,
    source: row.source,
    medium: row.medium,
    campaign: row.campaign,
    term: row.term,
    content: row.content,
    channel: row.channel,
    click_ids: JSON.parse(row.click_ids) as Record<string, string>,
    data: JSON.parse(row.data) as Record<string, string>,
    device: row.device as VisitFacts["device"],
    region: row.region,
    publisher_id: row.publisher_id,
    publisher_proof: row.publisher_proof as VisitFacts["publisher_proof"],
    click_link: row.click_link,
    click_nonce: row.click_nonce,
  };
}

function moments(json: string): Instant[] {
  return JSON.parse(json) as Instant[];
}
