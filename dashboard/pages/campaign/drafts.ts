import type {
  Campaign,
  CampaignInput,
  CampaignPatch,
  Enrollment,
  EnrollmentInput,
  EnrollmentStatus,
  PayoutTerms,
  TermsInput,
  TermsVersion,
} from "../../../shared/api/campaigns.ts";
import { given } from "../../../shared/given.ts";
import { ok } from "../../../shared/result.ts";
import {
  readCount,
  readDialTarget,
  readDuration,
  readList,
  readMoney,
  readNumbers,
  readProbability,
} from "../../parts/form/amounts.ts";
import { readHours } from "../../parts/form/hours.ts";
import { type Draft, Reading, type Values } from "../../parts/form/reading.ts";
import { type Day, startOfDay } from "../../zone.ts";

const seconds = (text: string) => readDuration(text, "s");
const days = (text: string) => readDuration(text, "d");
const regions = (text: string) => ok(readList(text.toUpperCase()));
const word = (text: string) => ok(text);

/** When a version begins: at the start of the chosen day, or at once for none and for today. */
function beginning(text: string, zone: string, today: Day): number | undefined {
  return text === "" || text === today ? undefined : startOfDay(text, zone);
}

/** The fields of one side's own terms; empty ones follow the common terms. */
function readOverrides(read: Reading, side: "revenue" | "payout"): PayoutTerms {
  return given({
    min_duration_s: read.optional(`${side}/min_duration_s`, seconds),
    dedupe_window_s: read.optional(`${side}/dedupe_window_s`, days),
    hold_s: read.optional(`${side}/hold_s`, days),
    requires_signal: read.optional(`${side}/requires_signal`, word),
    requires_keypress: readKeypress(read, `${side}/`),
  });
}

/** A question of the call flow and its keys; neither for none. */
function readKeypress(read: Reading, of: "" | "revenue/" | "payout/"): TermsInput["requires_keypress"] {
  const [question, keys] = [`${of}requires_keypress/question`, `${of}requires_keypress/keys`];
  if (read.text(question) === "" && read.text(keys) === "") return undefined;
  return {
    question: read.required(question, "At which question?"),
    keys: readList(read.required(keys, "Which keys?")),
  };
}

/** One side's fields that the form does not show are carried over from the version before. */
function carried<T extends object>(before: T | undefined, fields: T): T | undefined {
  const shown = ["min_duration_s", "dedupe_window_s", "hold_s", "requires_signal", "requires_keypress"];
  const rest = Object.entries(before ?? {}).filter(
    ([name, value]) => !shown.includes(name) && value !== undefined,
  );
  const all = { ...Object.fromEntries(rest), ...fields } as T;
  return Object.keys(all).length > 0 ? all : undefined;
}

/**
 * Reads a new version of the terms.
 * @param before the version it follows, null for the first
 * @param zone the campaign's, for opening hours and the day it begins
 */
export function readTerms(
  values: Values,
  before: TermsVersion | null,
  zone: string,
  today: Day,
): Draft<TermsInput> {
  const read = new Reading(values);
  const hoursZone = before?.hours?.timezone ?? zone;
  return read.body({
    revenue_micros: read.value("revenue_micros", readMoney, 0),
    payout_micros: read.value("payout_micros", readMoney, 0),
    min_duration_s: read.value("min_duration_s", seconds, 0),
    dedupe_window_s: read.value("dedupe_window_s", days, 0),
    repeat_callers: read.choice("repeat_callers", ["first_only", "all"]),
    dedupe_scope: read.choice("dedupe_scope", ["campaign", "advertiser"]),
    hold_s: read.optional("hold_s", days) ?? 0,
    hours: read.optional("hours", (text) => readHours(text, hoursZone)),
    regions: read.optional("regions", regions),
    daily_cap: read.optional("daily_cap", readCount),
    monthly_cap: read.optional("monthly_cap", readCount),
    concurrency_cap: read.optional("concurrency_cap", readCount),
    requires_signal: read.optional("requires_signal", word),
    signal_window_s: read.optional("signal_window_s", days) ?? 30 * 86_400,
    requires_keypress: readKeypress(read, ""),
    revenue: carried(before?.revenue, readOverrides(read, "revenue")),
    payout: carried(before?.payout, readOverrides(read, "payout")),
    effective_at: beginning(read.text("effective_at"), zone, today),
  });
}

const OVERFLOWS = ["destination", "message", "voicemail"] as const;

export function readCampaignInput(values: Values): Draft<CampaignInput> {
  const read = new Reading(values);
  return read.body({
    advertiser_id: read.required("advertiser_id", "Choose who pays."),
    name: read.required("name", "Give it a name."),
    timezone: read.required("timezone"),
    currency: read.required("currency"),
    destination_number: read.value("destination_number", readDialTarget, ""),
    attribution_floor: 0.9,
    uncertain_payout: "withhold" as const,
    bill_own_traffic: false,
    test_callers: [],
  });
}

export function readCampaignPatch(values: Values): Draft<CampaignPatch> {
  const read = new Reading(values);
  return read.body({
    name: read.required("name", "Give it a name."),
    destination_number: read.value("destination_number", readDialTarget, ""),
    overflow: OVERFLOWS.find((one) => one === read.text("overflow")) ?? null,
    attribution_floor: read.value("attribution_floor", readProbability, 1),
    uncertain_payout: read.choice("uncertain_payout", ["withhold", "split"]),
    bill_own_traffic: read.checked("bill_own_traffic"),
    test_callers: read.optional("test_callers", readNumbers) ?? [],
  });
}

/** What a campaign's settings were, to put them back. */
export function settingsOf(campaign: Campaign): CampaignPatch {
  const { name, destination_number, overflow, attribution_floor } = campaign;
  const { uncertain_payout, bill_own_traffic, test_callers } = campaign;
  return {
    name,
    overflow: overflow ?? null,
    attribution_floor,
    ...given({ destination_number, uncertain_payout, bill_own_traffic, test_callers }),
  };
}

/** The fields that an enrollment of its own shows; further ones are carried over. */
const ENROLLMENT_FIELDS = ["payout_micros", "min_duration_s", "hold_s"];

/**
 * Reads an enrollment, or its next version.
 * @param before the version in force, null for a publisher who is new to the campaign
 */
export function readEnrollment(
  values: Values,
  before: Enrollment | null,
  zone: string,
  today: Day,
): Draft<EnrollmentInput> {
  const read = new Reading(values);
  const kept = Object.entries(before?.payout_terms ?? {}).filter(
    ([name]) => !ENROLLMENT_FIELDS.includes(name),
  );
  return read.body({
    ...(Object.fromEntries(kept) as PayoutTerms),
    publisher_id: before?.publisher_id ?? read.required("publisher_id", "Choose a publisher."),
    status: read.choice("status", ["approved", "pending", "suspended", "rejected", "ended"]),
    payout_micros: read.optional("payout_micros", readMoney),
    min_duration_s: read.optional("min_duration_s", seconds),
    hold_s: read.optional("hold_s", days),
    effective_at: beginning(read.text("effective_at"), zone, today),
  });
}

/** The next version of an enrollment with another status and the same terms. */
export function withStatus(
  { publisher_id, payout_terms }: Enrollment,
  status: EnrollmentStatus,
): EnrollmentInput {
  return { ...payout_terms, publisher_id, status };
}

/** Reads a pause: why, and perhaps the day on whose start it ends. */
export function readPause(values: Values, zone: string): Draft<{ reason: string; resume_at?: number }> {
  const read = new Reading(values);
  const day = read.text("resume_at");
  return read.body({
    reason: read.required("reason", "Say why, for those who wonder later."),
    resume_at: day === "" ? undefined : startOfDay(day, zone),
  });
}
