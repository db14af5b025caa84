import type { PoolNumberState } from "../../../shared/api/inventory.ts";
import type { PoolHealth } from "../../../shared/api/pool-health.ts";
import type { Instant } from "../../../shared/instant.ts";
import { count, counted, time } from "../../format.ts";

type Occupancy = Pick<PoolHealth, "as_of" | "numbers" | "free" | "leased" | "cooling" | "states">;

/** When the next taken number can be lent again, or null when none is taken. */
export function nextFreeAt(states: readonly PoolNumberState[]): Instant | null {
  const ends = states.flatMap(({ state, reusable_at }) =>
    state === "free" || reusable_at === null ? [] : [reusable_at],
  );
  return ends.length === 0 ? null : Math.min(...ends);
}

/** `14:34`, the minute by which a moment has come. */
export function minute(at: Instant, zone: string): string {
  return time(at, zone).slice(0, 5);
}

function taken({ leased, cooling }: Occupancy): string {
  const words = [
    leased > 0 ? `${count(leased)} ${leased === 1 ? "is" : "are"} leased` : "",
    cooling > 0 ? `${count(cooling)} ${cooling === 1 ? "is" : "are"} cooling` : "",
  ];
  return words.filter(Boolean).join(" and ");
}

/**
 * The sentence that a pool's page opens with: is there a number for the next visitor, and until when not?
 * A renewed lease ends later, so times are the earliest possible.
 */
export function poolSentence(health: Occupancy, zone: string): { decides: string; means: string } {
  const { numbers, free } = health;
  if (numbers === 0) {
    return {
      decides: "This pool has no numbers.",
      means: "Page views keep the page's own number, and their calls are not attributed.",
    };
  }
  const next = nextFreeAt(health.states);
  const when = next === null ? "" : minute(next, zone);
  if (free === 0) {
    const all = numbers === 1 ? "Its one number is taken" : `All ${count(numbers)} numbers are taken`;
    return {
      decides: `Dry. ${all}${when && `; the next comes free at ${when}`}.`,
      means: "Until then page views get the static number, or keep the page's own.",
    };
  }
  const of = `${count(free)} of ${counted(numbers, "number")} ${free === 1 ? "is" : "are"} free`;
  const rest = taken(health);
  return {
    decides: rest === "" ? `${of}.` : `${of}; ${rest}.`,
    means: when === "" ? "Nobody holds a number now." : `The next comes free at ${when}.`,
  };
}

/** How long a state still lasts, short enough for a cell: `7 min left`, `cools 4 min`, `free`. */
export function stateWords(number: PoolNumberState, now: Instant): string {
  const until = number.state === "leased" ? number.expires_at : number.reusable_at;
  if (number.state === "free" || until === null) return "free";
  const left = Math.max(0, until - now);
  const words = left < 60_000 ? `${Math.ceil(left / 1000)}\u00a0s` : `${Math.ceil(left / 60_000)}\u00a0min`;
  return number.state === "leased" ? `${words} left` : `cools ${words}`;
}

/** One sentence over several pools, for the list of them. */
export function poolsSentence(
  pools: readonly { name: string; numbers: number }[],
  healths: readonly (Pick<Occupancy, "numbers" | "free"> | null)[],
): string {
  if (pools.length === 0) return "There is no pool yet. A pool lends one number to each visitor.";
  const total = pools.reduce((sum, pool) => sum + pool.numbers, 0);
  const first = `${counted(pools.length, "pool")} ${pools.length === 1 ? "lends" : "lend"} ${counted(total, "number")}.`;
  const dry = pools.filter((pool, index) => {
    const health = healths[index];
    return pool.numbers === 0 || (health !== null && health !== undefined && health.free === 0);
  });
  const [only] = dry;
  if (healths.every((health) => health === null || health === undefined)) return first;
  if (!only) return `${first} Every visitor who comes now gets one.`;
  return dry.length === 1
    ? `${first} “${only.name}” ${only.numbers === 0 ? "has none" : "is dry"}.`
    : `${first} ${count(dry.length)} are dry.`;
}
