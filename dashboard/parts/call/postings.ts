import type { LedgerEntry } from "../../../shared/api/ledger.ts";
import type { OrganizationKind } from "../../../shared/api/organizations.ts";
import type { Instant } from "../../../shared/instant.ts";
import { type Micros, sumMicros } from "../../../shared/money.ts";
import { type Names, organizationName } from "./names.ts";

/** Entries of one transaction, as they were posted. `sum_micros` is 0 where the viewer sees both sides. */
export type Transaction = {
  id: string;
  posted_at: Instant;
  kind: LedgerEntry["kind"];
  reason: string;
  currency: string;
  call_id: string | null;
  entries: LedgerEntry[];
  sum_micros: Micros;
};

/** Groups entries by transaction, in the order in which their transactions first appear. */
export function transactionsOf(entries: readonly LedgerEntry[]): Transaction[] {
  const byId = new Map<string, LedgerEntry[]>();
  for (const entry of entries) {
    const group = byId.get(entry.transaction_id);
    if (group) group.push(entry);
    else byId.set(entry.transaction_id, [entry]);
  }
  return [...byId.values()].flatMap((group) => {
    const [first] = group;
    if (!first) return [];
    return {
      id: first.transaction_id,
      posted_at: first.posted_at,
      kind: first.kind,
      reason: first.reason,
      currency: first.currency,
      call_id: first.call_id,
      // Debits first, as bookkeepers write them.
      entries: group.toSorted((a, b) => Math.sign(b.amount_micros) - Math.sign(a.amount_micros)),
      sum_micros: sumMicros(group.map((entry) => entry.amount_micros)),
    };
  });
}

/** A call's own transactions, oldest first: the story in the order in which it happened. */
export function storyOf(entries: readonly LedgerEntry[]): Transaction[] {
  return transactionsOf(entries).toSorted((a, b) => a.posted_at - b.posted_at || (a.id < b.id ? -1 : 1));
}

/** What stands in one account of one organization after these entries; debit positive. */
export type Balance = {
  account: LedgerEntry["account"];
  organization_id: string;
  currency: string;
  amount_micros: Micros;
};

const ACCOUNT_ORDER: readonly LedgerEntry["account"][] = ["receivable", "payable", "margin", "clearing"];

/** One balance for each account, organization and currency: receivables first, largest first within an account. */
export function balancesOf(entries: readonly LedgerEntry[]): Balance[] {
  const balances = new Map<string, Balance>();
  for (const { account, organization_id, currency, amount_micros } of entries) {
    const key = `${account} ${organization_id} ${currency}`;
    const known = balances.get(key);
    if (known) known.amount_micros = sumMicros([known.amount_micros, amount_micros]);
    else balances.set(key, { account, organization_id, currency, amount_micros });
  }
  return [...balances.values()].toSorted(
    (a, b) =>
      ACCOUNT_ORDER.indexOf(a.account) - ACCOUNT_ORDER.indexOf(b.account) ||
      Math.abs(b.amount_micros) - Math.abs(a.amount_micros) ||
      (a.organization_id < b.organization_id ? -1 : 1),
  );
}

/** What was added to one side: debits and credits as two positive sums of one currency. */
export function columnSums(entries: readonly LedgerEntry[]): { debit_micros: Micros; credit_micros: Micros } {
  return {
    debit_micros: sumMicros(entries.map(({ amount_micros }) => Math.max(0, amount_micros))),
    credit_micros: sumMicros(entries.map(({ amount_micros }) => Math.max(0, -amount_micros))),
  };
}

/** An account in words, paid since or not: "Harbor & Pine charged", "You earned", "Larkspur margin". */
export function accountWords(
  entry: Pick<LedgerEntry, "account" | "organization_id">,
  kind: OrganizationKind,
  names: Names,
): string {
  const name = organizationName(entry.organization_id, names);
  switch (entry.account) {
    case "receivable":
      return kind === "advertiser" ? "You were charged" : `${name} charged`;
    case "payable":
      return kind === "publisher" ? "You earned" : `${name} earned`;
    case "margin":
      return `${name} margin`;
    case "clearing":
      return `${name} clearing`;
  }
}

const KIND_WORDS: Readonly<Record<LedgerEntry["kind"], string>> = {
  charge: "Charge",
  payout: "Payout",
  reversal: "Reversal",
  adjustment: "Adjustment",
};

export function kindWords(kind: LedgerEntry["kind"]): string {
  return KIND_WORDS[kind];
}

/** The last amounts that were booked for a call and then taken back, by side; null where nothing was. */
export function takenBack(entries: readonly LedgerEntry[]): {
  revenue: Micros | null;
  payout: Micros | null;
} {
  const reversed = (account: LedgerEntry["account"], sign: 1 | -1): Micros | null => {
    const last = entries
      .filter((entry) => entry.kind === "reversal" && entry.account === account)
      .toSorted((a, b) => b.posted_at - a.posted_at)[0];
    return last ? sign * last.amount_micros : null;
  };
  return { revenue: reversed("receivable", -1), payout: reversed("payable", 1) };
}
