import { integer, primaryKey, sqliteTable, sqliteView, text } from "drizzle-orm/sqlite-core";
import type { CampaignRoutingPatch } from "../../shared/api/routing.ts";
import type { CampaignPart, EnrollmentPart, GroupPart, TargetPart, TermsPart } from "./model/plan.ts";
import type { UsageRow } from "./model/usage.ts";

/** Calls' places under caps, and how many are taken: see `migrations/0056_cap_slots.sql`. */
export const capSlots = sqliteTable(
  "cap_slots",
  {
    call_id: text().notNull(),
    scope_id: text().notNull(),
    kind: text({ enum: ["target", "group", "campaign", "enrollment"] }).notNull(),
    campaign_id: text().notNull(),
    network_id: text().notNull(),
    taken_at: integer().notNull(),
    hour_at: integer().notNull(),
    day: text().notNull(),
    month: text().notNull(),
    hourly_cap: integer(),
    daily_cap: integer(),
    monthly_cap: integer(),
    total_cap: integer(),
    concurrency_cap: integer(),
    is_open: integer({ mode: "boolean" }).notNull(),
    is_freed: integer({ mode: "boolean" }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.call_id, table.scope_id] })],
);

export const capUsage = sqliteTable("cap_usage", {
  scope_id: text().primaryKey(),
  campaign_id: text().notNull(),
  network_id: text().notNull(),
  hour_at: integer().notNull(),
  hour_used: integer().notNull(),
  day: text().notNull(),
  day_used: integer().notNull(),
  month: text().notNull(),
  month_used: integer().notNull(),
  total_used: integer().notNull(),
  open_used: integer().notNull(),
});

/** What lookups said of callers: see `migrations/0076_caller_types.sql`. */
export const callerTypes = sqliteTable(
  "caller_types",
  {
    network_id: text().notNull(),
    from_hash: text().notNull(),
    type: text({ enum: ["mobile", "landline", "voip"] }),
    looked_up_at: integer().notNull(),
  },
  (table) => [primaryKey({ columns: [table.network_id, table.from_hash] })],
);

/** What a campaign's numbers share, in the views that show it. */
const campaignColumns = {
  network_id: text().notNull(),
  campaign_id: text().notNull(),
  advertiser_id: text().notNull(),
  currency: text().notNull(),
  timezone: text().notNull(),
  destination_number: text().notNull(),
  overflow: text({ enum: ["destination", "message", "voicemail"] }),
  test_callers: text({ mode: "json" }).$type<string[]>().notNull(),
  paused_at: integer(),
  resume_at: integer(),
  routing: text({ mode: "json" }).$type<CampaignRoutingPatch>(),
  call_flow: text({ mode: "json" }).$type<NonNullable<CampaignPart["call_flow"]>>(),
  targets: text({ mode: "json" }).$type<TargetPart[]>().notNull(),
  target_groups: text({ mode: "json" }).$type<GroupPart[]>().notNull(),
  terms: text({ mode: "json" }).$type<TermsPart[]>().notNull(),
  usage: text({ mode: "json" }).$type<UsageRow[]>().notNull(),
};

/** Read-only: see `migrations/0057_routing_plans.sql`. One row for each assignment a number has had. */
export const numberPlans = sqliteView("number_plans", {
  ...campaignColumns,
  telephony_account_id: text().notNull(),
  e164: text().notNull(),
  number_key: integer().notNull(),
  number_retired_at: integer(),
  number_paused_at: integer(),
  number_resume_at: integer(),
  label: text(),
  sub1: text(),
  sub2: text(),
  sub3: text(),
  sub4: text(),
  sub5: text(),
  from_at: integer().notNull(),
  to_at: integer(),
  publisher_id: text(),
  is_honeypot: integer({ mode: "boolean" }).notNull(),
  campaign_retired_at: integer(),
  pool_id: text(),
  pool_key: integer(),
  lease_ttl_s: integer(),
  cooldown_s: integer(),
  late_window_s: integer(),
  assignment_version: integer(),
  enrollment_id: text(),
  enrollment_paused_at: integer(),
  enrollment_resume_at: integer(),
  enrollment_versions: text({ mode: "json" }).$type<EnrollmentPart["versions"]>(),
}).existing();

export const campaignPlans = sqliteView("campaign_plans", {
  ...campaignColumns,
  retired_at: integer(),
}).existing();

export const enrollmentPlans = sqliteView("enrollment_plans", {
  enrollment_id: text().notNull(),
  network_id: text().notNull(),
  campaign_id: text().notNull(),
  publisher_id: text().notNull(),
  paused_at: integer(),
  resume_at: integer(),
  versions: text({ mode: "json" }).$type<EnrollmentPart["versions"]>().notNull(),
}).existing();

/** The calls of callers that are not hidden, but for test calls. */
export const callerCalls = sqliteView("caller_calls", {
  network_id: text().notNull(),
  from_hash: text().notNull(),
  campaign_id: text(),
  started_at: integer().notNull(),
  call_id: text().notNull(),
  target: text(),
  connected_s: integer(),
  is_due: integer({ mode: "boolean" }).notNull(),
}).existing();

export const accountPlans = sqliteView("account_plans", {
  account_id: text().notNull(),
  network_id: text().notNull(),
  provider: text({ enum: ["twilio", "telnyx", "signalwire", "plivo", "sandbox"] }).notNull(),
  auth_token_sealed: text().notNull(),
  next_auth_token_sealed: text(),
  retired_at: integer(),
  self_reported: integer({ mode: "boolean" }).notNull(),
}).existing();
