import type { Rule, RuleResult } from "../../../shared/api/calls.ts";
import { type Instant, SECOND_MS } from "../../../shared/instant.ts";
import { findAnchor } from "./dedupe.ts";
import type { CallFacts, EarlierCall, Facts } from "./facts.ts";
import { together } from "./split.ts";
import type { SideTerms } from "./terms.ts";
import { againstFloor, shareWords, spanWords } from "./words.ts";

/** One function per rule: facts in, verdict and its reason out. Every rule is evaluated, also after one has failed. */

type RuleName = Rule | "terms";
const passed = (rule: RuleName, detail: string): RuleResult => ({ rule, passed: true, detail });
const failed = (rule: RuleName, detail: string): RuleResult => ({ rule, passed: false, detail });
const open = (rule: RuleName, detail: string): RuleResult => ({ rule, passed: false, pending: true, detail });

/**
 * True while the dialled leg's final report is still to come, or the call goes on. Of a call that we were not asked about
 * it is still to come: the provider's fallback may have put it through.
 */
export function awaitsReport({ leg_reported_at, status }: CallFacts): boolean {
  return leg_reported_at === null && status !== "rejected";
}

/** Revenue needs a source: proven publishers, whoever they are, who together reach the floor, or own traffic that is billed. */
export function sourceRule({ source, campaign }: Facts): RuleResult {
  if (!campaign) return failed("source", "the number led to no campaign");
  if (campaign.bill_own_traffic) return passed("source", "the campaign bills its own traffic too");
  if (!source) return open("source", "the pool has not said yet who was shown the number");
  if (source.proven.length === 0) return failed("source", "no publisher is proven");
  const sum = together(source.proven);
  const floor = campaign.attribution_floor;
  const detail = `proven publishers together ${againstFloor(sum, floor)}`;
  return sum >= floor ? passed("source", detail) : failed("source", detail);
}

export function enrollmentRule({ source, enrollment }: Facts): RuleResult {
  if (!source) return open("enrollment", "the publisher is not known yet");
  if (source.publisher_id === null) return failed("enrollment", "there is no publisher to pay");
  if (!enrollment) return failed("enrollment", "not enrolled when the call began");
  const detail = `${enrollment.status} when the call began`;
  return enrollment.status === "approved" ? passed("enrollment", detail) : failed("enrollment", detail);
}

const PROOF_WORDS = {
  number: "its own number",
  site: "its own site",
  click_token: "its tracking link",
  none: "nothing",
} as const;

export function attributionRule({ source, campaign }: Facts): RuleResult {
  if (!campaign) return failed("attribution", "the number led to no campaign");
  if (!source) return open("attribution", "the pool has not said yet who was shown the number");
  const floor = campaign.attribution_floor;
  if (source.publisher_proof === "none") return failed("attribution", "no publisher is proven");
  const detail = `${againstFloor(source.publisher_confidence, floor)}, proven by ${PROOF_WORDS[source.publisher_proof]}`;
  return source.publisher_confidence >= floor ? passed("attribution", detail) : failed("attribution", detail);
}

/** In place of `attributionRule` where the payout is shared: each one's share, and the part it has of the payout. */
export function shareRule({ source }: Facts, part: number): RuleResult {
  const share = shareWords(source?.publisher_confidence ?? 0);
  const detail = `a share of ${share}: nobody reaches the floor, so the payout is shared; this part is ${shareWords(part)}`;
  return passed("attribution", detail);
}

export function connectedRule({ call }: Facts): RuleResult {
  if (awaitsReport(call)) return open("connected", "the phone company has not reported how it ended yet");
  if (call.target === null) return failed("connected", "nobody was dialled");
  if ((call.connected_s ?? 0) > 0) return passed("connected", `${call.connected_s} s with the target`);
  return failed("connected", "the target did not answer");
}

/**
 * Whoever owns a telephony account can sign anything. Such an account's calls count when the network says that they do,
 * or once the provider's own records have been read back. Null where there is nothing to doubt.
 */
export function confirmedRule({ call }: Facts): RuleResult | null {
  switch (call.credence) {
    case "own_account":
      return null;
    case "vouched_for":
      return passed("confirmed", "the network pays on this account's reports");
    case "confirmed":
      return passed("confirmed", "the phone company's own records say the same");
    case "awaited":
      return open("confirmed", "reported by an account that is not the network's own, not yet confirmed");
  }
}

export function minDurationRule({ call }: Facts, terms: SideTerms): RuleResult {
  const wanted_s = terms.min_duration_s;
  if (awaitsReport(call))
    return open("min_duration", `${wanted_s} s are needed, the length is not reported yet`);
  const connected_s = call.connected_s ?? 0;
  if (connected_s >= wanted_s) return passed("min_duration", `${connected_s} s ≥ ${wanted_s} s`);
  const short_s = wanted_s - connected_s;
  return failed("min_duration", `${connected_s} s < ${wanted_s} s, short by ${short_s} s`);
}

/** The verdict, and whether the call is a repeat at all: with `repeat_callers: "all"` a repeat is only flagged. */
export function duplicateRule(
  { call }: Facts,
  earlier: readonly EarlierCall[],
  terms: SideTerms,
): { result: RuleResult; is_repeat: boolean } {
  if (call.caller === null) {
    return { result: passed("duplicate", "the caller hid the number: nobody's repeat"), is_repeat: false };
  }
  const window = spanWords(terms.dedupe_window_s);
  const anchor = findAnchor(call, earlier, terms);
  if (!anchor) {
    const scope = terms.dedupe_scope === "campaign" ? "campaign" : "advertiser";
    const detail = `no qualified call of this caller to this ${scope} in the ${window} before`;
    return { result: passed("duplicate", detail), is_repeat: false };
  }
  const gap = spanWords((call.started_at - anchor.started_at) / SECOND_MS);
  const repeat = `the same caller's call ${gap} earlier qualified`;
  const result =
    terms.repeat_callers === "all"
      ? passed("duplicate", `${repeat}; repeat callers count here`)
      : failed("duplicate", `${repeat}, within ${window}`);
  return { result, is_repeat: true };
}

/** When the signal is still awaited, the moment from which its absence rejects the call comes along. */
export function signalRule(
  { call, signals, now }: Facts,
  terms: SideTerms,
): { result: RuleResult; until: Instant | null } | null {
  const name = terms.requires_signal;
  if (name === null) return null;
  if (signals.some((signal) => signal.name === name && signal.is_met)) {
    return { result: passed("requires_signal", `“${name}” was reported`), until: null };
  }
  const window = spanWords(terms.signal_window_s);
  const until = call.ended_at === null ? null : call.ended_at + terms.signal_window_s * SECOND_MS;
  return until === null || now < until
    ? { result: open("requires_signal", `“${name}” is awaited for ${window} after the call`), until }
    : { result: failed("requires_signal", `no “${name}” within ${window} after the call`), until: null };
}

/** Null where the terms ask for no keys. */
export function keypressRule({ call }: Facts, { requires_keypress }: SideTerms): RuleResult | null {
  if (requires_keypress === null) return null;
  const { question, keys } = requires_keypress;
  const pressed = call.pressed[question];
  if (pressed !== undefined && keys.includes(pressed)) {
    return passed("keypress", `${pressed} was pressed at “${question}”`);
  }
  const wanted = keys.length === 1 ? keys[0] : `one of ${keys.join(", ")}`;
  const was = pressed === undefined ? "nothing was pressed" : `${pressed} was pressed`;
  return failed("keypress", `${was} at “${question}”, ${wanted} is needed`);
}

export function testCallerRule({ call }: Facts): RuleResult | null {
  return call.is_test ? failed("test_caller", "a test caller: never billed, counted or deduplicated") : null;
}

/**
 * Only programs that read pages are shown a honeypot, so whoever calls it has the number from one of them: nobody
 * brought the call. Null for calls of all other numbers.
 */
export function honeypotRule({ call }: Facts): RuleResult | null {
  return call.is_honeypot
    ? failed("honeypot", "a number that only programs are shown: nobody brought it")
    : null;
}

/** For a call whose campaign had no terms when it began, or which had no campaign. */
export function termsRule({ campaign, terms }: Facts): RuleResult | null {
  if (terms) return null;
  return failed(
    "terms",
    campaign ? "the campaign had no terms when the call began" : "the number led to no campaign",
  );
}
