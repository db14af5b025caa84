import type { Hours } from "../../../shared/api/common.ts";
import type { Instant } from "../../../shared/instant.ts";
import { businessClock } from "./business-clock.ts";

type Window = Hours["windows"][number];
type Moment = { weekday: number; minute: number };

const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;

/** True when it is open at this moment. Hours without any window restrict nothing. */
export function isOpenAt(hours: Hours, at: Instant): boolean {
  if (hours.windows.length === 0) return true;
  const moment = businessClock(hours.timezone, at);
  return (
    hours.windows.some((window) => covers(window, moment)) &&
    !(hours.breaks ?? []).some((pause) => covers(pause, moment))
  );
}

/** Half-open `[from, to)`; one that crosses midnight has its second half on the day after each of its days. */
function covers({ days, from, to }: Window, { weekday, minute }: Moment): boolean {
  const begins = minutesOf(from);
  const ends = minutesOf(to);
  const isOn = (day: number) => days.some((name) => DAYS[(day + 7) % 7] === name);
  if (begins <= ends) return isOn(weekday) && begins <= minute && minute < ends;
  return (isOn(weekday) && begins <= minute) || (isOn(weekday - 1) && minute < ends);
}

function minutesOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
}
