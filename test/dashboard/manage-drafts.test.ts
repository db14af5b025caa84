import { describe, expect, it } from "vitest";
import {
  readCampaignInput,
  readCampaignPatch,
  readEnrollment,
  readPause,
  readTerms,
  withStatus,
} from "../../dashboard/pages/campaign/drafts.ts";
import type { Values } from "../../dashboard/parts/form/reading.ts";
import {
  CampaignInput,
  CampaignPatch,
  type Enrollment,
  EnrollmentInput,
  TermsInput,
  type TermsVersion,
} from "../../shared/api/campaigns.ts";
import { sent, wrongFields } from "../support/drafts.ts";

/** What a form makes of its fields is what the API takes: every draft below goes through the API's own schema. */

const ULID = "01M5F4J6RVJ8PVXDPPP2JFEK27";
const [ORG, CAMPAIGN] = [`org_${ULID}`, `cmp_${ULID}`];
const ZONE = "America/Los_Angeles";
const TODAY = "2026-11-21";

const TERMS: Values = {
  revenue_micros: "70",
  payout_micros: "45.00",
  min_duration_s: "90 s",
  dedupe_window_s: "30 days",
  repeat_callers: "first_only",
  dedupe_scope: "campaign",
  hold_s: "5 days",
  signal_window_s: "30 days",
};

const LAST: TermsVersion = {
  id: `trm_${ULID}`,
  campaign_id: CAMPAIGN,
  version: 3,
  created_at: 1_790_000_000_000,
  effective_at: 1_790_000_000_000,
  revenue_micros: 70_000_000,
  payout_micros: 45_000_000,
  min_duration_s: 90,
  dedupe_window_s: 30 * 86_400,
  repeat_callers: "first_only",
  dedupe_scope: "campaign",
  hold_s: 5 * 86_400,
  signal_window_s: 30 * 86_400,
  payout: { min_duration_s: 120, daily_cap: 10, regions: ["US-CA"] },
};

describe("terms", () => {
  it("become micros and seconds", () => {
    expect(sent(TermsInput, readTerms(TERMS, null, ZONE, TODAY))).toEqual({
      revenue_micros: 70_000_000,
      payout_micros: 45_000_000,
      min_duration_s: 90,
      dedupe_window_s: 2_592_000,
      repeat_callers: "first_only",
      dedupe_scope: "campaign",
      hold_s: 432_000,
      signal_window_s: 2_592_000,
    });
  });

  it("carry hours, regions and caps", () => {
    const gates = { hours: "Mon–Fri 07:00–20:00", regions: "us-ca, US-OR", daily_cap: "50" };
    expect(sent(TermsInput, readTerms({ ...TERMS, ...gates }, null, ZONE, TODAY))).toMatchObject({
      hours: {
        timezone: ZONE,
        windows: [{ days: ["mon", "tue", "wed", "thu", "fri"], from: "07:00", to: "20:00" }],
      },
      regions: ["US-CA", "US-OR"],
      daily_cap: 50,
    });
  });

  it("begin at once for no day and for today, else with their day in the campaign's zone", () => {
    const from = (effective_at: string) =>
      (sent(TermsInput, readTerms({ ...TERMS, effective_at }, null, ZONE, TODAY)) as TermsInput).effective_at;
    expect(from("")).toBeUndefined();
    expect(from(TODAY)).toBeUndefined();
    expect(from("2026-12-01")).toBe(Date.parse("2026-12-01T00:00:00-08:00"));
  });

  it("keep what one side has of its own and the form does not show, and let go of what was emptied", () => {
    const kept = { "payout/min_duration_s": "120 s", "payout/hold_s": "7 days" };
    expect(sent(TermsInput, readTerms({ ...TERMS, ...kept }, LAST, ZONE, TODAY))).toMatchObject({
      payout: { min_duration_s: 120, hold_s: 604_800, daily_cap: 10, regions: ["US-CA"] },
    });
    const emptied = sent(TermsInput, readTerms(TERMS, LAST, ZONE, TODAY));
    expect((emptied as TermsInput).payout).toEqual({ daily_cap: 10, regions: ["US-CA"] });
  });

  it("ask for a key at a question of the call flow, of both sides or one, or for none", () => {
    const keys = { "requires_keypress/question": "reason", "requires_keypress/keys": "1, 2" };
    const own = { "payout/requires_keypress/question": "zip", "payout/requires_keypress/keys": "94110" };
    expect(sent(TermsInput, readTerms({ ...TERMS, ...keys, ...own }, LAST, ZONE, TODAY))).toMatchObject({
      requires_keypress: { question: "reason", keys: ["1", "2"] },
      payout: { requires_keypress: { question: "zip", keys: ["94110"] } },
    });
    const before = { ...LAST, requires_keypress: { question: "reason", keys: ["1"] } };
    const emptied = sent(TermsInput, readTerms(TERMS, before, ZONE, TODAY)) as TermsInput;
    expect(emptied.requires_keypress).toBeUndefined();
    const half = readTerms({ ...TERMS, "requires_keypress/question": "reason" }, null, ZONE, TODAY);
    expect(wrongFields(half)).toEqual(["/requires_keypress/keys"]);
  });

  it("name every wrong field at once", () => {
    const wrong = {
      ...TERMS,
      revenue_micros: "lots",
      payout_micros: "",
      "revenue/hold_s": "soon",
      hours: "always",
    };
    expect(wrongFields(readTerms(wrong, null, ZONE, TODAY))).toEqual([
      "/revenue_micros",
      "/payout_micros",
      "/hours",
      "/revenue/hold_s",
    ]);
  });
});

describe("enrollments and campaigns", () => {
  const before: Enrollment = {
    id: `enr_${ULID}`,
    campaign_id: CAMPAIGN,
    publisher_id: ORG,
    version: 2,
    status: "approved",
    payout_terms: { payout_micros: 48_000_000, daily_cap: 5 },
    effective_at: 0,
    paused_at: null,
    pause_reason: null,
    resume_at: null,
    created_at: 0,
  };

  it("give a rate of its own, or none", () => {
    const values = { publisher_id: ORG, status: "approved", payout_micros: "48.50" };
    expect(sent(EnrollmentInput, readEnrollment(values, null, ZONE, TODAY))).toEqual({
      publisher_id: ORG,
      status: "approved",
      payout_micros: 48_500_000,
    });
    expect(sent(EnrollmentInput, readEnrollment({ status: "suspended" }, before, ZONE, TODAY))).toEqual({
      publisher_id: ORG,
      status: "suspended",
      daily_cap: 5,
    });
  });

  it("change their status and nothing else", () => {
    expect(sent(EnrollmentInput, { ok: true, value: withStatus(before, "ended") })).toEqual({
      publisher_id: ORG,
      status: "ended",
      payout_micros: 48_000_000,
      daily_cap: 5,
    });
  });

  it("make a campaign with a phone number in anybody's spelling", () => {
    const values = {
      advertiser_id: ORG,
      name: " Emergency plumbing ",
      timezone: ZONE,
      currency: "USD",
      destination_number: "+1 (415) 555-0199",
    };
    expect(sent(CampaignInput, readCampaignInput(values))).toMatchObject({
      name: "Emergency plumbing",
      destination_number: "+14155550199",
    });
  });

  it("change a campaign: an empty overflow goes back to the terms, no test caller is none", () => {
    const values = {
      name: "P",
      destination_number: "sip:a@b.example",
      attribution_floor: "0.95",
      overflow: "",
    };
    expect(sent(CampaignPatch, readCampaignPatch(values))).toMatchObject({
      overflow: null,
      attribution_floor: 0.95,
      bill_own_traffic: false,
      test_callers: [],
    });
  });

  it("pause with a reason", () => {
    expect(wrongFields(readPause({ reason: " ", resume_at: "" }, ZONE))).toEqual(["/reason"]);
    expect(readPause({ reason: "Holiday", resume_at: "2026-11-30" }, ZONE)).toEqual({
      ok: true,
      value: { reason: "Holiday", resume_at: Date.parse("2026-11-30T00:00:00-08:00") },
    });
  });
});
