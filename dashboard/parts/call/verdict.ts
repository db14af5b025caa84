import type { Call, RuleResult, VerdictStatus } from "../../../shared/api/calls.ts";
import { type CallEnd, VERDICT_WORDS } from "../glyph.tsx";

/** Which half of the money: what the advertiser owes, or what the publisher earns. */
export type Side = "revenue" | "payout";

/** One side as the viewer sees it; money is micros of the call's currency. */
export type Judged = {
  side: Side;
  status: VerdictStatus;
  amount_micros: number;
  terms_version: number | null;
  rules: RuleResult[];
};

/** The judgements this viewer may see, revenue first. A side the role may not see is absent. */
export function judgementsOf(call: Call): Judged[] {
  const sides: Judged[] = [];
  if (call.revenue) {
    sides.push({ side: "revenue", amount_micros: call.revenue.revenue_micros, ...pick(call.revenue) });
  }
  if (call.payout) {
    sides.push({ side: "payout", amount_micros: call.payout.payout_micros, ...pick(call.payout) });
  }
  return sides;
}

function pick(judgement: { status: VerdictStatus; terms_version: number | null; rules: RuleResult[] }) {
  return { status: judgement.status, terms_version: judgement.terms_version, rules: judgement.rules };
}

/** Where the call itself is. Provider statuses other than these two mean that it is over. */
export type Phase = "ringing" | "talking" | "over";

/** A provider says "answered" when we answered; the caller talks only when the target has. */
export function phaseOf(call: Call): Phase {
  if (call.ended_at !== null || (call.status !== "ringing" && call.status !== "answered")) return "over";
  return call.answered_at === null ? "ringing" : "talking";
}

/** Did the target pick up? */
export function wasAnswered(call: Call): boolean {
  return call.answered_at !== null || (call.connected_s ?? 0) > 0;
}

/** False until the pool has been asked who was shown the number: then nothing explains the call, not even nothing. */
export function isAttributed({ attribution }: Call): boolean {
  return (
    attribution.method !== "none" || attribution.none_probability > 0 || attribution.candidates.length > 0
  );
}

/** False while nobody knows what became of the dialled leg: then nothing is said about an answer. */
export function isReported(call: Call): boolean {
  return !call.leg_report_missing && call.disposition !== "unreported";
}

/** How a row, a tag and the trail's last station end. */
/** `unbooked`: a publisher sees that it may have been its call, but the call is booked to somebody else or nobody. */
export type Ending = VerdictStatus | "ringing" | "talking" | "unbooked";

export const ENDING_WORDS: Readonly<Record<Ending, string>> = {
  ...VERDICT_WORDS,
  ringing: "Ringing",
  talking: "On the line",
  unbooked: "Not booked to you",
};

export function isVerdict(ending: Ending): ending is VerdictStatus {
  return ending !== "ringing" && ending !== "talking" && ending !== "unbooked";
}

/** True when money is due: now, after a hold, or already paid out. */
export function isDue(status: VerdictStatus): boolean {
  return status === "qualified" || status === "held" || status === "paid";
}

/**
 * The one word for a call in a list. A publisher's and a network's is the payout's verdict (what the log filters
 * by), an advertiser's the revenue's. While the phone is busy it is the call's own phase.
 */
export function endingOf(call: Call): Ending {
  const phase = phaseOf(call);
  if (phase !== "over") return phase;
  const judged = call.payout ?? call.revenue;
  return judged?.status ?? "unbooked";
}

/** Both endings where they differ, one where they agree: the tags at the head of the call page. */
export function endingsOf(call: Call): { ending: Ending; side: Side | null }[] {
  const phase = phaseOf(call);
  if (phase !== "over") return [{ ending: phase, side: null }];
  const sides = judgementsOf(call);
  const [first, second] = sides;
  if (first && second && first.status !== second.status) {
    return sides.map(({ side, status }) => ({ ending: status, side }));
  }
  return [{ ending: first?.status ?? "unbooked", side: null }];
}

/** How far the call came after it rang: what the small trail in a row draws. */
export function callEnd(call: Call): CallEnd {
  if (phaseOf(call) === "ringing") return "ringing";
  if (wasAnswered(call)) return "answered";
  return isReported(call) ? "missed" : "unreported";
}

/** The verdict a row's trail ends in, null while the phone is busy. */
export function rowVerdict(call: Call): VerdictStatus | null {
  const ending = endingOf(call);
  return isVerdict(ending) ? ending : null;
}
