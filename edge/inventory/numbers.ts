import { and, asc, eq, gt, gte, inArray, isNull, or, type SQL, sql } from "drizzle-orm";
import type { NumberPatch, TrackingNumber } from "../../shared/api/inventory.ts";
import { given } from "../../shared/given.ts";
import type { Instant } from "../../shared/instant.ts";
import type { Viewer } from "../accounts/viewer.ts";
import type { Change, Ground } from "../platform/change.ts";
import type { Db } from "../platform/db.ts";
import type { PageAsk } from "../platform/paging.ts";
import { numberAssignments, numberRests, numbers } from "./tables.ts";

export type NumberRow = typeof numbers.$inferSelect;
export type AssignmentRow = typeof numberAssignments.$inferSelect;
export type RestRow = typeof numberRests.$inferSelect;
/** A number with its assignment in force, which a retired one has no more, and the rest it is taking. */
export type SeenNumber = { number: NumberRow; assignment: AssignmentRow | null; rest: RestRow | null };

/**
 * A network sees all of its numbers, a publisher those that prove it, an advertiser those of its campaigns. Which
 * campaigns these are only the campaigns' room knows: it hands in their ids.
 */
function visibleTo(viewer: Viewer, own_campaigns: readonly string[]): SQL[] {
  const where: SQL[] = [eq(numbers.network_id, viewer.network_id)];
  if (viewer.kind === "publisher") where.push(eq(numberAssignments.publisher_id, viewer.organization_id));
  if (viewer.kind === "advertiser") {
    // One bound value however many campaigns: D1 takes at most 100 in a statement.
    const listed = sql`(SELECT value FROM json_each(${JSON.stringify(own_campaigns)}))`;
    where.push(inArray(numberAssignments.campaign_id, listed));
  }
  return where;
}

function select(db: Db, where: SQL[], limit: number): Promise<SeenNumber[]> {
  return db
    .select({ number: numbers, assignment: numberAssignments, rest: numberRests })
    .from(numbers)
    .leftJoin(
      numberAssignments,
      and(eq(numberAssignments.number_key, numbers.key), isNull(numberAssignments.to_at)),
    )
    .leftJoin(numberRests, eq(numberRests.number_key, numbers.key))
    .where(and(...where))
    .orderBy(asc(numbers.id))
    .limit(limit);
}

export async function findNumber(
  db: Db,
  viewer: Viewer,
  own_campaigns: readonly string[],
  id: string,
): Promise<SeenNumber | null> {
  const [row] = await select(db, [...visibleTo(viewer, own_campaigns), eq(numbers.id, id)], 1);
  return row ?? null;
}

export type NumberFilter = {
  campaign_id?: string | undefined;
  pool_id?: string | undefined;
  publisher_id?: string | undefined;
};

export function listNumbers(
  db: Db,
  viewer: Viewer,
  own_campaigns: readonly string[],
  page: PageAsk,
  filter: NumberFilter,
): Promise<SeenNumber[]> {
  const { campaign_id, pool_id, publisher_id } = filter;
  const where = visibleTo(viewer, own_campaigns);
  if (page.after !== null) where.push(gt(numbers.id, page.after));
  if (!page.retired) where.push(isNull(numbers.retired_at));
  if (campaign_id !== undefined) where.push(eq(numberAssignments.campaign_id, campaign_id));
  if (pool_id !== undefined) where.push(eq(numberAssignments.pool_id, pool_id));
  if (publisher_id !== undefined) where.push(eq(numberAssignments.publisher_id, publisher_id));
  return select(db, where, page.limit + 1);
}

/** Which of these numbers somebody uses already, whoever it is. */
export async function numbersInUse(db: Db, e164: readonly string[]): Promise<string[]> {
  const rows = await db
    .select({ e164: numbers.e164 })
    .from(numbers)
    .where(
      and(
        inArray(numbers.e164, sql`(SELECT value FROM json_each(${JSON.stringify(e164)}))`),
        isNull(numbers.retired_at),
      ),
    );
  return rows.map((row) => row.e164);
}

/** Which of these numbers were somebody's, whoever it was, at some time since `since`, and are so no more. */
export async function numbersInUseSince(db: Db, e164: readonly string[], since: Instant): Promise<string[]> {
  if (e164.length === 0) return [];
  const rows = await db
    .selectDistinct({ e164: numbers.e164 })
    .from(numbers)
    .innerJoin(numberAssignments, eq(numberAssignments.number_key, numbers.key))
    .where(
      and(
        inArray(numbers.e164, sql`(SELECT value FROM json_each(${JSON.stringify(e164)}))`),
        gt(numberAssignments.to_at, since),
      ),
    );
  return rows.map((row) => row.e164);
}

/** True when the network has this number in use. */
export async function isNumberOfNetwork(db: Db, network_id: string, e164: string): Promise<boolean> {
  const rows = await db
    .select({ id: numbers.id })
    .from(numbers)
    .where(and(eq(numbers.network_id, network_id), eq(numbers.e164, e164), isNull(numbers.retired_at)))
    .limit(1);
  return rows.length > 0;
}

/** A number as this viewer may see it: label and sub ids are words between network and publisher. */
export function numberView(viewer: Viewer, { number, assignment, rest }: SeenNumber): TrackingNumber {
  const { id, e164, telephony_account_id, created_at, retired_at } = number;
  const { paused_at, pause_reason, resume_at } = number;
  const { label, sub1, sub2, sub3, sub4, sub5 } = number;
  const campaign_id = assignment?.campaign_id ?? null;
  const pool_id = assignment?.pool_id ?? null;
  const publisher_id = assignment?.publisher_id ?? null;
  const honeypot = assignment?.is_honeypot ?? false;
  const shown = { id, e164, campaign_id, pool_id, honeypot, created_at, retired_at };
  if (viewer.kind === "advertiser") return shown;
  const words = { publisher_id, label, sub1, sub2, sub3, sub4, sub5 };
  if (viewer.kind !== "network") return { ...shown, ...words };
  const resting = rest && {
    until_at: rest.until_at,
    campaign_id: rest.campaign_id,
    pool_id: rest.pool_id,
    publisher_id: rest.publisher_id,
    honeypot: rest.is_honeypot,
  };
  const pause = { paused_at, pause_reason, resume_at };
  return { ...shown, ...words, telephony_account_id, resting, ...pause };
}

/** Changes what a number is called: its label and sub ids, of calls from now on. */
export function relabelNumber(
  ground: Ground,
  viewer: Viewer,
  seen: SeenNumber,
  patch: NumberPatch,
): Change<TrackingNumber> {
  const number: NumberRow = { ...seen.number, ...given(patch) };
  const { label, sub1, sub2, sub3, sub4, sub5 } = number;
  return {
    result: numberView(viewer, { ...seen, number }),
    subject_id: number.id,
    statements: [
      ground.db.update(numbers).set({ label, sub1, sub2, sub3, sub4, sub5 }).where(eq(numbers.id, number.id)),
    ],
    detail: patch,
  };
}

/** The short keys of these numbers, by which plans name them. */
export async function keysOfNumbers(db: Db, ids: readonly string[]): Promise<number[]> {
  const rows = await db
    .select({ key: numbers.key })
    .from(numbers)
    .where(inArray(numbers.id, sql`(SELECT value FROM json_each(${JSON.stringify(ids)}))`));
  return rows.map((row) => row.key);
}

/** The numbers that are in a pool now: their ids by their short keys. */
export async function numberIdsOfPool(db: Db, pool_id: string): Promise<Map<number, string>> {
  const rows = await db
    .select({ key: numbers.key, id: numbers.id })
    .from(numberAssignments)
    .innerJoin(numbers, eq(numbers.key, numberAssignments.number_key))
    .where(and(eq(numberAssignments.pool_id, pool_id), isNull(numberAssignments.to_at)));
  return new Map(rows.map((row) => [row.key, row.id]));
}

/** Short keys of the numbers that a pool has, or had at some time since `since`. */
export async function numberKeysOfPool(db: Db, pool_id: string, since: Instant): Promise<number[]> {
  const rows = await db
    .selectDistinct({ key: numberAssignments.number_key })
    .from(numberAssignments)
    .where(
      and(
        eq(numberAssignments.pool_id, pool_id),
        or(isNull(numberAssignments.to_at), gte(numberAssignments.to_at, since)),
      ),
    );
  return rows.map((row) => row.key);
}
