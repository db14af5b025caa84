import type { Call, RuleResult } from "../../../shared/api/calls.ts";
import type { OrganizationKind } from "../../../shared/api/organizations.ts";
import { measureOf, sayMeasure } from "./measure.ts";
import { type Names, publisherName } from "./names.ts";

/** Who reads, and with which version of the terms the call was judged. */
export type Reader = { kind: OrganizationKind; names: Names; terms_version: number | null };

/** Why the phone call itself did not come about, by the provider's status. */
export function whyNotConnected(call: Call): string {
  if (call.disposition === "message") return "No target was open, so the caller heard a message.";
  if (call.disposition === "voicemail") return "Nobody took the call, so the caller could leave a message.";
  if (call.disposition === "abandoned") return "The caller hung up in the menu, before anybody was rung.";
  switch (call.status) {
    case "no_answer":
      return "The phone rang and nobody answered.";
    case "busy":
      return "The line was busy.";
    case "failed":
      return "The call could not be put through.";
    case "canceled":
      return "The caller hung up before anyone answered.";
    case "rejected":
      return "The call was turned away when it rang.";
    default:
      return call.answered_at === null
        ? "Nobody answered."
        : "The call was taken, but the caller never reached the target.";
  }
}

type Explain = (call: Call, detail: string, reader: Reader) => string;

const WHY: Readonly<Record<string, Explain>> = {
  connected: (call) => whyNotConnected(call),
  min_duration: tooShort,
  duplicate: (_call, detail) => `It is a repeat: ${detail}.`,
  source: noSource,
  attribution: notSure,
  enrollment: notEnrolled,
  requires_signal: (_call, detail) => `The terms require a signal: ${detail}.`,
  revenue: (_call, _detail, { kind }) =>
    kind === "publisher"
      ? "The advertiser does not pay for it, and payout follows that."
      : "The advertiser does not pay, and payout follows revenue.",
  spam: (_call, detail) => `It was taken for spam: ${detail}.`,
  dispute: (_call, detail) => `A dispute was decided against it: ${detail}.`,
  budget: (_call, detail) => `The budget was used up: ${detail}.`,
  caller_type: (_call, detail) => `The terms exclude this kind of line: ${detail}.`,
  keypress: (_call, detail) => `The caller did not press what the terms ask for: ${detail}.`,
  test_caller: () => "It came from one of the campaign's test callers.",
  honeypot: () =>
    "It reached a number that no person is shown: whoever called it has it from a program that copied it.",
  terms: (_call, detail) => `There was nothing to judge it by: ${detail}.`,
};

function tooShort(_call: Call, detail: string, { kind, terms_version }: Reader): string {
  const measure = measureOf(detail);
  if (measure === null) return `Too short: ${detail}.`;
  const terms = kind === "network" && terms_version !== null ? `terms\u00a0v${terms_version}` : "the terms";
  const caller = kind === "publisher" ? "Too short: the caller" : "The caller";
  return `${caller} was connected for ${measure.measured}\u00a0s; ${terms} ask for ${measure.limit}\u00a0s.`;
}

function noSource(_call: Call, detail: string, { kind }: Reader): string {
  const measure = measureOf(detail);
  if (kind === "advertiser") return "No publisher is proven to have brought it.";
  if (measure === null) return "No publisher is proven to have brought it, and own traffic is not billed.";
  return `It is not sure enough that a proven publisher brought it: ${measure.measured} is under the floor of ${measure.limit}.`;
}

function notSure(_call: Call, detail: string, { kind }: Reader): string {
  const measure = measureOf(detail);
  if (measure === null)
    return kind === "publisher" ? "It is not proven yours." : "No publisher is proven to have brought it.";
  return kind === "publisher"
    ? `It is not proven yours: its probability is ${measure.measured}, the campaign asks for ${measure.limit}.`
    : `It is not sure enough which publisher brought it: ${measure.measured} is under the floor of ${measure.limit}.`;
}

function notEnrolled(call: Call, detail: string, { kind, names }: Reader): string {
  if (/no publisher/.test(detail)) return "There is no publisher to pay.";
  const who =
    kind === "publisher"
      ? "Your enrollment"
      : `${publisherName(call, names) ?? "The publisher"}'s enrollment`;
  const status = /^(pending|rejected|suspended|ended)\b/.exec(detail)?.[1];
  if (status) return `${who} was ${status} when the call began.`;
  return kind === "publisher"
    ? "You were not enrolled when the call began."
    : `${publisherName(call, names) ?? "The publisher"} was not enrolled when the call began.`;
}

/** One plain sentence for a failed rule, in the reader's words. A rule this page does not know says its own detail. */
export function whyFailed(call: Call, result: RuleResult, reader: Reader): string {
  const detail = sayMeasure(result.detail);
  const explain = Object.hasOwn(WHY, result.rule) ? WHY[result.rule] : undefined;
  return explain ? explain(call, detail, reader) : `Rule ${result.rule} failed: ${detail}.`;
}
