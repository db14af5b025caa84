import type { Instant } from "../../../shared/instant.ts";
import {
  binOf,
  CLICK_EDGES_S,
  FIRST_DAILY_LEFT_BIN,
  FIRST_HOURLY_LEFT_BIN,
  hourOf,
  LEFT_EDGES_S,
  ON_EDGES_S,
} from "./bins.ts";
import {
  type CandidateLease,
  type Device,
  isOn,
  type Lump,
  leftAt,
  type Phase,
  type Snapshot,
} from "./candidate.ts";
import { inOrder, newestFirst } from "./order.ts";

/** A lease, or a lump of them, as the formula sees it at a ring: everything in bins. */
export type Sighting = Phase & {
  /** Null for a lump, of whose leases no earlier call says anything. */
  session_id: string | null;
  visitor: string | null;
  /** The hour of the UTC day at which the visitor left; null where it does not matter (see `leftHourOf`). */
  left_hour: number | null;
  device: Device;
  publisher_id: string | null;
  /** Whether the visitor was where the caller's area code is; null when either is unknown. */
  same_region: boolean | null;
  /** Of the latest press of the call link; null without one in the last 200 s. */
  click_bin: number | null;
  count: number;
};

/**
 * Where a lease stands at the ring; null when it is no candidate: it began later, or its visitor left 30 days ago
 * or more.
 */
export function phaseOf(lease: CandidateLease, at: Instant, renewAfterS: number): Phase | null {
  if (lease.leased_at > at) return null;
  const on = isOn(lease, at, renewAfterS);
  const since = on ? lease.leased_at : leftAt(lease, at);
  const bin = binOf(on ? ON_EDGES_S : LEFT_EDGES_S, (at - since) / 1_000);
  return bin === null ? null : { phase: on ? "on" : "left", bin };
}

/** Who presses a call link more often on one visit is no caller but a script. */
const PRESSES_BELIEVED = 3;

/**
 * How long before the ring the call link was last pressed, ms; null when that was not in the last 200 s.
 * Presses are a browser's claim: the latest alone counts, and none of a visit with more than three.
 */
export function clickLag(lease: CandidateLease, at: Instant): number | null {
  const presses = lease.tel_clicks_at.length;
  if (presses === 0 || presses > PRESSES_BELIEVED) return null;
  let latest = -Infinity;
  for (const clicked of lease.tel_clicks_at) if (clicked <= at && clicked > latest) latest = clicked;
  return binOf(CLICK_EDGES_S, (at - latest) / 1_000) === null ? null : at - latest;
}

/**
 * The hour of the UTC day at which a visitor left; null for who has the page open or left it just now, and after a day,
 * when every hour has come since.
 */
export function leftHourOf(lease: CandidateLease, { phase, bin }: Phase, at: Instant): number | null {
  const matters = phase === "left" && bin >= FIRST_HOURLY_LEFT_BIN && bin < FIRST_DAILY_LEFT_BIN;
  return matters ? hourOf(leftAt(lease, at)) : null;
}

/** A lease as the formula sees it; null when it is no candidate. */
export function sight(lease: CandidateLease, snapshot: Snapshot): Sighting | null {
  const phase = phaseOf(lease, snapshot.at, snapshot.renew_after_s);
  if (phase === null) return null;
  const lag = clickLag(lease, snapshot.at);
  return {
    ...phase,
    session_id: lease.session_id,
    visitor: lease.visitor,
    left_hour: leftHourOf(lease, phase, snapshot.at),
    device: lease.device,
    publisher_id: lease.publisher_id,
    same_region: sameRegion(lease.region, snapshot.caller_region),
    click_bin: lag === null ? null : binOf(CLICK_EDGES_S, lag / 1_000),
    count: 1,
  };
}

/** Many leases of one kind as the formula sees each of them. */
export function sightLump(lump: Lump, snapshot: Snapshot): Sighting {
  const { phase, bin, device, publisher_id, count, left_hour = null } = lump;
  const same_region = sameRegion(lump.region, snapshot.caller_region);
  return {
    phase,
    bin,
    device,
    publisher_id,
    same_region,
    count,
    session_id: null,
    visitor: null,
    left_hour,
    click_bin: null,
  };
}

/** The candidates of a ring in the order in which they are summed, and with each what it was made of. */
export function sightAll(snapshot: Snapshot): {
  leases: { lease: CandidateLease; sighting: Sighting }[];
  lumps: { lump: Lump; sighting: Sighting }[];
} {
  const leases = [...snapshot.candidates].sort(newestFirst).flatMap((lease) => {
    const sighting = sight(lease, snapshot);
    return sighting === null ? [] : [{ lease, sighting }];
  });
  const lumps = inOrder(snapshot.lumps).map((lump) => ({ lump, sighting: sightLump(lump, snapshot) }));
  return { leases, lumps };
}

/** The same, leases and lumps in one. */
export function sightingsOf({ leases, lumps }: ReturnType<typeof sightAll>): Sighting[] {
  return [...leases, ...lumps].map(({ sighting }) => sighting);
}

/** How many leases each publisher had on the number in the last day. */
export function recentLeases(sightings: Iterable<Sighting>): Record<string, number> {
  const recent: Record<string, number> = {};
  for (const { publisher_id, phase, bin, count } of sightings) {
    if (publisher_id === null || (phase === "left" && bin >= FIRST_DAILY_LEFT_BIN)) continue;
    recent[publisher_id] = (recent[publisher_id] ?? 0) + count;
  }
  return recent;
}

function sameRegion(visitor: string | null, caller: string | null): boolean | null {
  return visitor === null || caller === null ? null : visitor === caller;
}
