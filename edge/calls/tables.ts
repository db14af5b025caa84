import { integer, primaryKey, real, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { CallLeg, CallSession } from "../../shared/api/calls.ts";
import type { CallEvent } from "./model/event.ts";

export const callEvents = sqliteTable("call_events", {
  id: text().primaryKey(),
  network_id: text().notNull(),
  call_id: text().notNull(),
  seq: integer().notNull(),
  telephony_account_id: text().notNull(),
  event_key: text().notNull(),
  received_at: integer().notNull(),
  kind: text().notNull(),
  event: text({ mode: "json" }).$type<CallEvent>().notNull(),
});

export const calls = sqliteTable("calls", {
  id: text().primaryKey(),
  network_id: text().notNull(),
  telephony_account_id: text().notNull(),
  provider: text().notNull(),
  provider_call_id: text().notNull(),
  seq: integer().notNull(),
  status: text({
    enum: ["ringing", "answered", "completed", "no_answer", "busy", "failed", "canceled", "rejected"],
  }).notNull(),
  disposition: text().notNull(),
  started_at: integer().notNull(),
  answered_at: integer(),
  ended_at: integer(),
  duration_s: integer(),
  connected_s: integer(),
  leg_reported_at: integer(),
  target: text(),
  legs: text({ mode: "json" }).$type<CallLeg[]>().notNull(),
  pressed: text({ mode: "json" }).$type<Record<string, string>>().notNull().default({}),
  from_sealed: text(),
  from_hash: text(),
  from_country: text(),
  from_area_code: text(),
  from_region: text(),
  to_e164: text().notNull(),
  number_key: integer(),
  campaign_id: text(),
  advertiser_id: text(),
  pool_id: text(),
  label: text(),
  sub1: text(),
  sub2: text(),
  sub3: text(),
  sub4: text(),
  sub5: text(),
  is_test: integer({ mode: "boolean" }).notNull().default(false),
  attribution_version: integer().notNull().default(0),
  method: text({ enum: ["lease", "late_lease", "static_number", "none"] })
    .notNull()
    .default("none"),
  confidence: real().notNull().default(0),
  publisher_id: text(),
  publisher_confidence: real().notNull().default(0),
  publisher_proof: text({ enum: ["number", "site", "click_token", "none"] })
    .notNull()
    .default("none"),
  session_id: text(),
  lease_id: text(),
  site_id: text(),
  source: text(),
  medium: text(),
  campaign: text(),
  term: text(),
  content: text(),
  channel: text(),
  landing_path: text(),
  session: text({ mode: "json" }).$type<CallSession>(),
  revenue_status: text({ enum: ["pending", "qualified", "held", "paid", "rejected", "reversed"] })
    .notNull()
    .default("pending"),
  revenue_micros: integer().notNull().default(0),
  payout_status: text({ enum: ["pending", "qualified", "held", "paid", "rejected", "reversed"] })
    .notNull()
    .default("pending"),
  payout_micros: integer().notNull().default(0),
  currency: text(),
  reject_reason: text(),
  is_duplicate: integer({ mode: "boolean" }).notNull().default(false),
  held_until: integer(),
  marks: integer().notNull().default(0),
  self_reported: integer({ mode: "boolean" }).notNull().default(false),
  confirmed_at: integer(),
  is_honeypot: integer({ mode: "boolean" }).notNull().default(false),
});

export const candidateSnapshots = sqliteTable("candidate_snapshots", {
  call_id: text().primaryKey(),
  network_id: text().notNull(),
  taken_at: integer().notNull(),
  asked_later: integer({ mode: "boolean" }).notNull().default(false),
  snapshot: text({ mode: "json" }).$type<unknown>().notNull(),
  sessions: text({ mode: "json" }).$type<Record<string, CallSession>>().notNull(),
});

/**
 * The proven publishers who may see a call, with their share of it; and of a payout that several share what each one's
 * verdict says, and its part of the revenue. Those are null where nothing is shared: then the call's row says it.
 */
export const callShares = sqliteTable(
  "call_shares",
  {
    call_id: text().notNull(),
    publisher_id: text().notNull(),
    network_id: text().notNull(),
    started_at: integer().notNull(),
    share: real().notNull(),
    payout_status: text({ enum: ["pending", "qualified", "held", "paid", "rejected", "reversed"] }),
    payout_micros: integer(),
    revenue_micros: integer(),
    reject_reason: text(),
  },
  (table) => [primaryKey({ columns: [table.call_id, table.publisher_id] })],
);
