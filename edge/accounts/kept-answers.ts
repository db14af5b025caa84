import { and, eq, gt, lte } from "drizzle-orm";
import type { Instant } from "../../shared/instant.ts";
import type { Db, Statement } from "../platform/db.ts";
import { IDEMPOTENCY_MS, type IdempotentRequest, type KeptAnswer } from "../platform/idempotency.ts";
import { idempotencyKeys } from "./tables.ts";

/** The first answer this organization got for this key in the last 24 h, or null. */
export async function findKeptAnswer(db: Db, request: IdempotentRequest): Promise<KeptAnswer | null> {
  const [kept] = await db
    .select({
      request_hash: idempotencyKeys.request_hash,
      status: idempotencyKeys.status,
      body: idempotencyKeys.body,
    })
    .from(idempotencyKeys)
    .where(
      and(
        eq(idempotencyKeys.organization_id, request.organization_id),
        eq(idempotencyKeys.key, request.key),
        gt(idempotencyKeys.created_at, request.received_at - IDEMPOTENCY_MS),
      ),
    )
    .limit(1);
  return kept ?? null;
}

/**
 * Keeps an answer. These go first into the write that makes the change: of two requests with one key the second
 * then collides on the primary key, and the whole of its write is undone.
 */
export function keepAnswer(db: Db, request: IdempotentRequest, status: number, body: string): Statement[] {
  const { organization_id, key, request_hash, received_at } = request;
  const expired = db
    .delete(idempotencyKeys)
    .where(
      and(
        eq(idempotencyKeys.organization_id, organization_id),
        eq(idempotencyKeys.key, key),
        lte(idempotencyKeys.created_at, received_at - IDEMPOTENCY_MS),
      ),
    );
  const kept = db
    .insert(idempotencyKeys)
    .values({ organization_id, key, request_hash, status, body, created_at: received_at });
  return [expired, kept];
}

/** Forgets every answer that is too old to be repeated. */
export function forgetExpiredAnswers(db: Db, now: Instant): Statement {
  return db.delete(idempotencyKeys).where(lte(idempotencyKeys.created_at, now - IDEMPOTENCY_MS));
}
