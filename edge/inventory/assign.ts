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
import { restMovedLate, restNumber, restReused, wake } from "./rests.ts";
import { numberAssignments, numbers } from "./tables.ts";

/**
 * Where a number is put: into a pool, or static (`pool_id: null`); `publisher_id` is whom it proves. A honeypot is a
 * campaign's, in no pool and nobody's: only programs that read pages are shown it.
 */
export type Place = {
  campaign_id: string;
  pool_id: string | null;
  publisher_id: string | null;
  is_honeypot: boolean;
};

type NewNumber = SeenNumber & { assignment: AssignmentRow };

/** The short key of a new number is taken by the database. */
const KEY_TO_COME = 0;

/** Numbers to add, alike in all but themselves, and where they go. */
export type NumbersToAdd = { input: NumbersInput; place: Place };

/** Adds numbers, all or none, and assigns them from now on. */
export function addNumbers(
  ground: Ground,
  viewer: Viewer,
  groups: readonly NumbersToAdd[],
): Change<NewNumbers> {
  const { db, now } = ground;
  const added = groups.flatMap((group) => newNumbers(ground, viewer, group));
  const pool_ids = groups.map(({ place }) => place.pool_id);
  const [first] = groups;
  return {
    result: { data: added.map((row) => numberView(viewer, row)) },
    subject_id: first?.place.pool_id ?? first?.place.campaign_id ?? viewer.network_id,
    statements: [
      ...insertAll(db, added),
      restReused(
        db,
        added.map((row) => row.number.id),
        now,
      ),
      ...affectedPools(db, pool_ids),
    ],
    detail:
      groups.length === 1
        ? { ...first?.input, ...first?.place }
        : { imported: added.map((row) => row.number.e164) },
  };
}

function newNumbers(ground: Ground, viewer: Viewer, { input, place }: NumbersToAdd): NewNumber[] {
  const { ids, now } = ground;
  const { telephony_account_id, e164, label, sub1, sub2, sub3, sub4, sub5 } = input;
  const said = { label, sub1, sub2, sub3, sub4, sub5 };
  const words = Object.fromEntries(Object.entries(said).map(([name, word]) => [name, word ?? null]));
  return e164.map(
    (text): NewNumber => ({
      number: {
        id: ids.next("number"),
        key: KEY_TO_COME,
        network_id: viewer.network_id,
        telephony_account_id,
        e164: text,
        ...(words as Record<keyof typeof said, string | null>),
        created_at: now,
        retired_at: null,
        paused_at: null,
        pause_reason: null,
        resume_at: null,
      },
      assignment: assignment(ground, viewer.network_id, KEY_TO_COME, place),
      rest: null,
    }),
  );
}

/** What is asked of a move beside the place. */
export type MoveTerms = { rest_s?: number | undefined; effective_at?: Instant | undefined };

/**
 * Moves a number: at once within its campaign, by way of a rest to another one, or to be a honeypot or none. A move with an `effective_at` has
 * happened already and is only written down late, so it takes no rest on its way.
 */
export function sendNumber(
  ground: Ground,
  viewer: Viewer,
  seen: SeenNumber,
  place: Place,
  { rest_s = REST_DEFAULT_S, effective_at }: MoveTerms,
): Change<TrackingNumber> {
  const { assignment: now } = seen;
  const leaves =
    now !== null && (now.campaign_id !== place.campaign_id || now.is_honeypot !== place.is_honeypot);
  return leaves && rest_s > 0 && effective_at === undefined
    ? restNumber(ground, viewer, seen, place, rest_s)
    : moveNumber(ground, viewer, seen, place, effective_at ?? ground.now);
}

/**
 * Gives a number another place from `at` on: its assignment ends at that instant and the next one begins. Where that is
 * past, the pool that it left has lent it until now, and the one that it comes to waits for that.
 */
export function moveNumber(
  ground: Ground,
  viewer: Viewer,
  seen: SeenNumber,
  place: Place,
  at: Instant,
): Change<TrackingNumber> {
  const { db, now } = ground;
  const next = { ...assignment(ground, viewer.network_id, seen.number.key, place), from_at: at };
  const left = seen.assignment?.pool_id ?? null;
  const is_lent = at < now && left !== null && place.pool_id !== null && place.pool_id !== left;
  return {
    result: numberView(viewer, { ...seen, assignment: next, rest: null }),
    subject_id: seen.number.id,
    statements: [
      ...(seen.rest ? [wake(db, seen.number.key)] : []),
      closeAssignment(db, seen.number.key, at),
      db.insert(numberAssignments).values(next),
      ...(is_lent ? [restMovedLate(db, seen.number.key, left, now)] : []),
      ...affectedPools(db, [left, place.pool_id]),
    ],
    detail: { from: left ?? seen.assignment?.campaign_id ?? null, ...place, at },
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

/** What numbers that are added together have in common, each kind once. */
const commonOf = ({ number, assignment }: NewNumber) =>
  JSON.stringify([
    number.telephony_account_id,
    number.label,
    number.sub1,
    number.sub2,
    number.sub3,
    number.sub4,
    number.sub5,
    assignment.campaign_id,
    assignment.pool_id,
    assignment.publisher_id,
    assignment.is_honeypot,
  ]);

/**
 * However many rows, two statements: numbers travel as one JSON value and what they have in common as another, since a
 * statement takes at most 100 bound ones. Columns stand in the order of the tables, as drizzle's INSERT … SELECT demands.
 */
function insertAll(db: Db, added: NewNumber[]): Statement[] {
  const [first] = added;
  if (!first) return [];
  const { network_id, created_at } = first.number;
  const kinds = [...new Set(added.map(commonOf))];
  const kindAt = new Map(kinds.map((kind, i) => [kind, i]));
  const common = `[${kinds.join(",")}]`;
  const rows = JSON.stringify(
    added.map((row) => [row.number.id, row.number.e164, row.assignment.id, kindAt.get(commonOf(row))]),
  );
  const from = sql`json_each(${rows}) j JOIN json_each(${common}) k ON k.key = j.value ->> 3`;
  return [
    db.insert(numbers).select(
      sql`SELECT NULL, j.value ->> 0, ${network_id}, k.value ->> 0, j.value ->> 1, k.value ->> 1, k.value ->> 2,
        k.value ->> 3, k.value ->> 4, k.value ->> 5, k.value ->> 6, ${created_at}, NULL, NULL, NULL, NULL FROM ${from}`,
    ),
    db.insert(numberAssignments).select(
      sql`SELECT j.value ->> 2, ${network_id}, n.key, ${created_at}, NULL, k.value ->> 7, k.value ->> 8, k.value ->> 9,
        k.value ->> 10 FROM ${from} JOIN numbers n ON n.id = j.value ->> 0`,
    ),
  ];
}
