import { businessClock } from "../../edge/routing/model/business-clock.ts";
import type { Caller } from "../../edge/routing/model/caller.ts";
import type {
  CampaignPart,
  Caps,
  EnrollmentPart,
  Gates,
  NumberPlan,
  TargetPart,
  TermsPart,
} from "../../edge/routing/model/plan.ts";
import type { AdmitAsk, Ring } from "../../edge/routing/model/route.ts";
import { NOT_USED, type UsageRow } from "../../edge/routing/model/usage.ts";
import type { Hours } from "../../shared/api/common.ts";
import { ROUTING_DEFAULTS } from "../../shared/api/routing.ts";

/** Saturday 2026-11-21 12:00 UTC, 04:00 in Los Angeles. */
export const NOON = Date.UTC(2026, 10, 21, 12);
export const ZONE = "America/Los_Angeles";
export const DESTINATION = "+14155550199";

export const NO_CAPS: Caps = { hourly: null, daily: null, monthly: null, total: null, concurrency: null };
export const NO_GATES: Gates = {
  hours: null,
  regions: null,
  daily_cap: null,
  monthly_cap: null,
  concurrency_cap: null,
};

/** Open at this time of every day. */
export const daily = (from: string, to: string, timezone = ZONE): Hours => ({
  timezone,
  windows: [{ days: ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], from, to }],
});

export const target = (id: string, over: Partial<TargetPart> = {}): TargetPart => ({
  id,
  group_id: null,
  number: `+1415555${id.replace(/\D/g, "").padStart(4, "0")}`,
  priority: 1,
  weight: 1,
  timeout_s: 30,
  hours: null,
  regions: null,
  caps: NO_CAPS,
  paused_at: null,
  resume_at: null,
  ...over,
});

export const terms = (over: Partial<TermsPart> = {}): TermsPart => ({
  version: 1,
  effective_at: 0,
  common: NO_GATES,
  revenue: NO_GATES,
  payout: NO_GATES,
  ...over,
});

export const campaign = (over: Partial<CampaignPart> = {}): CampaignPart => ({
  id: "cmp_1",
  advertiser_id: "org_2",
  currency: "USD",
  timezone: ZONE,
  destination_number: DESTINATION,
  overflow: null,
  test_callers: [],
  paused_at: null,
  resume_at: null,
  retired_at: null,
  targets: [],
  groups: [],
  routing: ROUTING_DEFAULTS,
  call_flow: null,
  terms: [],
  ...over,
});

export const enrollment = (over: Partial<EnrollmentPart> = {}): EnrollmentPart => ({
  id: "enr_1",
  paused_at: null,
  resume_at: null,
  versions: [{ version: 1, effective_at: 0, status: "approved", gates: NO_GATES }],
  ...over,
});

export const plan = (of: Partial<CampaignPart> = {}, over: Partial<NumberPlan> = {}): NumberPlan => ({
  account_id: "tel_1",
  network_id: "org_1",
  number: {
    key: 1,
    e164: "+16285550101",
    label: null,
    subs: { sub1: null, sub2: null, sub3: null, sub4: null, sub5: null },
  },
  pause: { paused_at: null, resume_at: null },
  assignment: { from_at: 0, to_at: null, campaign_id: "cmp_1", publisher_id: null, is_honeypot: false },
  pool: null,
  enrollment: null,
  campaign: campaign(of),
  ...over,
});

export const caller = (over: Partial<Caller> = {}): Caller => ({
  number: "+14155550177",
  region: "US-CA",
  type: null,
  stir: null,
  past: [],
  ...over,
});

export const ring = (over: Partial<Ring> = {}): Ring => ({
  caller: caller(),
  at: NOON,
  rang_at: NOON,
  seed: "CA1",
  ...over,
});

export const admit = (of: Partial<CampaignPart> = {}, over: Partial<AdmitAsk> = {}): AdmitAsk => ({
  campaign: campaign(of),
  enrollment: null,
  usage: NOT_USED,
  ring: ring(),
  is_test: false,
  only: null,
  rung: [],
  ...over,
});

/** What a scope has used now, at `at` by the campaign's clock. */
export function used(scope_id: string, calls: number, at = NOON): [string, UsageRow] {
  const { hour_at, day, month } = businessClock(ZONE, at);
  return [
    scope_id,
    {
      scope_id,
      hour_at,
      hour_used: calls,
      day,
      day_used: calls,
      month,
      month_used: calls,
      total_used: calls,
      open_used: calls,
    },
  ];
}
