import { CLICK_EDGES_S, valueIn } from "../bins.ts";
import { factorFor, type Parameters } from "../parameters.ts";
import type { SoftCounts } from "./expect.ts";
import { factorOf } from "./factors.ts";
import type { Observed } from "./observed.ts";

/** How many calls the prior of each bin counts for: a gamma prior whose mean is the start value. */
const PRIOR_CALLS = 2;

/** Presses of the call link by publisher, in the order of their ids; nobody's under null. */
export type Presses = readonly (readonly [publisher_id: string | null, presses: number])[];

export function countPresses({ leases, leases_each }: Pick<Observed, "leases" | "leases_each">): Presses {
  const counts = new Map<string | null, number>();
  for (const { publisher_id, presses } of leases) {
    if (presses > 0) counts.set(publisher_id, (counts.get(publisher_id) ?? 0) + presses * leases_each);
  }
  return [...counts].sort(([a], [b]) => ((a ?? "") < (b ?? "") ? -1 : 1));
}

/**
 * How soon after a press of the call link a call follows, and what a press on each publisher's pages is worth against the
 * mean. A press is a browser's claim: who has presses that no calls follow is believed less the next day, by calls that
 * whoever presses does not make.
 */
export function learnPresses(
  start: Parameters,
  old: Parameters,
  presses: Presses,
  counts: Pick<SoftCounts, "click" | "click_by_publisher">,
): Pick<Parameters, "click" | "click_worth"> {
  const believed = presses.reduce((sum, [id, count]) => sum + count * factorFor(old.click_worth, id), 0);
  const click = start.click.map(
    (rate, bin) =>
      (valueIn(counts.click, bin) + PRIOR_CALLS) / (believed * widthOf(bin) + PRIOR_CALLS / rate),
  );
  const calls_per_press = click.reduce((sum, rate, bin) => sum + rate * widthOf(bin), 0);
  const click_worth: Record<string, number> = {};
  for (const [id, count] of presses) {
    if (id !== null) {
      click_worth[id] = factorOf(counts.click_by_publisher.get(id) ?? 0, count * calls_per_press);
    }
  }
  return { click, click_worth };
}

function widthOf(bin: number): number {
  return valueIn(CLICK_EDGES_S, bin + 1) - valueIn(CLICK_EDGES_S, bin);
}
