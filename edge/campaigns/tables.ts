import { integer, real, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { PayoutTerms, Terms } from "../../shared/api/campaigns.ts";

export const campaigns = sqliteTable("campaigns", {
  id: text().primaryKey(),
  network_id: text().notNull(),
  advertiser_id: text().notNull(),
  name: text().notNull(),
  timezone: text().notNull(),
  currency: text().notNull(),
  destination_number: text().notNull(),
  overflow: text({ enum: ["destination", "message", "voicemail"] }),
  attribution_floor: real().notNull(),
  uncertain_payout: text({ enum: ["withhold", "split"] }).notNull(),
  bill_own_traffic: integer({ mode: "boolean" }).notNull(),
  test_callers: text({ mode: "json" }).$type<string[]>().notNull(),
  paused_at: integer(),
  pause_reason: text(),
  resume_at: integer(),
  created_at: integer().notNull(),
  updated_at: integer().notNull(),
  retired_at: integer(),
});

export const campaignTerms = sqliteTable("campaign_terms", {
  id: text().primaryKey(),
  network_id: text().notNull(),
  campaign_id: text().notNull(),
  version: integer().notNull(),
  effective_at: integer().notNull(),
  terms: text({ mode: "json" }).$type<Terms>().notNull(),
  created_at: integer().notNull(),
});

export const enrollments = sqliteTable("enrollments", {
  id: text().primaryKey(),
  network_id: text().notNull(),
  campaign_id: text().notNull(),
  publisher_id: text().notNull(),
  created_at: integer().notNull(),
  paused_at: integer(),
  pause_reason: text(),
  resume_at: integer(),
});

export const enrollmentVersions = sqliteTable("enrollment_versions", {
  id: text().primaryKey(),
  network_id: text().notNull(),
  enrollment_id: text().notNull(),
  version: integer().notNull(),
  effective_at: integer().notNull(),
  status: text({ enum: ["approved", "pending", "rejected", "suspended", "ended"] }).notNull(),
  payout_terms: text({ mode: "json" }).$type<PayoutTerms>().notNull(),
  created_at: integer().notNull(),
});
