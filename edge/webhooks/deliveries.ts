import { and, asc, desc, eq, gt, gte, inArray, lt, lte, ne, or, type SQL, sql } from "drizzle-orm";
import type { DeliveryAttempt, ReplayInput, WebhookDelivery } from "../../shared/api/webhooks.ts";
import { WEBHOOK_LIMITS } from "../../shared/api/webhooks.ts";
import { DAY_MS, type Instant } from "../../shared/instant.ts";
import type { Db, Statement } from "../platform/db.ts";
import { webhookDeliveries as deliveries, webhookMarks } from "./tables.ts";

export type DeliveryRow = typeof deliveries.$inferSelect;
export type MarkRow = typeof webhookMarks.$inferSelect;

/** How long whoever sends a message has it to himself: longer than a receiver may take. */
const CLAIM_MS = 60_000;
/** Old deliveries that one run forgets. */
const FORGOTTEN_AT_ONCE = 1_000;

export function deliveryView(row: DeliveryRow): WebhookDelivery {
  const { id, webhook_id, type, call_id, dispute_id, occurred_at, created_at, status, attempts } = row;
  const about = { call_id, dispute_id, occurred_at, created_at };
  return { id, webhook_id, type, ...about, status, next_attempt_at: row.next_at, attempts };
}

/** What happened and is not yet told, oldest first, beyond the mark `after`. */
export function marksOf(db: Db, network_id: string, after: number, limit: number): Promise<MarkRow[]> {
  return db
    .select()
    .from(webhookMarks)
    .where(and(eq(webhookMarks.network_id, network_id), gt(webhookMarks.id, after)))
    .orderBy(asc(webhookMarks.id))
    .limit(limit);
}

/** Takes a mark away that messages were made of; not when something has happened again since it was read. */
export function clearMark(db: Db, { id, count }: MarkRow): Statement {
  return db.delete(webhookMarks).where(and(eq(webhookMarks.id, id), eq(webhookMarks.count, count)));
}

/** A message that was made twice of one mark, by two at once, is one. */
export function addDelivery(db: Db, row: DeliveryRow): Statement {
  return db.insert(deliveries).values(row).onConflictDoNothing();
}

/** What webhooks were told of a call, in the order in which it was. */
export function toldOf(
  db: Db,
  call_id: string,
): Promise<Pick<DeliveryRow, "webhook_id" | "type" | "fingerprint">[]> {
  const { webhook_id, type, fingerprint } = deliveries;
  return db
    .select({ webhook_id, type, fingerprint })
    .from(deliveries)
    .where(eq(deliveries.call_id, call_id))
    .orderBy(asc(webhook_id), asc(deliveries.id));
}

/** What a webhook is to be sent by now, oldest first. */
export function dueDeliveries(
  db: Db,
  webhook_id: string,
  now: Instant,
  limit: number,
): Promise<DeliveryRow[]> {
  return db
    .select()
    .from(deliveries)
    .where(
      and(
        eq(deliveries.webhook_id, webhook_id),
        eq(deliveries.status, "waiting"),
        lte(deliveries.next_at, now),
      ),
    )
    .orderBy(asc(deliveries.next_at), asc(deliveries.id))
    .limit(limit);
}

/** Takes a due delivery for oneself; false when somebody else has. */
export async function claim(db: Db, { id, next_at }: DeliveryRow, now: Instant): Promise<boolean> {
  const claimed = await db
    .update(deliveries)
    .set({ next_at: now + CLAIM_MS })
    .where(and(eq(deliveries.id, id), eq(deliveries.status, "waiting"), eq(deliveries.next_at, next_at ?? 0)))
    .returning({ id: deliveries.id });
  return claimed.length > 0;
}

export type Attempted = {
  status: DeliveryRow["status"];
  attempts: DeliveryAttempt[];
  next_at: Instant | null;
};

/** What became of an attempt. */
export function saveAttempt(db: Db, id: string, attempted: Attempted): Statement {
  return db.update(deliveries).set(attempted).where(eq(deliveries.id, id));
}

export type DeliveryPlace = { created_at: Instant; id: string };

/** One page of a webhook's deliveries, newest first. */
export function listDeliveries(
  db: Db,
  webhook_id: string,
  ask: { status?: DeliveryRow["status"] | undefined; after: DeliveryPlace | null; limit: number },
): Promise<DeliveryRow[]> {
  const where: (SQL | undefined)[] = [eq(deliveries.webhook_id, webhook_id)];
  if (ask.status !== undefined) where.push(eq(deliveries.status, ask.status));
  if (ask.after !== null) {
    const { created_at, id } = ask.after;
    where.push(
      or(
        lt(deliveries.created_at, created_at),
        and(eq(deliveries.created_at, created_at), lt(deliveries.id, id)),
      ),
    );
  }
  return db
    .select()
    .from(deliveries)
    .where(and(...where))
    .orderBy(desc(deliveries.created_at), desc(deliveries.id))
    .limit(ask.limit);
}

export async function findDelivery(db: Db, webhook_id: string, id: string): Promise<DeliveryRow | null> {
  const [row] = await db
    .select()
    .from(deliveries)
    .where(and(eq(deliveries.webhook_id, webhook_id), eq(deliveries.id, id)))
    .limit(1);
  return row ?? null;
}

/** To be sent again, whatever became of it: the same message under the same id. */
export function queueAgain(
  db: Db,
  id: string,
  queued: Pick<DeliveryRow, "status" | "next_at" | "queued_at">,
): Statement {
  return db.update(deliveries).set(queued).where(eq(deliveries.id, id));
}

/** Deliveries of what happened in a range, to be sent again; one more than may be when there are too many. */
export async function deliveriesWithin(
  db: Db,
  webhook_id: string,
  { from, to, status }: ReplayInput,
): Promise<string[]> {
  const rows = await db
    .select({ id: deliveries.id })
    .from(deliveries)
    .where(
      and(
        eq(deliveries.webhook_id, webhook_id),
        ne(deliveries.type, "webhook.test"),
        gte(deliveries.occurred_at, from),
        lt(deliveries.occurred_at, to),
        status ? eq(deliveries.status, status) : ne(deliveries.status, "waiting"),
      ),
    )
    .limit(WEBHOOK_LIMITS.replayed + 1);
  return rows.map(({ id }) => id);
}

export function queueAllAgain(db: Db, ids: readonly string[], now: Instant): Statement {
  return db
    .update(deliveries)
    .set({ status: "waiting", next_at: now, queued_at: now })
    .where(sql`${deliveries.id} IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`);
}

/** Gives up what has waited for too long behind others that fail; what a webhook that is off is to be told waits on. */
export function giveUpOld(db: Db, webhook_ids: readonly string[], now: Instant): Statement {
  const since = now - WEBHOOK_LIMITS.tried_days * DAY_MS;
  return db
    .update(deliveries)
    .set({ status: "failed", next_at: null })
    .where(
      and(
        inArray(deliveries.webhook_id, [...webhook_ids]),
        eq(deliveries.status, "waiting"),
        lt(deliveries.queued_at, since),
      ),
    );
}

/** Deliveries are kept for 30 days. */
export function forgetOldDeliveries(db: Db, network_id: string, now: Instant): Statement {
  const before = now - WEBHOOK_LIMITS.kept_days * DAY_MS;
  return db.delete(deliveries).where(
    sql`${deliveries.id} IN (SELECT id FROM webhook_deliveries
      WHERE network_id = ${network_id} AND created_at < ${before} LIMIT ${FORGOTTEN_AT_ONCE})`,
  );
}
