import type { Instant } from "../../../shared/instant.ts";
import { utcDay } from "../../platform/clock.ts";
import type { VisitFacts } from "../pool-port.ts";

/**
 * The Pool's own SQLite. The session row is the lease row: one table a month, clustered by number and moment and
 * without a second index, so that a lease is one row written and an old month goes by DROP TABLE (deletes are billed).
 */
const FIXED_TABLES = [
  `CREATE TABLE IF NOT EXISTS number (
    number_key INTEGER NOT NULL PRIMARY KEY,
    e164 TEXT NOT NULL,
    active INTEGER NOT NULL,          -- 0: it has left the pool; its sessions stay
    free_from_at INTEGER NOT NULL     -- not leased before: somebody may still see it from another pool
  ) STRICT`,
  `CREATE TABLE IF NOT EXISTS meta (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 0),
    watermark INTEGER NOT NULL,       -- D1 has every row up to this seq
    pool TEXT NOT NULL,               -- JSON: the settings last known, for the alarm
    counts TEXT NOT NULL              -- JSON: [{ at, leases }], one a day, for the rate of leases
  ) STRICT`,
] as const;

/** What a page view says, stored once. The same names in D1. */
export const VISIT_COLUMNS = [
  "site_id",
  "landing_url",
  "landing_path",
  "referrer",
  "source",
  "medium",
  "campaign",
  "term",
  "content",
  "channel",
  "click_ids",
  "device",
  "country",
  "region",
  "publisher_id",
  "publisher_proof",
  "click_link",
  "click_nonce",
] as const satisfies readonly (keyof VisitFacts)[];

/** What may change while a lease is held. */
export const STATE_COLUMNS = [
  "seq",
  "expires_at",
  "held_until",
  "last_seen_at",
  "closed_at",
  "seen_at",
  "left_at",
  "tel_clicks",
  "data",
] as const;

/** In the order of an INSERT. */
export const SESSION_COLUMNS = [
  "number_key",
  "leased_at",
  "holder_since_at",
  "ordinal",
  "touch_key",
  "visitor",
  ...STATE_COLUMNS,
  ...VISIT_COLUMNS,
] as const;

/** A row of a month table: moments and counts are integers, lists and objects JSON. */
export type SessionRow = Record<
  "number_key" | "leased_at" | "holder_since_at" | "ordinal" | "seq" | "expires_at" | "held_until",
  number
> &
  Record<"last_seen_at", number> &
  Record<"closed_at", number | null> &
  Record<"touch_key" | "seen_at" | "left_at" | "tel_clicks" | "data", string> &
  Record<"visitor" | "country" | "region" | "publisher_id" | "click_link" | "click_nonce", string | null> &
  Record<
    | "site_id"
    | "landing_url"
    | "landing_path"
    | "referrer"
    | "source"
    | "medium"
    | "campaign"
    | "term"
    | "content"
    | "channel"
    | "click_ids"
    | "device"
    | "publisher_proof",
    string
  >;

const INTEGERS = new Set<string>([
  "number_key",
  "leased_at",
  "holder_since_at",
  "ordinal",
  "seq",
  "expires_at",
  "held_until",
  "last_seen_at",
  "closed_at",
]);
const NULLABLE = new Set<string>([
  "closed_at",
  "visitor",
  "country",
  "region",
  "publisher_id",
  "click_link",
  "click_nonce",
]);

export function createFixedTables(sql: SqlStorage): void {
  for (const statement of FIXED_TABLES) sql.exec(statement);
}

/** The table of the UTC month of a session's beginning: `session_202611`. */
export function monthTable(leased_at: Instant): string {
  return `session_${utcDay(leased_at).slice(0, 7).replace("-", "")}`;
}

export function createMonthTable(sql: SqlStorage, table: string): void {
  const columns = SESSION_COLUMNS.map((name) => {
    const type = INTEGERS.has(name) ? "INTEGER" : "TEXT";
    return `${name} ${type}${NULLABLE.has(name) ? "" : " NOT NULL"}`;
  });
  sql.exec(
    `CREATE TABLE ${table} (${columns.join(", ")}, PRIMARY KEY (number_key, leased_at)) STRICT, WITHOUT ROWID`,
  );
}

/** The month tables there are, newest first. */
export function monthTables(sql: SqlStorage): string[] {
  const found = sql.exec<{ name: string }>(
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name GLOB 'session_[0-9]*' ORDER BY name DESC",
  );
  return found.toArray().map((row) => row.name);
}
