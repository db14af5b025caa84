import type { Dispute } from "../../../shared/api/disputes.ts";
import type { OrganizationKind } from "../../../shared/api/organizations.ts";
import { count, counted, dayName, moneyIn, span } from "../../format.ts";
import { decisionWords } from "../../parts/call/dispute-words.ts";
import { dayOf } from "../../zone.ts";

/** Which disputes the page shows, by what stands in its address (`?status=`); the first is what it opens with. */
export const STATES = [
  { id: "open", label: "Open" },
  { id: "decided", label: "Decided" },
  { id: "all", label: "All" },
] as const;
export type State = (typeof STATES)[number]["id"];

export function readState(text: string | null): State {
  return STATES.find(({ id }) => id === text)?.id ?? "open";
}

/** What would be lost of what the advertiser owes; null where that is not disputed, or not the reader's to know. */
export function revenueAtStake({ side, revenue_micros }: Dispute): number | null {
  return side === "revenue" ? (revenue_micros ?? null) : null;
}

/** What would be lost of the payout; null where one is claimed, which adds to it, or it is not the reader's to know. */
export function payoutAtStake({ claim, payout_micros }: Dispute): number | null {
  return claim === "reverse" ? (payout_micros ?? null) : null;
}

const WAITS_FOR: Readonly<Record<OrganizationKind, string>> = {
  network: "your decision",
  advertiser: "the network's decision",
  publisher: "the network's decision",
};

/** What waits and for how long, and what it is about; or how those that do not wait were decided. */
export function disputesSentence(
  kind: OrganizationKind,
  disputes: readonly Dispute[],
  now: number,
  more = false,
): string {
  if (disputes.length === 0) return "";
  const open = disputes.filter(({ status }) => status === "open");
  const said = [
    waiting(kind, open, now, more && open.length === disputes.length),
    decided(disputes.filter(({ status }) => status !== "open")),
  ];
  return said.filter((sentence) => sentence !== "").join(" ");
}

function waiting(kind: OrganizationKind, open: readonly Dispute[], now: number, more: boolean): string {
  if (open.length === 0) return "";
  const oldest = span(now - Math.min(...open.map(({ opened_at }) => opened_at)));
  const few = open.length === 1 && !more;
  const number = `${more ? "More than " : ""}${counted(open.length, "dispute")}`;
  const waits = `${number} ${few ? "waits" : "wait"} for ${WAITS_FOR[kind]}, ${
    few ? `for ${oldest} now` : `the oldest for ${oldest}`
  }.`;
  const stakes = [
    stake(open, revenueAtStake, kind === "advertiser" ? "of what you owe" : "of charges"),
    stake(open, payoutAtStake, "of payouts"),
  ].filter((part) => part !== null);
  return stakes.length === 0 ? waits : `${waits} At stake: ${stakes.join(", ")}.`;
}

/** Amounts are added in one currency only. */
function stake(
  open: readonly Dispute[],
  amountOf: (dispute: Dispute) => number | null,
  words: string,
): string | null {
  const currency = oneCurrency(open);
  const sum = open.reduce((total, dispute) => total + (amountOf(dispute) ?? 0), 0);
  return currency === null || sum === 0 ? null : `${moneyIn(sum, currency)} ${words}`;
}

export function oneCurrency(disputes: readonly Dispute[]): string | null {
  const currencies = new Set(disputes.map(({ currency }) => currency));
  const [only = null] = currencies;
  return currencies.size === 1 ? only : null;
}

const OUTCOMES = [
  ["accepted", "accepted"],
  ["partial", "accepted in part"],
  ["declined", "declined"],
] as const;

function decided(disputes: readonly Dispute[]): string {
  if (disputes.length === 0) return "";
  const parts = OUTCOMES.flatMap(([status, words]) => {
    const number = disputes.filter((dispute) => dispute.status === status).length;
    return number === 0 ? [] : [`${count(number)} ${words}`];
  });
  return `${counted(disputes.length, "dispute")} ${disputes.length === 1 ? "was" : "were"} decided: ${parts.join(", ")}.`;
}

/** Whose word it is: by name where the reader is told it, else by what it is. */
export function openerName(dispute: Dispute, nameOf: (id: string) => string): string {
  const named = (id: string | null | undefined) => {
    const name = id ? nameOf(id) : null;
    return name === id ? null : name;
  };
  switch (dispute.opened_by) {
    case "network":
      return "The network";
    case "advertiser":
      return named(dispute.advertiser_id) ?? "The advertiser";
    case "publisher":
      return named(dispute.publisher_id) ?? dispute.publisher_alias ?? "The publisher";
  }
}

/** `Open for 5 days`, or what was decided and when. */
export function standsWords(dispute: Dispute, now: number, zone: string): string {
  const outcome = decisionWords(dispute);
  if (outcome === null || dispute.decided_at === null) return `Open for ${span(now - dispute.opened_at)}`;
  return `${outcome.replace(/\.$/, "")}, ${dayName(dayOf(dispute.decided_at, zone))}`;
}
