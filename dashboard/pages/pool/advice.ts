import type { Pool } from "../../../shared/api/inventory.ts";
import type { PoolAlert, PoolHealth, PoolMeasures } from "../../../shared/api/pool-health.ts";
import { count, counted, money, share } from "../../format.ts";
import { writeDuration } from "../../parts/form/amounts.ts";

/** Visitors say little until there are so many; the server advises no cool-down before. */
const KNOWN_FROM = 100;

export const percent = (value: number) => share(value, 1);

/** `one in 34`, for a share that is not nothing. */
function oneIn(value: number): string {
  return `one in ${count(Math.max(1, Math.round(1 / value)))}`;
}

/**
 * What the owner of a pool should do, as Erlang's formula sees its busiest hour: add numbers, leave it, or save some.
 * Null while too little was measured to say.
 */
export function poolAdvice(health: PoolHealth): { decides: string; means: string; add: number } | null {
  const { measured, numbers } = health;
  const needed = measured?.numbers_needed.percent_1 ?? null;
  const at_peak = measured?.erlang_b.busiest_hour ?? null;
  if (!measured || needed === null || at_peak === null) return null;
  if (numbers === 0 || measured.arrivals + measured.refused < KNOWN_FROM) return null;
  const add = needed - numbers;
  if (add > 0) {
    const then = measured.sizes.find((size) => size.numbers >= needed);
    const won =
      then && then.visitors_a_month >= 1
        ? ` and reach about ${count(Math.round(then.visitors_a_month))} more visitors a month`
        : "";
    const rent = measured.next_number.rent_micros ?? null;
    const cost = rent === null ? "Their rent is not set" : `They cost ${money(rent * add)} a month`;
    return {
      add,
      decides: `Add ${counted(add, "number")}. At ${count(needed)}, less than one visitor in 100 of the busiest hour finds none; now it is ${oneIn(at_peak)}.`,
      means: `${cost}${won}.`,
    };
  }
  const spare = alertOf(health, "more_than_needed");
  if (spare) {
    const ample = measured.numbers_needed.permille_1 ?? needed;
    return {
      add: 0,
      decides: `More than it needs. ${count(ample)} numbers would let one visitor in 1,000 of the busiest hour find none; there are ${count(numbers)}.`,
      means: "The others could serve another pool.",
    };
  }
  return {
    add: 0,
    decides: `Large enough. In the busiest hour ${at_peak < 0.0005 ? "hardly any visitor" : `${oneIn(at_peak)} visitors`} finds none of ${count(numbers)} free.`,
    means: `${count(needed)} would do for one in 100.`,
  };
}

export function alertOf(health: PoolHealth, kind: PoolAlert["kind"]): PoolAlert | null {
  return health.alerts.find((alert) => alert.kind === kind) ?? null;
}

/** What an alert says. */
export function alertWords(alert: PoolAlert): string {
  const { kind, value, threshold } = alert;
  const words: Record<PoolAlert["kind"], string> = {
    dry: "No number is free now.",
    visitors_without_number: `${percent(value)} of the visitors of the last days got no number of their own; more than ${percent(threshold)} is too many.`,
    blocking_at_peak: `In the busiest hour ${percent(value)} of the visitors would find no number; more than ${percent(threshold)} is too many.`,
    calls_joined_wrongly: `${percent(value)} of the calls are likely joined to the wrong visit; more than ${percent(threshold)} is too many. More numbers or a longer cool-down make it less.`,
    hard_coded_number: `A number got ${counted(value, "call")} while nobody was shown it, and no visit explains them. Is it hard-coded somewhere?`,
    honeypot_called: `${counted(value, "call")} reached a number that only programs are shown. Somebody copies this campaign's numbers from its pages.`,
    more_than_needed: `${count(value)} numbers are more than the load of the last week ever needs.`,
  };
  return words[kind];
}

/** What the measured load says of the cool-down, in a few words. */
export function cooldownWords(pool: Pool, { cooldown }: PoolMeasures): string {
  const now = pool.cooldown_mode === "automatic" ? "by the load" : "as set";
  if (cooldown.advised_s === null) return `${now}; too few visitors came to advise one`;
  if (cooldown.advised_s === pool.cooldown_s) return `${now}; the load advises the same`;
  const advised = cooldown.advised_s === 0 ? "none" : writeDuration(cooldown.advised_s);
  return `${now}; the load advises ${advised}`;
}
