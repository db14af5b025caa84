import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openRows } from "../support/rows.ts";

/** What is known by a second key (an e-mail address, a site's public name, a provider's call) is there once. */

const { sql, put, columnsOf, keysOf, close } = await openRows();

/** Parents first. Tables of facts have their own test; the ledger's keys stand with its other refusals. */
const TABLES = [
  "organizations",
  "campaigns",
  "enrollments",
  "telephony_accounts",
  "numbers",
  "pools",
  "sites",
  "api_keys",
  "invitations",
  "users",
  "user_sessions",
  "calls",
  "attribution_steps",
  "webhook_marks",
  "webhook_deliveries",
];

beforeAll(async () => {
  for (const table of TABLES) await put(table);
});
afterAll(close);

/** The columns of a table's key that do not make it its primary one. */
async function furtherKeys(table: string): Promise<string[][]> {
  const primary = (await columnsOf(table)).filter(({ pk }) => pk > 0).map(({ name }) => name);
  return (await keysOf(table)).filter((key) => key.join() !== primary.join());
}

describe("a second key", () => {
  it("is had by no table that is not tried here or with the facts", async () => {
    const found = await sql(
      `SELECT DISTINCT t.name FROM pragma_table_list t, pragma_index_list(t.name) i
       WHERE t.schema = 'main' AND t.strict = 1 AND i.origin <> 'pk' AND i."unique" = 1 AND i.partial = 0
         AND NOT EXISTS (SELECT 1 FROM sqlite_master m WHERE m.name = t.name || '_no_replacement')`,
    );
    const withKeys: string[] = [];
    for (const table of TABLES) if ((await furtherKeys(table)).length > 0) withKeys.push(table);
    expect(found.map(({ name }) => name).sort()).toEqual(withKeys.sort());
  });

  it.each(TABLES)("of %s is taken once", async (table) => {
    const columns = await columnsOf(table);
    for (const key of await furtherKeys(table)) {
      const others = [
        columns.filter(({ pk }) => pk > 0).map(({ name }) => name),
        ...(await furtherKeys(table)),
      ];
      const changed = new Set(
        others.filter((other) => other.join() !== key.join()).map((other) => other.at(-1)),
      );
      const values = columns.map(({ name, type }) => {
        if (!changed.has(name) || key.includes(name)) return name;
        return type === "INTEGER" ? `${name} + 1` : `${name} || '2'`;
      });
      const twin = sql(`INSERT INTO ${table} SELECT ${values.join(", ")} FROM ${table} LIMIT 1`);
      const names = key.map((name) => `${table}.${name}`).join(", ");
      await expect(twin).rejects.toThrow(`UNIQUE constraint failed: ${names}`);
    }
  });
});
