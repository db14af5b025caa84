import type { Instant } from "../../../shared/instant.ts";
import type { CandidateSession } from "../pool-port.ts";
import { encodeSessionId } from "../session-id.ts";
import type { LeaseFacts, LeaseState, SessionRow } from "./schema.ts";

/**
 * A stored session as it was known at `at`: what was seen, left or clicked later does not count. The sixteen
 * latest moments are kept; before them only the beginning is known.
 */
export function candidateAsOf(row: SessionRow, at: Instant): CandidateSession {
  const state = JSON.parse(row.state) as LeaseState;
  const { visitor, visit } = JSON.parse(row.facts) as LeaseFacts;
  const seen = [row.leased_at, ...state.seen_at, state.last_seen_at].filter((moment) => moment <= at);
  const left = [...state.left_at, ...(state.closed_at === null ? [] : [state.closed_at])].filter(
    (moment) => moment <= at,
  );
  const last_seen_at = Math.max(...seen);
  const last_left_at = left.length === 0 ? null : Math.max(...left);
  const { landing_path: _, country: __, ...told } = visit;
  return {
    ...told,
    id: encodeSessionId(row),
    number_key: row.number_key,
    leased_at: row.leased_at,
    last_seen_at,
    closed_at: last_left_at !== null && last_left_at >= last_seen_at ? last_left_at : null,
    expires_at: state.expires_at,
    visitor,
    tel_clicks: state.tel_clicks.filter((moment) => moment <= at),
    data: state.data,
  };
}
