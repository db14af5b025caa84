import { type Micros, sumMicros } from "../../../shared/money.ts";
import type { PaymentFacts, Side } from "./facts.ts";

/** What somebody owes or earns for one side of a call. */
export type Due = { side: Side; organization_id: string; currency: string; amount_micros: Micros };

/** How often, and how much, this organization paid or was paid for this side so far, in this currency. */
export function paidSoFar(
  payments: readonly PaymentFacts[],
  { side, organization_id, currency }: Omit<Due, "amount_micros">,
): { payment_count: number; paid_micros: Micros } {
  const own = payments.filter(
    (one) =>
      one.side === side &&
      one.organization_id === organization_id &&
      (one.currency === undefined || one.currency === currency),
  );
  return { payment_count: own.length, paid_micros: sumMicros(own.map((one) => one.amount_micros)) };
}

/**
 * True when what is due has been paid, in however many payments. Money that went to somebody else, to whom the call
 * was booked before, pays nobody's share of it now, and money of another currency pays nothing.
 */
export function isPaid(payments: readonly PaymentFacts[], due: Due): boolean {
  const { payment_count, paid_micros } = paidSoFar(payments, due);
  return payment_count > 0 && paid_micros >= due.amount_micros;
}
