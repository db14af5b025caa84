import { regionShare, strayRate } from "../../edge/attribution/model/background.ts";
import type { CandidateLease, Snapshot } from "../../edge/attribution/model/candidate.ts";
import { fitModel } from "../../edge/attribution/model/fit/fit.ts";
import { type ObservedCall, observe } from "../../edge/attribution/model/fit/observed.ts";
import { lumpCandidates } from "../../edge/attribution/model/lump.ts";
import { CAREFUL_START, type Parameters, START } from "../../edge/attribution/model/parameters.ts";
import { openMemory } from "../../edge/attribution/model/past.ts";
import { type Posterior, posterior, stepOf } from "../../edge/attribution/model/posterior.ts";
import { HOUR_S } from "./habits.ts";
import type { Judged } from "./metrics.ts";
import type { TownCall } from "./town.ts";
import {
  lastSeen,
  leaseToFind,
  RENEW_AFTER_S,
  seenAt,
  TTL_S,
  WINDOW_S,
  type World,
  type WorldLease,
} from "./world.ts";

/** The product's model over a pure world: what it would freeze at each ring, and how it judges. */

/** Where the worlds' clocks start, ms: a day's midnight, so that their hours are the product's. */
export const EPOCH = Date.UTC(2026, 10, 23);
/** As many past calls tell where callers come from as the product asks for. */
const REGION_SAMPLE = 2_000;

export const instant = (at_s: number) => EPOCH + Math.round(at_s * 1_000);
export const regionName = (region: number | null) => (region === null ? null : `US-${region}`);
export const publisherName = (publisher: number) => `org_${publisher}`;
const callerName = (phone: number | null) => (phone === null ? null : `phone ${phone}`);

/** What was frozen at each call of a world, in order. */
export type FrozenCall = { call: TownCall; snapshot: Snapshot };

/**
 * The snapshots of all calls. Which old leases stand alone depends on what earlier calls said, so the calls are
 * judged along the way, as a pool without a model of its own judges them.
 */
export function freezeCalls(world: World): FrozenCall[] {
  const memory = openMemory();
  const byNumber = leasesByNumber(world);
  const regions: number[] = [];
  const ended = new Map<number, CandidateLease>();
  return world.calls.map((call) => {
    const at = instant(call.at_s);
    const seen = byNumber[call.number] ?? [];
    const leases: CandidateLease[] = [];
    for (let i = before(seen, call.at_s) - 1; i >= 0; i--) {
      const lease = seen[i];
      if (!lease || call.at_s - lastSeen(lease) > WINDOW_S) break;
      leases.push(candidateAt(lease, call.at_s, ended));
    }
    const sample = regions.slice(-REGION_SAMPLE);
    const from = sample.filter((region) => region === call.region).length;
    const counted = call.region === null ? 0 : sample.length;
    const caller = callerName(call.phone);
    const knows = (lease: CandidateLease) => memory.knows(lease, caller);
    const rules = { at, renew_after_s: RENEW_AFTER_S, knows, caller_region: regionName(call.region) };
    const snapshot: Snapshot = {
      at,
      number_key: call.number,
      renew_after_s: RENEW_AFTER_S,
      caller_region: regionName(call.region),
      caller_region_share: regionShare(from, counted),
      stray_rate: strayRate(leasesPerSecond(world, call.at_s), world.numbers),
      own_pool_publisher_id: null,
      ...lumpCandidates(leases, rules),
    };
    if (call.region !== null) regions.push(call.region);
    const past = memory.recall({ caller, number_key: call.number, candidates: snapshot.candidates });
    memory.note({ ...stepOf(snapshot, posterior(snapshot, START, past)), caller });
    return { call, snapshot };
  });
}

/** What the nightly fit learns from the first `count` calls; without any, the careful start. */
export function learn(
  world: World,
  frozen: readonly FrozenCall[],
  count: number,
  cold = CAREFUL_START,
): Parameters {
  const last = frozen[count - 1];
  if (!last) return cold;
  const to = last.snapshot.at + 1;
  return fitModel({
    start: START,
    from: EPOCH,
    to,
    renew_after_s: RENEW_AFTER_S,
    number_keys: Array.from({ length: world.numbers }, (_, key) => key),
    leases_each: 1,
    leases: world.leases
      .filter(({ leased_at_s }) => instant(leased_at_s) < to)
      .map((lease) => {
        const { leased_at, last_seen_at, closed_at, device, publisher_id, tel_clicks_at } = candidateAt(
          lease,
          (to - EPOCH) / 1_000,
          new Map(),
        );
        return { leased_at, last_seen_at, closed_at, device, publisher_id, presses: tel_clicks_at.length };
      }),
    calls: frozen
      .slice(0, count)
      .map(({ call, snapshot }): ObservedCall => observe(snapshot, callerName(call.phone))),
  });
}

/** The posterior of every call by these parameters, each remembering those before it. */
export function posteriors(frozen: readonly FrozenCall[], parameters: Parameters): Posterior[] {
  const memory = openMemory();
  return frozen.map(({ call, snapshot }) => {
    const caller = callerName(call.phone);
    const past = memory.recall({ caller, number_key: call.number, candidates: snapshot.candidates });
    const result = posterior(snapshot, parameters, past);
    memory.note({ ...stepOf(snapshot, result), caller });
    return result;
  });
}

/** How these parameters judge the calls from `from` on. */
export function judge(
  world: World,
  frozen: readonly FrozenCall[],
  parameters: Parameters,
  from: number,
): Judged[] {
  return posteriors(frozen, parameters).flatMap((result, place) => {
    const call = world.calls[place];
    return call && place >= from ? [compare(world, call, result)] : [];
  });
}

function compare(world: World, call: TownCall, { top, confidence, publishers }: Posterior): Judged {
  const truth = call.lease === null ? undefined : world.leases[call.lease];
  const found = leaseToFind(world, call);
  const likeliest = publishers[0];
  return {
    confidence,
    // Beyond the window none is the best answer there is; a lease in a lump is one that should have been found.
    is_right: (top?.session_id ?? null) === (found && sessionName(found)),
    publisher_confidence: likeliest?.probability ?? 0,
    is_publisher_right: truth !== undefined && likeliest?.publisher_id === publisherName(truth.publisher),
  };
}

const sessionName = ({ index }: WorldLease) => `ses_${index}`;

function candidateAt(lease: WorldLease, at_s: number, ended: Map<number, CandidateLease>): CandidateLease {
  const isOver =
    at_s >= Math.max(lastSeen(lease), lease.closed_s ?? 0) &&
    lease.pressed_s.every((pressed) => pressed <= at_s);
  const known = isOver ? ended.get(lease.index) : undefined;
  if (known) return known;
  const seen_s = seenAt(lease, at_s);
  const candidate: CandidateLease = {
    lease_id: `lse_${lease.index}`,
    session_id: sessionName(lease),
    visitor: `visitor ${lease.visitor}`,
    leased_at: instant(lease.leased_at_s),
    last_seen_at: instant(seen_s),
    closed_at: lease.closed_s !== null && lease.closed_s <= at_s ? instant(lease.closed_s) : null,
    expires_at: instant(seen_s + TTL_S),
    device: lease.person.is_mobile ? "mobile" : "desktop",
    region: regionName(lease.person.address_region),
    publisher_id: publisherName(lease.publisher),
    proof: "site",
    tel_clicks_at: lease.pressed_s.filter((pressed) => pressed <= at_s).map(instant),
  };
  if (isOver) ended.set(lease.index, candidate);
  return candidate;
}

function leasesByNumber(world: World): WorldLease[][] {
  const byNumber: WorldLease[][] = Array.from({ length: world.numbers }, () => []);
  for (const lease of world.leases) byNumber[lease.number]?.push(lease);
  return byNumber;
}

/** How many of the leases, which are in order, began by then. */
function before(leases: readonly WorldLease[], at_s: number): number {
  let low = 0;
  let high = leases.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((leases[middle]?.leased_at_s ?? Infinity) <= at_s) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** As the pool counts: since its first lease, a pool younger than an hour as an hour old. */
function leasesPerSecond({ leases }: World, at_s: number): number {
  return before(leases, at_s) / Math.max(HOUR_S, at_s - (leases[0]?.leased_at_s ?? at_s));
}
