import type { CallHistory, CallTouch } from "../../shared/api/touches.ts";
import { DAY_MS } from "../../shared/instant.ts";
import { TOUCH_MODELS, touchShares } from "../attribution/model/touches.ts";
import { earlierCallsOf } from "../calls/callers.ts";
import type { CallRow } from "../calls/store.ts";
import { decodeSessionId, encodeSessionId } from "../leasing/session-id.ts";
import type { SessionRow } from "../leasing/store.ts";
import { readSession, sessionsOfVisitor } from "../leasing/visitor-sessions.ts";
import type { Services } from "../services.ts";

const HISTORY_MS = 30 * DAY_MS;
const TOUCHES_MAX = 100;
const CALLS_MAX = 50;
/** What a visit without a source is called (`classifyVisit`). */
const DIRECT = "(direct)";

/** What led up to a call: its visitor's visits with each model's shares, and the caller's earlier calls. */
export async function callHistory(services: Services, row: CallRow): Promise<CallHistory> {
  const { db } = services.network(row.network_id);
  const [visits, calls] = await Promise.all([
    visitsBefore(services, row),
    row.from_hash === null ? [] : earlierCallsOf(db, row, CALLS_MAX),
  ]);
  const shown = visits.slice(0, TOUCHES_MAX).toReversed();
  return {
    touches: touchesOf(shown, row),
    more: visits.length > shown.length,
    earlier_calls: calls.map(({ id, started_at, campaign_id }) => ({ call_id: id, started_at, campaign_id })),
  };
}

/** Latest first, the joined one among them; one more than is shown when there are more. */
async function visitsBefore(services: Services, row: CallRow): Promise<SessionRow[]> {
  const { db } = services.network(row.network_id);
  const ref = row.session_id === null ? null : decodeSessionId(row.session_id);
  const joined = ref && (await readSession(db, row.network_id, ref));
  if (!joined) return [];
  const { network_id, site_id, visitor } = joined;
  if (visitor === null) return [joined];
  const from = row.started_at - HISTORY_MS;
  return sessionsOfVisitor(db, { network_id, site_id, visitor }, from, row.started_at, TOUCHES_MAX + 1);
}

function touchesOf(visits: readonly SessionRow[], row: CallRow): CallTouch[] {
  const touches = visits.map(({ leased_at, source }) => ({ at: leased_at, is_direct: source === DIRECT }));
  const byModel = TOUCH_MODELS.map((model) => [model, touchShares(touches, row.started_at, model)] as const);
  return visits.map((visit, i) => {
    const shares = Object.fromEntries(byModel.map(([model, of]) => [model, of[i] ?? 0]));
    const { source, medium, campaign, channel, landing_path, site_id, publisher_id, click_link } = visit;
    return {
      session_id: encodeSessionId(visit),
      at: visit.leased_at,
      ...{ site_id, source, medium, campaign, channel, landing_path, publisher_id, click_link },
      shares: shares as CallTouch["shares"],
    };
  });
}
