import { and, asc, eq, type SQL, sql } from "drizzle-orm";
import type { StatementUnpaid } from "../../shared/api/statements.ts";
import type { Micros } from "../../shared/money.ts";
import { callShares, calls } from "../calls/tables.ts";
import type { Db } from "../platform/db.ts";
import { ledgerEntries, ledgerTransactions } from "../settlement/tables.ts";
import { monthRange } from "./model/period.ts";
import { ACCOUNT, ofStatement, type StatementAsk } from "./statement.ts";

/** A call of a statement that can be paid now, and what is booked for it. */
export type PayableCall = {
  id: string;
  telephony_account_id: string;
  /** The call's last event: the lock of whoever writes. */
  seq: number;
  /** What is due for it now. */
  amount_micros: Micros;
  /** Booked to nobody alone: this is one publisher's part of it, and others have theirs. */
  is_shared: boolean;
};

/** How many calls of a statement can be paid now, and how many only when their hold is over. */
export type PayableCounts = { qualified: number; held: number };

/** The side of a call that each kind of organization has a statement of. */
export const SIDE_OF = { advertiser: "revenue", publisher: "payout" } as const;

const KIND = { advertiser: "charge", publisher: "payout" } as const;

export type PayableAsk = StatementAsk & { organization: { kind: keyof typeof SIDE_OF } };

/**
 * The first `limit` calls whose charge or payout stands in this statement, was not reversed since, and is qualified;
 * oldest posting first. A call that was booked again later stands in the statement of that later month.
 */
export async function readPayable(
  db: Db,
  ask: PayableAsk,
  currency: string | null,
  limit: number,
): Promise<{ calls: PayableCall[]; counts: PayableCounts }> {
  const status = statusFor(ask);
  const standing = standingIn(ask, currency);
  const [payable, counted] = await db.batch([
    db
      .select({
        id: calls.id,
        telephony_account_id: calls.telephony_account_id,
        seq: calls.seq,
        amount_micros: dueFor(ask).as("due_micros"),
        is_shared: isShared(ask).as("is_shared"),
      })
      .from(ledgerTransactions)
      .innerJoin(ledgerEntries, eq(ledgerEntries.transaction_id, ledgerTransactions.id))
      .innerJoin(calls, eq(calls.id, ledgerTransactions.call_id))
      .where(and(...standing, sql`${status} = 'qualified'`))
      .orderBy(asc(ledgerTransactions.posted_at), asc(ledgerTransactions.id))
      .limit(limit),
    selectOwed(db, ask, currency),
  ]);
  const { calls: qualified, held_calls: held } = unpaidOf(counted);
  return { calls: payable, counts: { qualified, held } };
}

/**
 * What of a statement can be paid now, and what only when its hold is over, less what was paid for these calls before;
 * and what was paid for calls whose last line that takes money back stands in it, beyond what is due for them now.
 */
export async function readUnpaid(db: Db, ask: PayableAsk, currency: string | null): Promise<StatementUnpaid> {
  const [owed, [overpaid]] = await db.batch([
    selectOwed(db, ask, currency),
    selectOverpaid(db, ask, currency),
  ]);
  const { overpaid_calls = 0, overpaid_micros = 0 } = overpaid ?? {};
  return { ...unpaidOf(owed), overpaid_calls, overpaid_micros };
}

type Owed = { status: string; call_count: number; owed_micros: Micros };

function selectOwed(db: Db, ask: PayableAsk, currency: string | null) {
  const status = statusFor(ask);
  return db
    .select({
      status: sql<string>`${status}`.as("status"),
      call_count: sql<number>`count(*)`.as("call_count"),
      owed_micros: sql<number>`sum(${dueFor(ask)} - ${paidTo(ask)})`.as("owed_micros"),
    })
    .from(ledgerTransactions)
    .innerJoin(ledgerEntries, eq(ledgerEntries.transaction_id, ledgerTransactions.id))
    .innerJoin(calls, eq(calls.id, ledgerTransactions.call_id))
    .where(and(...standingIn(ask, currency), sql`${status} IN ('qualified', 'held')`))
    .groupBy(status);
}

function selectOverpaid(db: Db, ask: PayableAsk, currency: string | null) {
  const { account, sign } = ACCOUNT[ask.organization.kind];
  const ofCall = (
    name: SQL,
  ) => sql`FROM ledger_transactions b JOIN ledger_entries o ON o.transaction_id = b.id
    WHERE b.call_id = ${name} AND b.currency = ${currency} AND o.account = ${account}
      AND o.organization_id = ${ask.organization.id}`;
  const { to_at } = monthRange(ask.period, ask.timezone);
  const takesBack = (amount: SQL) => (sign === 1 ? sql`${amount} < 0` : sql`${amount} > 0`);
  const call_id = sql`${ledgerTransactions.call_id}`;
  const taken = db
    .select({
      paid_micros: sql<number>`${paidTo(ask)}`.as("paid_micros"),
      due_micros: sql<number>`abs((SELECT sum(o.amount_micros) ${ofCall(call_id)}))`.as("due_micros"),
    })
    .from(ledgerTransactions)
    .innerJoin(ledgerEntries, eq(ledgerEntries.transaction_id, ledgerTransactions.id))
    .where(
      and(
        ...ofStatement(ask, currency),
        takesBack(sql`${ledgerEntries.amount_micros}`),
        sql`NOT EXISTS (SELECT 1 ${ofCall(call_id)} AND b.posted_at >= ${to_at}
          AND ${takesBack(sql`o.amount_micros`)})`,
      ),
    )
    .groupBy(ledgerTransactions.call_id)
    .as("taken");
  return db
    .select({
      overpaid_calls: sql<number>`count(*)`.as("overpaid_calls"),
      overpaid_micros: sql<number>`coalesce(sum(paid_micros - due_micros), 0)`.as("overpaid_micros"),
    })
    .from(taken)
    .where(sql`paid_micros > due_micros`);
}

function unpaidOf(owed: readonly Owed[]): Omit<StatementUnpaid, "overpaid_calls" | "overpaid_micros"> {
  const of = (wanted: string) => owed.find((row) => row.status === wanted);
  return {
    calls: of("qualified")?.call_count ?? 0,
    amount_micros: of("qualified")?.owed_micros ?? 0,
    held_calls: of("held")?.call_count ?? 0,
    held_micros: of("held")?.owed_micros ?? 0,
  };
}

/** The verdict on what this organization owes or earns: of a shared payout on its own part. */
function statusFor({ organization }: PayableAsk): SQL {
  if (organization.kind === "advertiser") return sql`${calls.revenue_status}`;
  return sql`coalesce((SELECT s.payout_status FROM ${callShares} s
    WHERE s.call_id = ${calls.id} AND s.publisher_id = ${organization.id}), ${calls.payout_status})`;
}

/** What is owed or earned of a booked call: less what decisions of disputes took off of it, whenever that was. */
function dueFor({ organization }: PayableAsk): SQL<number> {
  const account = organization.kind === "advertiser" ? "receivable" : "payable";
  return sql<number>`abs(${ledgerEntries.amount_micros} + coalesce((SELECT sum(o.amount_micros)
    FROM ledger_transactions a JOIN ledger_entries o ON o.transaction_id = a.id
    WHERE a.call_id = ${ledgerTransactions.call_id} AND a.kind = 'adjustment'
      AND o.account = ${account} AND o.organization_id = ${organization.id}
      AND NOT EXISTS (SELECT 1 FROM ledger_transactions r WHERE r.reverses_id = a.id)), 0))`;
}

/** What was paid so far for this side of a call, to or by this organization; see `paidSoFar` for older payments. */
function paidTo({ organization }: PayableAsk): SQL {
  return sql`coalesce((SELECT sum(e.event ->> 'amount_micros') FROM call_events e
    WHERE e.call_id = ${ledgerTransactions.call_id} AND e.kind = 'paid'
      AND e.event ->> 'side' = ${SIDE_OF[organization.kind]}
      AND e.event ->> 'organization_id' = ${organization.id}
      AND coalesce(e.event ->> 'currency', ${ledgerTransactions.currency}) = ${ledgerTransactions.currency}), 0)`;
}

function isShared({ organization }: PayableAsk): SQL<boolean> {
  const shared = organization.kind === "publisher" ? sql`${calls.publisher_id} IS NULL` : sql`0`;
  return sql<boolean>`${shared}`.mapWith(Boolean) as SQL<boolean>;
}

/** A call has at most one such transaction in force, so each call is there once. */
function standingIn(ask: PayableAsk, currency: string | null): SQL[] {
  return [
    ...ofStatement(ask, currency),
    eq(ledgerTransactions.kind, KIND[ask.organization.kind]),
    sql`NOT EXISTS (SELECT 1 FROM ledger_transactions r WHERE r.reverses_id = ${ledgerTransactions.id})`,
    // Of a shared call the others' parts may still be owed when this one's is paid.
    sql`${dueFor(ask)} > ${paidTo(ask)}`,
  ];
}
