import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { CallSession } from "../../shared/api/calls.ts";

export const snapshotCorrections = sqliteTable(
  "snapshot_corrections",
  {
    call_id: text().notNull(),
    version: integer().notNull(),
    network_id: text().notNull(),
    corrected_at: integer().notNull(),
    reason: text().notNull(),
    snapshot: text({ mode: "json" }).$type<unknown>().notNull(),
    sessions: text({ mode: "json" }).$type<Record<string, CallSession>>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.call_id, table.version] })],
);
