import { and, desc, eq, getTableColumns, gte, isNotNull, lt, or, type SQL, sql } from "drizzle-orm";
import type { SQLiteColumn } from "drizzle-orm/sqlite-core";
import type { CallStatus, Method, VerdictStatus } from "../../shared/api/calls.ts";
import { unreachable } from "../../shared/assert.ts";
import type { Instant } from "../../shared/instant.ts";
import type { Viewer } from "../accounts/viewer.ts";
import type { Db } from "../platform/db.ts";
import type { CallFile } from "./file.ts";
import type { CallRow } from "./store.ts";
import { callShares, calls } from "./tables.ts";

/** What a list of calls is narrowed to. `from` and `to` are half-open, on `started_at`. */
export type CallFilter = {
  from?: Instant | undefined;
  to?: Instant | undefined;
  campaign_id?: string | undefined;
  publisher_id?: string | undefined;
  status?: CallStatus | undefined;
  attribution?: Method | undefined;
  payout_status?: VerdictStatus | undefined;
  utm_source?: string | undefined;
  utm_medium?: string | undefined;
  utm_campaign?: string | undefined;
  utm_term?: string | undefined;
  utm_content?: string | undefined;
};

/** What was typed into the search: as text and, if it can be one, as (part of) a number. */
export type Search = {
  text: string;
  /** Its digits, if it consists of nothing else but what people write between them. */
  digits: string | null;
  /** The fingerprint of the whole number, by which a caller is found. */
  caller: string | null;
};

/** Who asks, and what the network lets the two sides see. */
export type Sight = { viewer: Viewer; shows: CallFile["shows"] };

/** Where a page begins: after this call, newest first. */
export type CallPlace = { started_at: Instant; id: string };

/** Calls that this viewer may see, newest first. A filter or search matches only what the viewer sees of a call. */
export function listCalls(
  db: Db,
  sight: Sight,
  filter: CallFilter,
  search: Search | null,
  after: CallPlace | null,
  limit: number,
): Promise<CallRow[]> {
  const { viewer } = sight;
  const by = viewer.kind === "network" ? (filter.publisher_id ?? null) : publisherOf(viewer);
  const where = [...filtered(sight, filter, by)];
  if (search) where.push(found(sight, search));
  return visible(db, viewer, by, where, after, limit);
}

/** A call that this viewer may see; null for every other. */
export async function findCall(db: Db, viewer: Viewer, id: string): Promise<CallRow | null> {
  const [row] = await visible(db, viewer, publisherOf(viewer), [eq(calls.id, id)], null, 1);
  return row ?? null;
}

function publisherOf({ kind, organization_id }: Viewer): string | null {
  return kind === "publisher" ? organization_id : null;
}

/** `by`: the publisher whose calls are looked through; null for all that the viewer sees. */
function visible(
  db: Db,
  viewer: Viewer,
  by: string | null,
  where: (SQL | undefined)[],
  after: CallPlace | null,
  limit: number,
): Promise<CallRow[]> {
  const at = startOf(by);
  const id = by === null ? calls.id : callShares.call_id;
  const later = after && sql`(${at}, ${id}) < (${after.started_at}, ${after.id})`;
  // The plus keeps SQLite on the index of the side that asks.
  const own = viewer.kind === "network" && by === null ? calls.network_id : sql`+${calls.network_id}`;
  const all = [sql`${own} = ${viewer.network_id}`, ...where, ...(later ? [later] : [])];
  if (by !== null) {
    return db
      .select(getTableColumns(calls))
      .from(callShares)
      .innerJoin(calls, eq(calls.id, callShares.call_id))
      .where(and(eq(callShares.publisher_id, by), ...all))
      .orderBy(desc(at), desc(id))
      .limit(limit);
  }
  if (viewer.kind === "advertiser") all.push(eq(calls.advertiser_id, viewer.organization_id));
  return db
    .select()
    .from(calls)
    .where(and(...all))
    .orderBy(desc(at), desc(id))
    .limit(limit);
}

/** The moment that the index of what is looked through is in order of. */
function startOf(by: string | null): SQLiteColumn {
  return by === null ? calls.started_at : callShares.started_at;
}

function filtered({ viewer }: Sight, filter: CallFilter, by: string | null): (SQL | undefined)[] {
  const where: (SQL | undefined)[] = [];
  const equal = (column: SQLiteColumn, value: string | undefined) => {
    if (value !== undefined) where.push(eq(column, value));
  };
  if (filter.from !== undefined) where.push(gte(startOf(by), filter.from));
  if (filter.to !== undefined) where.push(lt(startOf(by), filter.to));
  equal(calls.campaign_id, filter.campaign_id);
  equal(calls.status, filter.status);
  equal(calls.method, filter.attribution);
  where.push(...earned(filter, by));
  const { utm_source, utm_medium, utm_campaign, utm_term, utm_content } = filter;
  equal(calls.source, utm_source);
  equal(calls.medium, utm_medium);
  equal(calls.campaign, utm_campaign);
  equal(calls.term, utm_term);
  equal(calls.content, utm_content);
  const asks_for_visit = [utm_source, utm_medium, utm_campaign, utm_term, utm_content].some(
    (value) => value !== undefined,
  );
  if (asks_for_visit) where.push(seesVisit(viewer));
  return where;
}

/** Of calls booked to others a publisher sees neither the publisher nor the payout, but for its part of a shared one. */
function earned({ publisher_id, payout_status }: CallFilter, by: string | null): (SQL | undefined)[] {
  const where: (SQL | undefined)[] = [];
  if (by === null) {
    if (publisher_id !== undefined) where.push(eq(calls.publisher_id, publisher_id));
    if (payout_status !== undefined) where.push(eq(calls.payout_status, payout_status));
    return where;
  }
  if (publisher_id !== undefined) where.push(eq(callShares.publisher_id, publisher_id));
  if (publisher_id !== undefined || payout_status !== undefined) {
    where.push(or(eq(calls.publisher_id, by), isNotNull(callShares.payout_status)));
  }
  if (payout_status !== undefined) {
    where.push(sql`coalesce(${callShares.payout_status}, ${calls.payout_status}) = ${payout_status}`);
  }
  return where;
}

/** A publisher sees its own visits only. */
function seesVisit(viewer: Viewer): SQL | undefined {
  if (viewer.kind !== "publisher") return undefined;
  return sql`json_extract(${calls.session}, '$.publisher_id') = ${viewer.organization_id}`;
}

/** Digits shorter than this are in every number. */
const DIGITS_MIN = 4;

function found(sight: Sight, search: Search): SQL | undefined {
  const { viewer } = sight;
  const { text, digits, caller } = search;
  const has = (column: SQLiteColumn) => sql`instr(lower(${column}), ${text.toLowerCase()}) > 0`;
  const visit = or(
    has(calls.source),
    has(calls.medium),
    has(calls.campaign),
    has(calls.term),
    has(calls.content),
    has(calls.channel),
    and(has(calls.landing_path), seesPage(sight)),
  );
  const matches = [
    eq(calls.id, text),
    eq(calls.provider_call_id, text),
    eq(calls.from_region, text.toUpperCase()),
    and(visit, seesVisit(viewer)),
  ];
  if (digits !== null && digits.length >= DIGITS_MIN) {
    matches.push(sql`instr(${calls.to_e164}, ${digits}) > 0`);
    if (viewer.kind !== "publisher") matches.push(sql`instr(${calls.target}, ${digits}) > 0`);
  }
  if (digits !== null && digits.length < DIGITS_MIN) matches.push(eq(calls.from_area_code, digits));
  const sees_caller = viewer.kind !== "publisher" || sight.shows.callers;
  if (caller !== null && sees_caller) matches.push(eq(calls.from_hash, caller));
  return or(...matches);
}

/** The address of a publisher's own page names the publisher: see `sessionForAdvertiser`. */
function seesPage({ viewer, shows }: Sight): SQL | undefined {
  switch (viewer.kind) {
    case "network":
    case "publisher":
      return undefined;
    case "advertiser":
      return shows.publishers ? undefined : sql`json_extract(${calls.session}, '$.publisher_id') IS NULL`;
    default:
      return unreachable(viewer.kind);
  }
}
