import { type SQL, sql } from "drizzle-orm";
import type { OrganizationKind } from "../../shared/api/organizations.ts";
import type { Metric } from "../../shared/api/reports.ts";
import { calls } from "../calls/tables.ts";
import { blockedSessions } from "../leasing/tables.ts";
import { signals } from "../signals/tables.ts";
import type { Fact } from "./model/plan.ts";

const due = (status: SQL): SQL => sql`${status} IN ('qualified', 'held', 'paid')`;
const countWhen = (condition: SQL): SQL => sql`count(CASE WHEN ${condition} THEN 1 END)`;
const sumOf = (value: SQL): SQL => sql`coalesce(sum(${value}), 0)`;

const BILLABLE = due(sql`${calls.revenue_status}`);
const PAYABLE = due(sql`${calls.payout_status}`);
const REVENUE = sql`CASE WHEN ${BILLABLE} THEN ${calls.revenue_micros} ELSE 0 END`;
const PAYOUT = sql`CASE WHEN ${PAYABLE} THEN ${calls.payout_micros} ELSE 0 END`;

/** Which fact's rows are aggregated how. */
export function measureOf(metric: Metric, kind: OrganizationKind): { fact: Fact; aggregate: SQL } {
  const ofCalls = (aggregate: SQL) => ({ fact: "calls" as const, aggregate });
  // Whether a call was paid or rejected is said of the side that the viewer sees; a network asks for its payouts.
  const judged = kind === "advertiser" ? sql`${calls.revenue_status}` : sql`${calls.payout_status}`;
  switch (metric) {
    case "clicks":
      return { fact: "clicks", aggregate: sql`count(*)` };
    case "sessions":
    case "leases":
      // A session is the time of one lease: another touch of the same visitor begins both anew.
      return { fact: "sessions", aggregate: sql`count(*)` };
    case "blocked_sessions":
      // Who got a number that is shared got one.
      return {
        fact: "blocked_sessions",
        aggregate: sumOf(
          sql`CASE WHEN ${blockedSessions.reason} <> 'shared' THEN ${blockedSessions.blocked} ELSE 0 END`,
        ),
      };
    case "calls":
      return ofCalls(sql`count(*)`);
    case "connected_calls":
      return ofCalls(
        countWhen(
          sql`${calls.connected_s} > 0 OR (${calls.connected_s} IS NULL AND ${calls.answered_at} IS NOT NULL)`,
        ),
      );
    case "billable_calls":
      return ofCalls(countWhen(BILLABLE));
    case "payable_calls":
      return ofCalls(countWhen(PAYABLE));
    case "paid_calls":
      return ofCalls(countWhen(sql`${judged} = 'paid'`));
    case "rejected_calls":
      return ofCalls(countWhen(sql`${judged} = 'rejected'`));
    case "duplicate_calls":
      return ofCalls(countWhen(sql`${calls.is_duplicate} = 1`));
    case "unique_callers":
      // A hidden caller is nobody's repeat and nobody's number: it counts as no caller.
      return ofCalls(sql`count(DISTINCT ${calls.from_hash})`);
    case "duration_s":
      return ofCalls(sumOf(sql`${calls.duration_s}`));
    case "connected_s":
      return ofCalls(sumOf(sql`${calls.connected_s}`));
    case "signals":
      return ofCalls(sumOf(sql`(SELECT count(*) FROM ${signals} g WHERE g.call_id = ${calls.id})`));
    case "revenue_micros":
      return ofCalls(sumOf(REVENUE));
    case "payout_micros":
      return ofCalls(sumOf(PAYOUT));
    case "margin_micros":
      return ofCalls(sumOf(sql`${REVENUE} - ${PAYOUT}`));
  }
}

/** The currency of a call's money, as far as this side sees any; null for a call without. */
export function currencyOfMoney(kind: OrganizationKind): SQL {
  const seen = { network: sql`${BILLABLE} OR ${PAYABLE}`, advertiser: BILLABLE, publisher: PAYABLE }[kind];
  return sql`CASE WHEN ${seen} THEN ${calls.currency} END`;
}
