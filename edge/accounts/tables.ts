import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

export const directoryEntries = sqliteTable("directory_entries", {
  key: text().primaryKey(),
  kind: text({ enum: ["telephony_account", "site", "tracking_link"] }).notNull(),
  network_id: text().notNull(),
});

export const organizations = sqliteTable("organizations", {
  id: text().primaryKey(),
  network_id: text().notNull(),
  kind: text({ enum: ["network", "advertiser", "publisher"] }).notNull(),
  name: text().notNull(),
  alias: text().notNull(),
  timezone: text().notNull(),
  shows_callers: integer({ mode: "boolean" }).notNull().default(false),
  shows_publishers: integer({ mode: "boolean" }).notNull().default(false),
  created_at: integer().notNull(),
  retired_at: integer(),
});

export const apiKeys = sqliteTable("api_keys", {
  id: text().primaryKey(),
  network_id: text().notNull(),
  organization_id: text().notNull(),
  organization_kind: text({ enum: ["network", "advertiser", "publisher"] }).notNull(),
  role: text({ enum: ["owner", "admin", "billing", "analyst", "viewer"] }).notNull(),
  name: text().notNull(),
  prefix: text().notNull(),
  hash: text().notNull(),
  created_at: integer().notNull(),
  last_used_at: integer(),
  revoked_at: integer(),
});

export const auditLog = sqliteTable("audit_log", {
  id: text().primaryKey(),
  network_id: text().notNull(),
  at: integer().notNull(),
  actor: text().notNull(),
  action: text().notNull(),
  subject_id: text().notNull(),
  detail: text({ mode: "json" }).$type<Record<string, unknown>>().notNull(),
  request_id: text().notNull(),
});

export const idempotencyKeys = sqliteTable(
  "idempotency_keys",
  {
    organization_id: text().notNull(),
    key: text().notNull(),
    request_hash: text().notNull(),
    status: integer().notNull(),
    body: text().notNull(),
    created_at: integer().notNull(),
  },
  (table) => [primaryKey({ columns: [table.organization_id, table.key] })],
);
