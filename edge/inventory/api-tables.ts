import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** How an account's provider is asked, and what the account's reports are worth: see `migrations/0052_telephony_apis.sql`. */
export const telephonyApis = sqliteTable("telephony_apis", {
  telephony_account_id: text().primaryKey(),
  network_id: text().notNull(),
  organization_id: text(),
  reports_pay_until: integer(),
  api_token_sealed: text(),
  api_space: text(),
  fallback_url: text(),
  changed_at: integer().notNull(),
});

/** How far a provider's records have been gone through: see `migrations/0053_reconciliation.sql`. */
export const providerSweeps = sqliteTable("provider_sweeps", {
  telephony_account_id: text().primaryKey(),
  network_id: text().notNull(),
  read_through_at: integer().notNull(),
  next_at: integer().notNull(),
  failures: integer().notNull(),
  failure: text(),
  swept_at: integer(),
  imported: integer().notNull().default(0),
});
