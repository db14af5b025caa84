import type { Call } from "../../../shared/api/calls.ts";
import { phaseOf, wasAnswered } from "./verdict.ts";

/** How the row's trail begins: by method; a call nobody is joined to has no line before the ring. */
export type TrailStart = "lease" | "late" | "static" | "none";
/** How it goes on after the ring. */
export type TrailEnd = "ringing" | "answered" | "missed";

export type TrailShape = { start: TrailStart; end: TrailEnd; words: string };

const STARTS = { lease: "lease", late_lease: "late", static_number: "static", none: "none" } as const;
const START_WORDS: Readonly<Record<TrailStart, string>> = {
  lease: "Lease",
  late: "Late lease",
  static: "Static number",
  none: "Not attributed",
};
const END_WORDS: Readonly<Record<TrailEnd, string>> = {
  ringing: "ringing",
  answered: "answered",
  missed: "not answered",
};

/** What the small trail in a row draws and what it says to those who do not see it: "Late lease, answered". */
export function trailShape(call: Call): TrailShape {
  const start = STARTS[call.attribution.method];
  const end = phaseOf(call) === "ringing" ? "ringing" : wasAnswered(call) ? "answered" : "missed";
  return { start, end, words: `${START_WORDS[start]}, ${END_WORDS[end]}` };
}
