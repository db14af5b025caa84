import type { Call } from "../../../shared/api/calls.ts";
import { freeAt } from "../../parts/call/hold.ts";
import type { Names } from "../../parts/call/names.ts";
import { judgementsOf } from "../../parts/call/verdict.ts";
import { type Day, dayOf } from "../../zone.ts";

/** Held money of one day: what is free then, from how many calls. */
export type DueDay = { day: Day; micros: number; calls: number };

const STOPS_MAX = 8;

/** Held calls by the day on which their money is free, earliest first; calls whose day is not known are left out. */
export function dueDays(calls: readonly Call[], names: Names, zone: string): DueDay[] {
  const days = new Map<Day, DueDay>();
  for (const call of calls) {
    const judged = judgementsOf(call).find(({ side }) => side === "payout");
    const at = judged ? freeAt(call, judged, names) : null;
    if (!judged || at === null) continue;
    const day = dayOf(at, zone);
    const sum = days.get(day) ?? { day, micros: 0, calls: 0 };
    days.set(day, { day, micros: sum.micros + judged.amount_micros, calls: sum.calls + 1 });
  }
  return [...days.values()].sort((a, b) => (a.day < b.day ? -1 : 1));
}

/** A stop of the trail: what is free on its day, or for the last one on that day and later. */
export type Stop = DueDay & { last: Day };

/**
 * The stops of the trail: today first, with all whose hold is over already, then each later day; days for which
 * there is no room are added to the last stop.
 */
export function stopsOf(days: readonly DueDay[], today: Day, most = STOPS_MAX): Stop[] {
  const stops: Stop[] = [{ day: today, last: today, micros: 0, calls: 0 }];
  for (const { day, micros, calls } of days) {
    const end = stops.at(-1);
    if (end && (day <= today || stops.length === most)) {
      end.micros += micros;
      end.calls += calls;
      // A hold that is over already is free today.
      if (day > end.last) end.last = day;
    } else {
      stops.push({ day, last: day, micros, calls });
    }
  }
  return stops;
}

/** The first day of the month after `today`: when the statement of this month is made. */
export function statementDay(today: Day): Day {
  const [year = 0, month = 1] = today.split("-").map(Number);
  return month === 12 ? `${year + 1}-01-01` : `${year}-${String(month + 1).padStart(2, "0")}-01`;
}
