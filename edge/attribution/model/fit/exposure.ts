import { HOUR_MS, type Instant } from "../../../../shared/instant.ts";
import {
  AGAIN_EDGES_S,
  binsOf,
  FIRST_HOURLY_LEFT_BIN,
  hourOf,
  LEFT_EDGES_S,
  ON_EDGES_S,
  valueIn,
} from "../bins.ts";
import type { Observed, ObservedLease } from "./observed.ts";
import { addTo, openTally, phaseBin, type Tally, zeros } from "./tally.ts";

/** The hours of the day are learned from this many days at most: habits change. */
const HOURS_SAMPLED = 60 * 24;

/** The moment from which a lease is left, in ms: its goodbye, else a renewal's time after the last sign of life. */
function onUntil(lease: ObservedLease, to: Instant, renew_after_s: number): Instant {
  const closed = lease.closed_at !== null && lease.closed_at < to ? lease.closed_at : null;
  return closed ?? Math.min(lease.last_seen_at + renew_after_s * 1_000, to);
}

function leftSince(lease: ObservedLease, to: Instant): Instant {
  return lease.closed_at !== null && lease.closed_at < to ? lease.closed_at : lease.last_seen_at;
}

/**
 * The lease-seconds that were spent in each bin within the window: without them long bins would look likely.
 */
export function exposureOf({ leases, leases_each, from, to, renew_after_s }: Observed): Tally {
  const tally = openTally();
  for (const lease of leases) {
    if (lease.leased_at >= to) continue;
    const until = onUntil(lease, to, renew_after_s);
    const spend = (
      phase: "on" | "left",
      edges: readonly number[],
      since: Instant,
      start: Instant,
      end: Instant,
    ) =>
      eachBin(edges, (Math.max(start, from) - since) / 1_000, (end - since) / 1_000, (bin, seconds) =>
        tally.add(phaseBin({ phase, bin }), lease.publisher_id, lease.device, seconds * leases_each),
      );
    spend("on", ON_EDGES_S, lease.leased_at, lease.leased_at, until);
    const since = leftSince(lease, to);
    spend("left", LEFT_EDGES_S, since, until, to);
  }
  return tally;
}

/** Cuts the span `[start_s, end_s)` at the edges. */
function eachBin(
  edges: readonly number[],
  start_s: number,
  end_s: number,
  visit: (bin: number, seconds: number) => void,
): void {
  for (let bin = 0; bin < binsOf(edges) && valueIn(edges, bin) < end_s; bin++) {
    const seconds = Math.min(end_s, valueIn(edges, bin + 1)) - Math.max(start_s, valueIn(edges, bin));
    if (seconds > 0) visit(bin, seconds);
  }
}

/** Seconds spent in each bin of `AGAIN_EDGES_S` after each of these moments, by its weight. */
export function againExposure(moments: readonly { at: Instant; weight: number }[], to: Instant): number[] {
  const seconds = zeros(binsOf(AGAIN_EDGES_S));
  for (const { at, weight } of moments) {
    eachBin(AGAIN_EDGES_S, 0, (to - at) / 1_000, (bin, span) => addTo(seconds, bin, weight * span));
  }
  return seconds;
}

/** How often each hour of the day was sampled, and how many leases stood in each hourly left bin then. */
export type HourExposure = { samples: number[]; leases: number[][] };

/** Sampled once an hour over the last 60 days of the window. */
export function hourExposure({ leases, leases_each, from, to }: Observed): HourExposure {
  const left = leases.map((lease) => leftSince(lease, to)).sort((a, b) => a - b);
  const samples = zeros(24);
  const counts = Array.from({ length: 24 }, () => zeros(binsOf(LEFT_EDGES_S)));
  const first = Math.max(from, to - HOURS_SAMPLED * HOUR_MS);
  for (let at = first + HOUR_MS / 2; at < to; at += HOUR_MS) {
    const hour = hourOf(at);
    addTo(samples, hour, 1);
    const row = counts[hour] ?? [];
    let newer = before(left, at - valueIn(LEFT_EDGES_S, FIRST_HOURLY_LEFT_BIN) * 1_000);
    for (let bin = FIRST_HOURLY_LEFT_BIN; bin < binsOf(LEFT_EDGES_S); bin++) {
      const older = before(left, at - valueIn(LEFT_EDGES_S, bin + 1) * 1_000);
      addTo(row, bin, (newer - older) * leases_each);
      newer = older;
    }
  }
  return { samples, leases: counts };
}

/** How many of the sorted moments lie before one. */
function before(sorted: readonly Instant[], at: Instant): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? Infinity) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}
