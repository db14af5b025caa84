import { binsOf, CLICK_EDGES_S, hourOf } from "../bins.ts";
import type { Parameters } from "../parameters.ts";
import { openMemory, type Past, TOUCH_MIN, type Touch } from "../past.ts";
import type { Sighting } from "../sighting.ts";
import { factorsOf, isHourly, localLift, strayTerms, type Terms, termsOf } from "../weights.ts";
import { type AgainCounts, countAgain, expectAgain, openAgain } from "./again.ts";
import type { ObservedCall } from "./observed.ts";
import { addTo, openTally, phaseBin, type Tally, zeros } from "./tally.ts";

/** Calls by what explains them; each call is one in all, split by its posterior. */
export type SoftCounts = {
  delay: Tally;
  click: number[];
  click_by_publisher: Map<string, number>;
  again: AgainCounts;
  stray: number;
  stray_by_number: Map<number, number>;
  /** Late callers and strays by hour of the day. */
  hourly: number[];
  /** Of calls whose regions are both known, those whose caller was where the phone is from. */
  local: number;
  regional: number;
};

/** A share below this is not counted: it cannot move a sum of whole calls. */
const COUNTED_MIN = 1e-7;

/** Replays the calls in order, from an empty memory, with these parameters. */
export function expectCounts(calls: readonly ObservedCall[], parameters: Parameters): SoftCounts {
  const memory = openMemory();
  const counts: SoftCounts = {
    delay: openTally(),
    click: zeros(binsOf(CLICK_EDGES_S)),
    click_by_publisher: new Map(),
    again: openAgain(),
    stray: 0,
    stray_by_number: new Map(),
    hourly: zeros(24),
    local: 0,
    regional: 0,
  };
  for (const call of calls) {
    const { at, number_key } = call.ring;
    const { caller } = call;
    const past = memory.recall({ caller, number_key, candidates: call.named });
    const { none, touches } = countCall(call, parameters, past, counts);
    const step = { at, number_key, caller, none, touches };
    memory.note(step);
    expectAgain(counts.again, step);
  }
  return counts;
}

function countCall(
  call: ObservedCall,
  parameters: Parameters,
  past: Past,
  counts: SoftCounts,
): { none: number; touches: Touch[] } {
  const { ring, sightings } = call;
  const stray = strayTerms(ring, parameters, past);
  const terms = sightings.map((sighting) => termsOf(factorsOf(sighting, ring, parameters, past)));
  const weights = terms.map(
    ({ delay, click, household, redial }, i) =>
      (delay + click + household + redial) * (sightings[i]?.count ?? 0),
  );
  const none_weight = stray.fresh + stray.again;
  const total = weights.reduce((sum, weight) => sum + weight, none_weight);
  const touches: Touch[] = [];
  sightings.forEach((sighting, i) => {
    const share = (weights[i] ?? 0) / total;
    const its = terms[i];
    if (share < COUNTED_MIN || !its) return;
    countSighting(call, sighting, its, sighting.count / total, parameters, past, counts);
    const { session_id, visitor } = sighting;
    if (session_id !== null && visitor !== null && share > TOUCH_MIN) {
      touches.push({ session_id, visitor, share });
    }
  });
  const fresh = stray.fresh / total;
  counts.stray += fresh;
  counts.stray_by_number.set(ring.number_key, (counts.stray_by_number.get(ring.number_key) ?? 0) + fresh);
  addTo(counts.hourly, hourOf(ring.at), fresh);
  return { none: none_weight / total, touches };
}

/** `unit` turns a term of the sighting into its share of the call. */
function countSighting(
  { ring }: ObservedCall,
  sighting: Sighting,
  terms: Terms,
  unit: number,
  parameters: Parameters,
  past: Past,
  counts: SoftCounts,
): void {
  const { publisher_id, device, click_bin, same_region, session_id } = sighting;
  const { delay, click } = terms;
  counts.delay.add(phaseBin(sighting), publisher_id, device, delay * unit);
  if (isHourly(sighting)) addTo(counts.hourly, hourOf(ring.at), delay * unit);
  if (click_bin !== null) {
    addTo(counts.click, click_bin, click * unit);
    if (publisher_id !== null) {
      const before = counts.click_by_publisher.get(publisher_id) ?? 0;
      counts.click_by_publisher.set(publisher_id, before + click * unit);
    }
  }
  countAgain(counts.again, terms, unit, { at: ring.at, session_id, past });
  if (same_region !== null) {
    const share = (delay + click) * unit;
    const lift = localLift(ring, parameters);
    counts.regional += share;
    if (same_region) counts.local += (share * lift) / (1 - parameters.local_share + lift);
  }
}
