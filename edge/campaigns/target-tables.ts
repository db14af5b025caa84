import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { Hours } from "../../shared/api/common.ts";
import type { CampaignRoutingPatch } from "../../shared/api/routing.ts";

const caps = {
  hourly_cap: integer(),
  daily_cap: integer(),
  monthly_cap: integer(),
  total_cap: integer(),
  concurrency_cap: integer(),
};

export const targetGroups = sqliteTable("target_groups", {
  id: text().primaryKey(),
  network_id: text().notNull(),
  campaign_id: text().notNull(),
  name: text().notNull(),
  ringing: text({ enum: ["sequential", "simultaneous"] }).notNull(),
  ...caps,
  created_at: integer().notNull(),
  retired_at: integer(),
});

export const targets = sqliteTable("targets", {
  id: text().primaryKey(),
  network_id: text().notNull(),
  campaign_id: text().notNull(),
  group_id: text(),
  name: text(),
  number: text().notNull(),
  priority: integer().notNull(),
  weight: integer().notNull(),
  timeout_s: integer().notNull(),
  hours: text({ mode: "json" }).$type<Hours>(),
  regions: text({ mode: "json" }).$type<string[]>(),
  ...caps,
  paused_at: integer(),
  pause_reason: text(),
  resume_at: integer(),
  resumed_at: integer(),
  created_at: integer().notNull(),
  updated_at: integer().notNull(),
  retired_at: integer(),
});

export const campaignRouting = sqliteTable("campaign_routing", {
  campaign_id: text().primaryKey(),
  network_id: text().notNull(),
  /** What was set; the rest has its default. */
  settings: text({ mode: "json" }).$type<CampaignRoutingPatch>().notNull(),
  updated_at: integer().notNull(),
});
