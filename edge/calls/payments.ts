import { and, eq, sql } from "drizzle-orm";
import type { SQLiteUpdateSetSource } from "drizzle-orm/sqlite-core";
import type { Instant } from "../../shared/instant.ts";
import type { Micros } from "../../shared/money.ts";
import type { Db, Statement } from "../platform/db.ts";
import { marked } from "./due.ts";
import type { CallEvent } from "./model/event.ts";
import { callEvents, calls } from "./tables.ts";

export type PaidEvent = Extract<CallEvent, { kind: "paid" }>;
type Side = PaidEvent["side"];
type CallUpdate = SQLiteUpdateSetSource<typeof calls>;

/** Every payment that was noted for these calls, both sides', by call id. One statement, however many calls. */
export async function paymentsOf(db: Db, call_ids: readonly string[]): Promise<Map<string, PaidEvent[]>> {
  const rows = await db
    .select({ call_id: callEvents.call_id, event: callEvents.event })
    .from(callEvents)
    .where(and(sql`${callEvents.call_id} IN ${idsIn(call_ids)}`, eq(callEvents.kind, "paid")));
  const payments = new Map<string, PaidEvent[]>();
  for (const { call_id, event } of rows) {
    if (event.kind !== "paid") continue;
    payments.set(call_id, [...(payments.get(call_id) ?? []), event]);
  }
  return payments;
}

/** One call's payment, as it is about to be noted. `seq` is the call's as it was read: the lock. */
export type NewPayment = {
  id: string;
  call: { id: string; telephony_account_id: string; seq: number };
  /** One publisher's part of a payout that others share: whether all is paid then its next judgement finds out. */
  is_shared: boolean;
  /** The how-manieth payment this is of the call's side, from 1. */
  number: number;
  amount_micros: Micros;
};

/** What all payments of one request have in common. */
export type Payday = {
  network_id: string;
  side: Side;
  organization_id: string;
  currency: string;
  reference: string | null;
  at: Instant;
};

/**
 * Appends a payment to each of these calls and says in their rows that the side is paid, or of a shared payout that it
 * is to be judged again: three statements at most, however many calls, so that they fit beside the verdicts into one
 * write. Refused as a conflict (`isConflict`) when one of the
 * calls changed since its `seq` was read. The columns stand in the table's order, as INSERT … SELECT demands.
 */
export function notePayments(db: Db, payday: Payday, payments: readonly NewPayment[]): Statement[] {
  const { network_id, side, at } = payday;
  const rows = payments.map(({ id, call, number, amount_micros }) => {
    const event = eventOf(payday, call.id, number, amount_micros);
    return [id, call.id, call.seq + 1, call.telephony_account_id, event.event_key, JSON.stringify(event)];
  });
  const status =
    side === "revenue" ? { revenue_status: "paid" as const } : { payout_status: "paid" as const };
  const [shared, whole] = [payments.filter((one) => one.is_shared), payments.filter((one) => !one.is_shared)];
  const update = (some: readonly NewPayment[], set: CallUpdate) =>
    some.length === 0
      ? []
      : [
          db
            .update(calls)
            .set({ ...set, seq: sql`${calls.seq} + 1` })
            .where(sql`${calls.id} IN ${idsIn(some.map(({ call }) => call.id))}`),
        ];
  return [
    db.insert(callEvents).select(
      sql`SELECT j.value ->> 0, ${network_id}, j.value ->> 1, j.value ->> 2, j.value ->> 3, j.value ->> 4, ${at},
        'paid', j.value ->> 5 FROM json_each(${JSON.stringify(rows)}) j`,
    ),
    ...update(whole, status),
    ...update(shared, marked(at)),
  ];
}

function eventOf(payday: Payday, call_id: string, number: number, amount_micros: Micros): PaidEvent {
  const { side, organization_id, currency, reference, at } = payday;
  return {
    kind: "paid",
    event_key: `paid/${call_id}/${side}/${number}`,
    received_at: at,
    provider_at: null,
    side,
    organization_id,
    amount_micros,
    currency,
    reference,
  };
}

function idsIn(call_ids: readonly string[]) {
  return sql`(SELECT value FROM json_each(${JSON.stringify(call_ids)}))`;
}
