import { integer, sqliteView, text } from "drizzle-orm/sqlite-core";

/** Read-only: see `migrations/0007_plans.sql`. One row for each assignment a number has had. */
export const numberPlans = sqliteView("number_plans", {
  telephony_account_id: text().notNull(),
  e164: text().notNull(),
  network_id: text().notNull(),
  number_key: integer().notNull(),
  number_retired_at: integer(),
  label: text(),
  sub1: text(),
  sub2: text(),
  sub3: text(),
  sub4: text(),
  sub5: text(),
  from_at: integer().notNull(),
  to_at: integer(),
  publisher_id: text(),
  campaign_id: text().notNull(),
  advertiser_id: text().notNull(),
  currency: text().notNull(),
  timezone: text().notNull(),
  destination_number: text().notNull(),
  overflow: text({ enum: ["destination", "message", "voicemail"] }),
  test_callers: text({ mode: "json" }).$type<string[]>().notNull(),
  paused_at: integer(),
  resume_at: integer(),
  campaign_retired_at: integer(),
  pool_id: text(),
  pool_key: integer(),
  lease_ttl_s: integer(),
  cooldown_s: integer(),
  late_window_s: integer(),
  assignment_version: integer(),
}).existing();

export const accountPlans = sqliteView("account_plans", {
  account_id: text().notNull(),
  network_id: text().notNull(),
  provider: text({ enum: ["twilio", "telnyx", "signalwire", "plivo", "sandbox"] }).notNull(),
  auth_token_sealed: text().notNull(),
  next_auth_token_sealed: text(),
  retired_at: integer(),
}).existing();
