import { integer, primaryKey, real, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { Attribution } from "../../shared/api/calls.ts";
import type { Parameters } from "./model/parameters.ts";
import type { Past } from "./model/past.ts";

/** What a decision was made of, beside the frozen snapshot of its call. */
export type Inputs = {
  model_version: string;
  past: Past;
  /** Among whose calls it was made and is remembered; decisions of before do not say it. */
  pool_id?: string;
};

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
  inputs: text({ mode: "json" }).$type<Inputs>(),
});

export const attributionModels = sqliteTable("attribution_models", {
  version: text().primaryKey(),
  network_id: text().notNull(),
  pool_id: text().notNull(),
  fitted_at: integer().notNull(),
  from_at: integer().notNull(),
  to_at: integer().notNull(),
  calls: integer().notNull(),
  start_version: text().notNull(),
  sha256: text().notNull(),
  parameters: text({ mode: "json" }).$type<Parameters>().notNull(),
});

export const attributionSteps = sqliteTable("attribution_steps", {
  call_id: text().primaryKey(),
  network_id: text().notNull(),
  pool_id: text().notNull(),
  seq: integer().notNull(),
  number_key: integer().notNull(),
  caller: text(),
  started_at: integer().notNull(),
  provider_call_id: text().notNull(),
  none: real().notNull(),
});

export const attributionTouches = sqliteTable(
  "attribution_touches",
  {
    call_id: text().notNull(),
    session_id: text().notNull(),
    network_id: text().notNull(),
    pool_id: text().notNull(),
    visitor: text().notNull(),
    share: real().notNull(),
  },
  (table) => [primaryKey({ columns: [table.call_id, table.session_id] })],
);
