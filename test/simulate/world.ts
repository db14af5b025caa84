import { seeded } from "./chance.ts";
import { drawHabits, type Habits, meanHold } from "./habits.ts";
import { openPool } from "./pool.ts";
import { openTown, type Person, type TownCall } from "./town.ts";

export const TTL_S = 1_800;
export const COOLDOWN_S = 900;
/** Between renewals of a page that is open. */
export const RENEW_AFTER_S = 900;

/** A lease with the truth of its visit, as it stood in the end. */
export type WorldLease = {
  index: number;
  number: number;
  leased_at_s: number;
  ends_at_s: number;
  /** When the page was heard of: its first view and every renewal. */
  seen_s: number[];
  /** When the page said goodbye; null when the browser did not. */
  closed_s: number | null;
  pressed_s: readonly number[];
  visitor: number;
  person: Person;
  publisher: number;
};

/** All that happened in one simulated pool, in order, and how its people are. */
export type World = {
  seed: number;
  habits: Habits;
  numbers: number;
  leases: WorldLease[];
  calls: TownCall[];
  blocked: number;
  asked: number;
  strayRate(number: number): number;
};

/** Pools by how many of their mean load's numbers they have. `shares`: a number may be given twice at once. */
export const POOLS = {
  ample: { size: 2, shares: false },
  tight: { size: 1, shares: false },
  starved: { size: 0.3, shares: false },
  shared: { size: 0.3, shares: true },
} as const;
export type PoolKind = keyof typeof POOLS;

/** Lets a world run until so many calls have been made. The same seed and pool make the same world. */
export function runWorld(seed: number, kind: PoolKind, calls_wanted: number): World {
  const habits = drawHabits(seeded(seed * 7_919 + 13));
  const { size, shares } = POOLS[kind];
  const load = (habits.peak_per_h / 3_600) * meanHold(habits, TTL_S, COOLDOWN_S);
  const numbers = Math.max(2, Math.round(load * size));
  const town = openTown(habits, seeded(seed * 104_729 + 7), numbers);
  const pool = openPool(numbers, shares);
  const world: World = {
    seed,
    habits,
    numbers,
    leases: [],
    calls: [],
    blocked: 0,
    asked: 0,
    strayRate: town.strayRate,
  };
  while (world.calls.length < calls_wanted) {
    const happening = town.next();
    if (happening.kind === "call") {
      world.calls.push(happening.call);
      continue;
    }
    const { visit } = happening;
    world.asked += 1;
    const number = pool.take(visit.at_s);
    if (number === null) {
      world.blocked += 1;
      continue;
    }
    const renewals = Math.floor((visit.ends_at_s - visit.at_s) / RENEW_AFTER_S);
    const seen_s = Array.from({ length: renewals + 1 }, (_, k) => visit.at_s + k * RENEW_AFTER_S);
    const index = world.leases.length;
    pool.hold(number, visit.at_s + renewals * RENEW_AFTER_S + TTL_S + COOLDOWN_S);
    world.leases.push({
      index,
      number,
      leased_at_s: visit.at_s,
      ends_at_s: visit.ends_at_s,
      seen_s,
      closed_s: null,
      pressed_s: town.show(visit, number, index),
      visitor: visit.visitor,
      person: visit.person,
      publisher: visit.publisher,
    });
  }
  return world;
}

/** When a page was last heard of at a moment. */
export function seenAt({ seen_s, leased_at_s }: WorldLease, at_s: number): number {
  for (let i = seen_s.length - 1; i >= 0; i--) {
    const seen = seen_s[i];
    if (seen !== undefined && seen <= at_s) return seen;
  }
  return leased_at_s;
}

/** When it was last heard of at all. */
export function lastSeen(lease: WorldLease): number {
  return seenAt(lease, Infinity);
}
