import type { Call } from "../../../shared/api/calls.ts";
import { startWorld } from "../../support/world.ts";
import { seeded } from "../chance.ts";
import { DAY_S, drawHabits, type Habits, HOUR_S, meanBustle, meanHold } from "../habits.ts";
import { EPOCH, instant } from "../product.ts";
import { COOLDOWN_S, TTL_S } from "../world.ts";
import { NOISE } from "./carrier.ts";
import { type Driven, drive } from "./drive.ts";
import { type Score, score } from "./score.ts";
import { openShop, type Shop } from "./shop.ts";

/** `size`: the pool's numbers over those of its mean load. */
export const SCENARIOS = {
  ample: { size: 2, noise: NOISE.calm, bots_per_h: 2, outages_per_day: 1, scripted_per_h: 0 },
  tight: { size: 1, noise: NOISE.calm, bots_per_h: 2, outages_per_day: 1, scripted_per_h: 0 },
  starved: { size: 0.3, noise: NOISE.calm, bots_per_h: 2, outages_per_day: 1, scripted_per_h: 0 },
  noisy_carrier: { size: 2, noise: NOISE.noisy, bots_per_h: 2, outages_per_day: 6, scripted_per_h: 0 },
  bot_attack: { size: 2, noise: NOISE.calm, bots_per_h: 60, outages_per_day: 1, scripted_per_h: 0 },
  flood: { size: 2, noise: NOISE.calm, bots_per_h: 2, outages_per_day: 1, scripted_per_h: 40 },
} as const;
export type ScenarioName = keyof typeof SCENARIOS;

export type SimulateAsk = {
  seed: number;
  days: number;
  /** A day, on average. */
  visitors: number;
  /** Numbers in the pool; null: as many as the scenario says for this load. */
  pool: number | null;
  scenario: ScenarioName;
  /** For tests: no outage makes a call unanswered. */
  outages?: boolean;
};

/** `calls` are the product's, by the provider's id. */
export type Simulated = {
  score: Score;
  calls: Map<string, Call>;
  driven: Driven;
  shop: Shop;
  broken: string[];
};

/** Starts the product, lives through the days, and holds what it says against what happened. */
export async function simulate(ask: SimulateAsk): Promise<Simulated> {
  const { seed, days } = ask;
  const { size, ...scenario } = SCENARIOS[ask.scenario];
  const habits = habitsFor(seed, ask.visitors);
  const load = (habits.peak_per_h / HOUR_S) * meanHold(habits, TTL_S, COOLDOWN_S);
  const numbers = ask.pool ?? Math.max(2, Math.round(load * size));
  const served = await startWorld();
  try {
    served.at = EPOCH - HOUR_S * 1_000;
    const shop = await openShop(served, habits.publishers.length, numbers);
    const outages_per_day = ask.outages === false ? 0 : scenario.outages_per_day;
    const driven = await drive(served, shop, { ...scenario, outages_per_day, seed, days, habits });
    const made = await score(served, shop, driven, instant((days + 1) * DAY_S));
    return { ...made, driven, shop, broken: brokenPromises(made.score) };
  } finally {
    await served.stop();
  }
}

/** A world's habits, with so many visitors a day. */
function habitsFor(seed: number, visitors: number): Habits {
  const habits = drawHabits(seeded(seed * 7_919 + 13));
  return { ...habits, peak_per_h: visitors / 24 / meanBustle(habits) };
}

/** What must hold whatever the world: no figure of chance is among it. */
function brokenPromises(made: Score): string[] {
  const promises: [string, boolean][] = [
    ["every call that rang is known", made.missing === 0],
    ["no money without proof", made.unproven_micros === 0],
    ["no crawler is shown a number of its own", made.bots_leased === 0],
  ];
  return promises.flatMap(([promise, kept]) => (kept ? [] : [promise]));
}
