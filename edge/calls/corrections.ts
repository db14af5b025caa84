import { and, asc, desc, eq, gte, lt, or, type SQL, sql } from "drizzle-orm";
import type { CallSession } from "../../shared/api/calls.ts";
import type { Instant } from "../../shared/instant.ts";
import type { Db, Statement } from "../platform/db.ts";
import { snapshotCorrections } from "./correction-tables.ts";
import { ATTRIBUTE_AGAIN, marked } from "./due.ts";
import type { CallRow } from "./store.ts";
import { calls, candidateSnapshots } from "./tables.ts";

/** A snapshot as it is in force: as it was frozen, or as it was corrected last. */
export type StoredSnapshot = {
  /** 0: never corrected. */
  version: number;
  snapshot: unknown;
  sessions: Record<string, CallSession>;
  asked_later: boolean;
};

/** What the pool knew when it rang, with what was corrected since; null when it has not been asked yet. */
export async function readSnapshot(db: Db, call_id: string): Promise<StoredSnapshot | null> {
  const [[frozen], [corrected]] = await db.batch([
    db.select().from(candidateSnapshots).where(eq(candidateSnapshots.call_id, call_id)).limit(1),
    db
      .select()
      .from(snapshotCorrections)
      .where(eq(snapshotCorrections.call_id, call_id))
      .orderBy(desc(snapshotCorrections.version))
      .limit(1),
  ]);
  if (!frozen) return null;
  const { snapshot, sessions } = corrected ?? frozen;
  return { version: corrected?.version ?? 0, snapshot, sessions, asked_later: frozen.asked_later };
}

/** The next version of a snapshot; refused as a conflict when somebody else corrected it meanwhile. */
export function correctSnapshot(
  db: Db,
  call: Pick<CallRow, "id" | "network_id">,
  { version, snapshot, sessions }: StoredSnapshot,
  made: { reason: string; at: Instant },
): Statement {
  return db.insert(snapshotCorrections).values({
    call_id: call.id,
    version: version + 1,
    network_id: call.network_id,
    corrected_at: made.at,
    reason: made.reason,
    snapshot,
    sessions,
  });
}

/** Whose call it is, by its number's assignment when it began. */
export type CallOwner = Pick<
  CallRow,
  | "number_key"
  | "campaign_id"
  | "advertiser_id"
  | "pool_id"
  | "label"
  | "sub1"
  | "sub2"
  | "sub3"
  | "sub4"
  | "sub5"
  | "currency"
  | "is_test"
  | "is_honeypot"
>;

/**
 * Gives a call to whom it belongs, and has it attributed again; `seq` is that of the event which goes into the same
 * write and is its lock.
 */
export function correctOwner(db: Db, call_id: string, seq: number, owner: CallOwner): Statement {
  return db
    .update(calls)
    .set({ ...owner, ...marked(ATTRIBUTE_AGAIN), seq })
    .where(eq(calls.id, call_id));
}

/** A network's calls that began in `[from, to)`, in the order in which verdicts are decided, after a place in it. */
export function callsBetween(
  db: Db,
  ask: { network_id: string; from: Instant; to: Instant; campaign_id: string | null },
  after: { started_at: Instant; id: string } | null,
  limit: number,
): Promise<CallRow[]> {
  const where: (SQL | undefined)[] = [
    eq(calls.network_id, ask.network_id),
    gte(calls.started_at, ask.from),
    lt(calls.started_at, ask.to),
  ];
  if (ask.campaign_id !== null) where.push(eq(calls.campaign_id, ask.campaign_id));
  if (after) {
    const sameStart = and(eq(calls.started_at, after.started_at), sql`${calls.id} > ${after.id}`);
    where.push(or(sql`${calls.started_at} > ${after.started_at}`, sameStart));
  }
  return db
    .select()
    .from(calls)
    .where(and(...where))
    .orderBy(asc(calls.started_at), asc(calls.id))
    .limit(limit);
}
