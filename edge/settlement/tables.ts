import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { RuleResult } from "../../shared/api/calls.ts";
import type { ShareJudgement } from "./model/judge.ts";

export const verdicts = sqliteTable("verdicts", {
  id: text().primaryKey(),
  network_id: text().notNull(),
  call_id: text().notNull(),
  side: text({ enum: ["revenue", "payout"] }).notNull(),
  version: integer().notNull(),
  status: text({ enum: ["pending", "qualified", "held", "paid", "rejected", "reversed"] }).notNull(),
  organization_id: text(),
  terms_version: integer(),
  amount_micros: integer().notNull(),
  rules: text({ mode: "json" }).$type<RuleResult[]>().notNull(),
  created_at: integer().notNull(),
  shares: text({ mode: "json" }).$type<ShareJudgement[]>(),
});

export const ledgerEntries = sqliteTable(
  "ledger_entries",
  {
    transaction_id: text().notNull(),
    line: integer().notNull(),
    account: text({ enum: ["receivable", "payable", "margin", "clearing"] }).notNull(),
    organization_id: text().notNull(),
    amount_micros: integer().notNull(),
  },
  (table) => [primaryKey({ columns: [table.transaction_id, table.line] })],
);

export const ledgerTransactions = sqliteTable("ledger_transactions", {
  id: text().primaryKey(),
  network_id: text().notNull(),
  call_id: text(),
  kind: text({ enum: ["charge", "payout", "reversal", "adjustment"] }).notNull(),
  currency: text().notNull(),
  terms_version: integer(),
  reverses_id: text(),
  posting_key: text().notNull(),
  reason: text().notNull(),
  posted_at: integer().notNull(),
});
