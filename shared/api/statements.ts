import * as v from "valibot";
import { Currency, IdSchema, ShortText } from "./common.ts";
import { TRANSACTION_KINDS } from "./ledger.ts";

const Period = v.pipe(
  v.string("must be a month such as 2026-11"),
  v.regex(/^20\d\d-(0[1-9]|1[0-2])$/, "must be a month such as 2026-11"),
);

export const StatementQuery = v.strictObject({
  organization_id: v.optional(IdSchema("organization")),
  /** Absent: the month that has begun, in the network's time zone. */
  period: v.optional(Period),
  /** Needed only where one month was posted in several currencies. */
  currency: v.optional(Currency),
  cursor: v.optional(v.pipe(v.string(), v.maxLength(500, "is not a cursor of this statement"))),
  format: v.optional(v.picklist(["json", "csv", "ndjson"], "must be one of json, csv, ndjson")),
});
export type StatementQuery = v.InferOutput<typeof StatementQuery>;

/** One posting: positive is owed by an advertiser, earned by a publisher, kept by a network. */
export const StatementLine = v.object({
  transaction_id: v.string(),
  posted_at: v.number(),
  kind: v.picklist(TRANSACTION_KINDS),
  call_id: v.nullable(v.string()),
  call_started_at: v.nullable(v.number()),
  campaign_id: v.nullable(v.string()),
  amount_micros: v.number(),
  reason: v.string(),
});
export type StatementLine = v.InferOutput<typeof StatementLine>;

export const Statement = v.object({
  organization_id: v.string(),
  period: v.string(),
  timezone: v.string(),
  /** Half-open; the month of `period` in `timezone`. */
  from: v.number(),
  to: v.number(),
  /** Null for an organization that nothing was ever posted for. */
  currency: v.nullable(v.string()),
  /** Of all lines, also of those on further pages. */
  total_micros: v.number(),
  line_count: v.number(),
  lines: v.array(StatementLine),
  next_cursor: v.nullable(v.string()),
});
export type Statement = v.InferOutput<typeof Statement>;

/**
 * What is left to be paid of a statement: now, and when holds are over; and what has to come back, because it was paid
 * for calls that this month's lines took money from again. The one is not taken off the other.
 */
export const StatementUnpaid = v.object({
  calls: v.number(),
  amount_micros: v.number(),
  held_calls: v.number(),
  held_micros: v.number(),
  overpaid_calls: v.number(),
  overpaid_micros: v.number(),
});
export type StatementUnpaid = v.InferOutput<typeof StatementUnpaid>;

/** A month in which something was posted; a month of two currencies is there twice. */
export const StatementMonth = v.object({
  period: v.string(),
  currency: v.string(),
  total_micros: v.number(),
  line_count: v.number(),
  /** Null for a network, which pays itself nothing. */
  unpaid: v.nullable(StatementUnpaid),
});
export type StatementMonth = v.InferOutput<typeof StatementMonth>;

export const StatementMonthsQuery = v.strictObject({ organization_id: v.optional(IdSchema("organization")) });

/** The months of the last year, newest first. */
export const StatementMonths = v.object({ data: v.array(StatementMonth) });
export type StatementMonths = v.InferOutput<typeof StatementMonths>;

/** Says that the money of a statement changed hands. */
export const StatementPaymentInput = v.strictObject({
  organization_id: IdSchema("organization"),
  period: Period,
  /** Needed only where one month was posted in several currencies. */
  currency: v.optional(Currency),
  /** The network's word for the payment, such as an invoice's number; whose statement it is reads it too. */
  reference: v.optional(ShortText),
});
export type StatementPaymentInput = v.InferOutput<typeof StatementPaymentInput>;

export const StatementPayment = v.object({
  organization_id: v.string(),
  period: v.string(),
  /** Null for an organization that nothing was ever posted for. */
  currency: v.nullable(v.string()),
  reference: v.nullable(v.string()),
  /** Calls that this request marked as paid, and what was paid for them. */
  paid_calls: v.number(),
  total_micros: v.number(),
  /** Calls of the statement whose hold is not over: they cannot be paid yet. */
  skipped_held: v.number(),
  /** Qualified calls that are left for further requests. */
  remaining: v.number(),
});
export type StatementPayment = v.InferOutput<typeof StatementPayment>;
