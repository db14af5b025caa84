import { type Context, Hono } from "hono";
import * as v from "valibot";
import { IdSchema } from "../../shared/api/common.ts";
import { NewNumbers } from "../../shared/api/inventory.ts";
import { err, ok, type Result } from "../../shared/result.ts";
import { addNumbers, type NumbersToAdd } from "../inventory/assign.ts";
import { type NumberRow, readNumberRows } from "../inventory/model/number-rows.ts";
import { numbersChanged } from "../journeys/change-plans.ts";
import { readCsv } from "../platform/csv-read.ts";
import { type Failure, toProblem } from "../platform/problem.ts";
import { bodyText } from "./support/body.ts";
import { commit, groundOf } from "./support/commit.ts";
import type { HttpEnv } from "./support/context.ts";
import { may } from "./support/may.ts";
import { described } from "./support/openapi.ts";
import { numbersRefused, placeNamed } from "./support/references.ts";
import { queryOf } from "./support/validate.ts";

const importQuery = v.strictObject({
  telephony_account_id: IdSchema("telephony_account"),
  pool_id: v.optional(IdSchema("pool")),
  campaign_id: v.optional(IdSchema("campaign")),
  publisher_id: v.optional(IdSchema("organization")),
});

const lineFaults = (faults: { pointer: string; detail: string }[]): { ok: false; error: Failure } =>
  err({ kind: "invalid", faults });

/** The lines of the body, every one of them right in itself. */
async function rowsOf(
  c: Context<HttpEnv>,
  defaults: v.InferOutput<typeof importQuery>,
): Promise<Result<NumberRow[], Failure>> {
  const text = await bodyText(c);
  if (!text.ok) return text;
  const mediaType = (c.req.header("content-type") ?? "").split(";")[0]?.trim().toLowerCase();
  if (mediaType !== "text/csv") return err({ kind: "unsupported_media_type", expected: "text/csv" });
  const records = readCsv(text.value);
  if (!records.ok) return lineFaults([{ pointer: `/${records.error.line}`, detail: records.error.detail }]);
  const rows = readNumberRows(records.value, defaults);
  return rows.ok ? rows : lineFaults(rows.error);
}

/** Where each line's number goes; lines that name the same place look it up once. */
async function placed(
  c: Context<HttpEnv>,
  rows: readonly NumberRow[],
): Promise<Result<NumbersToAdd[], Failure>> {
  const known = new Map<string, Awaited<ReturnType<typeof placeNamed>>>();
  const groups: NumbersToAdd[] = [];
  const faults: { pointer: string; detail: string }[] = [];
  for (const { line, input } of rows) {
    const { pool_id, campaign_id, publisher_id, honeypot } = input;
    const key = JSON.stringify([pool_id, campaign_id, publisher_id, honeypot]);
    const place = known.get(key) ?? (await placeNamed(c, input));
    known.set(key, place);
    if (place.ok) {
      groups.push({ input, place: place.value });
      continue;
    }
    const { errors } = toProblem(place.error);
    if (!errors) return place;
    faults.push(...errors.map((fault) => ({ ...fault, pointer: `/${line}${fault.pointer}` })));
  }
  return faults.length > 0 ? lineFaults(faults) : ok(groups);
}

/** `/numbers/import`: many numbers from a spreadsheet. */
export const numbersImport = new Hono<HttpEnv>().post(
  "/",
  may("numbers.import"),
  described({
    summary: "Add numbers from a CSV",
    description:
      "Body: text/csv, at most 64 kB and 1,000 numbers. The first line names the columns: `e164`, and any of " +
      "`pool_id`, `campaign_id`, `publisher_id`, `honeypot`, `label`, `sub1` to `sub5`; a line without a place goes where the " +
      "query says. All of them or none: faults name their line as `/3/e164`, the header being line 1.",
    csv: true,
    answers: { 201: NewNumbers },
  }),
  queryOf(importQuery),
  (c) =>
    commit(
      c,
      201,
      async () => {
        const { telephony_account_id, ...place } = c.req.valid("query");
        const rows = await rowsOf(c, { telephony_account_id, ...place });
        if (!rows.ok) return rows;
        const e164 = rows.value.flatMap(({ input }) => input.e164);
        const honeypots = rows.value.flatMap(({ input }) => (input.honeypot ? input.e164 : []));
        const refused = await numbersRefused(c, telephony_account_id, e164, honeypots);
        if (refused) return refused;
        const groups = await placed(c, rows.value);
        return groups.ok ? ok(addNumbers(groundOf(c), c.var.viewer, groups.value)) : groups;
      },
      ({ data }) =>
        numbersChanged(
          c.var.services,
          c.var.viewer.network_id,
          data.map(({ id }) => id),
        ),
    ),
);
