import type { VerdictStatus } from "../../../shared/api/calls.ts";
import { type Micros, sumMicros } from "../../../shared/money.ts";
import type { CampaignFacts, SourceFacts } from "./facts.ts";

/** A proven publisher's part of a payout that nobody is sure enough of. */
export type Part = {
  publisher_id: string;
  /** The sum over its candidates. */
  probability: number;
  part: Fraction;
};

/** Of whole millionths, so that parts of whole micros are exact; the parts of a call add up to 1. */
export type Fraction = { of: number; in: number };

/** Publishers below this share of a call have no part in its payout. */
export const SHARE_PAID = 0.15;

/**
 * Who shares the payout of a call that no single publisher reaches the floor of, though all proven ones together do:
 * those with a share of at least 0.15, normalised, likeliest first. Nobody unless the campaign says `split`.
 */
export function partsOf(source: SourceFacts | null, campaign: CampaignFacts | null): Part[] {
  if (campaign?.uncertain_payout !== "split" || !source || source.publisher_id !== null) return [];
  if (together(source.proven) < campaign.attribution_floor) return [];
  const sharing = source.proven
    .filter(({ probability }) => probability >= SHARE_PAID)
    .sort((a, b) => b.probability - a.probability || (a.publisher_id < b.publisher_id ? -1 : 1));
  const total = inMillionths(sharing);
  return sharing.map((one) => ({ ...one, part: { of: millionths(one.probability), in: total } }));
}

/** What publishers have of a call together. Added up as whole millionths: 0.6 and 0.3 reach a floor of 0.9. */
export function together(proven: readonly { probability: number }[]): number {
  return inMillionths(proven) / 1e6;
}

/** A part of an amount, cut to whole micros: together the parts are never more than the whole. */
export function partOf(amount_micros: Micros, part: Fraction): Micros {
  return Math.floor((amount_micros * part.of) / part.in);
}

/** Cuts an amount into parts that add up to it: what is left of whole micros is the first one's. */
export function divide(amount_micros: Micros, parts: readonly number[]): Micros[] {
  const cut = parts.slice(1).map((part) => Math.floor(amount_micros * part));
  return parts.length === 0 ? [] : [amount_micros - sumMicros(cut), ...cut];
}

export const WHOLE: Fraction = { of: 1, in: 1 };

function inMillionths(proven: readonly { probability: number }[]): number {
  return proven.reduce((sum, { probability }) => sum + millionths(probability), 0);
}

/** Probabilities are stored with six digits. */
function millionths(probability: number): number {
  return Math.round(probability * 1e6);
}

/** From the least settled due status on: whatever is still owed to one of them is still owed for the call. */
const DUE_FIRST = ["held", "qualified", "paid"] as const;

/** The status of a payout that is shared: due while any part is due, decided once all parts are. */
export function statusOfParts(statuses: readonly VerdictStatus[]): VerdictStatus {
  const due = DUE_FIRST.find((status) => statuses.includes(status));
  if (due) return due;
  if (statuses.includes("pending")) return "pending";
  return statuses.includes("reversed") ? "reversed" : "rejected";
}
