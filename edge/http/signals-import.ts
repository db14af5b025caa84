import { type Context, Hono } from "hono";
import * as v from "valibot";
import { ListOf, ListQuery } from "../../shared/api/common.ts";
import { IMPORT_LIMITS, SignalImport, SignalImportSummary } from "../../shared/api/signals.ts";
import { keepAnswer } from "../accounts/kept-answers.ts";
import { importSignals } from "../journeys/import-signals.ts";
import { toPage } from "../platform/paging.ts";
import {
  findImport,
  type ImportRow,
  importSummary,
  importView,
  listImports,
} from "../signals/import-store.ts";
import { audited, groundOf } from "./support/commit.ts";
import { type HttpEnv, problem } from "./support/context.ts";
import { answeredMeanwhile, streamedBody } from "./support/idempotent.ts";
import { byId, pageAsked } from "./support/list.ts";
import { may } from "./support/may.ts";
import { described } from "./support/openapi.ts";
import { queryOf } from "./support/validate.ts";

/** `/signals/import`: what became of many calls, from a spreadsheet. */
export const signalsImport = new Hono<HttpEnv>()
  .post(
    "/import",
    may("signals.import", { streamed: true }),
    described({
      summary: "Report outcomes of many calls from a CSV",
      description:
        `Body: text/csv in UTF-8, streamed, at most ${IMPORT_LIMITS.bytes / 1024 / 1024} MiB and ${IMPORT_LIMITS.lines} lines. ` +
        "The first line names the columns, in any order: `call_id` or `provider_call_id`, `name`, `value`, and if wanted " +
        "`revenue_micros` and `occurred_at` (integer milliseconds). A value is read as true, false, a number or text. " +
        "Lines that are wrong are rejected, the others stored, each with the marks by which its call is judged again: " +
        "the first calls at once, the others by the minute. An outcome that was reported before is accepted and changes nothing; " +
        "without `occurred_at` it is the same whenever it was. The answer comes when the body was read.",
      csv: true,
      answers: { 202: SignalImport },
    }),
    async (c) => {
      const announced_bytes = Number(c.req.header("content-length") ?? 0);
      if (announced_bytes > IMPORT_LIMITS.bytes) {
        return problem(c, { kind: "too_large", limit_bytes: IMPORT_LIMITS.bytes });
      }
      const mediaType = (c.req.header("content-type") ?? "").split(";")[0]?.trim().toLowerCase();
      if (mediaType !== "text/csv") {
        return problem(c, { kind: "unsupported_media_type", expected: "text/csv" });
      }
      const body = await streamedBody(c);
      // What was answered before is JSON of the same form, or a problem.
      if (!body.ok) return body.error as ReturnType<typeof accepted>;
      const { bytes, request } = body.value;
      const work = importSignals(c.var.services, {
        viewer: c.var.viewer,
        bytes,
        // Who imported; of which calls what, the outcomes say themselves.
        begun: ({ id }) => audited(c, { subject_id: id, detail: {} }),
        async answered(row) {
          const asked = await request();
          return asked ? keepAnswer(groundOf(c).db, asked, 202, JSON.stringify(importView(row))) : [];
        },
      });
      // So that it also ends well when whoever sends it is gone.
      c.var.services.later(work.catch(() => {}));
      const imported = await work;
      if (!imported.ok) return problem(c, imported.error);
      const { row, is_twin } = imported.value;
      const first = is_twin ? await answeredMeanwhile(c) : null;
      return first ? (first as ReturnType<typeof accepted>) : accepted(c, row);
    },
  )
  .get(
    "/import",
    may("signal_imports.list"),
    described({
      summary: "List imports of outcomes, newest first",
      answers: { 200: ListOf(SignalImportSummary) },
    }),
    queryOf(v.strictObject(ListQuery)),
    async (c) => {
      const page = pageAsked(c.req.valid("query"));
      if (!page.ok) return problem(c, page.error);
      const rows = await listImports(groundOf(c).db, c.var.viewer, page.value);
      return c.json(toPage(rows, page.value.limit, byId, importSummary), 200);
    },
  )
  .get(
    "/import/:id",
    may("signal_imports.read"),
    described({
      summary: "How far an import of outcomes has come, and the lines it rejected",
      answers: { 200: SignalImport },
    }),
    async (c) => {
      const row = await findImport(groundOf(c).db, c.var.viewer, c.req.param("id"));
      return row ? c.json(importView(row), 200) : problem(c, { kind: "not_found", what: "import" });
    },
  );

const accepted = (c: Context<HttpEnv>, row: ImportRow) => c.json(importView(row), 202);
