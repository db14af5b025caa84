import type { RuleResult } from "../../../shared/api/calls.ts";
import type { DisputeClaim, DisputeOutcome } from "../../../shared/api/disputes.ts";
import type { OrganizationKind } from "../../../shared/api/organizations.ts";
import type { Instant } from "../../../shared/instant.ts";
import { type Micros, sumMicros } from "../../../shared/money.ts";
import type { Side } from "./facts.ts";

/** What the network decided of a dispute. Amounts count of a partial decision only: whatever is whole needs none. */
export type DecisionFacts = {
  decision: DisputeOutcome;
  advertiser_credit_micros: Micros;
  publisher_debit_micros: Micros;
  decided_at: Instant;
};

/** A dispute about one side of a call, as the call was to this advertiser and in this currency. */
export type DisputeFacts = {
  id: string;
  side: Side;
  /** What is claimed: that the side's money is not due, or that it is. */
  claim: DisputeClaim;
  opened_by: OrganizationKind;
  advertiser_id: string;
  /** Whose payout it is about; null for that of whoever earns. */
  publisher_id: string | null;
  currency: string;
  decision: DecisionFacts | null;
};

/** One party's money for one side of a call. */
export type Line = {
  side: Side;
  advertiser_id: string | null;
  /** Who owes or earns it. */
  organization_id: string | null;
  currency: string | null;
};

/** What one decision takes off of several lines together. */
export type CommonPart = { dispute_id: string; off_micros: Micros };

/** What the disputes about a line come to. */
export type Standing = {
  /** Money that is due is not paid out meanwhile. */
  is_open: boolean;
  /** Decided against: it is not due, whatever else is true of it. Upheld: it is due though rules failed. */
  outcome: "void" | "upheld" | null;
  /** What partial decisions take off of this line alone. */
  own_micros: Micros;
  /** What each of them takes off of everybody's line of this side together, in the order of decision. */
  common: CommonPart[];
  rule: RuleResult | null;
};

/** What nothing decided about a call can overrule: such a call is nobody's business at all. */
const NEVER_OVERRULED: ReadonlySet<string> = new Set(["test_caller", "honeypot", "terms"]);

/** The failed rule that no decision can overrule; none for most calls. */
export function overruledNever(rules: readonly RuleResult[]): RuleResult | undefined {
  return rules.find(({ rule, passed }) => !passed && NEVER_OVERRULED.has(rule));
}

/** The rules that count against a line: of one that is upheld only those that no decision can overrule. */
export function countingRules(rules: readonly RuleResult[], { outcome }: Standing): readonly RuleResult[] {
  return outcome === "upheld" ? rules.filter(({ rule }) => NEVER_OVERRULED.has(rule)) : rules;
}

/**
 * Where a line stands by every dispute there was about it, in the order in which they were decided. What was decided of
 * the call of another advertiser, of another publisher's payout or in another currency does not bind this line.
 */
export function standingOf(disputes: readonly DisputeFacts[], line: Line): Standing {
  const about = disputes.filter((one) => isAbout(one, line));
  const standing: Standing = { is_open: false, outcome: null, own_micros: 0, common: [], rule: null };
  let decider: DisputeFacts | null = null;
  for (const one of decided(about)) {
    if (one.decision.decision !== "declined") {
      apply(standing, one, line.side);
      decider = one;
    } else if (decider === null || decider.decision?.decision === "declined") decider = one;
  }
  // Two may be open, one of each side: the first is named, whatever the order in which they are read.
  const open =
    about
      .filter(({ decision }) => decision === null)
      .sort((a, b) => (a.id < b.id ? -1 : 1))
      .at(0) ?? null;
  standing.is_open = open !== null;
  standing.rule = ruleOf(standing, open, decider, line.side);
  return standing;
}

type Decided = DisputeFacts & { decision: DecisionFacts };

function decided(disputes: readonly DisputeFacts[]): Decided[] {
  return disputes
    .flatMap((one) => (one.decision === null ? [] : [{ ...one, decision: one.decision }]))
    .sort((a, b) => a.decision.decided_at - b.decision.decided_at || (a.id < b.id ? -1 : 1));
}

/** What an advertiser disputes concerns the payout, too, which is paid out of it; never the other way round. */
function isAbout({ side, advertiser_id, publisher_id, currency }: DisputeFacts, line: Line): boolean {
  if (advertiser_id !== line.advertiser_id || currency !== line.currency) return false;
  if (side === "revenue") return true;
  return line.side === "payout" && (publisher_id === null || publisher_id === line.organization_id);
}

function apply(standing: Standing, { id, claim, publisher_id, decision }: Decided, side: Side): void {
  const { advertiser_credit_micros, publisher_debit_micros } = decision;
  const off_micros = side === "revenue" ? advertiser_credit_micros : publisher_debit_micros;
  if (claim === "restore") {
    standing.outcome = "upheld";
    standing.common = [];
    standing.own_micros = 0;
  }
  if (decision.decision === "partial") {
    if (publisher_id === null) standing.common.push({ dispute_id: id, off_micros });
    else standing.own_micros += off_micros;
  } else if (claim === "reverse") standing.outcome = "void";
}

const WORDS = { accepted: "accepted", partial: "accepted in part", declined: "declined" } as const;

/** One rule says of all disputes what matters now: what is open, or what was decided last that had an effect. */
function ruleOf(
  { outcome }: Standing,
  open: DisputeFacts | null,
  decider: DisputeFacts | null,
  side: Side,
): RuleResult | null {
  const rule = "dispute";
  const was = decider?.decision ? `${whoDisputes(decider, side)}: ${WORDS[decider.decision.decision]}` : null;
  const awaited = open && `${whoDisputes(open, side)}: not decided yet`;
  if (outcome === "void") {
    return { rule, passed: false, detail: [was, awaited].filter((text) => text !== null).join("; ") };
  }
  if (awaited !== null) {
    return { rule, passed: false, pending: true, detail: `${awaited}, nothing is paid out until then` };
  }
  if (was === null) return null;
  const anyway = outcome === "upheld" ? ", so it is due whatever other rules say" : "";
  return { rule, passed: true, detail: `${was}${anyway}` };
}

function whoDisputes({ opened_by, side }: DisputeFacts, of: Side): string {
  const what = side === of ? "it" : "what the advertiser owes";
  return `the ${opened_by} disputes ${what}`;
}

/** What common decisions take off of a line that has it all to itself. */
export function commonMicros({ common }: Standing): Micros {
  return sumMicros(common.map(({ off_micros }) => off_micros));
}

/**
 * What common decisions take off of each of several lines of these amounts, one decision after the other: from each in
 * proportion to what is left of it. Who was given back since what one of them took has no part in that one.
 */
export function spreadCommon(amounts: readonly Micros[], standings: readonly Standing[]): Micros[] {
  const off = amounts.map(() => 0);
  for (const { dispute_id, off_micros } of everyCommon(standings)) {
    const left = amounts.map((amount, i) => amount - (off[i] ?? 0));
    for (const [i, part] of spread(off_micros, left).entries()) {
      const is_bound = standings[i]?.common.some((one) => one.dispute_id === dispute_id);
      if (is_bound) off[i] = (off[i] ?? 0) + part;
    }
  }
  return off;
}

/** In their order: each line has the latest of them, from some moment on. */
function everyCommon(standings: readonly Standing[]): CommonPart[] {
  return standings.reduce<CommonPart[]>(
    (longest, { common }) => (common.length > longest.length ? common : longest),
    [],
  );
}

/** Takes an amount off of several, from each in proportion and from none more than there is, to the micro. */
export function spread(off_micros: Micros, amounts: readonly Micros[]): Micros[] {
  const total = amounts.reduce((sum, amount) => sum + BigInt(amount), 0n);
  if (total === 0n) return amounts.map(() => 0);
  const off = BigInt(off_micros) < total ? BigInt(off_micros) : total;
  const parts = amounts.map((amount) => (off * BigInt(amount)) / total);
  let rest = off - parts.reduce((sum, part) => sum + part, 0n);
  return parts.map((part, i) => {
    // Less than one micro for each is left of whole ones.
    const more = rest > 0n && part < BigInt(amounts[i] ?? 0) ? 1n : 0n;
    rest -= more;
    return Number(part + more);
  });
}
