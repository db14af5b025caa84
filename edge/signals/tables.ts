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

export const signalImports = sqliteTable("signal_imports", {
  id: text().primaryKey(),
  network_id: text().notNull(),
  organization_id: text().notNull(),
  status: text({ enum: ["running", "done", "failed"] }).notNull(),
  next_line: integer(),
  accepted: integer().notNull(),
  rejected: integer().notNull(),
  errors: text({ mode: "json" }).$type<{ line: number; detail: string }[]>().notNull(),
  created_at: integer().notNull(),
  progressed_at: integer().notNull(),
  ended_at: integer(),
});
