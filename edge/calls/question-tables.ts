import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** Calls that the provider is asked about again: see `migrations/0053_reconciliation.sql`. */
export const providerQuestions = sqliteTable("provider_questions", {
  call_id: text().primaryKey(),
  network_id: text().notNull(),
  telephony_account_id: text().notNull(),
  asked: integer().notNull(),
  next_at: integer().notNull(),
});
