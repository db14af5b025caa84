import type { DecisionInput, DisputeClaim } from "../../../shared/api/disputes.ts";
import type { OrganizationKind } from "../../../shared/api/organizations.ts";
import type { Micros } from "../../../shared/money.ts";
import { type DisputeFacts, overruledNever } from "./disputes.ts";
import type { CallFacts, Side } from "./facts.ts";
import { isDue, type Judgement, type Judgements, type ShareJudgement } from "./judge.ts";

/** Who may dispute what of a call, and what a decision may take off: nothing that is not booked. */

export type Claimant = { kind: OrganizationKind; organization_id: string };
export type Claimed = { claim: DisputeClaim; publisher_id: string | null; payout_micros: Micros };
type Refused = { refused: string };

/** What this claimant disputes of the side, as it is judged now; or why there is nothing to dispute. */
export function claimOf(judged: Judgements, side: Side, claimant: Claimant): Claimed | Refused {
  return side === "revenue" ? claimOnRevenue(judged) : claimOnPayout(judged.payout, claimant);
}

function claimOnRevenue({ revenue, payout }: Judgements): Claimed | Refused {
  if (revenue.status === "pending") return { refused: "What the advertiser owes is not decided yet." };
  if (revenue.amount_micros === 0) return { refused: "The advertiser owes nothing for this call." };
  return { claim: "reverse", publisher_id: null, payout_micros: payout.amount_micros };
}

function claimOnPayout(payout: Judgement, { kind, organization_id }: Claimant): Claimed | Refused {
  const own = kind === "publisher" ? lineOf(payout, organization_id) : payout;
  if (!own) return { refused: "This call is not booked to you: there is no payout of yours to dispute." };
  const has_payee = own.organization_id !== null || payout.shares.length > 0;
  if (!has_payee) return { refused: "Nobody earns by this call: no publisher is sure enough." };
  if (own.status === "pending") return { refused: "What the publisher earns is not decided yet." };
  const { organization_id: publisher_id, amount_micros: payout_micros } = own;
  const is_lowered = (own.adjusted_micros ?? 0) > 0;
  const is_whole = isDue(own.status) && !is_lowered;
  if (kind === "publisher" && is_whole) return { refused: "Your payout for this call is due in full." };
  if (kind === "network" && isDue(own.status) && payout_micros > 0) {
    return { claim: "reverse", publisher_id, payout_micros };
  }
  if (is_whole) return { refused: "The publisher earns nothing by this call." };
  const never = overruledNever(own.rules);
  return never
    ? { refused: `No decision can change this: ${never.detail}.` }
    : restore(publisher_id, payout_micros);
}

const restore = (publisher_id: string | null, payout_micros: Micros): Claimed => ({
  claim: "restore",
  publisher_id,
  payout_micros,
});

type Payee = Judgement | ShareJudgement;

/** A publisher's own payout, whole or its part of a shared one; null for who earns nothing by the call. */
export function lineOf(payout: Judgement, publisher_id: string | null): Payee | null {
  const share = payout.shares.find(({ organization_id }) => organization_id === publisher_id);
  if (share) return share;
  return payout.organization_id === publisher_id ? payout : null;
}

export type DecidedAmounts = { advertiser_credit_micros: Micros; publisher_debit_micros: Micros };
type Wrong = { field: keyof DecidedAmounts; detail: string };
type Asked = Pick<DecisionInput, "decision"> & Partial<Record<keyof DecidedAmounts, Micros | undefined>>;
/** Whose call it is now, and in which currency. */
type Owner = Pick<CallFacts, "advertiser_id" | "currency">;

export const NO_AMOUNTS: DecidedAmounts = { advertiser_credit_micros: 0, publisher_debit_micros: 0 };

/**
 * What there is to take off of the lines that the dispute binds, as they are judged now: nothing of a call that is another
 * advertiser's since, of another currency, or of another publisher's payout. Of a claim for a payout it is all but one
 * micro of what accepting it would bring, as it is judged `upheld`.
 */
export function amountsBound(
  { side, claim, advertiser_id, publisher_id, currency }: DisputeFacts,
  call: Owner,
  judged: Judgements,
  upheld: Judgements,
): DecidedAmounts {
  if (advertiser_id !== call.advertiser_id || currency !== call.currency) return NO_AMOUNTS;
  const earned = ({ payout }: Judgements): Micros => {
    const own = publisher_id === null ? payout : lineOf(payout, publisher_id);
    return own?.amount_micros ?? 0;
  };
  return {
    advertiser_credit_micros: side === "revenue" ? judged.revenue.amount_micros : 0,
    publisher_debit_micros: claim === "restore" ? Math.max(0, earned(upheld) - 1) : earned(judged),
  };
}

/**
 * What a decision takes off, or which of its amounts is wrong. Of a claim that money is not due: accepted all that is
 * booked, in part what is asked of it. Of a claim for a payout: accepted nothing, in part what is left out of it.
 * `bound` is what there is at most.
 */
export function amountsOf(
  { claim }: Pick<DisputeFacts, "claim">,
  asked: Asked,
  bound: DecidedAmounts,
): DecidedAmounts | Wrong {
  switch (asked.decision) {
    case "declined":
      return exactly(NO_AMOUNTS, asked, "is 0 where a dispute is declined: leave it out");
    case "accepted":
      return claim === "restore"
        ? exactly(
            NO_AMOUNTS,
            asked,
            "is 0 where a payout is restored in full: leave it out, or decide partial",
          )
        : exactly(
            bound,
            asked,
            "is all that is booked where a dispute is accepted: leave it out, or decide partial",
          );
    case "partial":
      return partial(bound, asked);
  }
}

const FIELDS = ["advertiser_credit_micros", "publisher_debit_micros"] as const;

function exactly(amounts: DecidedAmounts, asked: Asked, detail: string): DecidedAmounts | Wrong {
  const field = FIELDS.find((name) => asked[name] !== undefined && asked[name] !== amounts[name]);
  return field ? { field, detail } : amounts;
}

function partial(most: DecidedAmounts, asked: Asked): DecidedAmounts | Wrong {
  const amounts = {
    advertiser_credit_micros: asked.advertiser_credit_micros ?? 0,
    publisher_debit_micros: asked.publisher_debit_micros ?? 0,
  };
  const field = FIELDS.find((name) => amounts[name] > most[name]);
  if (field) return { field, detail: `must be at most ${most[field]}, which is what there is` };
  const asks = most.advertiser_credit_micros > 0 ? FIELDS[0] : FIELDS[1];
  if (FIELDS.every((name) => amounts[name] === 0))
    return { field: asks, detail: "is required where a dispute is accepted in part" };
  return amounts;
}
