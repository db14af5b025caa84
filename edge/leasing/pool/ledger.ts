import { assert } from "../../../shared/assert.ts";
import type { Instant } from "../../../shared/instant.ts";
import type { LeaseRef, PoolSettings } from "../pool-port.ts";
import type { Held } from "./held.ts";
import { type StoredLease, withEnd } from "./rows.ts";
import { createFixedTables, createMonthTable, monthTable, monthTables, type SessionRow } from "./schema.ts";
import type { LeaseCount } from "./traffic.ts";

export type NumberRow = { number_key: number; e164: string; active: number; free_from_at: number };

export type Meta = { watermark: number; pool: PoolSettings; counts: LeaseCount[] };

const PAGE_ROWS = 20;
/** The platform binds at most 100 values. */
const ROWS_AT_ONCE = 20;

/** Reads and writes of the Pool's SQLite. Synchronous; the writes of one turn are one transaction. */
export class Ledger {
  readonly #sql: SqlStorage;
  #tables: string[];

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    createFixedTables(sql);
    this.#tables = monthTables(sql);
  }

  /**
   * Writes the leases of one turn, a row each: new ones twenty to a statement, which costs half of one by one.
   * `atomically` makes several statements one transaction.
   */
  save(all: readonly StoredLease[], atomically: (write: () => void) => void): void {
    const leases = all.filter(({ is_carried }) => !is_carried);
    const made = Map.groupBy(
      leases.filter(({ facts }) => facts !== null),
      ({ lease }) => monthTable(lease.leased_at),
    );
    const changed = leases.filter(({ facts }) => facts === null);
    const write = () => {
      for (const [table, rows] of made) this.#insert(table, rows);
      for (const { lease, state } of changed) this.#update(lease, state);
    };
    // One statement is atomic by itself and needs no savepoint.
    if (leases.length === 1 || (made.size === 1 && changed.length === 0 && leases.length <= ROWS_AT_ONCE))
      write();
    else atomically(write);
  }

  #insert(table: string, leases: readonly StoredLease[]): void {
    if (!this.#tables.includes(table)) {
      createMonthTable(this.#sql, table);
      this.#tables = monthTables(this.#sql);
    }
    for (let from = 0; from < leases.length; from += ROWS_AT_ONCE) {
      const rows = leases.slice(from, from + ROWS_AT_ONCE);
      const values = rows.flatMap(({ lease, state, facts }) => [
        lease.number_key,
        lease.leased_at,
        lease.seq,
        state,
        facts,
      ]);
      const places = new Array<string>(rows.length).fill("(?, ?, ?, ?, ?)").join(", ");
      this.#sql.exec(`INSERT INTO ${table} VALUES ${places}`, ...values);
    }
  }

  #update(lease: Held, state: string): void {
    this.#sql.exec(
      `UPDATE ${monthTable(lease.leased_at)} SET seq = ?, state = ? WHERE number_key = ? AND leased_at = ?`,
      lease.seq,
      state,
      lease.number_key,
      lease.leased_at,
    );
  }

  /** The facts of a lease, which never change: one row read. */
  factsOf(ref: LeaseRef): string {
    return this.#read(ref).facts;
  }

  /** The state of a lease: the row of the one that followed it on its number is read, too. */
  stateOf(ref: LeaseRef): string {
    const row = this.#read(ref);
    return withEnd(row, this.#next(row)).state;
  }

  #read({ number_key, leased_at }: LeaseRef): SessionRow {
    const found = this.#sql.exec<SessionRow>(
      `SELECT * FROM ${monthTable(leased_at)} WHERE number_key = ? AND leased_at = ?`,
      number_key,
      leased_at,
    );
    const [row] = found.toArray();
    assert(row, "a lease that is asked for by its moment was stored");
    return row;
  }

  /** The `limit` newest sessions of a number with `from <= leased_at <= to`, newest first. */
  ofNumber(number_key: number, from: Instant, to: Instant, limit: number): SessionRow[] {
    const rows: SessionRow[] = [];
    for (const table of this.#tables) {
      if (table < monthTable(from) || table > monthTable(to) || rows.length >= limit) continue;
      const found = this.#sql.exec<SessionRow>(
        `SELECT * FROM ${table} WHERE number_key = ? AND leased_at BETWEEN ? AND ?
         ORDER BY leased_at DESC LIMIT ?`,
        number_key,
        from,
        to,
        limit - rows.length,
      );
      rows.push(...found.toArray());
    }
    const newest = rows[0];
    if (!newest) return [];
    return rows.map((row, i) => withEnd(row, rows[i - 1] ?? this.#next(newest)));
  }

  /** The session that followed this one on its number. */
  #next({ number_key, leased_at }: SessionRow): SessionRow | null {
    for (const table of this.#tables.toReversed()) {
      if (table < monthTable(leased_at)) continue;
      const found = this.#sql.exec<SessionRow>(
        `SELECT * FROM ${table} WHERE number_key = ? AND leased_at > ? ORDER BY leased_at LIMIT 1`,
        number_key,
        leased_at,
      );
      const [next] = found.toArray();
      if (next) return next;
    }
    return null;
  }

  /** How many sessions began after a moment: a look at each number. */
  countAfter(at: Instant): number {
    const counted = this.#tables
      .filter((table) => table >= monthTable(at))
      .flatMap((table) => {
        const found = this.#sql.exec<{ sessions: number }>(
          `SELECT count(*) AS sessions FROM number n CROSS JOIN ${table} s
           WHERE s.number_key = n.number_key AND s.leased_at > ?`,
          at,
        );
        return found.toArray();
      });
    return counted.reduce((total, { sessions }) => total + sessions, 0);
  }

  /** The newest session of every number that has one: about two rows read for each. */
  newest(number_count: number): Map<number, SessionRow> {
    const newest = new Map<number, SessionRow>();
    for (const table of this.#tables) {
      if (newest.size >= number_count) break;
      const rows = this.#sql.exec<SessionRow>(
        `SELECT s.* FROM number n CROSS JOIN ${table} s
         WHERE s.number_key = n.number_key
           AND s.leased_at = (SELECT max(x.leased_at) FROM ${table} x WHERE x.number_key = n.number_key)`,
      );
      for (const row of rows) if (!newest.has(row.number_key)) newest.set(row.number_key, row);
    }
    return newest;
  }

  /** Sessions of a number that were written after `watermark`. They are its newest, so the walk stops early. */
  *writtenAfter(number_key: number, watermark: number): Generator<{ leased_at: Instant; seq: number }> {
    let next: SessionRow | null = null;
    for (const table of this.#tables) {
      let before = Number.MAX_SAFE_INTEGER;
      for (let page_rows = PAGE_ROWS; page_rows === PAGE_ROWS; ) {
        const found = this.#sql.exec<SessionRow>(
          `SELECT * FROM ${table} WHERE number_key = ? AND leased_at < ?
           ORDER BY leased_at DESC LIMIT ${PAGE_ROWS}`,
          number_key,
          before,
        );
        const page = found.toArray();
        for (const row of page) {
          const { leased_at, seq } = withEnd(row, next);
          if (seq <= watermark) return;
          before = leased_at;
          next = row;
          yield { leased_at, seq };
        }
        page_rows = page.length;
      }
    }
  }

  numbers(): NumberRow[] {
    return this.#sql
      .exec<NumberRow>("SELECT number_key, e164, active, free_from_at FROM number ORDER BY number_key")
      .toArray();
  }

  saveNumber(row: NumberRow): void {
    this.#sql.exec(
      `INSERT INTO number (number_key, e164, active, free_from_at) VALUES (?, ?, ?, ?)
       ON CONFLICT (number_key) DO UPDATE SET e164 = excluded.e164, active = excluded.active,
         free_from_at = excluded.free_from_at`,
      row.number_key,
      row.e164,
      row.active,
      row.free_from_at,
    );
  }

  meta(): Meta | null {
    const row = this.#sql
      .exec<{ watermark: number; pool: string; counts: string }>("SELECT watermark, pool, counts FROM meta")
      .toArray()[0];
    if (!row) return null;
    return {
      watermark: row.watermark,
      pool: JSON.parse(row.pool) as PoolSettings,
      counts: JSON.parse(row.counts) as LeaseCount[],
    };
  }

  /** One row written: once a flush. */
  saveMeta(meta: Meta): void {
    this.#sql.exec(
      `INSERT INTO meta (id, watermark, pool, counts) VALUES (0, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET watermark = excluded.watermark, pool = excluded.pool, counts = excluded.counts`,
      meta.watermark,
      JSON.stringify(meta.pool),
      JSON.stringify(meta.counts),
    );
  }

  /** Drops the tables of months before that of `at`. No row is deleted, so none is billed. */
  dropBefore(at: Instant): void {
    const oldest_kept = monthTable(at);
    for (const table of this.#tables) if (table < oldest_kept) this.#sql.exec(`DROP TABLE ${table}`);
    this.#tables = this.#tables.filter((table) => table >= oldest_kept);
  }
}
