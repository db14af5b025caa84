import { and, eq, isNull, sql } from "drizzle-orm";
import {
  type NewNumbers,
  type NumbersInput,
  REST_DEFAULT_S,
  type TrackingNumber,
} from "../../shared/api/inventory.ts";
import type { Instant } from "../../shared/instant.ts";
import type { Viewer } from "../accounts/viewer.ts";
import type { Change, Ground } from "../platform/change.ts";
import type { Db, Statement } from "../platform/db.ts";
import { type AssignmentRow, numberView, type SeenNumber } from "./numbers.ts";
import { numbersChanged } from "./pools.ts";
import { restNumber, restReused, wake } from "./rests.ts";
import { numberAssignments, numbers } from "./tables.ts";

/** Where a number is put: into a pool, or static (`pool_id: null`); `publisher_id` is whom it proves. */
export type Place = { campaign_id: string; pool_id: string | null; publisher_id: string | null };

type NewNumber = SeenNumber & { assignment: AssignmentRow };

/** The short key of a new number is taken by the database. */
const KEY_TO_COME = 0;

/** Adds numbers, all or none, and assigns them from now on. */
export function addNumbers(
  ground: Ground,
  viewer: Viewer,
  input: NumbersInput,
  place: Place,
): Change<NewNumbers> {
  const { db, ids, now } = ground;
  const { telephony_account_id, e164 } = input;
  const words = {
    label: input.label ?? null,
    sub1: input.sub1 ?? null,
    sub2: input.sub2 ?? null,
    sub3: input.sub3 ?? null,
    sub4: input.sub4 ?? null,
    sub5: input.sub5 ?? null,
  };
  const added = e164.map(
    (text): NewNumber => ({
      number: {
        id: ids.next("number"),
        key: KEY_TO_COME,
        network_id: viewer.network_id,
        telephony_account_id,
        e164: text,
        ...words,
        created_at: now,
        retired_at: null,
      },
      assignment: assignment(ground, viewer.network_id, KEY_TO_COME, place),
      rest: null,
    }),
  );
  const added_ids = added.map((row) => row.number.id);
  // A static number stands on somebody's page or van: only visitors' numbers can be kept from sight.
  const rested = place.pool_id === null ? [] : [restReused(db, added_ids, place, now)];
  return {
    result: { data: added.map((row) => numberView(viewer, row)) },
    subject_id: place.pool_id ?? place.campaign_id,
    statements: [...insertAll(db, added), ...rested, ...affectedPools(db, [place.pool_id])],
    detail: { ...input, ...place },
  };
}

/** What is asked of a move beside the place. */
export type MoveTerms = { rest_s?: number | undefined; effective_at?: Instant | undefined };

/**
 * Moves a number: at once within its campaign, by way of a rest to another one. A move with an `effective_at` has
 * happened already and is only written down late, so nothing is left to rest.
 */
export function sendNumber(
  ground: Ground,
  viewer: Viewer,
  seen: SeenNumber,
  place: Place,
  { rest_s = REST_DEFAULT_S, effective_at }: MoveTerms,
): Change<TrackingNumber> {
  const leaves = seen.assignment !== null && seen.assignment.campaign_id !== place.campaign_id;
  return leaves && rest_s > 0 && effective_at === undefined
    ? restNumber(ground, viewer, seen, place, rest_s)
    : moveNumber(ground, viewer, seen, place, effective_at ?? ground.now);
}

/** Gives a number another place from `at` on: its assignment ends at that instant and the next one begins. */
export function moveNumber(
  ground: Ground,
  viewer: Viewer,
  seen: SeenNumber,
  place: Place,
  at: Instant,
): Change<TrackingNumber> {
  const { db } = ground;
  const next = { ...assignment(ground, viewer.network_id, seen.number.key, place), from_at: at };
  return {
    result: numberView(viewer, { ...seen, assignment: next, rest: null }),
    subject_id: seen.number.id,
    statements: [
      ...(seen.rest ? [wake(db, seen.number.key)] : []),
      closeAssignment(db, seen.number.key, at),
      db.insert(numberAssignments).values(next),
      ...affectedPools(db, [seen.assignment?.pool_id ?? null, place.pool_id]),
    ],
    detail: { from: seen.assignment?.pool_id ?? seen.assignment?.campaign_id ?? null, ...place, at },
  };
}

/** Takes a number out of use: calls to it are nobody's from now on, and it may be added anew. */
export function retireNumber(ground: Ground, seen: SeenNumber): Change<null> {
  const { db, now } = ground;
  const retired = db
    .update(numbers)
    .set({ retired_at: now })
    .where(and(eq(numbers.key, seen.number.key), isNull(numbers.retired_at)));
  return {
    result: null,
    subject_id: seen.number.id,
    statements: [
      ...(seen.rest ? [wake(db, seen.number.key)] : []),
      closeAssignment(db, seen.number.key, now),
      retired,
      ...affectedPools(db, [seen.assignment?.pool_id ?? null]),
    ],
    detail: { e164: seen.number.e164 },
  };
}

function assignment(ground: Ground, network_id: string, number_key: number, place: Place): AssignmentRow {
  return {
    id: ground.ids.next("assignment"),
    network_id,
    number_key,
    from_at: ground.now,
    to_at: null,
    ...place,
  };
}

function closeAssignment(db: Db, number_key: number, now: Instant): Statement {
  return db
    .update(numberAssignments)
    .set({ to_at: now })
    .where(and(eq(numberAssignments.number_key, number_key), isNull(numberAssignments.to_at)));
}

function affectedPools(db: Db, pool_ids: (string | null)[]): Statement[] {
  const distinct = new Set(pool_ids.filter((id) => id !== null));
  return [...distinct].map((id) => numbersChanged(db, id));
}

/**
 * However many rows, two statements: what differs from row to row travels as one JSON value, because a statement
 * takes at most 100 bound ones. The columns stand in the order of the tables, as drizzle's INSERT … SELECT demands.
 */
function insertAll(db: Db, added: NewNumber[]): Statement[] {
  const [first] = added;
  if (!first) return [];
  const { network_id, telephony_account_id, label, sub1, sub2, sub3, sub4, sub5, created_at } = first.number;
  const { from_at, campaign_id, pool_id, publisher_id } = first.assignment;
  const rows = JSON.stringify(added.map(({ number, assignment }) => [number.id, number.e164, assignment.id]));
  return [
    db.insert(numbers).select(
      sql`SELECT NULL, j.value ->> 0, ${network_id}, ${telephony_account_id}, j.value ->> 1,
        ${label}, ${sub1}, ${sub2}, ${sub3}, ${sub4}, ${sub5}, ${created_at}, NULL FROM json_each(${rows}) j`,
    ),
    db.insert(numberAssignments).select(
      sql`SELECT j.value ->> 2, ${network_id}, n.key, ${from_at}, NULL, ${campaign_id}, ${pool_id}, ${publisher_id}
        FROM json_each(${rows}) j JOIN numbers n ON n.id = j.value ->> 0`,
    ),
  ];
}
