import type { CallFilter, Condition } from "../../../shared/api/routing.ts";
import { type Instant, SECOND_MS } from "../../../shared/instant.ts";
import type { Caller } from "./caller.ts";
import { isFrom } from "./gates.ts";
import { isOpenAt } from "./hours.ts";

/** What a filter looks at. */
export type Filtered = { caller: Caller; campaign_id: string; at: Instant };

/** The first filter of which every condition holds, with its place from 1; null when none does. */
export function firstFilter(
  filters: readonly CallFilter[],
  call: Filtered,
): { place: number; filter: CallFilter } | null {
  const found = filters.findIndex(({ when }) => when.every((condition) => holds(condition, call)));
  const filter = filters[found];
  return filter ? { place: found + 1, filter } : null;
}

/** What is not known of a caller is never true: nobody is turned away for what a carrier did not say. */
function holds(condition: Condition, { caller, campaign_id, at }: Filtered): boolean {
  const calledWithin = (within_s: number, isOne: (call: Caller["past"][number]) => boolean) =>
    caller.past.some(
      (call) =>
        call.campaign_id === campaign_id && call.started_at > at - within_s * SECOND_MS && isOne(call),
    );
  switch (condition.is) {
    case "outside_hours":
      return !isOpenAt(condition.hours, at);
    case "from_region":
      return caller.region !== null && isFrom(condition.regions, caller.region);
    case "outside_regions":
      return caller.region !== null && !isFrom(condition.regions, caller.region);
    case "caller_type":
      return caller.type !== null && condition.types.includes(caller.type);
    case "anonymous":
      return caller.number === null;
    case "blocked":
      return caller.number !== null && condition.callers.includes(caller.number);
    case "repeat":
      return calledWithin(condition.within_s, () => true);
    case "duplicate":
      return calledWithin(condition.within_s, (call) => call.is_due);
    case "stir":
      return condition.levels.includes(caller.stir ?? "none");
  }
}
