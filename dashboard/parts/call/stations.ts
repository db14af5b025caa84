import type { Call, Proof } from "../../../shared/api/calls.ts";
import type { LedgerEntry } from "../../../shared/api/ledger.ts";
import type { Instant } from "../../../shared/instant.ts";
import { displayNumber } from "../../../shared/phone-number.ts";
import { caller, seconds, time } from "../../format.ts";
import { sayProbability } from "./candidate-rows.ts";
import { type Names, publisherName } from "./names.ts";
import { ruleRows } from "./rules.ts";
import { ENDING_WORDS, type Ending, endingOf, judgementsOf, phaseOf, wasAnswered } from "./verdict.ts";

/** The visit a call is joined to, as far as this viewer sees it. */
export type Visit = NonNullable<Call["session"]>;

/** The stops of a call's trail, from page view to posting. */
export type StationId =
  | "visit"
  | "number"
  | "lease"
  | "ring"
  | "answer"
  | "attribution"
  | "verdict"
  | "postings";

/** How the stop is drawn: a fact, the ring, an open decision, a static number's square, a missed call's bar, a verdict. */
export type StationGlyph =
  | "fact"
  | "ring"
  | "open"
  | "square"
  | "bar"
  | Exclude<Ending, "ringing" | "talking">;

/** The line from this stop to the next: solid a fact, dashed inferred, hairline still to come. */
export type StationLine = "fact" | "guess" | "todo";

export type Station = {
  id: StationId;
  title: string;
  at: Instant | null;
  glyph: StationGlyph;
  line: StationLine;
  /** Nothing has happened here yet. */
  ahead: boolean;
  text: string;
};

export type TrailOptions = { names: Names; zone: string; entries: readonly LedgerEntry[] };

/** Every stop of the trail that this viewer's call carries, in order. Those still to come are `ahead`. */
export function stationsOf(call: Call, options: TrailOptions): Station[] {
  return [...beforeRing(call, options), ring(call, options), ...afterRing(call, options)];
}

function beforeRing(call: Call, options: TrailOptions): Station[] {
  const { method } = call.attribution;
  if (method === "static_number") {
    const owner = publisherName(call, options.names);
    return [
      {
        ...FACT,
        id: "number",
        glyph: "square",
        title: `${displayNumber(call.to)}, a static number`,
        text: owner
          ? `It belongs to ${owner}, so the number alone says where the call comes from.`
          : "It is printed or shown in one place only, so the number alone says where the call comes from.",
      },
    ];
  }
  const { session } = call;
  if (method === "none" || session === null) return [];
  const at = session.leased_at ?? null;
  return [
    { ...FACT, id: "visit", at, title: "Page view", text: visitWords(session) },
    {
      ...FACT,
      id: "lease",
      at,
      line: "guess",
      title: `Lease of ${displayNumber(call.to)}`,
      text: leaseWords(call, session, options),
    },
  ];
}

const FACT = { at: null, glyph: "fact", line: "fact", ahead: false, text: "" } as const;

function visitWords(session: Visit): string {
  return [sourceWords(session), session.term ? `“${session.term}”` : ""].filter(Boolean).join(", ");
}

/** "google / cpc", or what there is of it. */
export function sourceWords(session: Visit): string {
  return [session.source, session.medium].filter(Boolean).join(" / ");
}

const PROOF_WORDS: Readonly<Record<Proof, string>> = {
  number: "proven by its own number",
  site: "proven by its own site",
  click_token: "proven by its tracking link",
  none: "not proven",
};

export function proofWords(proof: Proof): string {
  return PROOF_WORDS[proof];
}

function leaseWords(call: Call, session: Visit, { names, zone }: TrailOptions): string {
  const parts: string[] = [];
  const publisher = publisherName(call, names);
  const { publisher_proof } = call.attribution;
  if (publisher && publisher_proof !== "none") parts.push(`${publisher}, ${proofWords(publisher_proof)}.`);
  parts.push("The page showed this number to one visitor alone.");
  const { last_seen_at, closed_at, expires_at } = session;
  if (last_seen_at !== undefined) parts.push(`Last seen at ${time(last_seen_at, zone)}.`);
  const end = closed_at ?? expires_at;
  if (end !== undefined && end !== null) {
    parts.push(
      `${end > call.started_at ? "Kept" : "It ended"} ${end > call.started_at ? "until" : "at"} ${time(end, zone)}.`,
    );
  }
  return parts.join(" ");
}

function ring(call: Call, { names }: TrailOptions): Station {
  const phase = phaseOf(call);
  const through = call.provider.charAt(0).toUpperCase() + call.provider.slice(1);
  const site = call.site_id === null ? null : names.site(call.site_id);
  const who = call.from === null ? "Somebody who hid the number" : caller(call.from);
  return {
    ...FACT,
    id: "ring",
    at: call.started_at,
    glyph: "ring",
    line: phase === "ringing" ? "todo" : "fact",
    title: "Ring",
    text: `${who} called ${displayNumber(call.to)} through ${through}${site ? `, the number shown on ${site}` : ""}.${askedLater(call)}`,
  };
}

function askedLater(call: Call): string {
  return call.attribution.asked_later ? " The pool was asked afterwards who held the number then." : "";
}

function afterRing(call: Call, options: TrailOptions): Station[] {
  const phase = phaseOf(call);
  const stations: Station[] = [answer(call)];
  if (call.attribution.method !== "static_number") stations.push(attribution(call));
  stations.push(verdict(call));
  const money = postings(call, options.entries);
  if (money) stations.push(money);
  if (phase === "over") return stations;
  return stations.map((station) =>
    station.id === "answer" && phase === "talking"
      ? { ...station, line: "todo" }
      : station.id === "attribution"
        ? { ...station, line: "todo" }
        : { ...station, line: "todo", ahead: true, glyph: "open", at: null },
  );
}

function answer(call: Call): Station {
  const phase = phaseOf(call);
  if (phase === "ringing") return { ...FACT, id: "answer", glyph: "open", title: "Answer", text: "Not yet." };
  if (phase === "talking") {
    return {
      ...FACT,
      id: "answer",
      at: call.answered_at,
      title: "Answer",
      text: "The caller is on the line.",
    };
  }
  if (!wasAnswered(call)) {
    return { ...FACT, id: "answer", at: call.ended_at, glyph: "bar", title: "No answer", text: "" };
  }
  const connected = call.connected_s === null ? "" : `${seconds(call.connected_s)} with the target`;
  const whole = call.duration_s === null ? "" : `${seconds(call.duration_s)} in all`;
  const text = [whole, connected].filter(Boolean).join(", ");
  return { ...FACT, id: "answer", at: call.answered_at, title: "Answer", text: text && `${text}.` };
}

const METHOD_WORDS = {
  lease: "lease",
  late_lease: "late lease",
  static_number: "static number",
  none: "none of these visits",
} as const;

function attribution(call: Call): Station {
  const { method, confidence, publisher_confidence } = call.attribution;
  const sure = sayProbability(confidence);
  const text =
    method === "none"
      ? `Something else explains the call best, with ${sure}.`
      : `Joined at ${sure}, publisher at ${sayProbability(publisher_confidence)}.`;
  return {
    ...FACT,
    id: "attribution",
    at: stepAt(call.timeline, /^attribut/),
    glyph: "open",
    title: `Attribution: ${METHOD_WORDS[method]}, ${sure}`,
    text,
  };
}

function verdict(call: Call): Station {
  const rows = ruleRows(call);
  const failed = rows.filter((row) => row.outcome === "failed");
  const waits = rows.filter((row) => row.outcome === "waits");
  const first = failed[0] ?? waits[0];
  const title =
    phaseOf(call) !== "over"
      ? "Verdict"
      : rows.length === 0
        ? "Verdict: nothing to judge"
        : failed.length > 0
          ? `Verdict: ${failed.length} of ${rows.length} rules failed`
          : waits.length > 0
            ? `Verdict: waits for ${waits.length} of ${rows.length} rules`
            : `Verdict: all ${rows.length} rules passed`;
  return {
    ...FACT,
    id: "verdict",
    at: stepAt(call.timeline, /^(judge|verdict)/),
    glyph: failed.length > 0 ? "rejected" : waits.length > 0 ? "pending" : "qualified",
    title,
    text: first ? `${first.rule}: ${first.detail ?? "differs by side"}` : "",
  };
}

function postings(call: Call, entries: readonly LedgerEntry[]): Station | null {
  const ending = endingOf(call);
  if (judgementsOf(call).length === 0) return null;
  const glyph = ending === "ringing" || ending === "talking" ? "open" : ending;
  const posted = new Set(entries.map((entry) => entry.transaction_id)).size;
  const last = entries.reduce<Instant | null>((at, entry) => Math.max(at ?? 0, entry.posted_at), null);
  const title =
    ending === "reversed"
      ? "Postings: taken back"
      : posted > 0
        ? `Postings: ${ENDING_WORDS[ending].toLowerCase()}`
        : "Postings: none";
  return { ...FACT, id: "postings", at: last, glyph, title, text: postingsWords(ending, posted) };
}

function postingsWords(ending: Ending, posted: number): string {
  if (ending === "reversed") return "Nothing was edited: a reversal stands beside the first entry.";
  if (posted > 0) return "Both sides read the same entries, and each transaction sums to zero.";
  if (ending === "held") return "Booked when the hold of the terms is over.";
  if (ending === "pending") return "Nothing is booked before the verdict.";
  return "Nothing was booked.";
}

/** When a step of that kind last happened, if the timeline tells. */
function stepAt(timeline: Call["timeline"], kind: RegExp): Instant | null {
  return timeline?.findLast((step) => kind.test(step.kind))?.at ?? null;
}
