import { Hono } from "hono";
import * as v from "valibot";
import { Format, ListOf, ListQuery } from "../../shared/api/common.ts";
import { LedgerEntry } from "../../shared/api/ledger.ts";
import { decodeCursor, PAGE_LIMIT_DEFAULT, toPage } from "../platform/paging.ts";
import { type LedgerPlace, listLedger, wholeLedger } from "../settlement/store.ts";
import { groundOf } from "./support/commit.ts";
import { type HttpEnv, problem } from "./support/context.ts";
import { may } from "./support/may.ts";
import { described } from "./support/openapi.ts";
import { moment } from "./support/query.ts";
import { downloaded } from "./support/rows.ts";
import { queryOf } from "./support/validate.ts";

const LedgerQuery = v.strictObject({
  ...ListQuery,
  call_id: v.optional(v.pipe(v.string(), v.maxLength(100, "is no id of a call"))),
  from: v.optional(moment),
  to: v.optional(moment),
  format: v.optional(Format),
});

/** The columns of the CSV, as an accountant reads a journal. */
const COLUMNS = [
  ...(["posted_at", "transaction_id", "kind", "account", "organization_id"] as const),
  ...(["amount_micros", "currency", "call_id", "reason"] as const),
];

function placeOf(cursor: readonly (string | number)[] | null): LedgerPlace | null {
  const [posted_at, transaction_id, line] = cursor ?? [];
  return typeof posted_at === "number" && typeof transaction_id === "string" && typeof line === "number"
    ? { posted_at, transaction_id, line }
    : null;
}

/** `/ledger`: lines of sealed, balanced transactions; an advertiser and a publisher see their own side. */
export const ledger = new Hono<HttpEnv>().get(
  "/",
  may("ledger.list"),
  described({
    summary: "List ledger entries, newest first",
    description:
      "Debit positive. A correction is a reversal and a new entry; nothing is ever edited. " +
      "With `format=csv` or `format=ndjson` all matching entries are streamed, whatever the limit.",
    answers: { 200: ListOf(LedgerEntry) },
  }),
  queryOf(LedgerQuery),
  async (c) => {
    const { limit = PAGE_LIMIT_DEFAULT, cursor, format = "json", ...filter } = c.req.valid("query");
    const after = decodeCursor(cursor, ["number", "string", "number"]);
    if (!after.ok) return problem(c, after.error);
    const { db } = groundOf(c);
    if (format !== "json") {
      return downloaded("ledger", format, COLUMNS, wholeLedger(db, c.var.viewer, filter));
    }
    const lines = await listLedger(db, c.var.viewer, filter, placeOf(after.value), limit + 1);
    const page = toPage(
      lines,
      limit,
      ({ posted_at, transaction_id, line }) => [posted_at, transaction_id, line],
      ({ line: _, ...entry }) => entry,
    );
    return c.json(page, 200);
  },
);
