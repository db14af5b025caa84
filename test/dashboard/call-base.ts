import type { Names } from "../../dashboard/parts/call/names.ts";
import type { Call, RuleResult } from "../../shared/api/calls.ts";
import { MINUTE_MS, SECOND_MS } from "../../shared/instant.ts";

/** Invented calls, one for each way a call can go. Nothing here is anybody's number (555-01xx). */

export const ZONE = "America/Los_Angeles";
/** Fri 20 Nov 2026, 14:02:01 in Los Angeles. */
export const RING = Date.UTC(2026, 10, 20, 22, 2, 1);

const ORGANIZATIONS: Record<string, string> = {
  org_network: "Larkspur Network",
  org_advertiser: "Harbor & Pine",
  org_fernhill: "Fernhill Media",
  org_kestrel: "Kestrel Search",
};

export const names: Names = {
  organization: (id) => ORGANIZATIONS[id] ?? null,
  campaign: (id) => (id === "cmp_plumbing" ? "Emergency plumbing" : null),
  zoneOf: () => ZONE,
  hold_s: (_campaign, version) => (version === 3 ? 7 * 86_400 : null),
  site: (id) => (id === "sit_main" ? "harborpine.example" : null),
};

export const dollars = (amount: number): number => Math.round(amount * 1_000_000);

export const passed = (rule: string, detail: string): RuleResult => ({ rule, passed: true, detail });
export const failed = (rule: string, detail: string): RuleResult => ({ rule, passed: false, detail });
export const waits = (rule: string, detail: string): RuleResult => ({
  rule,
  passed: false,
  pending: true,
  detail,
});

export const LONG_ENOUGH = passed("min_duration", "217 s ≥ 90 s");
export const TOO_SHORT = failed("min_duration", "71 s < 90 s, short by 19 s");
export const CONNECTED = passed("connected", "217 s with the target");
const NO_REPEAT = passed("duplicate", "no qualified call of this caller to this campaign in the 30 d before");
const SOURCE = passed("source", "proven publishers together 0.973 ≥ 0.9");
const ENROLLED = passed("enrollment", "approved when the call began");
const PROVEN = passed("attribution", "0.973 ≥ 0.9, proven by its tracking link");
const OWES = passed("revenue", "the advertiser owes for the call");
export const OWES_NOT = failed("revenue", "the advertiser does not owe for the call");

/** The rules of both sides with some of them replaced by name. */
export function rulesWith(...changed: RuleResult[]): { revenue: RuleResult[]; payout: RuleResult[] } {
  const swap = (rules: RuleResult[]) =>
    rules.map((rule) => changed.find((c) => c.rule === rule.rule) ?? rule);
  const extra = (rules: RuleResult[]) => [
    ...swap(rules),
    ...changed.filter((c) => ["requires_signal", "test_caller", "spam"].includes(c.rule)),
  ];
  return {
    revenue: extra([SOURCE, CONNECTED, LONG_ENOUGH, NO_REPEAT]),
    payout: extra([ENROLLED, PROVEN, CONNECTED, LONG_ENOUGH, NO_REPEAT, OWES]),
  };
}

export const session: NonNullable<Call["session"]> = {
  id: "ses_01KA7Q9M2A",
  landing_url: "https://harborpine.example/emergency?utm_source=google&utm_medium=cpc&gclid=EAIaIQ",
  referrer: "https://www.google.com/",
  source: "google",
  medium: "cpc",
  campaign: "sf-emergency",
  term: "emergency plumber sf",
  content: "headline-b",
  channel: "paid_search",
  click_ids: { gclid: "EAIaIQobChMI4cXq" },
  data: { quote: "Q-1183" },
  leased_at: RING - 665 * SECOND_MS,
  last_seen_at: RING - 5 * SECOND_MS,
  closed_at: null,
  expires_at: RING + 20 * MINUTE_MS + 7 * SECOND_MS,
  device: "mobile",
  region: "US-CA",
  site_id: "sit_main",
  publisher_id: "org_fernhill",
  publisher_proof: "click_token",
};

export const attribution: Call["attribution"] = {
  method: "lease",
  lease_id: "lse_top",
  confidence: 0.942,
  publisher_confidence: 0.973,
  publisher_proof: "click_token",
  model_version: "4",
  none_probability: 0.023,
  asked_later: false,
  candidates: [
    {
      lease_id: "lse_top",
      session_id: session.id ?? null,
      probability: 0.942,
      leased_at: RING - 665 * SECOND_MS,
      last_seen_at: RING - 5 * SECOND_MS,
      ended_at: null,
      publisher_id: "org_fernhill",
      source: "google",
      medium: "cpc",
    },
    {
      lease_id: "lse_second",
      session_id: "ses_01KA7Q9M2B",
      probability: 0.031,
      leased_at: RING - 81 * MINUTE_MS,
      last_seen_at: RING - 78 * MINUTE_MS,
      ended_at: RING - 51 * MINUTE_MS,
      publisher_id: "org_fernhill",
      source: "google",
      medium: "cpc",
    },
    {
      lease_id: "lse_third",
      session_id: "ses_01KA7Q9M2C",
      probability: 0.004,
      leased_at: RING - 177 * MINUTE_MS,
      last_seen_at: RING - 150 * MINUTE_MS,
      ended_at: RING - 135 * MINUTE_MS,
      publisher_id: null,
      source: "(direct)",
      medium: "(none)",
    },
  ],
  evidence: [
    { kind: "delay", weight: 527.4, detail: "the page had been open for 11 min when the phone rang" },
    { kind: "tel_click", weight: 38, detail: "the call link was pressed 9 s before the ring" },
    { kind: "area_code", weight: 2.1, detail: "the caller's area code is in US-CA, and so was the visitor" },
    { kind: "publisher", weight: 0.8, detail: "visitors of this publisher call 0.8 times as often" },
  ],
  publishers: [
    { publisher_id: "org_fernhill", probability: 0.973 },
    { publisher_id: null, probability: 0.004 },
  ],
};

/** A qualified call as its network sees it; every other one is a change of this. */
export const qualified: Call = {
  id: "cal_01KA7Q9M2XK4T8W0ZB5D6F7G8H",
  provider: "twilio",
  provider_call_id: "CA5f0c9b1d2e3a4f5b6c7d8e9f0a1b2c3d",
  status: "completed",
  disposition: "answered",
  from: "+14155550188",
  from_region: "US-CA",
  to: "+16285550101",
  started_at: RING,
  answered_at: RING + 34 * SECOND_MS,
  ended_at: RING + 251 * SECOND_MS,
  duration_s: 250,
  connected_s: 217,
  target: "+16285550174",
  legs: [{ target: "+16285550174", role: "buyer", status: "completed", connected_s: 217 }],
  leg_report_missing: false,
  campaign_id: "cmp_plumbing",
  advertiser_id: "org_advertiser",
  publisher_id: "org_fernhill",
  site_id: "sit_main",
  currency: "USD",
  is_test: false,
  is_duplicate: false,
  session,
  attribution,
  revenue: { status: "qualified", terms_version: 3, rules: rulesWith().revenue, revenue_micros: dollars(70) },
  payout: { status: "qualified", terms_version: 3, rules: rulesWith().payout, payout_micros: dollars(45) },
  margin_micros: dollars(25),
  pressed: {},
  signals: [],
  timeline: [
    { kind: "ringing", at: RING, detail: "called +16285550101" },
    { kind: "instructed", at: RING, detail: "dial +16285550174" },
    { kind: "attributed", at: RING, detail: "lease, 0.942" },
    { kind: "leg_answered", at: RING + 34 * SECOND_MS, detail: "the target +16285550174: answered" },
    {
      kind: "leg_completed",
      at: RING + 251 * SECOND_MS,
      detail: "the target +16285550174: completed, 217 s",
    },
    { kind: "completed", at: RING + 252 * SECOND_MS, detail: "the call: completed after 250 s" },
  ],
};

type Statuses = {
  revenue: NonNullable<Call["revenue"]>["status"];
  payout: NonNullable<Call["payout"]>["status"];
};

/** The same call judged otherwise: no money is due on a side that is not. */
export function judged(statuses: Statuses, rules = rulesWith(), call: Call = qualified): Call {
  const due = (status: string) => ["qualified", "held", "paid"].includes(status);
  const revenue_micros = due(statuses.revenue) ? dollars(70) : 0;
  const payout_micros = due(statuses.payout) ? dollars(45) : 0;
  return {
    ...call,
    revenue: { status: statuses.revenue, terms_version: 3, rules: rules.revenue, revenue_micros },
    payout: { status: statuses.payout, terms_version: 3, rules: rules.payout, payout_micros },
    margin_micros: revenue_micros - payout_micros,
  };
}

export const both = (status: Statuses["revenue"]): Statuses => ({ revenue: status, payout: status });
