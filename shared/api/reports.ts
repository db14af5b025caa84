import * as v from "valibot";
import { CALL_STATUSES, METHODS, VERDICT_STATUSES } from "./calls.ts";
import { Format, TimeZone } from "./common.ts";

/** What a report counts and sums. Money is that of qualified, held and paid calls; test calls count in nothing. */
export const METRICS = [
  "clicks",
  "sessions",
  "leases",
  "blocked_sessions",
  "calls",
  "connected_calls",
  "billable_calls",
  "payable_calls",
  "paid_calls",
  "rejected_calls",
  "duplicate_calls",
  "unique_callers",
  "duration_s",
  "connected_s",
  "signals",
  "revenue_micros",
  "payout_micros",
  "margin_micros",
] as const;
export type Metric = (typeof METRICS)[number];

/**
 * Stretches of time in a zone: `hour` 2026-11-01T01:00-07:00, `day` 2026-11-01, `week` its Monday, `month` 2026-11,
 * `hour_of_day` 0 to 23. The hour that a clock shows twice is two hours and one `hour_of_day`.
 */
export const TIME_GROUPS = ["hour", "day", "week", "month", "hour_of_day"] as const;
export type TimeGroup = (typeof TIME_GROUPS)[number];

/** What a call, and in part a session, is grouped by; null is "none" or "not known". */
export const DIMENSIONS = [
  "campaign_id",
  "advertiser_id",
  "publisher_id",
  "site_id",
  "number",
  "label",
  "sub1",
  "sub2",
  "sub3",
  "sub4",
  "sub5",
  "source",
  "medium",
  "campaign",
  "term",
  "content",
  "channel",
  "landing_path",
  "region",
  "target",
  "disposition",
  "status",
  "payout_status",
  "revenue_status",
  "attribution",
  "reject_reason",
  "currency",
] as const;
export type Dimension = (typeof DIMENSIONS)[number];

export const GROUPS = [...TIME_GROUPS, ...DIMENSIONS] as const;
export type Group = TimeGroup | Dimension;

/** The names of `GET /calls` for what a report calls by its group's name. */
export const FILTER_ALIASES = {
  utm_source: "source",
  utm_medium: "medium",
  utm_campaign: "campaign",
  utm_term: "term",
  utm_content: "content",
} as const satisfies Record<string, Dimension>;

export const REPORT_GROUPS_MAX = 5;
export const REPORT_LIMIT_MAX = 200;

/** A list written with commas, as queries have it; a name given twice counts once. */
function listOf<const T extends readonly string[]>(names: T, most: number) {
  return v.pipe(
    v.string("must be given once, separated by commas"),
    v.transform((text) => [...new Set(text === "" ? [] : text.split(","))]),
    v.array(v.picklist(names, `must be of ${names.join(", ")}`)),
    v.maxLength(most, `at most ${most} at once`),
  );
}

const Moment = v.pipe(
  v.string("must be integer milliseconds since the epoch"),
  v.regex(/^\d{1,13}$/, "must be integer milliseconds since the epoch"),
  v.transform(Number),
);

const Value = v.pipe(v.string("must be given once"), v.maxLength(512, "must have at most 512 characters"));
const oneOf = <const T extends readonly string[]>(names: T) =>
  v.optional(v.picklist(names, `must be one of ${names.join(", ")}`));

const filters = {
  campaign_id: v.optional(Value),
  advertiser_id: v.optional(Value),
  publisher_id: v.optional(Value),
  site_id: v.optional(Value),
  number: v.optional(Value),
  label: v.optional(Value),
  sub1: v.optional(Value),
  sub2: v.optional(Value),
  sub3: v.optional(Value),
  sub4: v.optional(Value),
  sub5: v.optional(Value),
  source: v.optional(Value),
  medium: v.optional(Value),
  campaign: v.optional(Value),
  term: v.optional(Value),
  content: v.optional(Value),
  channel: v.optional(Value),
  landing_path: v.optional(Value),
  region: v.optional(Value),
  target: v.optional(Value),
  disposition: v.optional(Value),
  reject_reason: v.optional(Value),
  currency: v.optional(Value),
  status: oneOf(CALL_STATUSES),
  payout_status: oneOf(VERDICT_STATUSES),
  revenue_status: oneOf(VERDICT_STATUSES),
  attribution: oneOf(METHODS),
  utm_source: v.optional(Value),
  utm_medium: v.optional(Value),
  utm_campaign: v.optional(Value),
  utm_term: v.optional(Value),
  utm_content: v.optional(Value),
};

/** `from` and `to` are half-open. A filter given empty (`source=`) asks for what has none. */
export const ReportQuery = v.strictObject({
  metrics: v.optional(listOf(METRICS, METRICS.length)),
  group_by: v.optional(listOf(GROUPS, REPORT_GROUPS_MAX)),
  from: v.optional(Moment),
  to: v.optional(Moment),
  timezone: v.optional(TimeZone),
  /** How many groups (time apart) at most, those with most of the first metric. */
  limit: v.optional(
    v.pipe(
      v.string("must be a whole number"),
      v.regex(/^\d{1,4}$/, "must be a whole number"),
      v.transform(Number),
      v.minValue(1, "must be at least 1"),
      v.maxValue(REPORT_LIMIT_MAX, `must be at most ${REPORT_LIMIT_MAX}`),
    ),
  ),
  format: v.optional(Format),
  ...filters,
});
export type ReportQuery = v.InferOutput<typeof ReportQuery>;

/** A group's values and metrics by name; what the viewer may not see, or this grouping cannot tell, is absent. */
export const ReportRow = v.record(v.string(), v.nullable(v.union([v.string(), v.number()])));
export type ReportRow = v.InferOutput<typeof ReportRow>;

export const Report = v.object({
  data: v.array(ReportRow),
  /** Of everything asked for, also of groups beyond `limit`. */
  totals: ReportRow,
  /** How many groups there are, time apart. */
  group_count: v.number(),
  /** Of all money in `totals`; null when there is none or in several currencies, which are never added. */
  currency: v.nullable(v.string()),
  timezone: v.string(),
});
export type Report = v.InferOutput<typeof Report>;
