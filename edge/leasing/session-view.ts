import type { Session } from "../../shared/api/sessions.ts";
import { encodeSessionId } from "./session-id.ts";
import type { SessionRow } from "./store.ts";

/** What only the network is told of a session: the token of its lease, its number, its visitor. */
export type NetworkWords = Required<Pick<Session, "lease_id" | "number_id" | "visitor">>;

/** A session as it is shown; `words` for a network, absent for the two sides. */
export function sessionView(row: SessionRow, words: NetworkWords | null): Session {
  return {
    id: encodeSessionId(row),
    pool_id: row.pool_id,
    site_id: row.site_id,
    landing_url: row.landing_url,
    referrer: row.referrer,
    source: row.source,
    medium: row.medium,
    campaign: row.campaign,
    term: row.term,
    content: row.content,
    channel: row.channel,
    click_ids: row.click_ids,
    data: row.data,
    leased_at: row.leased_at,
    last_seen_at: row.last_seen_at,
    closed_at: row.closed_at,
    expires_at: row.expires_at,
    held_until: row.held_until,
    device: row.device,
    country: row.country,
    region: row.region,
    publisher_id: row.publisher_id,
    publisher_proof: row.publisher_proof,
    ...words,
  };
}
