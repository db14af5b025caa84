import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { TagOptions } from "../../shared/api/tag-options.ts";

export const telephonyAccounts = sqliteTable("telephony_accounts", {
  id: text().primaryKey(),
  network_id: text().notNull(),
  provider: text({ enum: ["twilio", "telnyx", "signalwire", "plivo", "sandbox"] }).notNull(),
  name: text().notNull(),
  account_sid: text().notNull(),
  auth_token_sealed: text().notNull(),
  next_auth_token_sealed: text(),
  created_at: integer().notNull(),
  retired_at: integer(),
});

export const signatureRefusals = sqliteTable(
  "signature_refusals",
  {
    telephony_account_id: text().notNull(),
    day: text().notNull(),
    refused: integer().notNull(),
  },
  (table) => [primaryKey({ columns: [table.telephony_account_id, table.day] })],
);

export const pools = sqliteTable("pools", {
  id: text().primaryKey(),
  key: integer().notNull(),
  network_id: text().notNull(),
  campaign_id: text().notNull(),
  publisher_id: text(),
  name: text().notNull(),
  lease_ttl_s: integer().notNull(),
  cooldown_s: integer().notNull(),
  late_window_s: integer().notNull(),
  assignment_version: integer().notNull().default(1),
  cooldown_mode: text({ enum: ["fixed", "automatic"] })
    .notNull()
    .default("fixed"),
  number_rent_micros: integer(),
  objects: integer().notNull().default(1),
  objects_ever: integer().notNull().default(1),
  split_settled_at: integer().notNull().default(0),
  when_empty: text({ enum: ["static", "page", "share"] })
    .notNull()
    .default("static"),
  created_at: integer().notNull(),
  retired_at: integer(),
});

export const numbers = sqliteTable("numbers", {
  key: integer().primaryKey(),
  id: text().notNull(),
  network_id: text().notNull(),
  telephony_account_id: text().notNull(),
  e164: text().notNull(),
  label: text(),
  sub1: text(),
  sub2: text(),
  sub3: text(),
  sub4: text(),
  sub5: text(),
  created_at: integer().notNull(),
  retired_at: integer(),
  paused_at: integer(),
  pause_reason: text(),
  resume_at: integer(),
});

export const numberAssignments = sqliteTable("number_assignments", {
  id: text().primaryKey(),
  network_id: text().notNull(),
  number_key: integer().notNull(),
  from_at: integer().notNull(),
  to_at: integer(),
  campaign_id: text().notNull(),
  pool_id: text(),
  publisher_id: text(),
  is_honeypot: integer({ mode: "boolean" }).notNull().default(false),
});

export const numberRests = sqliteTable("number_rests", {
  number_key: integer().primaryKey(),
  network_id: text().notNull(),
  since_at: integer().notNull(),
  until_at: integer().notNull(),
  campaign_id: text(),
  pool_id: text(),
  publisher_id: text(),
  is_honeypot: integer({ mode: "boolean" }).notNull().default(false),
});

export const sites = sqliteTable("sites", {
  id: text().primaryKey(),
  key: text().notNull(),
  network_id: text().notNull(),
  campaign_id: text().notNull(),
  pool_id: text().notNull(),
  publisher_id: text(),
  origins: text({ mode: "json" }).$type<string[]>().notNull(),
  swap_numbers: text({ mode: "json" }).$type<string[]>().notNull(),
  gpc: text({ enum: ["cookieless", "static"] }).notNull(),
  tag_options: text({ mode: "json" }).$type<TagOptions>().notNull().default({}),
  last_page_view_at: integer(),
  created_at: integer().notNull(),
  retired_at: integer(),
});
