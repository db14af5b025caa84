import { and, desc, eq, gte, lt, or, type SQL, sql } from "drizzle-orm";
import { DAY_MS, type Instant } from "../../shared/instant.ts";
import type { Db, Statement } from "../platform/db.ts";
import { prepared } from "../platform/prepared.ts";
import { comparePlaces } from "./model/order.ts";
import type { Memory, Step, Touch } from "./model/past.ts";
import { openMemory } from "./model/past.ts";
import { attributionSteps as steps, attributionTouches as touches } from "./tables.ts";

/** Where a call stands among its pool's. */
export type CallPlace = {
  call_id: string;
  pool_id: string;
  number_key: number;
  /** Fingerprint; null for a hidden caller. */
  caller: string | null;
  started_at: Instant;
  provider_call_id: string;
};

/** What is older is not remembered: three late windows. */
const REMEMBERED_MS = 90 * DAY_MS;
/** Steps read for one call, the latest; so no call is read by more than about as many later ones. */
const STEPS_MAX = 2_000;

const touchList = sql<string>`(SELECT json_group_array(json_object('session_id', t.session_id, 'visitor', t.visitor, 'share', t.share))
  FROM attribution_touches t WHERE t.call_id = attribution_steps.call_id)`;

/** Steps that say something of the number, the caller or one of these visitors. */
function concerns(
  of: Pick<CallPlace, "pool_id" | "number_key" | "caller">,
  visitors: readonly string[],
): SQL {
  const of_visitors = sql`${steps.call_id} IN (SELECT t.call_id FROM attribution_touches t
    WHERE t.pool_id = ${of.pool_id} AND t.visitor IN (SELECT value FROM json_each(${JSON.stringify(visitors)})))`;
  return (
    or(
      eq(steps.number_key, of.number_key),
      of.caller === null ? undefined : eq(steps.caller, of.caller),
      visitors.length === 0 ? undefined : of_visitors,
    ) ?? of_visitors
  );
}

/**
 * What earlier calls of the pool that concern this one have left, latest first: those before it in the order of
 * (`started_at`, `provider_call_id`). Un-awaited, so that it can share a round trip.
 */
export function selectSteps(db: Db, place: Omit<CallPlace, "call_id">, visitors: readonly string[]) {
  return stepsBefore(db, { ...place, since: place.started_at - REMEMBERED_MS }, visitors);
}

type Since = Omit<CallPlace, "call_id"> & { since: Instant };
const RING = ["pool_id", "number_key", "caller", "started_at", "provider_call_id", "since"] as const;
const stepsAtRing = prepared(RING, (db, place: Since) => stepsBefore(db, place, []));

/** The same for a call that rings now, whose visitors are not asked about yet; a caller waits for it. */
export function selectStepsAtRing(db: Db, place: Omit<CallPlace, "call_id">) {
  return stepsAtRing(db, { ...place, since: place.started_at - REMEMBERED_MS });
}

function stepsBefore(db: Db, place: Since, visitors: readonly string[]) {
  const { pool_id, started_at, provider_call_id, since } = place;
  const earlier = or(
    lt(steps.started_at, started_at),
    and(eq(steps.started_at, started_at), lt(steps.provider_call_id, provider_call_id)),
  );
  return db
    .select({
      call_id: steps.call_id,
      provider_call_id: steps.provider_call_id,
      at: steps.started_at,
      number_key: steps.number_key,
      caller: steps.caller,
      none: steps.none,
      touches: touchList,
    })
    .from(steps)
    .where(and(eq(steps.pool_id, pool_id), gte(steps.started_at, since), earlier, concerns(place, visitors)))
    .orderBy(desc(steps.started_at), desc(steps.provider_call_id))
    .limit(STEPS_MAX);
}

/** The last number that a step of the pool has taken; un-awaited. */
export function selectLastSeq(db: Db, pool_id: string) {
  return db
    .select({ seq: sql<number>`coalesce(max(${steps.seq}), 0)` })
    .from(steps)
    .where(eq(steps.pool_id, pool_id));
}

type StepRow = Awaited<ReturnType<typeof selectSteps>>[number];

/** A step that is only tried, with its call's place. */
export type TriedStep = CallPlace & Pick<Step, "none" | "touches">;

/** By call id; null for a call of which nothing would be remembered. */
export type TriedSteps = ReadonlyMap<string, TriedStep | null>;

/** Rows of `selectSteps` as they would be if calls had left the steps that are tried instead of their own. */
export function withTried(
  rows: readonly StepRow[],
  tried: TriedSteps,
  place: Omit<CallPlace, "call_id">,
  visitors: readonly string[],
): StepRow[] {
  if (tried.size === 0) return [...rows];
  const known = new Set(visitors);
  const added = [...tried.values()].filter(
    (one): one is TriedStep =>
      one?.pool_id === place.pool_id &&
      comparePlaces(one, place) < 0 &&
      (one.number_key === place.number_key ||
        (one.caller !== null && one.caller === place.caller) ||
        one.touches.some(({ visitor }) => known.has(visitor))),
  );
  return [
    ...rows.filter(({ call_id }) => !tried.has(call_id)),
    ...added.map(({ touches, started_at: at, ...one }) => ({ ...one, at, touches: JSON.stringify(touches) })),
  ].sort((a, b) => comparePlaces({ ...b, started_at: b.at }, { ...a, started_at: a.at }));
}

/** The memory that these rows of `selectSteps` make. */
export function memoryOf(rows: readonly StepRow[]): Memory {
  const memory = openMemory();
  for (const row of rows.toReversed()) {
    memory.note({ ...row, touches: JSON.parse(row.touches) as Touch[] });
  }
  return memory;
}

/**
 * Remembers an attributed call under the pool's next number, in place of what was remembered of it. Refused as a
 * conflict (`isConflict`) when another call of the pool was attributed since `seq` was read: then decide again.
 */
export function rememberStep(
  db: Db,
  call: CallPlace & { network_id: string },
  step: Step,
  seq: number,
): Statement[] {
  const { call_id, network_id, pool_id, started_at, provider_call_id } = call;
  const { number_key, caller, none } = step;
  const kept = { network_id, pool_id };
  const statements = [
    ...forgetStep(db, call_id),
    db
      .insert(steps)
      .values({ call_id, ...kept, seq, number_key, caller, started_at, provider_call_id, none }),
  ];
  // One bound value however many: D1 takes at most 100 in a statement.
  if (step.touches.length > 0) {
    const list = JSON.stringify(step.touches);
    statements.push(
      db.insert(touches).select(
        sql`SELECT ${call_id}, value ->> 'session_id', ${network_id}, ${pool_id}, value ->> 'visitor', value ->> 'share'
          FROM json_each(${list})`,
      ),
    );
  }
  return statements;
}

/** Nothing is remembered of a call that is no longer its pool's, or that is a test. */
export function forgetStep(db: Db, call_id: string): Statement[] {
  return [
    db.delete(touches).where(eq(touches.call_id, call_id)),
    db.delete(steps).where(eq(steps.call_id, call_id)),
  ];
}

/** A call among its pool's, as `dependentsOf` finds it. */
export type Dependent = Pick<CallPlace, "call_id" | "started_at" | "provider_call_id">;

/**
 * Later calls of the pool that read what is remembered of this one, in the order in which they are decided: of the
 * same number or caller, or with a visitor of this call's among their own. None when calls are attributed in the order
 * in which they began, and none when nothing is remembered of it.
 */
export function dependentsOf(db: Db, call_id: string): Promise<Dependent[]> {
  return db.all<Dependent>(dependents(call_id));
}

/** Their ids, as a query for a write: it finds those of the moment at which the write comes to it. */
export function dependentIds(call_id: string): SQL {
  return sql`SELECT call_id FROM (${dependents(call_id)})`;
}

function dependents(call_id: string): SQL {
  const later = sql`d.pool_id = own.pool_id AND d.started_at >= own.started_at
    AND (d.started_at, d.provider_call_id) > (own.started_at, own.provider_call_id)`;
  return sql`
    WITH own AS (SELECT * FROM attribution_steps WHERE call_id = ${call_id})
    SELECT d.call_id, d.started_at, d.provider_call_id FROM own
      JOIN attribution_steps d ON d.number_key = own.number_key AND ${later}
    UNION SELECT d.call_id, d.started_at, d.provider_call_id FROM own
      JOIN attribution_steps d ON d.caller = own.caller AND ${later}
    UNION SELECT d.call_id, d.started_at, d.provider_call_id FROM own
      JOIN attribution_touches a ON a.call_id = own.call_id
      JOIN attribution_touches b ON b.pool_id = a.pool_id AND b.visitor = a.visitor
      JOIN attribution_steps d ON d.call_id = b.call_id AND ${later}
    ORDER BY 2, 3 LIMIT ${STEPS_MAX}`;
}
