import { sql } from "drizzle-orm";
import type { StatementMonth } from "../../shared/api/statements.ts";
import type { Instant } from "../../shared/instant.ts";
import type { Db } from "../platform/db.ts";
import { ledgerEntries, ledgerTransactions } from "../settlement/tables.ts";
import { monthAt, monthRange } from "./model/period.ts";
import { readUnpaid } from "./payable.ts";
import { ACCOUNT, type StatementAsk } from "./statement.ts";

/** So many months are looked back on, the present one among them. */
export const STATEMENT_MONTHS = 12;

export type MonthsAsk = Pick<StatementAsk, "network_id" | "organization" | "timezone"> & { now: Instant };

type Posted = { period: string; currency: string; total_micros: number; line_count: number };

/**
 * The months of the last year in which something was posted for an organization, newest first, one for each
 * currency: what `readStatement` sums, and of an advertiser's or a publisher's what is left to be paid.
 */
export async function readStatementMonths(db: Db, ask: MonthsAsk): Promise<StatementMonth[]> {
  const { network_id, organization, timezone } = ask;
  const { account, sign } = ACCOUNT[organization.kind];
  const months = monthsUntil(ask.now, timezone);
  const posted = await db.all<Posted>(sql`
    SELECT m.value ->> 0 AS period, t.currency, sum(e.amount_micros) * ${sign} AS total_micros, count(*) AS line_count
    FROM json_each(${JSON.stringify(months)}) m
      CROSS JOIN ${ledgerTransactions} t ON t.network_id = ${network_id}
        AND t.posted_at >= m.value ->> 1 AND t.posted_at < m.value ->> 2
      JOIN ${ledgerEntries} e ON e.transaction_id = t.id
        AND e.organization_id = ${organization.id} AND e.account = ${account}
    GROUP BY period, t.currency
    ORDER BY period DESC, t.currency`);
  return Promise.all(
    posted.map(async ({ period, currency, total_micros, line_count }) => {
      const { kind } = organization;
      const due = { network_id, timezone, period, currency };
      return {
        period,
        currency,
        // SQLite's sum of integers times a bound number is a REAL.
        total_micros: Math.round(total_micros),
        line_count,
        unpaid:
          kind === "network"
            ? null
            : await readUnpaid(db, { ...due, organization: { id: organization.id, kind } }, currency),
      };
    }),
  );
}

/** The latest months by the clock of `zone`, newest first: each with its first moment and that of the next. */
function monthsUntil(now: Instant, zone: string): [period: string, from_at: Instant, to_at: Instant][] {
  const months: [string, Instant, Instant][] = [];
  let at = now;
  while (months.length < STATEMENT_MONTHS) {
    const period = monthAt(at, zone);
    const { from_at, to_at } = monthRange(period, zone);
    months.push([period, from_at, to_at]);
    at = from_at - 1;
  }
  return months;
}
