import { type Context, Hono } from "hono";
import {
  Statement,
  type StatementLine,
  StatementMonths,
  StatementMonthsQuery,
  StatementPayment,
  StatementPaymentInput,
  StatementQuery,
} from "../../shared/api/statements.ts";
import { ok, type Result } from "../../shared/result.ts";
import { findOrganization, type OrganizationRow } from "../accounts/store.ts";
import { payStatement } from "../journeys/pay-statement.ts";
import { decodeCursor } from "../platform/paging.ts";
import type { Failure } from "../platform/problem.ts";
import { monthAt } from "../reporting/model/period.ts";
import {
  currencyOf,
  type LinePlace,
  readAllLines,
  readStatement,
  type StatementAsk,
} from "../reporting/statement.ts";
import { readStatementMonths } from "../reporting/statement-months.ts";
import { commit, groundOf } from "./support/commit.ts";
import { type HttpEnv, problem } from "./support/context.ts";
import { may } from "./support/may.ts";
import { described } from "./support/openapi.ts";
import { absent, fault, ownNetwork } from "./support/references.ts";
import { downloaded } from "./support/rows.ts";
import { jsonBody, queryOf } from "./support/validate.ts";

const DESCRIPTION = [
  "Postings of the sealed ledger, oldest first; positive is owed by an advertiser, earned by a publisher, kept by",
  "a network. A network may ask for any of its organizations, the others for themselves. `period` is a month in the",
  "network's time zone, by default this one. `total_micros` is of all lines, whatever the page.",
].join(" ");

const COLUMNS = [
  "transaction_id",
  "posted_at",
  "kind",
  "call_id",
  "call_started_at",
  "campaign_id",
  "amount_micros",
  "reason",
] as const satisfies readonly (keyof StatementLine)[];

const PAYING = [
  "Every qualified call of the statement becomes `paid`, at most 200 in one request: repeat it, with another",
  "Idempotency-Key, until `remaining` is 0. Calls that are paid already are left, calls on hold skipped. It says",
  "that money changed hands elsewhere and moves none, so no statement's total changes.",
].join(" ");

/** `/statements`: what an organization owes, earned or kept in a month. */
export const statements = new Hono<HttpEnv>()
  .get(
    "/",
    may("statements.read"),
    described({ summary: "One month's statement", description: DESCRIPTION, answers: { 200: Statement } }),
    queryOf(StatementQuery),
    async (c) => {
      const { format = "json", cursor, period, currency, organization_id } = c.req.valid("query");
      const after = decodeCursor(cursor, ["number", "string", "number"]);
      if (!after.ok) return problem(c, after.error);
      const organization = await organizationAsked(c, organization_id);
      if (!organization.ok) return problem(c, organization.error);
      const { timezone } = await ownNetwork(c);
      const { db, now } = groundOf(c);
      const ask: StatementAsk = {
        network_id: c.var.viewer.network_id,
        organization: organization.value,
        period: period ?? monthAt(now, timezone),
        timezone,
        currency,
      };
      if (format === "json") {
        const read = await readStatement(db, ask, placeOf(after.value));
        return read.ok ? c.json(read.value, 200) : problem(c, read.error);
      }
      const posted = await currencyOf(db, ask);
      if (!posted.ok) return problem(c, posted.error);
      return downloaded(`statement-${ask.period}`, format, COLUMNS, readAllLines(db, ask, posted.value));
    },
  )
  .get(
    "/months",
    may("statements.list"),
    described({
      summary: "The statements of the last twelve months",
      description:
        "Months in which nothing was posted are left out; one of several currencies is there for each. `unpaid` is what " +
        "`POST /statements/payments` would mark as paid, and what is held.",
      answers: { 200: StatementMonths },
    }),
    queryOf(StatementMonthsQuery),
    async (c) => {
      const organization = await organizationAsked(c, c.req.valid("query").organization_id);
      if (!organization.ok) return problem(c, organization.error);
      const { timezone } = await ownNetwork(c);
      const { db, now } = groundOf(c);
      const { network_id } = c.var.viewer;
      const ask = { network_id, organization: organization.value, timezone, now };
      return c.json({ data: await readStatementMonths(db, ask) }, 200);
    },
  )
  .post(
    "/payments",
    may("statements.pay"),
    described({
      summary: "Mark one month's statement as paid",
      description: PAYING,
      answers: { 200: StatementPayment },
    }),
    jsonBody(StatementPaymentInput),
    (c) =>
      commit(c, 200, async () => {
        const { organization_id, period, currency, reference = null } = c.req.valid("json");
        const organization = await organizationAsked(c, organization_id);
        if (!organization.ok) return organization;
        const { id, kind } = organization.value;
        if (kind === "network") return fault("/organization_id", "must be an advertiser or a publisher");
        const { network_id } = c.var.viewer;
        const { timezone } = await ownNetwork(c);
        const ask = { network_id, organization: { id, kind }, period, timezone, currency, reference };
        return payStatement(groundOf(c), ask);
      }),
  );

/** A network's own organizations are there for it; for the two sides only they themselves are. */
async function organizationAsked(
  c: Context<HttpEnv>,
  asked: string | undefined,
): Promise<Result<OrganizationRow, Failure>> {
  const { viewer } = c.var;
  const id = asked ?? viewer.organization_id;
  if (viewer.kind !== "network" && id !== viewer.organization_id) return absent("organization");
  const row = await findOrganization(groundOf(c).db, viewer.network_id, id);
  return row ? ok(row) : absent("organization");
}

function placeOf(cursor: readonly (string | number)[] | null): LinePlace | null {
  const [posted_at, transaction_id, line] = cursor ?? [];
  return typeof posted_at === "number" && typeof transaction_id === "string" && typeof line === "number"
    ? { posted_at, transaction_id, line }
    : null;
}
