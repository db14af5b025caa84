import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** Recordings that are to be erased: see `migrations/0075_recording_expiries.sql`. */
export const recordingExpiries = sqliteTable(
  "recording_expiries",
  {
    call_id: text().notNull(),
    recording_id: text().notNull(),
    network_id: text().notNull(),
    expires_at: integer().notNull(),
  },
  (table) => [primaryKey({ columns: [table.call_id, table.recording_id] })],
);
