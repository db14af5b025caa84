import type { Call } from "../../../shared/api/calls.ts";
import type { DecisionInput, Dispute, DisputeInput } from "../../../shared/api/disputes.ts";
import type { Me, OrganizationKind } from "../../../shared/api/organizations.ts";
import { moneySymbol } from "../../format.ts";
import { readMoney } from "../form/amounts.ts";
import { type Draft, Reading, type Values } from "../form/reading.ts";
import { isDue, type Judged, judgementsOf, phaseOf } from "./verdict.ts";

/** What is disputed of a call, in words, and what its forms hold. */

export const REASONS: readonly { value: string; label: string }[] = [
  { value: "wrong_number", label: "Wrong number" },
  { value: "spam", label: "Spam" },
  { value: "duplicate", label: "Called before" },
  { value: "not_interested", label: "Not interested" },
  { value: "out_of_area", label: "Out of area" },
  { value: "poor_quality", label: "Poor quality" },
  { value: "not_connected", label: "Not connected" },
  { value: "missing_payout", label: "Missing payout" },
  { value: "other", label: "Something else" },
];

export const reasonWords = (reason: string): string =>
  REASONS.find(({ value }) => value === reason)?.label ?? reason;

/** True for who keeps an organization's accounts. The server refuses everybody else anyway. */
export function mayDispute({ role }: Me): boolean {
  return role === "owner" || role === "admin" || role === "billing";
}

/** The sides of a call that this reader may dispute now; the server knows the rest, such as the window. */
export function disputableSides(
  call: Call,
  kind: OrganizationKind,
  disputes: readonly Dispute[],
): ("revenue" | "payout")[] {
  if (phaseOf(call) !== "over" || call.is_test) return [];
  const open = disputes.filter(({ status }) => status === "open").map(({ side }) => side);
  return judgementsOf(call)
    .filter((judged) => !open.includes(judged.side) && isDisputable(judged, kind))
    .map(({ side }) => side);
}

function isDisputable({ side, status, amount_micros, rules }: Judged, kind: OrganizationKind): boolean {
  if (status === "pending") return false;
  const due = isDue(status);
  if (side === "revenue") return kind !== "publisher" && due && amount_micros > 0;
  if (kind === "network") return true;
  return !due || rules.some(({ rule, passed }) => rule === "dispute" && passed);
}

/** What is said of a dispute before its reason: "The advertiser disputes what it owes". `who` is the name of who said it. */
export function disputeWords({ opened_by, side, claim }: Dispute, who = `The ${opened_by}`): string {
  if (side === "revenue")
    return `${who} disputes what ${opened_by === "advertiser" ? "it" : "the advertiser"} owes`;
  return claim === "restore" ? `${who} claims the payout` : `${who} disputes the payout`;
}

/** What was decided, with the amounts that the reader sees; null while it is open. */
export function decisionWords(dispute: Dispute): string | null {
  const {
    status,
    currency,
    claim,
    advertiser_credit_micros: credit,
    publisher_debit_micros: debit,
  } = dispute;
  if (status === "open") return null;
  const word = { accepted: "Accepted", partial: "Accepted in part", declined: "Declined" }[status];
  const parts = [
    credit ? `${moneySymbol(credit, currency)} credited to the advertiser` : null,
    debit
      ? `${moneySymbol(debit, currency)} ${claim === "restore" ? "left out" : "taken off"} of the payout`
      : null,
  ].filter((part) => part !== null);
  return parts.length === 0 ? `${word}.` : `${word}: ${parts.join(", ")}.`;
}

export function readDispute(values: Values): Draft<DisputeInput> {
  const read = new Reading(values);
  const given = read.text("side");
  const side: DisputeInput["side"] = given === "revenue" || given === "payout" ? given : undefined;
  return read.body({
    reason: read.required("reason"),
    detail: read.required("detail", "What both sides are to read."),
    side,
  });
}

export function readDecision(values: Values): Draft<DecisionInput> {
  const read = new Reading(values);
  const given = read.text("decision");
  const decision: DecisionInput["decision"] =
    given === "accepted" || given === "partial" ? given : "declined";
  return read.body({
    decision,
    note: read.required("note", "Why, for both sides to read."),
    advertiser_credit_micros: read.optional("advertiser_credit_micros", readMoney),
    publisher_debit_micros: read.optional("publisher_debit_micros", readMoney),
  });
}
