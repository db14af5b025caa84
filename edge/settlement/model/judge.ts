import type { RuleResult, VerdictStatus } from "../../../shared/api/calls.ts";
import { assert } from "../../../shared/assert.ts";
import { type Instant, SECOND_MS } from "../../../shared/instant.ts";
import { type Micros, sumMicros } from "../../../shared/money.ts";
import { commonMicros, countingRules, type Standing, spreadCommon, standingOf } from "./disputes.ts";
import type { Facts, SharerFacts, Side } from "./facts.ts";
import { isPaid } from "./payments.ts";
import {
  attributionRule,
  awaitsReport,
  confirmedRule,
  connectedRule,
  duplicateRule,
  enrollmentRule,
  honeypotRule,
  keypressRule,
  minDurationRule,
  shareRule,
  signalRule,
  sourceRule,
  termsRule,
  testCallerRule,
} from "./rules.ts";
import { type Fraction, partOf, statusOfParts, WHOLE } from "./split.ts";
import { effectiveTerms, type SideTerms } from "./terms.ts";

/** One publisher's part of a payout that is shared, judged by its own terms. */
export type ShareJudgement = {
  organization_id: string;
  /** Its part of its own rate, 0 to 1. */
  part: number;
  status: VerdictStatus;
  amount_micros: Micros;
  /** What decisions of disputes took off of it; absent where that is nothing. */
  adjusted_micros?: Micros;
  rules: RuleResult[];
};

/** One side's verdict on a call, with every rule that was considered. */
export type Judgement = {
  side: Side;
  status: VerdictStatus;
  terms_version: number | null;
  /** Who owes (the advertiser) or earns (the publisher); null where there is none. */
  organization_id: string | null;
  /** What is owed or earned: 0 unless the status is qualified, held or paid. */
  amount_micros: Micros;
  /** What decisions of disputes took off of what the terms say, already left out of `amount_micros`. */
  adjusted_micros: Micros;
  rules: RuleResult[];
  /** The same caller had a qualified call in the window, whether or not that matters here. */
  is_repeat: boolean;
  /** When the clock alone may change this verdict: the end of a hold, or of the wait for a signal. */
  review_at: Instant | null;
  /** Who earns it when several do, likeliest first; `organization_id` is null then. */
  shares: ShareJudgement[];
};

export type Judgements = { revenue: Judgement; payout: Judgement };

const DUE: ReadonlySet<VerdictStatus> = new Set(["qualified", "held", "paid"]);

/**
 * True when this side is owed. Its money belongs into the ledger, a held call's too: a hold says when it may be paid
 * out, not whether it was earned. Such a call stands in the way of the same caller's repeats.
 */
export function isDue(status: VerdictStatus): boolean {
  return DUE.has(status);
}

/**
 * Judges what the advertiser owes and what the publisher earns, apart, each by all of its own rules. A pure
 * function: the same facts give the same verdicts, in whatever order they arrived.
 */
export function judgeCall(facts: Facts): Judgements {
  const revenue = judgeRevenue(facts);
  const payout = facts.sharers.length > 0 ? judgeShared(facts, revenue) : judgePayout(facts, revenue);
  return { revenue, payout };
}

function judgeRevenue(facts: Facts): Judgement {
  const terms = facts.terms && effectiveTerms(facts.terms.terms, "revenue", null);
  const { rules, is_repeat, signal_until } = commonRules(facts, "revenue", terms);
  const organization_id = facts.call.advertiser_id;
  const standing = standingIn(facts, "revenue", organization_id);
  return conclude(facts, "revenue", terms, {
    rules: [...rules, sourceRule(facts), ...disputeRules(standing)],
    organization_id,
    is_repeat,
    signal_until,
    standing,
    off_micros: commonMicros(standing) + standing.own_micros,
  });
}

/** Where one party's money for a side of the call stands by the disputes about it. */
function standingIn({ call, disputes }: Facts, side: Side, organization_id: string | null): Standing {
  const { advertiser_id, currency } = call;
  return standingOf(disputes, { side, advertiser_id, organization_id, currency });
}

const disputeRules = ({ rule }: Standing): RuleResult[] => (rule ? [rule] : []);

/** Every sharer by its own terms and rate, as if the call were its own; each then earns its part of that. */
function judgeShared(facts: Facts, revenue: Judgement): Judgement {
  const judged = judgeSharers(facts, revenue);
  const status = statusOfParts(judged.map((one) => one.status));
  // Whose rules explain the whole: the likeliest of those whose verdict is that of the whole.
  const shown = judged.find((one) => one.status === status);
  assert(shown, "the status of the whole is that of a part");
  const reviews = judged.flatMap(({ review_at }) => review_at ?? []);
  // Nothing may have been booked to any of these while something was to who had the call before.
  const is_reversed = status === "rejected" && facts.was_posted.payout;
  return {
    ...shown,
    status: is_reversed ? "reversed" : status,
    organization_id: null,
    amount_micros: sumMicros(judged.map(({ amount_micros }) => amount_micros)),
    adjusted_micros: sumMicros(judged.map(({ adjusted_micros }) => adjusted_micros)),
    is_repeat: judged.some(({ is_repeat }) => is_repeat),
    review_at: reviews.length === 0 ? null : Math.min(...reviews),
    shares: facts.sharers.map(({ publisher_id, part }, i) => {
      const { status, amount_micros, adjusted_micros, rules } = judged[i] ?? shown;
      const adjusted = adjusted_micros > 0 && { adjusted_micros };
      return {
        organization_id: publisher_id,
        part: part.of / part.in,
        status,
        amount_micros,
        ...adjusted,
        rules,
      };
    }),
  };
}

/** What was taken off of all of them together is taken off of those whose part is due, in proportion. */
function judgeSharers(facts: Facts, revenue: Judgement): Judgement[] {
  const judge = (off_micros: readonly Micros[]) =>
    facts.sharers.map((sharer, i) =>
      judgePayout(asSharer(facts, sharer), revenue, { of: sharer.part, off_micros: off_micros[i] ?? 0 }),
    );
  const standings = facts.sharers.map(({ publisher_id }) => standingIn(facts, "payout", publisher_id));
  const judged = judge([]);
  if (standings.every(({ common }) => common.length === 0)) return judged;
  return judge(
    spreadCommon(
      judged.map(({ amount_micros }) => amount_micros),
      standings,
    ),
  );
}

function asSharer(
  facts: Facts,
  { publisher_id, probability, enrollment, earlier, was_posted }: SharerFacts,
): Facts {
  return {
    ...facts,
    was_posted: { ...facts.was_posted, payout: was_posted },
    enrollment,
    source: facts.source && { ...facts.source, publisher_id, publisher_confidence: probability },
    earlier: { ...facts.earlier, payout: earlier },
  };
}

/** A sharer's part, and what is taken off of it of what all sharers lose together. */
type Portion = { of: Fraction; off_micros: Micros };

function judgePayout(facts: Facts, revenue: Judgement, portion: Portion | null = null): Judgement {
  const terms =
    facts.terms && effectiveTerms(facts.terms.terms, "payout", facts.enrollment?.payout_terms ?? null);
  const { rules, is_repeat, signal_until } = commonRules(facts, "payout", terms);
  const organization_id = facts.source?.publisher_id ?? null;
  const standing = standingIn(facts, "payout", organization_id);
  const part = portion?.of ?? null;
  return conclude(facts, "payout", terms, {
    rules: [
      ...rules,
      part === null ? attributionRule(facts) : shareRule(facts, part.of / part.in),
      enrollmentRule(facts),
      ...disputeRules(standing),
      revenueRule(revenue),
    ],
    organization_id,
    is_repeat,
    signal_until,
    part: part ?? WHOLE,
    standing,
    off_micros: standing.own_micros + (portion?.off_micros ?? commonMicros(standing)),
  });
}

/** A publisher is paid out of what the advertiser owes. */
function revenueRule(revenue: Judgement): RuleResult {
  if (isDue(revenue.status))
    return { rule: "revenue", passed: true, detail: "the advertiser owes for the call" };
  return revenue.status === "pending"
    ? { rule: "revenue", passed: false, pending: true, detail: "what the advertiser owes is not decided yet" }
    : { rule: "revenue", passed: false, detail: "the advertiser does not owe for the call" };
}

/** The first rule that failed, once that is decided. */
export function rejectReason({ status, rules }: Pick<Judgement, "status" | "rules">): string | null {
  if (isDue(status) || status === "pending") return null;
  return rules.find((rule) => !rule.passed && !rule.pending)?.rule ?? null;
}

type Considered = { rules: RuleResult[]; is_repeat: boolean; signal_until: Instant | null };

/**
 * The rules that both sides have, each side by its own terms: what happened on the phone. They come first, so that
 * the first failed rule is the one to name.
 */
function commonRules(facts: Facts, side: Side, terms: SideTerms | null): Considered {
  const rules = [
    testCallerRule(facts),
    honeypotRule(facts),
    connectedRule(facts),
    confirmedRule(facts),
  ].filter((rule) => rule !== null);
  if (!terms) {
    const missing = termsRule(facts);
    return { rules: missing ? [...rules, missing] : rules, is_repeat: false, signal_until: null };
  }
  const duplicate = duplicateRule(facts, facts.earlier[side], terms);
  const signal = signalRule(facts, terms);
  const keypress = keypressRule(facts, terms);
  rules.push(minDurationRule(facts, terms), duplicate.result);
  if (keypress) rules.push(keypress);
  if (signal) rules.push(signal.result);
  return { rules, is_repeat: duplicate.is_repeat, signal_until: signal?.until ?? null };
}

type Concluding = Considered & {
  organization_id: string | null;
  part?: Fraction;
  standing: Standing;
  /** What decisions take off of what is due. */
  off_micros: Micros;
};

function conclude(facts: Facts, side: Side, terms: SideTerms | null, considered: Concluding): Judgement {
  const { rules, organization_id, is_repeat, signal_until, part = WHOLE, standing } = considered;
  const held_until = terms ? endOfHold(facts, terms) : null;
  const whole_micros = partOf(terms?.amount_micros ?? 0, part);
  const off_micros = Math.min(whole_micros, considered.off_micros);
  const due_micros = whole_micros - off_micros;
  const stake = { side, organization_id, amount_micros: due_micros, held_until, standing };
  const status = statusOf(facts, rules, stake);
  // A hold may be over while a dispute goes on: no clock ends that.
  const is_running = held_until !== null && facts.now < held_until;
  return {
    side,
    status,
    terms_version: facts.terms?.version ?? null,
    organization_id,
    amount_micros: isDue(status) ? due_micros : 0,
    adjusted_micros: isDue(status) ? off_micros : 0,
    rules,
    is_repeat,
    review_at: status === "held" && is_running ? held_until : status === "pending" ? signal_until : null,
    shares: [],
  };
}

/** A hold runs from the end of the call; while the caller is still on the line, from the leg's report. */
function endOfHold({ call }: Facts, terms: SideTerms): Instant | null {
  const from = call.ended_at ?? call.leg_reported_at;
  return from === null || terms.hold_s === 0 ? null : from + terms.hold_s * SECOND_MS;
}

type Stake = {
  side: Side;
  organization_id: string | null;
  amount_micros: Micros;
  held_until: Instant | null;
  standing: Standing;
};

function statusOf(facts: Facts, rules: readonly RuleResult[], stake: Stake): VerdictStatus {
  const { side, organization_id, held_until, standing } = stake;
  // The report first: until it is there nothing is decided, not even against the call.
  if (awaitsReport(facts.call)) return "pending";
  const { currency } = facts.call;
  const due = organization_id === null || currency === null ? null : { ...stake, organization_id, currency };
  // A decision overrules rules; it does not find somebody to pay, nor in what.
  const counting = due ? countingRules(rules, standing) : rules;
  if (counting.some((rule) => !rule.passed && !rule.pending)) {
    return facts.was_posted[side] ? "reversed" : "rejected";
  }
  // What waits for a decision is due meanwhile, and held.
  if (counting.some((rule) => rule.pending && rule.rule !== "dispute")) return "pending";
  if (held_until !== null && facts.now < held_until) return "held";
  if (due && isPaid(facts.payments, due)) return "paid";
  return standing.is_open ? "held" : "qualified";
}
