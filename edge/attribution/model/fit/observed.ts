import type { Instant } from "../../../../shared/instant.ts";
import type { Device, Snapshot } from "../candidate.ts";
import type { Parameters } from "../parameters.ts";
import type { Step } from "../past.ts";
import { type Sighting, sightAll, sightingsOf } from "../sighting.ts";
import { contextOf, type RingContext } from "../weights.ts";

/** A lease as the fit counts its time, called or not. Its state at the end of what is looked at. */
export type ObservedLease = {
  leased_at: Instant;
  last_seen_at: Instant;
  closed_at: Instant | null;
  device: Device;
  publisher_id: string | null;
  /** How often the call link was pressed. */
  presses: number;
};

/** A call as the fit reads it: its candidates in bins, in the order in which they are summed. */
export type ObservedCall = Pick<Step, "caller"> & {
  ring: RingContext;
  sightings: readonly Sighting[];
  /** Those that stand alone, of which earlier calls may say something. */
  named: readonly { session_id: string; visitor: string }[];
};

/** What a pool showed within `[from, to)`. */
export type Observed = {
  /** What nothing has been learned against: the shipped values, or a sister pool's. */
  start: Parameters;
  from: Instant;
  to: Instant;
  /** H: how long a page not heard of is taken as open. */
  renew_after_s: number;
  number_keys: readonly number[];
  /** Every lease that was on or left within the window, or every so many of too many. */
  leases: readonly ObservedLease[];
  /** How many of the pool's leases each of them stands for. */
  leases_each: number;
  /** In the order of (`started_at`, `provider_call_id`). */
  calls: readonly ObservedCall[];
};

/** A frozen snapshot and its caller's fingerprint, as the fit reads them. */
export function observe(snapshot: Snapshot, caller: string | null): ObservedCall {
  const seen = sightAll(snapshot);
  const sightings = sightingsOf(seen);
  return {
    caller,
    ring: contextOf(snapshot, sightings),
    sightings,
    named: seen.leases.map(({ lease: { session_id, visitor } }) => ({ session_id, visitor })),
  };
}
