import { Temporal } from "temporal-polyfill";
import type { TimeGroup } from "../../shared/api/reports.ts";

/** Zones with something unusual: half hours, quarters, half-hour summer time, midnights that are skipped or come twice. */
export const ZONES = [
  "UTC",
  "America/Los_Angeles",
  "Europe/Berlin",
  "Asia/Kolkata",
  "Asia/Kathmandu",
  "Australia/Lord_Howe",
  "America/Sao_Paulo",
  "America/Havana",
  "Africa/Casablanca",
] as const;

/** What a time group calls a moment, by Temporal: another calendar than the product's own arithmetic. */
export function labelByTemporal(group: TimeGroup, at: number, zone: string): string | number {
  const local = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone);
  const day = local.toPlainDate();
  switch (group) {
    case "hour":
      return `${day.toString()}T${String(local.hour).padStart(2, "0")}:00${local.offset.slice(0, 6)}`;
    case "day":
      return day.toString();
    case "week":
      return day.subtract({ days: day.dayOfWeek - 1 }).toString();
    case "month":
      return day.toPlainYearMonth().toString();
    case "hour_of_day":
      return local.hour;
  }
}
