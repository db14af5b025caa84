import type { RuleResult } from "../../../shared/api/calls.ts";
import { assert } from "../../../shared/assert.ts";
import { type Micros, sumMicros } from "../../../shared/money.ts";
import type { Side } from "./facts.ts";
import { isDue, type Judgement } from "./judge.ts";

/** One line of a transaction; debit positive. */
export type Entry = {
  account: "receivable" | "payable" | "margin";
  organization_id: string;
  amount_micros: Micros;
};

/** Money of one side of a call that was booked and not reversed. */
export type Booked = {
  transaction_id: string;
  posting_key: string;
  organization_id: string;
  amount_micros: Micros;
  currency: string;
  terms_version: number | null;
  entries: Entry[];
};

/** What to book; it gets its id and time when it is written. */
export type Posting = {
  kind: "charge" | "payout" | "reversal" | "adjustment";
  /** The natural key: the same posting cannot be booked twice. */
  posting_key: string;
  reverses_id: string | null;
  currency: string;
  terms_version: number | null;
  reason: string;
  entries: Entry[];
};

/**
 * Where a side of a call stands in the ledger: what is in force, what a decision of a dispute takes off of it, and how
 * often each was booked so far.
 */
export type SideLedger = {
  in_force: Booked | null;
  booked_count: number;
  adjustment: Booked | null;
  adjusted_count: number;
};

const JUDGED_AGAIN = "judged again";
const KIND = { revenue: "charge", payout: "payout" } as const satisfies Record<Side, Posting["kind"]>;

/**
 * What must be booked so that exactly this judgement's money is in force, what the terms say and what decisions took off
 * of it apart: nothing when it already is, else the reversal of what stands and the new amounts. Nothing is booked for
 * an amount of zero. `currency` is null for a call that is no campaign's, of which nothing is due: what was booked while
 * it was one's is reversed.
 */
export function postingsFor(
  call: { id: string; network_id: string; currency: string | null },
  judgement: Judgement,
  ledger: SideLedger,
): Posting[] {
  const [parties, off] = [partiesOf(judgement, wholeOf), partiesOf(judgement, offOf)];
  const { in_force, adjustment } = ledger;
  const stays = isBooked(in_force, parties, call.currency);
  // An adjustment is of what is in force: it goes with it.
  const offStays = stays && isBooked(adjustment, off, call.currency);
  const postings: Posting[] = [];
  const reason = isOthersNow(ledger.in_force, judgement) ? JUDGED_AGAIN : reasonOf(judgement);
  if (adjustment && !offStays) postings.push(reversalOf(adjustment, reason));
  if (in_force && !stays) postings.push(reversalOf(in_force, reason));
  if (parties.length > 0 && !stays) {
    postings.push({
      kind: KIND[judgement.side],
      posting_key: `${call.id}/${KIND[judgement.side]}/${ledger.booked_count + 1}`,
      reason: ledger.booked_count > 0 ? JUDGED_AGAIN : judgement.status,
      entries: entriesOf(judgement.side, call.network_id, parties),
      ...headerOf(call, judgement),
    });
  }
  if (off.length > 0 && !offStays) {
    postings.push({
      kind: "adjustment",
      posting_key: `${call.id}/adjustment/${judgement.side}/${ledger.adjusted_count + 1}`,
      reason: adjustmentReason(judgement),
      entries: entriesOf(judgement.side, call.network_id, off).map(turned),
      ...headerOf(call, judgement),
    });
  }
  for (const posting of postings) {
    assert(sumMicros(posting.entries.map((e) => e.amount_micros)) === 0, "a transaction balances");
  }
  return postings;
}

function headerOf({ currency }: { currency: string | null }, { terms_version }: Judgement) {
  assert(currency !== null, "money that is due is in a campaign's currency");
  return { reverses_id: null, currency, terms_version };
}

function isBooked(booked: Booked | null, parties: readonly Party[], currency: string | null): boolean {
  if (booked === null) return parties.length === 0;
  return booked.currency === currency && sameParties(parties, partiesBooked(booked));
}

/** Somebody who owes or earns an amount above zero. */
type Party = { organization_id: string; amount_micros: Micros };

/** What a judgement, or a sharer's part of one, says of amounts. */
type Amounts = { amount_micros: Micros; adjusted_micros?: Micros };
const offOf = ({ adjusted_micros = 0 }: Amounts): Micros => adjusted_micros;
const wholeOf = (amounts: Amounts): Micros => amounts.amount_micros + offOf(amounts);

function partiesOf(judgement: Judgement, amountOf: (of: Amounts) => Micros): Party[] {
  const { status, organization_id, shares } = judgement;
  if (shares.length > 0) {
    return shares
      .filter((share) => isDue(share.status) && amountOf(share) > 0)
      .map((share) => ({ organization_id: share.organization_id, amount_micros: amountOf(share) }));
  }
  const amount_micros = amountOf(judgement);
  if (!isDue(status) || amount_micros === 0) return [];
  assert(organization_id !== null, "money that is due has somebody who owes or earns it");
  return [{ organization_id, amount_micros }];
}

function partiesBooked({ entries }: Booked): Party[] {
  return entries
    .filter(({ account }) => account !== "margin")
    .map(({ organization_id, amount_micros }) => ({
      organization_id,
      amount_micros: Math.abs(amount_micros),
    }));
}

function sameParties(a: readonly Party[], b: readonly Party[]): boolean {
  const text = (parties: readonly Party[]) =>
    parties.map(({ organization_id, amount_micros }) => `${organization_id} ${amount_micros}`).sort();
  return text(a).join() === text(b).join();
}

/** A charge: the advertiser owes, the network earns. A payout: the network's margin pays what publishers earn. */
function entriesOf(side: Side, network_id: string, parties: readonly Party[]): Entry[] {
  const total = sumMicros(parties.map(({ amount_micros }) => amount_micros));
  return side === "revenue"
    ? [
        ...parties.map((party): Entry => ({ account: "receivable", ...party })),
        { account: "margin", organization_id: network_id, amount_micros: -total },
      ]
    : [
        { account: "margin", organization_id: network_id, amount_micros: total },
        ...parties.map(
          ({ organization_id, amount_micros }): Entry => ({
            account: "payable",
            organization_id,
            amount_micros: -amount_micros,
          }),
        ),
      ];
}

const turned = (entry: Entry): Entry => ({ ...entry, amount_micros: -entry.amount_micros });

function reversalOf(booked: Booked, reason: string): Posting {
  return {
    kind: "reversal",
    posting_key: `${booked.posting_key}/reversal`,
    reverses_id: booked.transaction_id,
    currency: booked.currency,
    terms_version: booked.terms_version,
    reason,
    entries: booked.entries.map(turned),
  };
}

/** True where the call is other parties' by now: how it failed by their terms is not for those to read whom it was booked to. */
function isOthersNow(booked: Booked | null, { organization_id, shares }: Judgement): boolean {
  const now = shares.length > 0 ? shares.map((share) => share.organization_id) : [organization_id];
  if (booked === null || (organization_id === null && shares.length === 0)) return false;
  return partiesBooked(booked).some((party) => !now.includes(party.organization_id));
}

type Ruled = Pick<Judgement, "status" | "rules">;

/** Why what stood does not stand any more: the rule that failed, or that the amount or party changed. */
function reasonOf(judgement: Judgement): string {
  const failed = ({ status, rules }: Ruled) =>
    isDue(status) ? undefined : rules.find((rule) => !rule.passed && !rule.pending);
  return saidAlike(judgement, failed) ?? JUDGED_AGAIN;
}

function adjustmentReason(judgement: Judgement): string {
  const disputed = ({ rules }: Ruled) => rules.find(({ rule }) => rule === "dispute");
  return saidAlike(judgement, disputed) ?? "a dispute was decided";
}

/**
 * A rule in words, as those read them who share what is booked: in detail where it says the same to all, else its name,
 * for the details are of each one's own terms; null where there is none, or they have several.
 */
function saidAlike(judgement: Judgement, ruleOf: (of: Ruled) => RuleResult | undefined): string | null {
  const { shares } = judgement;
  const found = (shares.length > 0 ? shares : [judgement]).flatMap((one) => ruleOf(one) ?? []);
  const alike = (of: (rule: RuleResult) => string) => {
    const [text, ...others] = new Set(found.map(of));
    return others.length === 0 ? (text ?? null) : null;
  };
  return alike(({ rule, detail }) => `${rule}: ${detail}`) ?? alike(({ rule }) => rule);
}
