import { eq } from "drizzle-orm";
import type { Instant } from "../../shared/instant.ts";
import type { Db, Statement } from "../platform/db.ts";
import { dueAfter } from "./due.ts";
import type { CallRow } from "./store.ts";
import { callShares, calls } from "./tables.ts";

/** What a call's row repeats of its attribution and judgements, so that lists and reports join nothing. */
export type CallCopies = Partial<
  Pick<
    CallRow,
    | "attribution_version"
    | "method"
    | "confidence"
    | "publisher_id"
    | "publisher_confidence"
    | "publisher_proof"
    | "session_id"
    | "lease_id"
    | "site_id"
    | "source"
    | "medium"
    | "campaign"
    | "term"
    | "content"
    | "channel"
    | "landing_path"
    | "session"
    | "revenue_status"
    | "revenue_micros"
    | "payout_status"
    | "payout_micros"
    | "reject_reason"
    | "is_duplicate"
  >
>;

/** True when the row does not say yet what the copies say. */
export function isStale(row: CallRow, copies: CallCopies): boolean {
  return Object.entries(copies).some(
    ([name, value]) => JSON.stringify(row[name as keyof CallRow] ?? null) !== JSON.stringify(value ?? null),
  );
}

/** When the clock alone may change a judgement that is made `at` this moment; null for never. */
export type Review = { review_at: Instant | null; at: Instant };

/** Copies them; the row's next `seq` is that of the event which goes into the same write and is its lock. */
export function copyInto(db: Db, row: CallRow, copies: CallCopies, { review_at, at }: Review): Statement {
  return db
    .update(calls)
    .set({ ...copies, held_until: dueAfter(row, review_at, at), seq: row.seq + 1 })
    .where(eq(calls.id, row.id));
}

/** A proven publisher with this share or more sees the call, booked to it or not. */
export const SHARE_SEEN = 0.25;

export type CallShareRow = typeof callShares.$inferSelect;
/** What one publisher has of a call; of a payout that is not shared, nothing is copied. */
export type CallShare = Pick<CallShareRow, "publisher_id" | "share"> &
  Partial<Pick<CallShareRow, "payout_status" | "payout_micros" | "revenue_micros" | "reject_reason">>;

/** Sets anew which publishers see a call, and what they earn of one that they share: those given. */
export function replaceShares(
  db: Db,
  call: Pick<CallRow, "id" | "network_id" | "started_at">,
  shares: readonly CallShare[],
): Statement[] {
  const { id: call_id, network_id, started_at } = call;
  const forget = db.delete(callShares).where(eq(callShares.call_id, call_id));
  if (shares.length === 0) return [forget];
  const rows = shares.map((one) => ({ ...one, call_id, network_id, started_at }));
  return [forget, db.insert(callShares).values(rows)];
}
