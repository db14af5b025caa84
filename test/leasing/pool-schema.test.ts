import { DatabaseSync } from "node:sqlite";
import { describe, expect, it } from "vitest";
import { createFixedTables, createMonthTable, monthTable } from "../../edge/leasing/pool/schema.ts";

/** The Pool object's own tables, on the SQLite of Node: what they refuse. */

const november = monthTable(Date.UTC(2026, 10, 30, 23, 59, 59, 999));

function openPool(): DatabaseSync {
  const database = new DatabaseSync(":memory:");
  const sql = { exec: (text: string) => database.exec(text) } as unknown as SqlStorage;
  createFixedTables(sql);
  createMonthTable(sql, november);
  return database;
}

describe("the Pool's own tables", () => {
  it("are STRICT, every one", () => {
    const tables = openPool()
      .prepare("SELECT name, strict FROM pragma_table_list WHERE schema = 'main' AND name NOT LIKE 'sqlite%'")
      .all();
    expect(tables.map((table) => `${table.name} ${table.strict}`).sort()).toEqual([
      "meta 1",
      "number 1",
      "session_202611 1",
    ]);
  });

  it("hold one lease of a number at one moment, and no fraction of either", () => {
    const database = openPool();
    const lease = (number_key: number, leased_at: number) =>
      database
        .prepare(`INSERT INTO ${november} VALUES (CAST(? AS REAL), CAST(? AS REAL), 1, '{}', '{}')`)
        .run(number_key, leased_at);
    lease(1, 1_000);
    expect(() => lease(1, 1_000)).toThrow(/UNIQUE/);
    expect(() => lease(1, 1_000.5)).toThrow(/cannot store REAL/);
    expect(() => lease(1.5, 1_000)).toThrow(/cannot store REAL/);
    lease(1, 1_001);
  });

  it("know one watermark", () => {
    const database = openPool();
    const note = (id: number) => database.prepare("INSERT INTO meta VALUES (?, 1, '{}', '[]')").run(id);
    note(0);
    expect(() => note(0)).toThrow(/UNIQUE/);
    expect(() => note(1)).toThrow(/CHECK/);
  });
});
