import type { LedgerEntry } from "../../shared/api/ledger.ts";
import { SECOND_MS } from "../../shared/instant.ts";
import { dollars, RING } from "./call-base.ts";

const entry = (
  transaction_id: string,
  kind: LedgerEntry["kind"],
  account: LedgerEntry["account"],
  organization_id: string,
  amount: number,
  at_s: number,
  reason: string,
  call_id: string,
): LedgerEntry => ({
  transaction_id,
  account,
  organization_id,
  amount_micros: dollars(amount),
  currency: "USD",
  call_id,
  kind,
  reason,
  posted_at: RING + at_s * SECOND_MS,
});

/** What a qualified call posts: the advertiser's charge, then the publisher's payout out of the margin. */
export function bookedEntries(call_id: string, at_s = 252): LedgerEntry[] {
  const id = call_id.replace("cal_", "");
  return [
    entry(`txn_${id}_1`, "charge", "receivable", "org_advertiser", 70, at_s, "qualified", call_id),
    entry(`txn_${id}_1`, "charge", "margin", "org_network", -70, at_s, "qualified", call_id),
    entry(`txn_${id}_2`, "payout", "margin", "org_network", 45, at_s, "qualified", call_id),
    entry(`txn_${id}_2`, "payout", "payable", "org_fernhill", -45, at_s, "qualified", call_id),
  ];
}

/** The same, taken back five seconds later. */
export function reversedEntries(call_id: string): LedgerEntry[] {
  const reason = "min_duration: 71 s < 90 s, short by 19 s";
  const back = bookedEntries(call_id, 111).map(
    (booked): LedgerEntry => ({
      ...booked,
      transaction_id: `${booked.transaction_id}r`,
      kind: "reversal",
      amount_micros: -booked.amount_micros,
      reason,
      posted_at: booked.posted_at,
    }),
  );
  return [...bookedEntries(call_id, 106), ...back];
}
