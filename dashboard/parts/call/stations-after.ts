import type { Call } from "../../../shared/api/calls.ts";
import type { LedgerEntry } from "../../../shared/api/ledger.ts";
import type { Instant } from "../../../shared/instant.ts";
import { seconds } from "../../format.ts";
import { sayProbability } from "./candidate-rows.ts";
import { freeDay } from "./hold.ts";
import { sayMeasure } from "./measure.ts";
import { whyNotConnected } from "./reasons.ts";
import { ruleRows } from "./rules.ts";
import { FACT, type Station, type TrailOptions } from "./stations.ts";
import {
  type Ending,
  endingOf,
  isAttributed,
  isReported,
  isVerdict,
  judgementsOf,
  phaseOf,
  wasAnswered,
} from "./verdict.ts";

/** What follows the ring: answer, attribution, verdict, postings; what is still to come of it is `ahead`. */
export function afterRing(call: Call, options: TrailOptions): Station[] {
  const stations: Station[] = [answer(call)];
  if (call.attribution.method !== "static_number") stations.push(attribution(call));
  if (judgementsOf(call).length > 0) stations.push(verdict(call, options));
  // Of postings that are not known, or not for this reader, nothing is said: not that there are none.
  const { entries } = options;
  if (judgementsOf(call).length > 0 && entries !== null) stations.push(postings(call, options, entries));
  return inOrder(stations).map((station, index, all) =>
    all[index + 1]?.ahead ? { ...station, line: "todo" } : station,
  );
}

/** A join that is made already stands before an answer that came later, or is still to come. */
function inOrder(stations: Station[]): Station[] {
  const [first, second, ...rest] = stations;
  if (first?.id !== "answer" || second?.id !== "attribution") return stations;
  const sooner = second.at !== null && first.at !== null && second.at < first.at;
  return sooner || (first.ahead && !second.ahead) ? [second, first, ...rest] : stations;
}

function answer(call: Call): Station {
  const phase = phaseOf(call);
  const station: Station = { ...FACT, id: "answer", at: call.answered_at, title: "Answer" };
  if (phase === "ringing") return { ...station, glyph: "open", ahead: true, text: "Not yet." };
  if (phase === "talking") return { ...station, text: "The caller is on the line." };
  if (wasAnswered(call)) {
    const whole = call.duration_s === null ? "" : `${seconds(call.duration_s)} in all`;
    const connected = call.connected_s === null ? "" : `${seconds(call.connected_s)} with the target`;
    const text = [whole, connected].filter(Boolean).join(", ");
    return { ...station, text: text && `${text}.` };
  }
  if (!isReported(call)) {
    const text = "The dialled leg's report is missing: nobody knows whether and how long they talked.";
    return { ...station, at: call.ended_at, glyph: "open", title: "Answer: not reported", text };
  }
  return { ...station, at: call.ended_at, glyph: "bar", title: "No answer", text: whyNotConnected(call) };
}

const METHOD_WORDS = {
  lease: "lease",
  late_lease: "late lease",
  static_number: "static number",
  none: "none of these visits",
} as const;

function attribution(call: Call): Station {
  const { method, confidence, publisher_confidence } = call.attribution;
  const station: Station = { ...FACT, id: "attribution", glyph: "open", title: "Attribution" };
  if (!isAttributed(call)) {
    const text = "It is not decided yet whose call this is.";
    return { ...station, ahead: true, text };
  }
  const sure = sayProbability(confidence);
  const text =
    method === "none"
      ? `Something else explains the call best, with ${sure}.`
      : `Joined at ${sure}, publisher at ${sayProbability(publisher_confidence)}.`;
  return {
    ...station,
    at: lastAt(call.timeline, /^attributed$/),
    title: `Attribution: ${METHOD_WORDS[method]}, ${sure}`,
    text,
  };
}

function verdict(call: Call, { entries }: TrailOptions): Station {
  const station: Station = { ...FACT, id: "verdict", title: "Verdict" };
  if (phaseOf(call) !== "over") {
    return { ...station, glyph: "open", ahead: true, text: "Judged when the dialled leg has reported." };
  }
  const rows = ruleRows(call);
  const failed = rows.filter((row) => row.outcome === "failed");
  const waits = rows.filter((row) => row.outcome === "waits");
  const isPending = endingOf(call) === "pending";
  // What is disputed is due, and held: its rule waits, too.
  const isHeld = failed.length === 0 && waits.length > 0;
  const first = isPending || isHeld ? waits[0] : failed[0];
  const of = `of ${rows.length} rules`;
  return {
    ...station,
    at: judgedAt(call, lastPosted(entries ?? [])),
    glyph: isPending ? "pending" : isHeld ? "held" : failed.length > 0 ? "rejected" : "qualified",
    title:
      isPending || isHeld
        ? `Verdict: waits for ${waits.length} ${of}`
        : failed.length > 0
          ? `Verdict: ${failed.length} ${of} failed`
          : `Verdict: all ${rows.length} rules passed`,
    text: first ? `${first.rule}: ${sayMeasure(first.detail ?? "differs by side")}` : "",
  };
}

/**
 * A call is judged when its dialled leg reports, and again when something changes. What is judged again after the
 * last posting moved no money (a hold that ended), so it is not the verdict that the postings follow.
 */
function judgedAt({ timeline = [] }: Call, posted_at: Instant | null): Instant | null {
  const decisive = timeline.filter(({ at }) => posted_at === null || at <= posted_at);
  return lastAt(decisive, /^judged$/) ?? lastAt(timeline, /^leg_(completed|no_answer|busy|failed|canceled)$/);
}

function lastPosted(entries: readonly LedgerEntry[]): Instant | null {
  return entries.reduce<Instant | null>((at, entry) => Math.max(at ?? 0, entry.posted_at), null);
}

function postings(call: Call, { names }: TrailOptions, entries: readonly LedgerEntry[]): Station {
  const station: Station = { ...FACT, id: "postings", title: "Postings" };
  const ending = endingOf(call);
  if (!isVerdict(ending)) {
    return { ...station, glyph: "open", ahead: true, text: "Nothing is booked before the verdict." };
  }
  const posted = entries.length > 0;
  return {
    ...station,
    at: lastPosted(entries),
    glyph: ending,
    ahead: ending === "pending" && !posted,
    title: ending === "reversed" ? "Postings: taken back" : posted ? "Postings: booked" : "Postings: none",
    text: postingsWords(ending, posted, freeDay(call, judgementsOf(call).at(-1), names)),
  };
}

/** `free`: the day from which a held amount may be paid out. */
function postingsWords(ending: Ending, posted: boolean, free: string | null): string {
  if (ending === "reversed") return "Nothing was edited: a reversal stands beside the first entry.";
  if (ending === "pending") return "Nothing is booked before the verdict.";
  if (!posted) return "Nothing was booked.";
  const held = ending === "held" && free !== null ? ` The money may be paid out from ${free} on.` : "";
  return `Both sides read the same entries.${held}`;
}

/** When a step of that kind last happened, if the timeline tells. */
function lastAt(timeline: Call["timeline"], kind: RegExp): Instant | null {
  return timeline?.findLast((step) => kind.test(step.kind))?.at ?? null;
}
