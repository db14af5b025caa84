import { assert } from "../../../shared/assert.ts";
import { HOUR_MS, type Instant } from "../../../shared/instant.ts";

/**
 * Delays are judged by step functions over these fixed bins. Edges in seconds, half-open `[edge, next edge)`; the
 * same edges for every pool and every version of the model, so that a rate learned yesterday is comparable today.
 */
export const ON_EDGES_S: readonly number[] = [0, 30, 60, 120, 240, 480, 960, 1_920, 3_840, Infinity];

const HOUR_S = 3_600;
const DAY_S = 86_400;

/** Since the visitor left; nothing later than 30 days is a candidate. */
export const LEFT_EDGES_S: readonly number[] = [
  ...[0, 60, 120, 240, 480, 900, 1_800],
  ...[1, 2, 4, 8, 16].map((hours) => hours * HOUR_S),
  ...[1, 2, 4, 8, 16, 30].map((days) => days * DAY_S),
];

/** Since the call link was pressed. */
export const CLICK_EDGES_S: readonly number[] = [0, 2, 4, 7, 11, 16, 24, 40, 80, 200];

/** Since the same caller's last call to this number, or since a lease was used by somebody. */
export const AGAIN_EDGES_S: readonly number[] = [
  ...[0, 30, 120, 600],
  ...[1, 4].map((hours) => hours * HOUR_S),
  ...[1, 4, 30].map((days) => days * DAY_S),
];

/** Left bins from here on follow the hour of the day: callers sleep, pages just left do not. */
export const FIRST_HOURLY_LEFT_BIN = LEFT_EDGES_S.indexOf(1_800);

/** Left bins from here on are a day old: whenever the visitor left, every hour of the day has come since. */
export const FIRST_DAILY_LEFT_BIN = LEFT_EDGES_S.indexOf(DAY_S);

/** The hour of the UTC day, 0 to 23. */
export function hourOf(at: Instant): number {
  return Math.floor(at / HOUR_MS) % 24;
}

/** How many bins a list of edges makes. */
export function binsOf(edges: readonly number[]): number {
  return edges.length - 1;
}

/** The bin that holds `value`, or null when it lies outside `[first edge, last edge)`. */
export function binOf(edges: readonly number[], value: number): number | null {
  let above = 0;
  for (const edge of edges) {
    if (value < edge) return above === 0 ? null : above - 1;
    above += 1;
  }
  return null;
}

/** The same, with what is later than all bins in the last one. `value` is not below the first edge. */
export function binOrLast(edges: readonly number[], value: number): number {
  return binOf(edges, value) ?? binsOf(edges) - 1;
}

/** The value of a step function in a bin. */
export function valueIn(steps: readonly number[], bin: number): number {
  const value = steps[bin];
  assert(value !== undefined, `a step function has no bin ${bin}`);
  return value;
}
