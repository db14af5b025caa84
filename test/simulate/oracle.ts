import {
  type Habits,
  HOUR_S,
  lognormalBelow,
  lognormalDensity,
  meanWakefulness,
  quantile,
  VISIT_MAX_S,
  wakefulness,
} from "./habits.ts";
import type { Judged } from "./metrics.ts";
import type { TownCall } from "./town.ts";
import { RENEW_AFTER_S, seenAt, WINDOW_S, type World, type WorldLease } from "./world.ts";

/**
 * The best attribution there can be: the same sequential posterior with the world's true densities in place of
 * learned ones. It sees what the product sees, never the truth of a call. Near-optimal: earlier calls stay soft.
 */

const PRESS_WINDOW_S = 200;
/** Ends of a visit that are not known are averaged over: so many while the page may be closed, and still open. */
const CLOSED_NODES = 8;
const OPEN_NODES = 6;
/** Within this time of the last sign of life the unknown end matters. */
const END_MATTERS_S = 6 * HOUR_S;
const CALLER_RARITY = 1e5;

type Remembered = { at_s: number; none: number; shares: Map<number, number> };

export function judgeByTruth(world: World, from: number): Judged[] {
  const weigh = densities(world.habits);
  const byNumber: WorldLease[][] = Array.from({ length: world.numbers }, () => []);
  for (const lease of world.leases) byNumber[lease.number]?.push(lease);
  const memory = openTrueMemory(world);
  return world.calls.flatMap((call, place) => {
    const candidates: { lease: WorldLease; weight: number }[] = [];
    for (const lease of byNumber[call.number] ?? []) {
      if (lease.leased_at_s > call.at_s) break;
      if (call.at_s - seenAt(lease, call.at_s) > WINDOW_S) continue;
      candidates.push({ lease, weight: memory.weight(lease, call, weigh(lease, call.at_s)) });
    }
    const none_weight = memory.strayWeight(call);
    const total = candidates.reduce((sum, { weight }) => sum + weight, none_weight);
    const shares = candidates.map(({ lease, weight }) => ({ lease, share: weight / total }));
    memory.note(call, none_weight / total, shares);
    return place < from ? [] : [judgedBy(world, call, none_weight / total, shares)];
  });
}

type Share = { lease: WorldLease; share: number };

function judgedBy(world: World, call: TownCall, none: number, shares: readonly Share[]): Judged {
  let best: Share | null = null;
  const publishers = world.habits.publishers.map(() => 0);
  for (const one of shares) {
    publishers[one.lease.publisher] = (publishers[one.lease.publisher] ?? 0) + one.share;
    if (one.share > (best?.share ?? none)) best = one;
  }
  const publisher_confidence = Math.max(0, ...publishers);
  const truth = call.lease === null ? undefined : world.leases[call.lease];
  const isKnown = truth !== undefined && shares.some(({ lease }) => lease === truth);
  return {
    confidence: best?.share ?? none,
    is_right: (best?.lease ?? null) === (isKnown ? truth : null),
    publisher_confidence,
    is_publisher_right: truth !== undefined && publishers.indexOf(publisher_confidence) === truth.publisher,
  };
}

/** The true rate, in calls per second, at which a lease calls at a moment, given what was seen of it. */
function densities(habits: Habits): (lease: WorldLease, at_s: number) => number {
  const { visit, when, press } = habits;
  const pressing = press.share * (1 - press.lost);
  const visitEndsBy = (s: number) => (s >= VISIT_MAX_S ? 1 : lognormalBelow(s, visit.median, visit.sigma));
  const kinds = [
    { share: when.hours, ...habits.hours },
    { share: when.days, ...habits.days },
  ];
  const draws = Array.from({ length: 9 }, (_, i) => quantile((i + 0.5) / 9));
  /** What the nights take from late delays, by the hour at which the visit ended. */
  const kept = kinds.map(({ median, sigma }) =>
    Array.from({ length: 24 }, (_, hour) => {
      const ends = hour * HOUR_S + HOUR_S / 2;
      return draws.reduce((sum, z) => sum + wakefulness(habits, ends + median * Math.exp(sigma * z)) / 9, 0);
    }),
  );
  const density = (at_s: number, start_s: number, end_s: number, is_mobile: boolean): number => {
    if (at_s <= end_s) {
      const unpressed = habits.on_page_share * (1 - (is_mobile ? pressing : 0));
      return (when.live * unpressed) / Math.max(end_s - start_s, 1);
    }
    const since = at_s - end_s;
    const soon =
      (when.live * (1 - habits.on_page_share) * Math.exp(-since / habits.after_page_mean)) /
      habits.after_page_mean;
    const hour = Math.floor((end_s / HOUR_S) % 24);
    const late = kinds.reduce(
      (sum, { share, median, sigma }, kind) =>
        sum + (share * lognormalDensity(since, median, sigma)) / (kept[kind]?.[hour] ?? 1),
      0,
    );
    return soon + late * wakefulness(habits, at_s);
  };

  const overEnds = (lease: WorldLease, at_s: number): number => {
    const { leased_at_s: start, person, closed_s } = lease;
    if (closed_s !== null && closed_s <= at_s) return density(at_s, start, closed_s, person.is_mobile);
    const seen = seenAt(lease, at_s);
    if (at_s - seen > END_MATTERS_S) {
      return density(at_s, start, seen + Math.min(RENEW_AFTER_S, visit.median) / 2, person.is_mobile);
    }
    const isMaybeOpen = at_s < seen + RENEW_AFTER_S;
    const until = Math.min(at_s, seen + RENEW_AFTER_S);
    const closed = visitEndsBy(until - start) - visitEndsBy(seen - start);
    const open = isMaybeOpen ? 1 - visitEndsBy(at_s - start) : 0;
    const all = closed + open || 1;
    let sum = 0;
    for (let node = 0; node < CLOSED_NODES; node++) {
      const a = seen + ((until - seen) * node) / CLOSED_NODES;
      const b = seen + ((until - seen) * (node + 1)) / CLOSED_NODES;
      const weight = visitEndsBy(b - start) - visitEndsBy(a - start);
      if (weight > 0)
        sum += (weight / all) * density(at_s, start, Math.min((a + b) / 2, at_s - 1e-3), person.is_mobile);
    }
    if (open <= 0) return sum;
    const by_now = Math.max(visitEndsBy(at_s - start), 1e-9);
    for (let node = 0; node < OPEN_NODES; node++) {
      const z = quantile(by_now + ((1 - by_now) * (node + 0.5)) / OPEN_NODES);
      const length = Math.min(visit.median * Math.exp(visit.sigma * z), VISIT_MAX_S);
      const end = Math.max(at_s, start + length);
      sum += (open / OPEN_NODES / all) * density(at_s, start, end, person.is_mobile);
    }
    return sum;
  };

  return (lease, at_s) => {
    const eagerness = habits.publishers[lease.publisher]?.eagerness ?? 1;
    const calls = habits.call_share * eagerness;
    let rate = calls * overEnds(lease, at_s);
    const meant = calls * habits.on_page_share * when.live * pressing;
    const genuine = meant / (meant + press.idle * (1 - press.lost) * (1 - calls));
    for (const pressed of lease.pressed_s) {
      const lag = at_s - pressed;
      if (lag < 0 || lag >= PRESS_WINDOW_S) continue;
      rate += genuine * lognormalDensity(Math.max(lag, 0.05), press.median, press.sigma);
    }
    return rate;
  };
}

/** What earlier calls say, with the true kernels. */
function openTrueMemory({ habits, strayRate }: World) {
  const used = new Map<number, { share: number; at_s: number }>();
  const known = new Map<number, number>();
  const links = new Map<number, Map<number, number>>();
  const last = new Map<string, Remembered>();
  const mean = meanWakefulness(habits);
  const local = habits.local_share * (1 - habits.address_elsewhere);
  const { redial, household, stray, same_phone } = habits;
  const again = ({ phone, number }: TownCall) =>
    phone === null ? undefined : last.get(`${phone} ${number}`);

  const regionFactor = (lease: WorldLease, { region }: TownCall): number => {
    const visitor = lease.person.address_region;
    if (region === null || visitor === null) return 1;
    return 1 - local + (visitor === region ? local / (habits.phone_regions[region] ?? 1) : 0);
  };
  return {
    weight(lease: WorldLease, call: TownCall, rate: number): number {
      const region = regionFactor(lease, call);
      const use = used.get(lease.index);
      const awake = wakefulness(habits, call.at_s) / mean;
      const link = call.phone === null ? 0 : (links.get(call.phone)?.get(lease.visitor) ?? 0);
      const knows = call.phone === null ? 0 : (known.get(lease.visitor) ?? 0);
      const identity = region * (1 - same_phone * knows) + same_phone * CALLER_RARITY * link;
      let weight = rate * (1 - (use?.share ?? 0)) * identity;
      if (use) {
        const since = lognormalDensity(call.at_s - use.at_s, household.median, 1.2);
        weight += use.share * household.share * since * awake * region * (1 - link);
      }
      const before = again(call);
      const share = before?.shares.get(lease.index) ?? 0;
      if (before && share > 0) {
        const since = lognormalDensity(call.at_s - before.at_s, redial.median, redial.sigma);
        weight += redial.share * since * awake * CALLER_RARITY * share;
      }
      return weight;
    },

    strayWeight(call: TownCall): number {
      const fresh = Math.max(1e-18, strayRate(call.number) * (wakefulness(habits, call.at_s) / mean));
      const before = again(call);
      if (!before) return fresh;
      return (
        fresh + stray.again * lognormalDensity(call.at_s - before.at_s, 120, 1) * CALLER_RARITY * before.none
      );
    },

    note(call: TownCall, none: number, shares: readonly Share[]): void {
      const kept = new Map<number, number>();
      for (const { lease, share } of shares) {
        if (share <= 1e-3) continue;
        kept.set(lease.index, share);
        const use = used.get(lease.index);
        const at_s = !use || share >= 0.3 ? call.at_s : use.at_s;
        used.set(lease.index, { share: Math.min(1, (use?.share ?? 0) + share), at_s });
        if (call.phone === null) continue;
        const link = links.get(call.phone) ?? new Map<number, number>();
        links.set(call.phone, link);
        link.set(lease.visitor, Math.max(link.get(lease.visitor) ?? 0, share));
        known.set(lease.visitor, Math.max(known.get(lease.visitor) ?? 0, share));
      }
      if (call.phone !== null)
        last.set(`${call.phone} ${call.number}`, { at_s: call.at_s, none, shares: kept });
    },
  };
}
