import type { Call, Proof, VerdictStatus } from "../../../shared/api/calls.ts";
import type { LedgerEntry } from "../../../shared/api/ledger.ts";
import type { Instant } from "../../../shared/instant.ts";
import { displayNumber } from "../../../shared/phone-number.ts";
import { caller, time } from "../../format.ts";
import { type Names, publisherName } from "./names.ts";
import { afterRing } from "./stations-after.ts";
import { phaseOf } from "./verdict.ts";

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
export type StationGlyph = "fact" | "ring" | "open" | "square" | "bar" | VerdictStatus;

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

/** `entries` are null while they are unknown, and for who may not read them. */
export type TrailOptions = { names: Names; zone: string; entries: readonly LedgerEntry[] | null };

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

export const FACT = { at: null, glyph: "fact", line: "fact", ahead: false, text: "" } as const;

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
  // Whoever leaves frees no number: it stays theirs until the lease runs out.
  if (typeof closed_at === "number" && closed_at <= call.started_at)
    parts.push(`The site was left at ${time(closed_at, zone)}.`);
  if (expires_at !== undefined) {
    const ends = expires_at > call.started_at ? "Kept until" : "The lease ended at";
    parts.push(`${ends} ${time(expires_at, zone)}.`);
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
