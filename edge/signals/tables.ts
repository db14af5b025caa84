import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { SignalValue } from "./model/value.ts";

export const signals = sqliteTable("signals", {
  id: text().primaryKey(),
  network_id: text().notNull(),
  call_id: text().notNull(),
  name: text().notNull(),
  value: text({ mode: "json" }).$type<SignalValue>().notNull(),
  revenue_micros: integer(),
  occurred_at: integer().notNull(),
  reported_at: integer().notNull(),
  actor: text().notNull(),
});
