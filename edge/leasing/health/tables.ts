import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

export const poolHours = sqliteTable(
  "pool_hours",
  {
    pool_id: text().notNull(),
    hour_at: integer().notNull(),
    network_id: text().notNull(),
    arrivals: integer().notNull(),
    refused: integer().notNull(),
    leased_ms: integer().notNull(),
    occupied_ms: integer().notNull(),
  },
  (table) => [primaryKey({ columns: [table.pool_id, table.hour_at] })],
);

export const poolHoursCounted = sqliteTable("pool_hours_counted", {
  network_id: text().primaryKey(),
  counted_to: integer().notNull(),
  advised_after: text(),
});
