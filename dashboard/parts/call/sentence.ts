import type { Call, RuleResult, VerdictStatus } from "../../../shared/api/calls.ts";
import type { OrganizationKind } from "../../../shared/api/organizations.ts";
import { moneySymbol } from "../../format.ts";
import { freeDay, isDisputed } from "./hold.ts";
import { sayMeasure } from "./measure.ts";
import { advertiserName, type Names, publisherName } from "./names.ts";
import { type Reader, whyFailed, whyNotConnected } from "./reasons.ts";
import { awaitedRule, decidingFailure, ruleTally } from "./rules.ts";
import { isDue, type Judged, judgementsOf, phaseOf } from "./verdict.ts";

/** What heads a call: who pays (or that nobody does), then why. Both are whole sentences; `why` may be several. */
export type Sentence = { decides: string; why: string };

/**
 * The sentence that decides, computed from the judgements alone, in the reader's own words: a network reads who
 * pays whom, an advertiser what it owes, a publisher what it earns. It names nothing the call does not carry.
 */
export function sentenceOf(call: Call, kind: OrganizationKind, names: Names): Sentence {
  const phase = phaseOf(call);
  if (phase === "ringing") {
    return { decides: "The phone is ringing.", why: "Nothing is booked before the call has ended." };
  }
  if (phase === "talking") {
    return {
      decides: "The caller is on the line.",
      why: "Who pays is decided when the dialled leg has reported how long they were connected.",
    };
  }
  const judged = judgementsOf(call);
  const nobody = NOBODY[kind];
  if (call.is_test) {
    return {
      decides: nobody,
      why: "It came from one of the campaign's test callers: not billed, not counted, not learned from.",
    };
  }
  if (call.campaign_id === null) {
    return {
      decides: nobody,
      why: "The number that was called belongs to no campaign, so the call was turned away.",
    };
  }
  if (judged.some(({ status }) => isDue(status))) return dueSentence(call, judged, kind, names);
  if (judged.some(({ status }) => status === "pending")) return pendingSentence(call, judged, kind);
  if (kind === "publisher" && judged.length === 0) return sharedSentence(call);
  return { decides: nobody, why: joined(whyNobody(call, judged, kind, names), whyTakenBack(judged)) };
}

const NOBODY: Readonly<Record<OrganizationKind, string>> = {
  network: "Nobody pays for this call.",
  advertiser: "You owe nothing for this call.",
  publisher: "You earn nothing for this call.",
};

const NOT_YET: Readonly<Record<OrganizationKind, string>> = {
  network: "Nobody pays for this call yet.",
  advertiser: "You owe nothing for this call yet.",
  publisher: "You earn nothing for this call yet.",
};

function joined(...sentences: string[]): string {
  return sentences.filter((sentence) => sentence !== "").join(" ");
}

function sideOf(judged: readonly Judged[], side: Judged["side"]): Judged | undefined {
  return judged.find((one) => one.side === side);
}

/** A publisher with a share of the probability sees a call that was not booked to it. */
function sharedSentence(call: Call): Sentence {
  const share = call.attribution.publisher_confidence.toFixed(3);
  return {
    decides: "This call is not booked to you.",
    why: `It may have been yours with a probability of ${share}, which is under the campaign's floor.`,
  };
}

function pendingSentence(call: Call, judged: readonly Judged[], kind: OrganizationKind): Sentence {
  const decides = NOT_YET[kind];
  if (call.leg_report_missing) {
    return {
      decides,
      why: "The dialled leg's report is missing, so nobody knows how long the caller was connected. Nothing is booked until it comes.",
    };
  }
  const awaited = judged.map(({ rules }) => awaitedRule(rules)).find((rule) => rule !== null);
  if (!awaited) return { decides, why: "The dialled leg's final report is still to come." };
  if (awaited.rule === "requires_signal") {
    return { decides, why: `The terms require a signal: ${sayMeasure(awaited.detail)}.` };
  }
  if (awaited.rule === "connected" || awaited.rule === "min_duration") {
    return { decides, why: "The dialled leg's final report is still to come." };
  }
  if (awaited.rule === "confirmed") {
    return {
      decides,
      why: "Who reported it is not the network's own account, so it counts once the phone company's records confirm it.",
    };
  }
  return { decides, why: `It waits for ${awaited.rule}: ${sayMeasure(awaited.detail)}.` };
}

function dueSentence(call: Call, judged: readonly Judged[], kind: OrganizationKind, names: Names): Sentence {
  const revenue = sideOf(judged, "revenue");
  const payout = sideOf(judged, "payout");
  const money = (side: Judged) => moneySymbol(side.amount_micros, call.currency);
  if (kind === "advertiser" && revenue) {
    const verb = revenue.status === "paid" ? "You paid" : "You pay";
    return {
      decides: `${verb} ${money(revenue)} for this call.`,
      why: joined(whyDue(call, revenue), whenFree(call, revenue, names)),
    };
  }
  if (kind === "publisher" && payout) {
    const verb = payout.status === "paid" ? "You were paid" : "You earn";
    return {
      decides: `${verb} ${money(payout)} for this call.`,
      why: joined(whyDue(call, payout), whenFree(call, payout, names)),
    };
  }
  const owes = revenue && isDue(revenue.status) ? revenue : null;
  const earns = payout && isDue(payout.status) ? payout : null;
  const advertiser = advertiserName(call, names);
  const publisher = publisherName(call, names) ?? "The publisher";
  if (owes && earns) {
    return {
      decides: `${advertiser} ${pays(owes.status)} ${money(owes)} for this call and ${publisher} ${earned(earns.status)} ${money(earns)}.`,
      why: joined(whyDue(call, earns), whenFree(call, earns, names)),
    };
  }
  if (owes) {
    const later = payout?.status === "pending";
    return {
      decides: `${advertiser} ${pays(owes.status)} ${money(owes)} for this call; ${later ? "the payout is not decided yet" : "no publisher earns"}.`,
      why: payout
        ? later
          ? pendingSentence(call, [payout], kind).why
          : whyNobody(call, [payout], kind, names)
        : "",
    };
  }
  const amount = earns ? money(earns) : "";
  return {
    decides: `${publisher} earns ${amount} for this call; ${advertiser} owes nothing.`,
    why: revenue ? whyNobody(call, [revenue], kind, names) : "",
  };
}

function pays(status: VerdictStatus): string {
  return status === "paid" ? "paid" : "pays";
}

function earned(status: VerdictStatus): string {
  return status === "paid" ? "was paid" : "earns";
}

function distinct(rules: readonly RuleResult[]): RuleResult[] {
  return [...new Map(rules.map((result) => [result.rule, result])).values()];
}

/** Why money is due: the measures that the caller, the join and the terms have in common. */
function whyDue(call: Call, judged: Judged): string {
  if (judged.rules.some(({ passed, pending }) => !passed && !pending)) {
    return "Its dispute was decided for the publisher, so it is due whatever other rules say.";
  }
  // Where both sides' rules passed the page counts them together, and so does its sentence.
  const all = judgementsOf(call).flatMap(({ rules }) => rules);
  const tally = ruleTally(all.every(({ passed }) => passed) ? distinct(all) : judged.rules);
  const passed = tally === "" ? "" : `${tally.charAt(0).toUpperCase()}${tally.slice(1)}${versionOf(judged)}`;
  const connected =
    call.connected_s === null ? "" : `the caller was connected for ${call.connected_s}\u00a0s`;
  if (passed !== "" && connected !== "") return `${passed}; ${connected}.`;
  if (passed !== "") return `${passed}.`;
  return connected === "" ? "" : `The caller was connected for ${call.connected_s}\u00a0s.`;
}

function versionOf(judged: Judged): string {
  return judged.terms_version === null ? "" : ` under terms v${judged.terms_version}`;
}

function whenFree(call: Call, judged: Judged, names: Names): string {
  if (judged.status !== "held") return "";
  if (isDisputed(judged)) return "It is disputed: the money is held until the network has decided.";
  const day = freeDay(call, judged, names);
  return day === null
    ? "The money is held until the hold of the terms is over."
    : `The money is held until ${day}.`;
}

function whyNobody(call: Call, judged: readonly Judged[], kind: OrganizationKind, names: Names): string {
  // Revenue decides for both when it failed: payout follows it, and the advertiser's reason is the first cause.
  for (const side of judged) {
    const failure = decidingFailure(side.rules);
    if (!failure) continue;
    const reader: Reader = { kind, names, terms_version: side.terms_version };
    return whyFailed(call, failure, reader);
  }
  return whyNotConnected(call);
}

function whyTakenBack(judged: readonly Judged[]): string {
  return judged.some(({ status }) => status === "reversed") ? "It had been booked and was taken back." : "";
}
