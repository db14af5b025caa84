import type { Instant } from "../../../shared/instant.ts";
import { utcDay } from "../../platform/clock.ts";
import type { VisitFacts } from "../pool-port.ts";
import type { Held } from "./held.ts";

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
export type LeaseState = Pick<
  Held,
  "expires_at" | "held_until" | "last_seen_at" | "closed_at" | "seen_at" | "left_at" | "tel_clicks" | "data"
>;

/** How the lease before this one ended, where this one's beginning ended it: its later state, in one row with it. */
export type EndOfBefore = Pick<Held, "seq" | "expires_at" | "held_until" | "closed_at">;

/** What is known when a lease is made and never changes. */
export type LeaseFacts = Pick<Held, "holder_since_at" | "ordinal" | "touch_key"> & {
  visitor: string | null;
  visit: Omit<VisitFacts, "data">;
  ended?: EndOfBefore;
};

/**
 * A row of a month table. State and facts are JSON, each one text: as thirty columns of their own they cost more to
 * bind than all the rest of a lease, and nothing here searches by them.
 */
export type SessionRow = {
  number_key: number;
  leased_at: Instant;
  /** The Pool's count of rows written when this state was stored. */
  seq: number;
  /** `LeaseState`. */
  state: string;
  /** `LeaseFacts`. */
  facts: string;
};

export function createFixedTables(sql: SqlStorage): void {
  for (const statement of FIXED_TABLES) sql.exec(statement);
}

/** The table of the UTC month of a session's beginning: `session_202611`. */
export function monthTable(leased_at: Instant): string {
  return `session_${utcDay(leased_at).slice(0, 7).replace("-", "")}`;
}

export function createMonthTable(sql: SqlStorage, table: string): void {
  sql.exec(
    `CREATE TABLE ${table} (
      number_key INTEGER NOT NULL,
      leased_at INTEGER NOT NULL,
      seq INTEGER NOT NULL,
      state TEXT NOT NULL,
      facts TEXT NOT NULL,
      PRIMARY KEY (number_key, leased_at)
    ) STRICT, WITHOUT ROWID`,
  );
}

/** The month tables there are, newest first. */
export function monthTables(sql: SqlStorage): string[] {
  const found = sql.exec<{ name: string }>(
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name GLOB 'session_[0-9]*' ORDER BY name DESC",
  );
  return found.toArray().map((row) => row.name);
}
