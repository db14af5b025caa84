import { and, asc, desc, eq, gt, gte, lt, or, type SQL, sql } from "drizzle-orm";
import type { OrganizationKind } from "../../shared/api/organizations.ts";
import type { Statement, StatementLine } from "../../shared/api/statements.ts";
import type { Instant } from "../../shared/instant.ts";
import { err, ok, type Result } from "../../shared/result.ts";
import { calls } from "../calls/tables.ts";
import type { Db } from "../platform/db.ts";
import { toPage } from "../platform/paging.ts";
import type { Failure } from "../platform/problem.ts";
import { ledgerEntries, ledgerTransactions } from "../settlement/tables.ts";
import { monthRange } from "./model/period.ts";

/** What a statement is of: one organization's account in one month. */
export type StatementAsk = {
  network_id: string;
  organization: { id: string; kind: OrganizationKind };
  /** `YYYY-MM` in `timezone`, the network's. */
  period: string;
  timezone: string;
  currency: string | undefined;
};

/** Where a page of lines begins: after this one. */
export type LinePlace = { posted_at: Instant; transaction_id: string; line: number };

/** A statement is a document, so a page of it is longer than a list's. */
export const STATEMENT_LINES_MAX = 1_000;

/** What each kind of organization has with the network; debit positive in the ledger, so what is earned is turned. */
export const ACCOUNT = {
  advertiser: { account: "receivable", sign: 1 },
  publisher: { account: "payable", sign: -1 },
  network: { account: "margin", sign: -1 },
} as const;

type Line = StatementLine & { line: number };

/**
 * What was posted for an organization in a month, oldest first: positive is owed by an advertiser, earned by a
 * publisher, kept by a network, so that over one call the three agree. Reads sealed transactions only. Fails when the
 * month has several currencies and none is named: they are never added.
 */
export async function readStatement(
  db: Db,
  ask: StatementAsk,
  after: LinePlace | null,
): Promise<Result<Statement, Failure>> {
  const { from_at, to_at } = monthRange(ask.period, ask.timezone);
  const currency = await currencyOf(db, ask);
  if (!currency.ok) return currency;
  const [lines, [sum]] = await db.batch([
    selectLines(db, ask, currency.value, after, STATEMENT_LINES_MAX + 1),
    selectTotal(db, ask, currency.value),
  ]);
  const page = toPage(lines, STATEMENT_LINES_MAX, placeCursor, lineView);
  return ok({
    organization_id: ask.organization.id,
    period: ask.period,
    timezone: ask.timezone,
    from: from_at,
    to: to_at,
    currency: currency.value,
    total_micros: Number(sum?.total_micros ?? 0),
    line_count: sum?.line_count ?? 0,
    lines: page.data,
    next_cursor: page.next_cursor,
  });
}

/** Every line of the statement, page by page. */
export async function* readAllLines(
  db: Db,
  ask: StatementAsk,
  currency: string | null,
): AsyncGenerator<StatementLine[]> {
  let after: LinePlace | null = null;
  for (;;) {
    const lines: Line[] = await selectLines(db, ask, currency, after, STATEMENT_LINES_MAX);
    if (lines.length > 0) yield lines.map(lineView);
    after = lines.at(-1) ?? null;
    if (after === null || lines.length < STATEMENT_LINES_MAX) return;
  }
}

/**
 * The asked currency; else the only one of the month, else the one last posted in; null if nothing was ever posted.
 * Fails at `pointer` when the month has several.
 */
export async function currencyOf(
  db: Db,
  ask: StatementAsk,
  pointer = "?currency",
): Promise<Result<string | null, Failure>> {
  if (ask.currency !== undefined) return ok(ask.currency);
  const { currency, posted_at } = ledgerTransactions;
  const posted = () =>
    db
      .select({ currency, last_at: sql`max(${posted_at})` })
      .from(ledgerTransactions)
      .innerJoin(ledgerEntries, eq(ledgerEntries.transaction_id, ledgerTransactions.id));
  const [inPeriod, ever] = await db.batch([
    posted()
      .where(and(...ofAccount(ask), ...inMonth(ask)))
      .groupBy(currency)
      .orderBy(asc(currency)),
    posted()
      .where(and(...ofAccount(ask)))
      .groupBy(currency)
      .orderBy(desc(sql`max(${posted_at})`))
      .limit(1),
  ]);
  if (inPeriod.length > 1) {
    const names = inPeriod.map((row) => row.currency).join(", ");
    return err({ kind: "invalid", faults: [{ pointer, detail: `must be one of ${names}` }] });
  }
  return ok((inPeriod[0] ?? ever[0])?.currency ?? null);
}

function ofAccount({ network_id, organization }: StatementAsk): SQL[] {
  return [
    eq(ledgerTransactions.network_id, network_id),
    eq(ledgerEntries.organization_id, organization.id),
    eq(ledgerEntries.account, ACCOUNT[organization.kind].account),
  ];
}

function inMonth({ period, timezone }: StatementAsk): SQL[] {
  const { from_at, to_at } = monthRange(period, timezone);
  return [gte(ledgerTransactions.posted_at, from_at), lt(ledgerTransactions.posted_at, to_at)];
}

/** The sealed entries of one statement; the query joins `ledgerTransactions` and `ledgerEntries`. */
export function ofStatement(ask: StatementAsk, currency: string | null): SQL[] {
  return [...ofAccount(ask), ...inMonth(ask), eq(ledgerTransactions.currency, currency ?? "")];
}

function amount({ organization }: StatementAsk): SQL<number> {
  return ACCOUNT[organization.kind].sign === 1
    ? sql<number>`${ledgerEntries.amount_micros}`
    : sql<number>`-${ledgerEntries.amount_micros}`;
}

function selectLines(
  db: Db,
  ask: StatementAsk,
  currency: string | null,
  after: LinePlace | null,
  limit: number,
) {
  const { id, posted_at } = ledgerTransactions;
  const where = ofStatement(ask, currency);
  if (after) {
    const sameTransaction = and(eq(id, after.transaction_id), gt(ledgerEntries.line, after.line));
    const sameTime = and(eq(posted_at, after.posted_at), or(gt(id, after.transaction_id), sameTransaction));
    const later = or(gt(posted_at, after.posted_at), sameTime);
    if (later) where.push(later);
  }
  return db
    .select({
      transaction_id: id,
      line: ledgerEntries.line,
      posted_at,
      kind: ledgerTransactions.kind,
      call_id: ledgerTransactions.call_id,
      call_started_at: calls.started_at,
      campaign_id: calls.campaign_id,
      amount_micros: amount(ask),
      reason: ledgerTransactions.reason,
    })
    .from(ledgerTransactions)
    .innerJoin(ledgerEntries, eq(ledgerEntries.transaction_id, id))
    .leftJoin(calls, eq(calls.id, ledgerTransactions.call_id))
    .where(and(...where))
    .orderBy(asc(posted_at), asc(id), asc(ledgerEntries.line))
    .limit(limit);
}

function selectTotal(db: Db, ask: StatementAsk, currency: string | null) {
  return db
    .select({
      total_micros: sql<number>`coalesce(sum(${amount(ask)}), 0)`,
      line_count: sql<number>`count(*)`,
    })
    .from(ledgerTransactions)
    .innerJoin(ledgerEntries, eq(ledgerEntries.transaction_id, ledgerTransactions.id))
    .where(and(...ofStatement(ask, currency)));
}

const placeCursor = (line: Line): [number, string, number] => [
  line.posted_at,
  line.transaction_id,
  line.line,
];

function lineView({ line: _line, ...shown }: Line): StatementLine {
  return shown;
}
