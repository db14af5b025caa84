import type { Instant } from "../../../shared/instant.ts";
import { RATE_FLOOR } from "./background.ts";
import { binOf, CLICK_EDGES_S, FIRST_HOURLY_LEFT_BIN, LEFT_EDGES_S, ON_EDGES_S, valueIn } from "./bins.ts";
import { type CandidateLease, isOn, type Lump, leftAt, type Phase, type Snapshot } from "./candidate.ts";
import type { Parameters } from "./parameters.ts";

/** A share of callers below this is not believed: the caller at hand is from there. */
const REGION_SHARE_FLOOR = 1e-6;

/** What makes a lease likely or unlikely to have called, each as the number it enters the weight with. */
export type Factors = Phase & {
  /** λ of the delay's bin, calls per second. */
  rate: number;
  hour: number;
  device: number;
  publisher: number;
  /** The rate that the latest press of the call link adds, calls per second; 0 without one in the last 200 s. */
  click_rate: number;
  region: number;
};

/** The expected calls per second by which one lease explains the ring. */
export function weightOf(factors: Factors): number {
  return (
    (factors.rate * factors.hour * factors.device * factors.publisher + factors.click_rate) * factors.region
  );
}

/** The expected calls per second that nothing but chance explains. */
export function strayWeight(snapshot: Snapshot): number {
  return Math.max(RATE_FLOOR, snapshot.stray_rate * snapshot.hour_factor);
}

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

/**
 * How long before the ring the call link was last pressed, ms; null when that was not in the last 200 s.
 * The latest press alone counts: presses are a browser's claim, and a hundred of them are no more than one.
 */
export function clickLag(lease: CandidateLease, at: Instant): number | null {
  const lags = lease.tel_clicks_at.map((clicked) => at - clicked).filter((lag) => lag >= 0);
  const lag = lags.length === 0 ? Infinity : Math.min(...lags);
  return binOf(CLICK_EDGES_S, lag / 1_000) === null ? null : lag;
}

/** The factors of a lease, or null when it is no candidate. */
export function factorsOfLease(
  lease: CandidateLease,
  snapshot: Snapshot,
  parameters: Parameters,
): Factors | null {
  const phase = phaseOf(lease, snapshot.at, snapshot.renew_after_s);
  if (phase === null) return null;
  const lag = clickLag(lease, snapshot.at);
  const bin = lag === null ? null : binOf(CLICK_EDGES_S, lag / 1_000);
  const clickRate = bin === null ? 0 : valueIn(parameters.click, bin);
  return { ...factorsOfKind({ ...lease, ...phase }, snapshot, parameters), click_rate: clickRate };
}

/** The factors of each one lease of a lump. */
export function factorsOfLump(lump: Lump, snapshot: Snapshot, parameters: Parameters): Factors {
  return factorsOfKind(lump, snapshot, parameters);
}

type Kind = Phase & Pick<Lump, "device" | "publisher_id" | "region">;

function factorsOfKind(kind: Kind, snapshot: Snapshot, parameters: Parameters): Factors {
  const { phase, bin } = kind;
  const hourly = phase === "left" && bin >= FIRST_HOURLY_LEFT_BIN;
  return {
    phase,
    bin,
    rate: valueIn(phase === "on" ? parameters.on : parameters.left, bin),
    hour: hourly ? snapshot.hour_factor : 1,
    device: parameters.device[kind.device][phase],
    publisher: publisherFactor(parameters, kind.publisher_id),
    click_rate: 0,
    region: regionFactor(kind.region, snapshot, parameters),
  };
}

function publisherFactor(parameters: Parameters, publisherId: string | null): number {
  if (publisherId === null || !Object.hasOwn(parameters.publisher, publisherId)) return 1;
  return parameters.publisher[publisherId] ?? 1;
}

/** How much likelier the caller's area code is if this visitor called: 1 when either region is unknown. */
function regionFactor(region: string | null, snapshot: Snapshot, parameters: Parameters): number {
  if (region === null || snapshot.caller_region === null) return 1;
  const elsewhere = 1 - parameters.local_share;
  if (region !== snapshot.caller_region) return elsewhere;
  return elsewhere + parameters.local_share / Math.max(REGION_SHARE_FLOOR, snapshot.caller_region_share);
}
