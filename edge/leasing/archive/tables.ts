import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

export const sessionArchive = sqliteTable(
  "session_archive",
  {
    network_id: text().notNull(),
    month: text().notNull(),
    pages: integer().notNull(),
    sessions: integer().notNull(),
    after_leased_at: integer().notNull(),
    after_number_key: integer().notNull(),
    done_at: integer(),
  },
  (table) => [primaryKey({ columns: [table.network_id, table.month] })],
);
