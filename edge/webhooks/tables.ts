import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { VerdictStatus } from "../../shared/api/calls.ts";
import { ORGANIZATION_KINDS } from "../../shared/api/organizations.ts";
import {
  DELIVERY_STATUSES,
  type DeliveryAttempt,
  MESSAGE_TYPES,
  WEBHOOK_EVENTS,
  WEBHOOK_METHODS,
  WEBHOOK_STATUSES,
  type WebhookEvent,
} from "../../shared/api/webhooks.ts";

export const webhooks = sqliteTable("webhooks", {
  id: text().primaryKey(),
  network_id: text().notNull(),
  organization_id: text().notNull(),
  organization_kind: text({ enum: ORGANIZATION_KINDS }).notNull(),
  url: text().notNull(),
  method: text({ enum: WEBHOOK_METHODS }).notNull(),
  events: text({ mode: "json" }).$type<WebhookEvent[]>().notNull(),
  statuses: text({ mode: "json" }).$type<VerdictStatus[]>(),
  description: text(),
  status: text({ enum: WEBHOOK_STATUSES }).notNull(),
  secret_sealed: text().notNull(),
  secret_before_sealed: text(),
  secret_before_until: integer(),
  failing_since: integer(),
  last_delivered_at: integer(),
  created_at: integer().notNull(),
  retired_at: integer(),
});

/** Written by triggers, with the fact. */
export const webhookMarks = sqliteTable("webhook_marks", {
  id: integer().primaryKey({ autoIncrement: true }),
  network_id: text().notNull(),
  type: text({ enum: WEBHOOK_EVENTS }).notNull(),
  subject_id: text().notNull(),
  occurred_at: integer().notNull(),
  count: integer().notNull().default(1),
});

export const webhookDeliveries = sqliteTable("webhook_deliveries", {
  id: text().primaryKey(),
  network_id: text().notNull(),
  webhook_id: text().notNull(),
  mark: text().notNull(),
  type: text({ enum: MESSAGE_TYPES }).notNull(),
  call_id: text(),
  dispute_id: text(),
  occurred_at: integer().notNull(),
  body_sealed: text().notNull(),
  fingerprint: text().notNull(),
  status: text({ enum: DELIVERY_STATUSES }).notNull(),
  attempts: text({ mode: "json" }).$type<DeliveryAttempt[]>().notNull(),
  next_at: integer(),
  queued_at: integer().notNull(),
  created_at: integer().notNull(),
});
