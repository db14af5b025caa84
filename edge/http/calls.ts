import { Hono } from "hono";
import * as v from "valibot";
import { CALL_STATUSES, Call, METHODS, VERDICT_STATUSES } from "../../shared/api/calls.ts";
import { Format, ListOf, ListQuery } from "../../shared/api/common.ts";
import { type Column, chooseColumns, csvColumns } from "../calls/csv.ts";
import type { CallFilter, CallPlace, Sight } from "../calls/read.ts";
import { searchOf, showAllCalls, showCall, showCalls, sightOf } from "../journeys/show-calls.ts";
import { csvLine } from "../platform/csv.ts";
import { decodeCursor, PAGE_LIMIT_DEFAULT, toPage } from "../platform/paging.ts";
import type { Failure } from "../platform/problem.ts";
import { type HttpEnv, problem } from "./support/context.ts";
import { may } from "./support/may.ts";
import { described } from "./support/openapi.ts";
import { moment } from "./support/query.ts";
import { streamed } from "./support/stream.ts";
import { queryOf } from "./support/validate.ts";

const words = v.pipe(v.string(), v.maxLength(200, "must have at most 200 characters"));
const oneOf = <const T extends readonly string[]>(names: T) =>
  v.picklist(names, `must be one of ${names.join(", ")}`);

const CallsQuery = v.strictObject({
  ...ListQuery,
  from: v.optional(moment),
  to: v.optional(moment),
  campaign_id: v.optional(words),
  publisher_id: v.optional(words),
  status: v.optional(oneOf(CALL_STATUSES)),
  attribution: v.optional(oneOf(METHODS)),
  payout_status: v.optional(oneOf(VERDICT_STATUSES)),
  utm_source: v.optional(words),
  utm_medium: v.optional(words),
  utm_campaign: v.optional(words),
  utm_term: v.optional(words),
  utm_content: v.optional(words),
  q: v.optional(words),
  format: v.optional(Format),
  columns: v.optional(
    v.pipe(
      v.string(),
      v.regex(/^[a-z_]{1,40}(,[a-z_]{1,40}){0,59}$/, "must be column names with commas between them"),
      v.transform((names) => names.split(",")),
    ),
  ),
});

/** A filter on what the viewer does not see would tell it all the same. */
function hiddenFilter({ viewer, shows }: Sight, filter: CallFilter): Failure | null {
  if (viewer.kind !== "advertiser") return null;
  if (filter.payout_status !== undefined) {
    return { kind: "forbidden", detail: "An advertiser does not see payouts: leave payout_status out." };
  }
  if (filter.publisher_id !== undefined && !shows.publishers) {
    return { kind: "forbidden", detail: "Publishers' names are not shown to you: leave publisher_id out." };
  }
  return null;
}

function noColumn(name: string): Failure {
  return { kind: "invalid", faults: [{ pointer: "?columns", detail: `${name} is not a column of yours` }] };
}

function placeOf(cursor: readonly (string | number)[] | null): CallPlace | null {
  const [started_at, id] = cursor ?? [];
  return typeof started_at === "number" && typeof id === "string" ? { started_at, id } : null;
}

/** `/calls`: who called, why we think so, who pays whom, as far as the viewer may see it. */
export const calls = new Hono<HttpEnv>()
  .get(
    "/",
    may("calls.list"),
    described({
      summary: "List calls, newest first",
      description:
        "With `format=csv` or `format=ndjson` all matching rows are streamed, whatever the limit. " +
        "`columns` picks the columns of the CSV and their order.",
      answers: { 200: ListOf(Call) },
    }),
    queryOf(CallsQuery),
    async (c) => {
      const { services, viewer } = c.var;
      const {
        limit = PAGE_LIMIT_DEFAULT,
        cursor,
        q,
        format = "json",
        columns,
        ...filter
      } = c.req.valid("query");
      const after = decodeCursor(cursor, ["number", "string"]);
      if (!after.ok) return problem(c, after.error);
      const sight = await sightOf(services, viewer);
      const hidden = hiddenFilter(sight, filter);
      if (hidden) return problem(c, hidden);
      const every = csvColumns(viewer.kind, sight.shows);
      const chosen = chooseColumns(every, columns ?? every.map(({ name }) => name));
      if (!chosen.ok) return problem(c, noColumn(chosen.unknown));
      const search = await searchOf(services, viewer, q);
      if (format !== "json") {
        const all = showAllCalls(services, sight, { filter, search });
        return format === "csv"
          ? streamed("calls.csv", asCsv(chosen.columns, all))
          : streamed("calls.ndjson", asLines(all));
      }
      const ask = { filter, search, after: placeOf(after.value), limit };
      const shown = await showCalls(services, sight, ask);
      return c.json(
        toPage(
          shown,
          limit,
          (call) => [call.started_at, call.id],
          (call) => call,
        ),
        200,
      );
    },
  )
  .get(
    "/:id",
    may("calls.read"),
    described({
      summary: "One call with its timeline, attribution, both judgements and rules",
      answers: { 200: Call },
    }),
    async (c) => {
      const call = await showCall(c.var.services, c.var.viewer, c.req.param("id"));
      return call ? c.json(call, 200) : problem(c, { kind: "not_found", what: "call" });
    },
  );

async function* asCsv(columns: readonly Column[], pages: AsyncIterable<Call[]>): AsyncGenerator<string> {
  yield csvLine(columns.map(({ name }) => name));
  for await (const page of pages) {
    yield page.map((call) => csvLine(columns.map((column) => column.of(call)))).join("");
  }
}

async function* asLines(pages: AsyncIterable<Call[]>): AsyncGenerator<string> {
  for await (const page of pages) yield page.map((call) => `${JSON.stringify(call)}\n`).join("");
}
