import { dayName, NBSP, shortDay, time } from "../format.ts";
import { dayOf, daysBetween } from "../zone.ts";

/** When a call began, as short as it is clear: `14:32:01` today, `Fri 14:32` this week, `13 Nov 14:32` before. */
export function startedWords(at: number, now: number, zone: string): string {
  const day = dayOf(at, zone);
  const age = daysBetween(day, dayOf(now, zone));
  if (age === 0) return time(at, zone);
  const clock = time(at, zone).slice(0, 5);
  if (age > 0 && age < 7) return `${dayName(day).slice(0, 3)}${NBSP}${clock}`;
  return `${shortDay(day)}${NBSP}${clock}`;
}
