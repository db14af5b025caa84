import { is, Table } from "drizzle-orm";
import { getTableConfig, type SQLiteTable } from "drizzle-orm/sqlite-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as people from "../../edge/accounts/people/tables.ts";
import * as accounts from "../../edge/accounts/tables.ts";
import * as attribution from "../../edge/attribution/tables.ts";
import * as corrections from "../../edge/calls/correction-tables.ts";
import * as questions from "../../edge/calls/question-tables.ts";
import * as recordings from "../../edge/calls/recording-tables.ts";
import * as calls from "../../edge/calls/tables.ts";
import * as callFlows from "../../edge/campaigns/flow-tables.ts";
import * as campaigns from "../../edge/campaigns/tables.ts";
import * as targets from "../../edge/campaigns/target-tables.ts";
import * as telephonyApis from "../../edge/inventory/api-tables.ts";
import * as inventory from "../../edge/inventory/tables.ts";
import * as trackingLinks from "../../edge/inventory/tracking-link-tables.ts";
import * as sessionArchive from "../../edge/leasing/archive/tables.ts";
import * as poolHours from "../../edge/leasing/health/tables.ts";
import * as leasing from "../../edge/leasing/tables.ts";
import * as routing from "../../edge/routing/tables.ts";
import * as disputes from "../../edge/settlement/dispute-tables.ts";
import * as settlement from "../../edge/settlement/tables.ts";
import * as signals from "../../edge/signals/tables.ts";
import * as webhooks from "../../edge/webhooks/tables.ts";
import { openDatabase } from "../support/database.ts";

/** The Drizzle tables say what the migrated database is: column by column, and no table is missing on either side. */

const tables = [
  accounts,
  people,
  attribution,
  calls,
  corrections,
  questions,
  recordings,
  campaigns,
  targets,
  callFlows,
  inventory,
  telephonyApis,
  trackingLinks,
  leasing,
  poolHours,
  sessionArchive,
  routing,
  settlement,
  disputes,
  signals,
  webhooks,
]
  .flatMap((room) => Object.values(room) as unknown[])
  .filter((value): value is SQLiteTable => is(value, Table));

let database: Awaited<ReturnType<typeof openDatabase>>;
beforeAll(async () => {
  database = await openDatabase();
});
afterAll(() => database.close());

describe("the migrated database", () => {
  it("has exactly the tables that the code knows, all of them STRICT", async () => {
    const rows = (await database.sql(
      "SELECT name, strict FROM pragma_table_list WHERE schema = 'main' AND type = 'table'",
    )) as {
      name: string;
      strict: number;
    }[];
    const ours = rows.filter(({ name }) => !/^(sqlite_|_cf_|d1_migrations)/.test(name));
    expect(ours.map(({ name }) => name).sort()).toEqual(
      tables.map((table) => getTableConfig(table).name).sort(),
    );
    expect(ours.filter(({ strict }) => strict !== 1)).toEqual([]);
  });

  it.each(tables.map((table) => [getTableConfig(table).name, table] as const))(
    "agrees with %s",
    async (name, table) => {
      const rows = (await database.sql(`SELECT name, type, "notnull" FROM pragma_table_info('${name}')`)) as {
        name: string;
        type: string;
        notnull: number;
      }[];
      const there = rows.map(
        (column) => `${column.name} ${column.type.toLowerCase()} ${column.notnull ? "required" : "optional"}`,
      );
      const here = getTableConfig(table).columns.map((column) => {
        // An INTEGER PRIMARY KEY is the row id: never null, though SQLite does not say NOT NULL.
        const required = column.notNull || column.primary;
        return `${column.name} ${column.getSQLType()} ${required ? "required" : "optional"}`;
      });
      expect(here.sort()).toEqual(there.sort());
    },
  );
});
