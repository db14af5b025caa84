import * as v from "valibot";
import { Currency, IdSchema } from "./common.ts";
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
