import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openRows } from "../support/rows.ts";

/**
 * Facts stay. Every table that the schema says is append-only is found in the schema itself, so a new one is tried
 * too; each has one row, and every way to change or remove it is tried on it.
 */

const { sql, put, columnsOf, keysOf, close } = await openRows();

const guarded = await sql(
  "SELECT DISTINCT tbl_name FROM sqlite_master WHERE type = 'trigger' AND name GLOB tbl_name || '_no_[ud]*te'",
);
const TABLES = guarded.map((row) => String(row.tbl_name));

/** An assignment of another time overlaps nothing. */
const MOVED = ["from_at", "to_at"];

/** Puts another fact in the place of the one that has this key: the same key, every other key another. */
async function replace(table: string, key: string[]): Promise<void> {
  const others = (await keysOf(table)).filter((other) => other.some((name) => !key.includes(name)));
  const changed = new Set(others.map((other) => other.filter((name) => !key.includes(name)).at(-1)));
  const values = (await columnsOf(table)).map(({ name, type }) => {
    if (changed.has(name)) return type === "INTEGER" ? `${name} + 1` : `${name} || '2'`;
    if (MOVED.includes(name) && !key.includes(name)) return `${name} + 10`;
    return name === "network_id" ? `${name} || ' another'` : name;
  });
  await sql(`INSERT OR REPLACE INTO ${table} SELECT ${values.join(", ")} FROM ${table} LIMIT 1`);
}

beforeAll(async () => {
  for (const table of ["organizations", "campaigns", "enrollments", "telephony_accounts", "numbers"]) {
    await put(table);
  }
  for (const table of [...TABLES, "tracking_links"]) {
    if (!table.startsWith("ledger_")) await put(table);
  }
  await put("ledger_entries", { line: 1, amount_micros: 5 });
  await put("ledger_entries", { line: 2, amount_micros: -5 });
  await put("ledger_transactions");
});
afterAll(close);

describe("a fact", () => {
  it("is of one of the kinds that the design names, or of a later one", () => {
    expect(TABLES).toEqual(
      expect.arrayContaining([
        "call_events",
        "candidate_snapshots",
        "attributions",
        "verdicts",
        "ledger_entries",
        "ledger_transactions",
        "campaign_terms",
        "enrollment_versions",
        "number_assignments",
        "audit_log",
      ]),
    );
  });

  it.each(TABLES)("of %s is not changed and not removed", async (table) => {
    const before = await sql(`SELECT * FROM ${table}`);
    expect(before.length).toBeGreaterThan(0);
    const column = table === "ledger_entries" ? "organization_id" : "network_id";
    const refusal = /append-only|frozen|immutable|never|only be closed/;
    await expect(sql(`UPDATE ${table} SET ${column} = 'org_x'`)).rejects.toThrow(refusal);
    await expect(sql(`DELETE FROM ${table}`)).rejects.toThrow(refusal);
    expect(await sql(`SELECT * FROM ${table}`)).toEqual(before);
  });

  it.each([...TABLES, "tracking_links"])("of %s is not replaced, by none of its keys", async (table) => {
    const before = await sql(`SELECT * FROM ${table}`);
    const keys = await keysOf(table);
    expect(keys.length).toBeGreaterThan(0);
    for (const key of keys) {
      // A table that is written "unless it is there" keeps what it has in silence; every other one says so.
      await replace(table, key).catch((error: Error) =>
        expect(error.message, key.join()).toMatch(/UNIQUE|sealed|one assignment|must balance|booked already/),
      );
      expect(await sql(`SELECT * FROM ${table}`), key.join()).toEqual(before);
    }
  });
});
