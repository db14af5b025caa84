import { and, asc, desc, eq, gt, gte, inArray, lt, or, type SQL, sql } from "drizzle-orm";
import type { LedgerEntry } from "../../shared/api/ledger.ts";
import type { Instant } from "../../shared/instant.ts";
import type { Viewer } from "../accounts/viewer.ts";
import type { Db, Statement } from "../platform/db.ts";
import type { Ids } from "../platform/ids.ts";
import type { Side } from "./model/facts.ts";
import type { Judgement } from "./model/judge.ts";
import type { Booked, Entry, Posting, SideLedger } from "./model/postings.ts";
import { ledgerEntries, ledgerTransactions, verdicts } from "./tables.ts";

export type VerdictRow = typeof verdicts.$inferSelect;
export type VerdictPair = Record<Side, VerdictRow | null>;

/** The verdicts in force of many calls, by call id. One statement, however many calls there are. */
export async function verdictsOf(db: Db, call_ids: readonly string[]): Promise<Map<string, VerdictPair>> {
  const rows = await db
    .select()
    .from(verdicts)
    .where(
      and(
        sql`${verdicts.call_id} IN (SELECT value FROM json_each(${JSON.stringify(call_ids)}))`,
        // Spelled out: drizzle leaves a table's name away where there is but one.
        sql`verdicts.version = (SELECT max(v.version) FROM verdicts v
          WHERE v.call_id = verdicts.call_id AND v.side = verdicts.side)`,
      ),
    );
  const pairs = new Map<string, VerdictPair>();
  for (const row of rows) {
    const pair = pairs.get(row.call_id) ?? { revenue: null, payout: null };
    pair[row.side] = row;
    pairs.set(row.call_id, pair);
  }
  return pairs;
}

/** A side of a call in the ledger, and to whom it was ever booked, also if that was reversed since. */
export type StoredLedger = SideLedger & { booked_to: ReadonlySet<string> };

/** What is booked of a call, for each side. */
export async function ledgerOf(db: Db, call_id: string): Promise<Record<Side, StoredLedger>> {
  const lines = await db
    .select({ transaction: ledgerTransactions, entry: ledgerEntries })
    .from(ledgerTransactions)
    .innerJoin(ledgerEntries, eq(ledgerEntries.transaction_id, ledgerTransactions.id))
    .where(
      and(
        eq(ledgerTransactions.call_id, call_id),
        inArray(ledgerTransactions.kind, ["charge", "payout", "reversal", "adjustment"]),
      ),
    )
    .orderBy(asc(ledgerTransactions.id), asc(ledgerEntries.line));
  const reversed = new Set(lines.map(({ transaction }) => transaction.reverses_id));
  const bookedIn = (own: Line[]) => {
    const ids = new Set(own.map(({ transaction }) => transaction.id));
    const standing = own.filter(({ transaction }) => !reversed.has(transaction.id));
    return { in_force: bookedOf(standing), count: ids.size };
  };
  const sideOf = (kind: "charge" | "payout", account: "receivable" | "payable"): StoredLedger => {
    const booked = lines.filter(({ transaction }) => transaction.kind === kind);
    const { in_force, count } = bookedIn(booked);
    // An adjustment is of the side whose account it moves.
    const adjusting = lines.filter(({ transaction }) => transaction.kind === "adjustment");
    const ids = new Set(
      adjusting.flatMap(({ entry }) => (entry.account === account ? entry.transaction_id : [])),
    );
    const adjusted = bookedIn(adjusting.filter(({ transaction }) => ids.has(transaction.id)));
    return {
      in_force,
      booked_count: count,
      booked_to: new Set(
        booked.flatMap(({ entry }) => (entry.account === account ? entry.organization_id : [])),
      ),
      adjustment: adjusted.in_force,
      adjusted_count: adjusted.count,
    };
  };
  return { revenue: sideOf("charge", "receivable"), payout: sideOf("payout", "payable") };
}

type Line = {
  transaction: typeof ledgerTransactions.$inferSelect;
  entry: typeof ledgerEntries.$inferSelect;
};

/** All lines are of one transaction: the database keeps at most one of a kind in force. */
function bookedOf(lines: Line[]): Booked | null {
  const first = lines[0]?.transaction;
  const party = lines.find(
    ({ entry }) => entry.account === "receivable" || entry.account === "payable",
  )?.entry;
  if (!first || !party) return null;
  return {
    transaction_id: first.id,
    posting_key: first.posting_key,
    organization_id: party.organization_id,
    amount_micros: Math.abs(party.amount_micros),
    currency: first.currency,
    terms_version: first.terms_version,
    entries: lines.flatMap(({ entry }) => entryOf(entry)),
  };
}

function entryOf({ account, organization_id, amount_micros }: Line["entry"]): Entry[] {
  return account === "clearing" ? [] : [{ account, organization_id, amount_micros }];
}

/** The next version of one side's verdict; a conflict when somebody else judged meanwhile. */
export function addVerdict(
  db: Db,
  call: { id: string; network_id: string },
  judgement: Judgement,
  made: { id: string; version: number; created_at: Instant },
): Statement {
  const { side, status, organization_id, terms_version, amount_micros, rules, shares } = judgement;
  return db.insert(verdicts).values({
    ...made,
    network_id: call.network_id,
    call_id: call.id,
    side,
    status,
    organization_id,
    terms_version,
    amount_micros,
    rules,
    shares: shares.length === 0 ? null : shares,
  });
}

/** True when a judgement says nothing that the stored verdict does not say. */
export function isSameVerdict(stored: VerdictRow | null, judgement: Judgement): boolean {
  return (
    stored !== null &&
    stored.status === judgement.status &&
    stored.organization_id === judgement.organization_id &&
    stored.terms_version === judgement.terms_version &&
    stored.amount_micros === judgement.amount_micros &&
    sameJson(stored.rules, judgement.rules) &&
    sameJson(stored.shares ?? [], judgement.shares)
  );
}

function sameJson(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** Books postings: the entries of each first, its sealing header last, a reversal before what replaces it. */
export function post(
  db: Db,
  call: { id: string; network_id: string },
  postings: readonly Posting[],
  made: { ids: Ids; at: Instant },
): Statement[] {
  return postings.flatMap(({ entries, ...header }) => {
    const id = made.ids.next("transaction");
    return [
      db
        .insert(ledgerEntries)
        .values(entries.map((entry, i) => ({ transaction_id: id, line: i + 1, ...entry }))),
      db
        .insert(ledgerTransactions)
        .values({ id, network_id: call.network_id, call_id: call.id, posted_at: made.at, ...header }),
    ];
  });
}

export type LedgerFilter = {
  call_id?: string | undefined;
  from?: Instant | undefined;
  to?: Instant | undefined;
};

/** Where a page of the ledger begins: after this line. */
export type LedgerPlace = { posted_at: Instant; transaction_id: string; line: number };
export type LedgerLine = LedgerEntry & { line: number };

/**
 * Lines of sealed transactions, newest first, the lines of one transaction in their order; `limit` rows.
 * A network sees all accounts, an advertiser what it owes, a publisher what it is owed.
 */
export async function listLedger(
  db: Db,
  viewer: Viewer,
  filter: LedgerFilter,
  after: LedgerPlace | null,
  limit: number,
): Promise<LedgerLine[]> {
  const { id, posted_at } = ledgerTransactions;
  const where: SQL[] = [eq(ledgerTransactions.network_id, viewer.network_id), ...linesOf(viewer)];
  if (filter.call_id !== undefined) where.push(eq(ledgerTransactions.call_id, filter.call_id));
  if (filter.from !== undefined) where.push(gte(posted_at, filter.from));
  if (filter.to !== undefined) where.push(lt(posted_at, filter.to));
  if (after) {
    const sameTransaction = and(eq(id, after.transaction_id), gt(ledgerEntries.line, after.line));
    const sameTime = and(eq(posted_at, after.posted_at), or(lt(id, after.transaction_id), sameTransaction));
    const later = or(lt(posted_at, after.posted_at), sameTime);
    if (later) where.push(later);
  }
  return db
    .select({
      transaction_id: id,
      line: ledgerEntries.line,
      account: ledgerEntries.account,
      organization_id: ledgerEntries.organization_id,
      amount_micros: ledgerEntries.amount_micros,
      currency: ledgerTransactions.currency,
      call_id: ledgerTransactions.call_id,
      kind: ledgerTransactions.kind,
      reason: ledgerTransactions.reason,
      posted_at,
    })
    .from(ledgerTransactions)
    .innerJoin(ledgerEntries, eq(ledgerEntries.transaction_id, id))
    .where(and(...where))
    .orderBy(desc(posted_at), desc(id), asc(ledgerEntries.line))
    .limit(limit);
}

/** Lines that are read at once for an export. */
const PART_LINES = 500;

/** Every line that the filter lets through, newest first, part by part: what is posted meanwhile is not among them. */
export async function* wholeLedger(
  db: Db,
  viewer: Viewer,
  filter: LedgerFilter,
): AsyncGenerator<LedgerEntry[]> {
  let after: LedgerPlace | null = null;
  do {
    const lines = await listLedger(db, viewer, filter, after, PART_LINES);
    yield lines.map(({ line: _, ...entry }) => entry);
    after = lines.length < PART_LINES ? null : (lines.at(-1) ?? null);
  } while (after !== null);
}

function linesOf(viewer: Viewer): SQL[] {
  if (viewer.kind === "network") return [];
  const account = viewer.kind === "advertiser" ? "receivable" : "payable";
  return [eq(ledgerEntries.organization_id, viewer.organization_id), eq(ledgerEntries.account, account)];
}
