import type { Call, VerdictStatus } from "../../../shared/api/calls.ts";
import type { LedgerEntry } from "../../../shared/api/ledger.ts";
import type { OrganizationKind } from "../../../shared/api/organizations.ts";
import type { Micros } from "../../../shared/money.ts";
import { takenBack } from "./postings.ts";

/** One figure at the head of a call. `instead_micros`: what had been booked before it was taken back. */
export type MoneySide = {
  label: string;
  /** Null while the verdict is open: nothing yet, which is not zero. */
  amount_micros: Micros | null;
  instead_micros: Micros | null;
};

/**
 * What each side pays, earns or keeps, as far as the viewer may see it: a side that the call does not carry has
 * no figure at all, not an empty one. `entries` are the call's own ledger entries, [] while they are unknown.
 */
export function moneySides(call: Call, kind: OrganizationKind, entries: readonly LedgerEntry[]): MoneySide[] {
  const before = takenBack(entries);
  const sides: MoneySide[] = [];
  const instead = (now: Micros | null, then: Micros | null) => (then === null || then === now ? null : then);
  const known = (status: VerdictStatus, micros: Micros) => (status === "pending" ? null : micros);
  if (call.revenue) {
    const amount_micros = known(call.revenue.status, call.revenue.revenue_micros);
    const label = kind === "advertiser" ? "You pay" : "Advertiser pays";
    sides.push({ label, amount_micros, instead_micros: instead(amount_micros, before.revenue) });
  }
  if (call.payout) {
    const amount_micros = known(call.payout.status, call.payout.payout_micros);
    const label = kind === "publisher" ? "You earn" : "Publisher earns";
    sides.push({ label, amount_micros, instead_micros: instead(amount_micros, before.payout) });
  }
  if (call.margin_micros !== undefined) {
    const open = call.revenue?.status === "pending" || call.payout?.status === "pending";
    const amount_micros = open ? null : call.margin_micros;
    const then = before.revenue === null && before.payout === null ? null : marginBefore(call, before);
    sides.push({ label: "Network keeps", amount_micros, instead_micros: instead(amount_micros, then) });
  }
  return sides;
}

/** A side that was not taken back stood at what it is now. */
function marginBefore(call: Call, before: ReturnType<typeof takenBack>): Micros {
  const revenue = before.revenue ?? call.revenue?.revenue_micros ?? 0;
  const payout = before.payout ?? call.payout?.payout_micros ?? 0;
  return revenue - payout;
}
