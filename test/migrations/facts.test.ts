import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openDatabase } from "../support/database.ts";

/**
 * Facts stay. Every table that the schema says is append-only is found in the schema itself, so a new one is tried
 * too; each has one row, and every way to change or remove it is tried on it.
 */

type Database = Awaited<ReturnType<typeof openDatabase>>;
type Row = Record<string, unknown>;
type Column = { name: string; type: string; notnull: number; dflt_value: string | null };

const database: Database = await openDatabase();
const sql = (text: string, ...values: unknown[]) => database.sql(text, ...values) as Promise<Row[]>;
const columnsOf = (table: string) =>
  sql(`SELECT name, type, "notnull", dflt_value FROM pragma_table_info('${table}')`) as Promise<Column[]>;

const guarded = await sql(
  "SELECT DISTINCT tbl_name FROM sqlite_master WHERE type = 'trigger' AND name GLOB tbl_name || '_no_[ud]*te'",
);
const TABLES = guarded.map((row) => String(row.tbl_name));

/** Where filling in will not do: what is checked, and what refers to something. */
const VALUES: Record<string, Row> = {
  organizations: { id: "org_n", network_id: "org_n", kind: "network" },
  campaigns: {
    id: "cmp_1",
    advertiser_id: "org_n",
    currency: "USD",
    attribution_floor: 0.9,
    uncertain_payout: "split",
  },
  enrollments: { id: "enr_1", campaign_id: "cmp_1", publisher_id: "org_n" },
  telephony_accounts: { id: "tel_1", provider: "sandbox" },
  numbers: { key: 1, telephony_account_id: "tel_1" },
  campaign_terms: { campaign_id: "cmp_1" },
  call_flows: { campaign_id: "cmp_1" },
  enrollment_versions: { enrollment_id: "enr_1", status: "approved" },
  number_assignments: { number_key: 1, campaign_id: "cmp_1", to_at: 2 },
  tracking_links: { campaign_id: "cmp_1", publisher_id: "org_n" },
  verdicts: { side: "payout", status: "pending" },
  ledger_entries: { transaction_id: "txn_1", account: "payable" },
  ledger_transactions: { id: "txn_1", kind: "charge", currency: "USD" },
};

/** Adds a row with these values; what else must be there is filled in. */
async function put(table: string, values: Row = {}): Promise<void> {
  const row: Row = {};
  for (const { name, type, notnull, dflt_value } of await columnsOf(table)) {
    if (notnull === 1 && dflt_value === null) row[name] = type === "INTEGER" ? 1 : `${table} ${name}`;
  }
  Object.assign(row, VALUES[table], values);
  const names = Object.keys(row);
  await sql(
    `INSERT INTO ${table} (${names.join(", ")}) VALUES (${names.map(() => "?").join(", ")})`,
    ...Object.values(row),
  );
}

/** The columns of every key that a row of the table is known by. */
async function keysOf(table: string): Promise<string[][]> {
  const indexes = await sql(
    `SELECT l.name AS at, i.name FROM pragma_index_list('${table}') l, pragma_index_info(l.name) i
     WHERE l."unique" = 1 AND l.partial = 0 ORDER BY l.name, i.seqno`,
  );
  return [...Map.groupBy(indexes, (row) => row.at).values()].map((key) => key.map((row) => String(row.name)));
}

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
afterAll(() => database.close());

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
