import type { TargetGroup } from "../../../../shared/api/routing.ts";
import type { Target } from "../../../../shared/api/targets.ts";
import { displayNumber } from "../../../../shared/phone-number.ts";
import { count, counted, NOTHING } from "../../../format.ts";
import { writeHours } from "../../../parts/form/hours.ts";
import { dayAndMinute } from "../../../parts/manage/when.ts";

type Capped = Pick<
  Target,
  "hourly_cap" | "daily_cap" | "monthly_cap" | "total_cap" | "concurrency_cap" | "used"
>;

/** What a target is called: its name, else its number. */
export function targetName({ name, number }: Pick<Target, "name" | "number">): string {
  return name ?? displayNumber(number);
}

/** Every cap with how much of it is used: `12 of 50 today`, `1 of 3 now`; a dash without caps. */
export function usedWords({
  hourly_cap,
  daily_cap,
  monthly_cap,
  total_cap,
  concurrency_cap,
  used,
}: Capped): string {
  const of = (taken: number, cap: number | null, when: string) =>
    cap === null ? [] : [`${count(taken)} of ${count(cap)} ${when}`];
  const words = [
    ...of(used.concurrent, concurrency_cap, "now"),
    ...of(used.hour, hourly_cap, "this hour"),
    ...of(used.day, daily_cap, "today"),
    ...of(used.month, monthly_cap, "this month"),
    ...of(used.total, total_cap, "in all"),
  ];
  return words.length === 0 ? NOTHING : words.join(", ");
}

/** True when a cap has no room left. */
export function isFull({
  hourly_cap,
  daily_cap,
  monthly_cap,
  total_cap,
  concurrency_cap,
  used,
}: Capped): boolean {
  const full = (taken: number, cap: number | null) => cap !== null && taken >= cap;
  return (
    full(used.concurrent, concurrency_cap) ||
    full(used.hour, hourly_cap) ||
    full(used.day, daily_cap) ||
    full(used.month, monthly_cap) ||
    full(used.total, total_cap)
  );
}

/** How a target stands, in a word or two and, paused, why and until when. */
export function standingWords(target: Target, zone: string): string {
  if (target.paused_at !== null) {
    const until = target.resume_at === null ? "" : ` until ${dayAndMinute(target.resume_at, zone)}`;
    return `paused${until}: ${target.pause_reason ?? "no reason given"}`;
  }
  return isFull(target) ? "full" : "takes calls";
}

/** When and from where it takes calls. */
export function openWords({ hours, regions }: Target): string {
  const when = hours && hours.windows.length > 0 ? writeHours(hours).replaceAll("\n", "; ") : "any time";
  const where = regions && regions.length > 0 ? `from ${listed(regions)}` : "";
  return [when, where].filter(Boolean).join(", ");
}

function listed(regions: readonly string[]): string {
  const most = regions.slice(0, 3).join(", ");
  return regions.length > 3 ? `${most} and ${regions.length - 3} more` : most;
}

/** Who answers, in a sentence. */
export function targetsSentence(targets: readonly Target[], destination: string | undefined): string {
  if (targets.length === 0) {
    const where = destination === undefined ? "its one number" : displayNumber(destination);
    return `Every call goes to ${where}. With targets, calls are shared out, capped and passed on.`;
  }
  const paused = targets.filter(({ paused_at }) => paused_at !== null).length;
  const full = targets.filter((target) => target.paused_at === null && isFull(target)).length;
  const taking = targets.length - paused - full;
  if (taking === 0) return "No target takes calls now: they go by what is set for closed or full.";
  const out = [paused > 0 && `${count(paused)} paused`, full > 0 && `${count(full)} full`]
    .filter(Boolean)
    .join(", ");
  const takes = taking === 1 ? "takes" : "take";
  return `${counted(taking, "target")} ${takes} calls${out ? ` (${out})` : ""}, the lowest priority first, by weight among equals.`;
}

export function groupWords({ name, ringing }: TargetGroup): string {
  return ringing === "simultaneous" ? `${name}, all at once` : `${name}, one after another`;
}
