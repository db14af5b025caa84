import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { DISPUTE_CLAIMS, DISPUTE_OUTCOMES, DISPUTE_SIDES } from "../../shared/api/disputes.ts";
import { ORGANIZATION_KINDS } from "../../shared/api/organizations.ts";

export const disputes = sqliteTable("disputes", {
  id: text().primaryKey(),
  network_id: text().notNull(),
  call_id: text().notNull(),
  side: text({ enum: DISPUTE_SIDES }).notNull(),
  claim: text({ enum: DISPUTE_CLAIMS }).notNull(),
  opened_by: text({ enum: ORGANIZATION_KINDS }).notNull(),
  organization_id: text().notNull(),
  advertiser_id: text().notNull(),
  publisher_id: text(),
  currency: text().notNull(),
  revenue_micros: integer().notNull(),
  payout_micros: integer().notNull(),
  reason: text().notNull(),
  detail: text().notNull(),
  actor: text().notNull(),
  opened_at: integer().notNull(),
});

export const disputeDecisions = sqliteTable("dispute_decisions", {
  dispute_id: text().primaryKey(),
  network_id: text().notNull(),
  decision: text({ enum: DISPUTE_OUTCOMES }).notNull(),
  advertiser_credit_micros: integer().notNull(),
  publisher_debit_micros: integer().notNull(),
  note: text().notNull(),
  actor: text().notNull(),
  decided_at: integer().notNull(),
});
