import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { Attribution } from "../../shared/api/calls.ts";

export const attributions = sqliteTable("attributions", {
  id: text().primaryKey(),
  network_id: text().notNull(),
  call_id: text().notNull(),
  version: integer().notNull(),
  corrects_id: text(),
  reason: text().notNull(),
  model_version: text().notNull(),
  attribution: text({ mode: "json" }).$type<Attribution>().notNull(),
  created_at: integer().notNull(),
});
