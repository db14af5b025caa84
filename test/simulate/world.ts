import { seeded } from "./chance.ts";
import { drawHabits, type Habits, meanHold } from "./habits.ts";
import { openPool, type SimulatedPool } from "./pool.ts";
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

/** One publisher's script, which opens pages, holds them open, presses their call links and never calls. */
export type Flood = {
  publisher: number;
  from_call: number;
  per_h: number;
  hold_s: number;
  /** Presses of the call link on each page, evenly over the time that it is held. */
  presses: number;
};

/** Lets a world run until so many calls have been made. The same seed and pool make the same world. */
export function runWorld(
  seed: number,
  kind: PoolKind,
  calls_wanted: number,
  flood: Flood | null = null,
): World {
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
  const script = flood && openScript(flood, world, pool, seed);
  while (world.calls.length < calls_wanted) {
    const happening = town.next();
    script?.(happening.kind === "visit" ? happening.visit.at_s : happening.call.at_s);
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
    const { at_s, ends_at_s, visitor, person, publisher } = visit;
    const made = leaseOf(world, pool, { at_s, ends_at_s, visitor, person, publisher, number });
    made.pressed_s = town.show(visit, number, made.index);
  }
  return world;
}

type Made = { at_s: number; ends_at_s: number; number: number } & Pick<
  WorldLease,
  "visitor" | "person" | "publisher"
>;

function leaseOf(world: World, pool: SimulatedPool, { at_s, ends_at_s, number, ...whose }: Made): WorldLease {
  const renewals = Math.floor((ends_at_s - at_s) / RENEW_AFTER_S);
  pool.hold(number, at_s + renewals * RENEW_AFTER_S + TTL_S + COOLDOWN_S);
  const made: WorldLease = {
    ...whose,
    index: world.leases.length,
    number,
    leased_at_s: at_s,
    ends_at_s,
    seen_s: Array.from({ length: renewals + 1 }, (_, k) => at_s + k * RENEW_AFTER_S),
    closed_s: null,
    pressed_s: [],
  };
  world.leases.push(made);
  return made;
}

/** Takes numbers for the script up to a moment, evenly spaced, once the flood has begun. */
function openScript(
  flood: Flood,
  world: World,
  pool: SimulatedPool,
  seed: number,
): (until_s: number) => void {
  const chance = seeded(seed * 17 + 3);
  let next_s: number | null = null;
  let scripted = 0;
  return (until_s) => {
    if (world.calls.length < flood.from_call) return;
    next_s ??= until_s;
    for (; next_s <= until_s; next_s += chance.exponential(3_600 / flood.per_h)) {
      const number = pool.take(next_s);
      if (number === null) continue;
      scripted += 1;
      const person: Person = {
        region: 0,
        address_region: chance.pick(world.habits.visitor_regions),
        is_mobile: true,
        publisher: flood.publisher,
        visitor: -scripted,
        phone: null,
        second_phone: null,
        has_called: false,
      };
      const at_s = next_s;
      const { presses, hold_s } = flood;
      const ends_at_s = at_s + hold_s;
      const made = leaseOf(world, pool, {
        at_s,
        ends_at_s,
        number,
        visitor: -scripted,
        person,
        publisher: flood.publisher,
      });
      made.pressed_s = Array.from({ length: presses }, (_, k) => at_s + ((k + 0.5) / presses) * hold_s);
    }
  };
}

/** No visitor of longer ago is a candidate. */
export const WINDOW_S = 30 * 86_400;

/** The lease that a call is to be joined to; null for a stray, and for a caller whose visit left the window. */
export function leaseToFind({ leases }: World, { lease, at_s }: TownCall): WorldLease | null {
  const made = lease === null ? undefined : leases[lease];
  return made && at_s - seenAt(made, at_s) <= WINDOW_S ? made : null;
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
