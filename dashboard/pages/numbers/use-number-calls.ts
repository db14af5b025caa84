import { DAY_MS } from "../../../shared/instant.ts";
import { metric, type ReportQuery, useReport } from "../../report.ts";
import { addDays, dayOf, startOfDay } from "../../zone.ts";

const DAYS = 28;
const NUMBERS_MAX = 200;

/** The last 28 days, whole ones, as a report asks for them. */
export function last28(now: number, zone: string): { from: number; to: number } {
  const today = dayOf(now, zone);
  return { from: startOfDay(addDays(today, 1 - DAYS), zone), to: startOfDay(addDays(today, 1), zone) };
}

/** Calls of the last 28 days by called number; null while they are unknown or cannot be known. */
export function useNumberCalls(zone: string, filters: ReportQuery = {}): ReadonlyMap<string, number> | null {
  const now = Math.floor(Date.now() / DAY_MS) * DAY_MS;
  const report = useReport({
    metrics: "calls",
    group_by: "number",
    limit: NUMBERS_MAX,
    ...last28(now, zone),
    ...filters,
  });
  if (report.data === null) return null;
  return new Map(report.data.data.map((row) => [String(row.number), metric(row, "calls")]));
}
