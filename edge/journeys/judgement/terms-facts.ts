import type { Terms } from "../../../shared/api/campaigns.ts";
import { SECOND_MS } from "../../../shared/instant.ts";
import { type PlaceOf, selectAnchor } from "../../calls/callers.ts";
import type { CallRow } from "../../calls/store.ts";
import { enrollmentInForce } from "../../campaigns/store.ts";
import type { Db } from "../../platform/db.ts";
import type { EarlierCall, EnrollmentFacts, SharerFacts, Side } from "../../settlement/model/facts.ts";
import type { Part } from "../../settlement/model/split.ts";
import { effectiveTerms } from "../../settlement/model/terms.ts";

/** A publisher's enrollment in force when the call began; null when there is none, or no publisher. */
export async function enrollmentOf(
  db: Db,
  row: CallRow,
  publisher_id: string | null,
): Promise<EnrollmentFacts | null> {
  if (row.campaign_id === null || publisher_id === null) return null;
  const version = await enrollmentInForce(db, row.campaign_id, publisher_id, row.started_at);
  return version && { version: version.version, status: version.status, payout_terms: version.payout_terms };
}

/**
 * For each side the latest earlier call that makes this one a repeat by the side's terms, if there is one; `before`
 * leaves out what stands there or later.
 */
export async function earlierCalls(
  db: Db,
  row: CallRow,
  terms: Terms | null,
  enrollment: EnrollmentFacts | null,
  before: PlaceOf = row,
): Promise<Record<Side, EarlierCall[]>> {
  if (!terms || row.from_hash === null || row.is_test) return { revenue: [], payout: [] };
  const anchor = (side: Side) => {
    const bound = effectiveTerms(terms, side, enrollment?.payout_terms ?? null);
    const since = row.started_at - bound.dedupe_window_s * SECOND_MS;
    return selectAnchor(db, { ...row, ...before }, { side, scope: bound.dedupe_scope, since });
  };
  const [revenue, payout] = await db.batch([anchor("revenue"), anchor("payout")]);
  return { revenue, payout };
}

/** What the judgement of each publisher needs that has a part in a shared payout; `booked_to`: who ever earned by the call. */
export async function sharersOf(
  db: Db,
  row: CallRow,
  terms: Terms | null,
  parts: readonly Part[],
  booked_to: ReadonlySet<string>,
): Promise<SharerFacts[]> {
  return Promise.all(
    parts.map(async (part) => {
      const enrollment = await enrollmentOf(db, row, part.publisher_id);
      const { payout: earlier } = await earlierCalls(db, row, terms, enrollment);
      return { ...part, enrollment, earlier, was_posted: booked_to.has(part.publisher_id) };
    }),
  );
}
