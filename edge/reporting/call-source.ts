import { getTableColumns, type SQL, sql } from "drizzle-orm";
import type { Dimension } from "../../shared/api/reports.ts";
import { callShares, calls } from "../calls/tables.ts";
import { callColumns, callScope, type Reader } from "./columns.ts";
import type { Plan } from "./model/plan.ts";

/** Where facts are found: `at` is the moment that an index of the scope is in order of. */
export type Place = { table: SQL; at: SQL; scope: SQL[] };

/** Calls as they are found in one place, under the names of the table's columns. */
export type CallPlace = Place & { select: SQL };

export type CallSource = {
  columns: Record<Dimension, SQL>;
  /** One is the table itself; null where its rows are not what is counted, see `placesOfCalls`. */
  place: Place | null;
  united: CallPlace[];
};

type Mention = Pick<Plan, "dimensions" | "filters">;

/**
 * What a report counts as calls. Each is one, with all of its payout, unless publishers are told apart: one publisher's
 * are those booked to it, and those whose payout it shares with its own part and verdict; by publisher a shared call
 * stands with each that has a part, and keeps the status of the whole as what it is grouped and filtered by, so that
 * money adds up to that of the same calls without groups. An advertiser reads who a call is booked to, and no payouts.
 */
export function callSource(reader: Reader, plan: Mention): CallSource {
  const columns = callColumns(reader);
  const earner = earnerOf(reader, plan);
  if (earner !== null) return { columns, place: null, united: placesOfEarner(reader, earner) };
  if (reader.kind === "network" && namesPublishers(plan)) {
    const payout_status = sql`${calls}.${WHOLE_STATUS}`;
    return { columns: { ...columns, payout_status }, place: null, united: [byPublisher(reader)] };
  }
  return { columns, place: bookedCalls(reader), united: [] };
}

/** Every place where the reader's calls are found. */
export function placesOfCalls(reader: Reader): Place[] {
  const earner = earnerOf(reader, { filters: [] });
  return earner === null ? [bookedCalls(reader)] : placesOfEarner(reader, earner);
}

/** Whose part of each payout is asked for: a publisher's own, or that of the one that a network names. */
function earnerOf({ kind, organization_id }: Reader, { filters }: Pick<Mention, "filters">): string | null {
  if (kind === "publisher") return organization_id;
  if (kind === "advertiser") return null;
  return filters.find(({ dimension }) => dimension === "publisher_id")?.value ?? null;
}

function namesPublishers({ dimensions, filters }: Mention): boolean {
  return [...dimensions, ...filters.map(({ dimension }) => dimension)].includes("publisher_id");
}

function bookedCalls(reader: Reader): Place {
  return { table: sql`${calls}`, at: sql`${calls.started_at}`, scope: callScope(reader) };
}

const IS_PART = sql`${callShares.payout_status} IS NOT NULL`;
const WHOLE_STATUS = sql.identifier("whole_payout_status");

function placesOfEarner(reader: Reader, publisher_id: string): CallPlace[] {
  const booked = bookedCalls({ ...reader, kind: "publisher", organization_id: publisher_id });
  const { payout_status, payout_micros, revenue_micros, reject_reason } = callShares;
  const part = { publisher_id: callShares.publisher_id, payout_status, payout_micros, revenue_micros };
  return [
    { ...booked, select: callsWith({}) },
    {
      // CROSS: SQLite is to begin with the parts, which are few.
      table: sql`${callShares} CROSS JOIN ${calls}`,
      at: sql`${callShares.started_at}`,
      scope: [
        sql`${callShares.publisher_id} = ${publisher_id}`,
        IS_PART,
        sql`${calls.id} = ${callShares.call_id}`,
        ...countedOf(reader),
      ],
      select: callsWith({ ...part, reject_reason }),
    },
  ];
}

/** Only a call that is booked to nobody can be shared: of all others no share is looked for. */
function byPublisher(reader: Reader): CallPlace {
  const { publisher_id, payout_status, payout_micros, revenue_micros } = callShares;
  const select = callsWith({ publisher_id, payout_status, payout_micros, revenue_micros }, "unless null");
  return {
    ...bookedCalls(reader),
    table: sql`${calls} LEFT JOIN ${callShares}
      ON ${callShares.call_id} = CASE WHEN ${calls.publisher_id} IS NULL THEN ${calls.id} END AND ${IS_PART}`,
    select: sql`${select}, ${calls.payout_status} AS ${WHOLE_STATUS}`,
  };
}

function countedOf({ network_id }: Reader): SQL[] {
  return [sql`+${calls.network_id} = ${network_id}`, sql`${calls.is_test} = 0`];
}

type ShareColumn = (typeof callShares)[keyof typeof callShares.$inferSelect];
type Replaced = Partial<Record<keyof typeof calls.$inferSelect, ShareColumn>>;

function callsWith(replaced: Replaced, isAlways: "always" | "unless null" = "always"): SQL {
  const columns = Object.entries(getTableColumns(calls)).map(([name, column]) => {
    const instead = replaced[name as keyof Replaced];
    const own = isAlways === "always" ? sql`${instead}` : sql`coalesce(${instead}, ${column})`;
    return sql`${instead ? own : column} AS ${sql.identifier(column.name)}`;
  });
  return sql.join(columns, sql`, `);
}
