import type { StatementPayment } from "../../shared/api/statements.ts";
import { sumMicros } from "../../shared/money.ts";
import { ok, type Result } from "../../shared/result.ts";
import { type NewPayment, notePayments, paymentsOf } from "../calls/payments.ts";
import type { Change, Ground } from "../platform/change.ts";
import type { Failure } from "../platform/problem.ts";
import { type PayableAsk, readPayable, SIDE_OF } from "../reporting/payable.ts";
import { currencyOf } from "../reporting/statement.ts";
import { paidSoFar } from "../settlement/model/payments.ts";
import { addPaidVerdicts } from "../settlement/paid.ts";

/** However many calls there are the write is of a few statements; their size is what sets the limit. */
const CALLS_MAX = 200;

export type PaymentAsk = PayableAsk & { reference: string | null };

/**
 * Says of the qualified calls of an organization's month that they are paid, up to 200 at once, oldest first: each
 * gets the fact of its payment and the verdict that follows from it. No posting: money is booked when it is earned.
 * Calls that are paid already, on hold or not due are left, so it may be repeated until nothing remains.
 * Fails when the month has several currencies and none is named. A conflict of the write means that one of the calls
 * changed meanwhile: prepare again.
 */
export async function payStatement(
  { db, ids, now }: Ground,
  ask: PaymentAsk,
): Promise<Result<Change<StatementPayment>, Failure>> {
  const { network_id, organization, period, reference } = ask;
  const found = await currencyOf(db, ask, "/currency");
  if (!found.ok) return found;
  const currency = found.value;
  const payable = await readPayable(db, ask, currency, CALLS_MAX);
  const side = SIDE_OF[organization.kind];
  // Without a currency nothing was ever posted, so there is nothing to pay either.
  const due = { side, organization_id: organization.id, currency: currency ?? "" };
  const earlier = await paymentsOf(
    db,
    payable.calls.map(({ id }) => id),
  );
  const payments = payable.calls.map((call): NewPayment => {
    const known = earlier.get(call.id) ?? [];
    return {
      id: ids.next("call_event"),
      call,
      is_shared: call.is_shared,
      number: known.filter((payment) => payment.side === side).length + 1,
      // A call that was paid and then booked anew for more: what is missing.
      amount_micros: call.amount_micros - paidSoFar(known, due).paid_micros,
    };
  });
  const result: StatementPayment = {
    organization_id: organization.id,
    period,
    currency,
    reference,
    paid_calls: payments.length,
    total_micros: sumMicros(payments.map(({ amount_micros }) => amount_micros)),
    skipped_held: payable.counts.held,
    remaining: payable.counts.qualified - payments.length,
  };
  // Of a shared payout only a judgement knows whether all of it is paid now: upkeep makes it within a minute.
  const whole = payments.filter(({ is_shared }) => !is_shared);
  const verdicts = whole.map(({ call }) => ({ id: ids.next("verdict"), call_id: call.id }));
  const statements =
    payments.length === 0
      ? []
      : [
          ...notePayments(db, { network_id, ...due, reference, at: now }, payments),
          addPaidVerdicts(db, side, verdicts, now),
        ];
  const { organization_id, ...detail } = result;
  return ok({ result, subject_id: organization_id, statements, detail });
}
