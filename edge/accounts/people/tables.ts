import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** better-auth finds its fields by these (camel case) names; the columns are named as everywhere else. */
const moment = (name: string) => integer(name, { mode: "timestamp_ms" });
const times = { createdAt: moment("created_at").notNull(), updatedAt: moment("updated_at").notNull() };

export const users = sqliteTable("users", {
  id: text().primaryKey(),
  name: text().notNull(),
  email: text().notNull(),
  emailVerified: integer("email_verified", { mode: "boolean" }).notNull().default(false),
  image: text(),
  ...times,
});

export const userSessions = sqliteTable("user_sessions", {
  id: text().primaryKey(),
  token: text().notNull(),
  userId: text("user_id").notNull(),
  expiresAt: moment("expires_at").notNull(),
  ipAddress: text("ip_address"),
  userAgent: text("user_agent"),
  ...times,
});

export const userCredentials = sqliteTable("user_credentials", {
  id: text().primaryKey(),
  userId: text("user_id").notNull(),
  accountId: text("account_id").notNull(),
  providerId: text("provider_id").notNull(),
  accessToken: text("access_token"),
  refreshToken: text("refresh_token"),
  idToken: text("id_token"),
  accessTokenExpiresAt: moment("access_token_expires_at"),
  refreshTokenExpiresAt: moment("refresh_token_expires_at"),
  scope: text(),
  password: text(),
  ...times,
});

export const userVerifications = sqliteTable("user_verifications", {
  id: text().primaryKey(),
  identifier: text().notNull(),
  value: text().notNull(),
  expiresAt: moment("expires_at").notNull(),
  ...times,
});

export const signInAttempts = sqliteTable("sign_in_attempts", {
  address_hash: text().primaryKey(),
  since_at: integer().notNull(),
  attempts: integer().notNull(),
});

export const invitations = sqliteTable("invitations", {
  id: text().primaryKey(),
  network_id: text().notNull(),
  organization_id: text().notNull(),
  organization_kind: text({ enum: ["network", "advertiser", "publisher"] }).notNull(),
  email: text().notNull(),
  role: text({ enum: ["owner", "admin", "billing", "analyst", "viewer"] }).notNull(),
  hash: text().notNull(),
  invited_by: text().notNull(),
  invited_from: text().notNull(),
  created_at: integer().notNull(),
  expires_at: integer().notNull(),
  accepted_at: integer(),
  accepted_by: text(),
  revoked_at: integer(),
});

export const memberships = sqliteTable(
  "memberships",
  {
    user_id: text().notNull(),
    organization_id: text().notNull(),
    organization_kind: text({ enum: ["network", "advertiser", "publisher"] }).notNull(),
    organization_name: text().notNull(),
    network_id: text().notNull(),
    role: text({ enum: ["owner", "admin", "billing", "analyst", "viewer"] }).notNull(),
    created_at: integer().notNull(),
  },
  (table) => [primaryKey({ columns: [table.user_id, table.organization_id] })],
);
