import { and, asc, desc, eq } from "drizzle-orm";
import type { Instant } from "../../shared/instant.ts";
import type { Db, Statement } from "../platform/db.ts";
import { disputeDecisions, disputes } from "./dispute-tables.ts";
import type { DisputeFacts } from "./model/disputes.ts";
import type { Side } from "./model/facts.ts";
import { isDue } from "./model/judge.ts";
import { verdicts } from "./tables.ts";

export type DisputeRow = typeof disputes.$inferSelect;
export type DecisionRow = typeof disputeDecisions.$inferSelect;
export type StoredDispute = { dispute: DisputeRow; decision: DecisionRow | null };

/** Every dispute about a call, open and decided, oldest first. */
export async function disputesOf(db: Db, call_id: string): Promise<StoredDispute[]> {
  return joined(db).where(eq(disputes.call_id, call_id)).orderBy(asc(disputes.opened_at), asc(disputes.id));
}

export async function readDispute(db: Db, network_id: string, id: string): Promise<StoredDispute | null> {
  const [found] = await joined(db)
    .where(and(eq(disputes.network_id, network_id), eq(disputes.id, id)))
    .limit(1);
  return found ?? null;
}

function joined(db: Db) {
  return db
    .select({ dispute: disputes, decision: disputeDecisions })
    .from(disputes)
    .leftJoin(disputeDecisions, eq(disputeDecisions.dispute_id, disputes.id));
}

/** What a judgement reads of a dispute. */
export function factOf({ dispute, decision }: StoredDispute): DisputeFacts {
  const { id, side, claim, opened_by, advertiser_id, publisher_id, currency } = dispute;
  return { id, side, claim, opened_by, advertiser_id, publisher_id, currency, decision };
}

/** Refused as a conflict while another dispute about this side of the call is open. */
export function addDispute(db: Db, row: DisputeRow): Statement {
  return db.insert(disputes).values(row);
}

/** Refused as a conflict when the dispute is decided. */
export function addDecision(db: Db, row: DecisionRow): Statement {
  return db.insert(disputeDecisions).values(row);
}

/**
 * Since when a side of a call, or one publisher's part of a payout that is shared, has been due, not due or not decided,
 * and for how much; null for one that was never judged.
 */
export async function unchangedSince(
  db: Db,
  call_id: string,
  side: Side,
  publisher_id: string | null,
): Promise<Instant | null> {
  const rows = await db
    .select()
    .from(verdicts)
    .where(and(eq(verdicts.call_id, call_id), eq(verdicts.side, side)))
    .orderBy(desc(verdicts.version));
  const moneyOf = (row: (typeof rows)[number]) => {
    const own = row.shares?.find(({ organization_id }) => organization_id === publisher_id) ?? row;
    // What waits cannot be disputed, so the time for that begins when it is decided.
    const standing = own.status === "pending" ? "pending" : isDue(own.status);
    return `${own.organization_id} ${standing} ${own.amount_micros}`;
  };
  const [latest] = rows;
  if (!latest) return null;
  const changed = rows.findIndex((row) => moneyOf(row) !== moneyOf(latest));
  return (changed === -1 ? rows.at(-1) : rows[changed - 1])?.created_at ?? null;
}
