import type { Hours } from "../../../shared/api/common.ts";
import { hasLength } from "../../../shared/hours.ts";
import { err, ok } from "../../../shared/result.ts";
import type { Read } from "./amounts.ts";

type Window = Hours["windows"][number];
type Weekday = Window["days"][number];

const DAYS: readonly Weekday[] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const DAY_WORDS: Readonly<Record<Weekday, string>> = {
  mon: "Mon",
  tue: "Tue",
  wed: "Wed",
  thu: "Thu",
  fri: "Fri",
  sat: "Sat",
  sun: "Sun",
};

/** Weekdays in runs: `Mon–Fri`, `Sat, Sun`. */
function writeDays(days: readonly Weekday[]): string {
  const at = [...new Set(days.map((day) => DAYS.indexOf(day)))].sort((a, b) => a - b);
  const runs: [number, number][] = [];
  for (const day of at) {
    const last = runs.at(-1);
    if (last && last[1] === day - 1) last[1] = day;
    else runs.push([day, day]);
  }
  const word = (index: number) => DAY_WORDS[DAYS[index] ?? "mon"];
  return runs
    .flatMap(([from, to]) =>
      to - from > 1 ? `${word(from)}–${word(to)}` : from === to ? word(from) : [word(from), word(to)],
    )
    .join(", ");
}

/** Opening hours as lines of `Mon–Fri 09:00–17:00`, which `readHours` reads back. */
export function writeHours(hours: Hours): string {
  return hours.windows.map(({ days, from, to }) => `${writeDays(days)} ${from}–${to}`).join("\n");
}

function readDays(text: string): Weekday[] | null {
  const days = new Set<Weekday>();
  for (const part of text.split(",").map((piece) => piece.trim().toLowerCase())) {
    const [first, last, ...more] = part
      .split(/\s*[-–]\s*/)
      .map((word) => DAYS.indexOf(word.slice(0, 3) as Weekday));
    if (first === undefined || first === -1 || last === -1 || more.length > 0) return null;
    const through = last === undefined ? first : last < first ? last + DAYS.length : last;
    for (let day = first; day <= through; day += 1) days.add(DAYS[day % DAYS.length] ?? "mon");
  }
  return DAYS.filter((day) => days.has(day));
}

function readTime(text: string): string | null {
  const match = /^(\d{1,2})(?::(\d\d))?$/.exec(text);
  const [hour, minute] = [Number(match?.[1]), Number(match?.[2] ?? 0)];
  if (!match || hour > 24 || minute > 59 || (hour === 24 && minute > 0)) return null;
  return `${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}`;
}

/**
 * Lines of `Mon–Fri 09:00–17:00`, `Sat, Sun 10–14`; a window that ends before it begins crosses midnight.
 * @param timezone the zone in which the clock is read (IANA)
 */
export function readHours(text: string, timezone: string): Read<Hours> {
  const windows: Window[] = [];
  for (const line of text
    .split("\n")
    .map((entry) => entry.trim())
    .filter(Boolean)) {
    const match = /^(.+?)\s+(\d[\d:]*)\s*[-–]\s*(\d[\d:]*)$/.exec(line);
    const days = match ? readDays(match[1] ?? "") : null;
    const [from, to] = [readTime(match?.[2] ?? ""), readTime(match?.[3] ?? "")];
    if (!days || from === null || to === null) return err(`“${line}” is not like Mon–Fri 09:00–17:00.`);
    if (!hasLength({ from, to })) return err(`“${line}” is never open. A whole day is 00:00–24:00.`);
    windows.push({ days, from, to });
  }
  return ok({ timezone, windows });
}
