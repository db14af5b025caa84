import type { Instant } from "../../../../shared/instant.ts";
import { AGAIN_EDGES_S, binsOf, valueIn } from "../bins.ts";
import type { Parameters } from "../parameters.ts";
import type { Past, Step } from "../past.ts";
import { againBin, type Terms, USED_FOR_HOUSEHOLD } from "../weights.ts";
import { againExposure } from "./exposure.ts";
import { addTo, zeros } from "./tally.ts";

/** How many calls the prior of each bin counts for: a gamma prior whose mean is the start value. */
const PRIOR_CALLS = 2;

type Moment = { at: Instant; weight: number };

/** Calls of who calls once more, by `AGAIN_EDGES_S`, and since when, how surely, each could be expected. */
export type AgainCounts = {
  redial: number[];
  household: number[];
  /** Of callers who did not hide, those whom a visit explained. */
  explained: Moment[];
  /** Of visits, those that had surely called. */
  used: Moment[];
};

export function openAgain(): AgainCounts {
  const bins = binsOf(AGAIN_EDGES_S);
  return { redial: zeros(bins), household: zeros(bins), explained: [], used: [] };
}

/** Counts what of a call a lease explains by an earlier one. `unit` turns a term of the lease into its share of the call. */
export function countAgain(
  counts: AgainCounts,
  { redial, household }: Terms,
  unit: number,
  { at, session_id, past }: { at: Instant; session_id: string | null; past: Past },
): void {
  if (past.redial !== null && redial > 0) addTo(counts.redial, againBin(at, past.redial.at), redial * unit);
  const before = session_id === null ? undefined : past.leases[session_id];
  if (before && household > 0) addTo(counts.household, againBin(at, before.used_at), household * unit);
}

/** Takes note that a call may be followed by others from here on. */
export function expectAgain(
  counts: AgainCounts,
  { at, caller, none, touches }: Pick<Step, "at" | "caller" | "none" | "touches">,
): void {
  if (caller !== null) counts.explained.push({ at, weight: 1 - none });
  for (const { share } of touches) {
    if (share >= USED_FOR_HOUSEHOLD) counts.used.push({ at, weight: share });
  }
}

/** How soon the same caller calls once more, and somebody else of a household whose visitor has called. */
export function learnAgain(
  start: Parameters,
  counts: AgainCounts,
  to: Instant,
): Pick<Parameters, "redial" | "household"> {
  const rates = (before: readonly number[], counted: readonly number[], since: readonly Moment[]) => {
    const seconds = againExposure(since, to);
    return before.map(
      (rate, bin) => (valueIn(counted, bin) + PRIOR_CALLS) / (valueIn(seconds, bin) + PRIOR_CALLS / rate),
    );
  };
  return {
    redial: rates(start.redial, counts.redial, counts.explained),
    household: rates(start.household, counts.household, counts.used),
  };
}
