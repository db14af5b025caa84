import type { Instant } from "../../../shared/instant.ts";
import { type E164, isE164 } from "../../../shared/phone-number.ts";
import { CALL_STATUSES } from "../call-statuses.ts";
import { seconds, stamp } from "../fields.ts";
import type { ReportedStatus } from "../port.ts";

/** Readers of untrusted JSON: a value that is not what it should be is as good as absent. */
export type Json = Readonly<Record<string, unknown>>;

const TEXT_LENGTH_MAX = 500;

export function textOf(json: Json, name: string): string | null {
  const value = json[name];
  if (typeof value === "number") return String(value);
  return typeof value === "string" && value !== "" ? value.slice(0, TEXT_LENGTH_MAX) : null;
}

/** The objects of a list; anything else in it is passed over. */
export function objectsOf(json: Json, name: string): Json[] {
  const value = json[name];
  if (!Array.isArray(value)) return [];
  return value.filter(
    (item): item is Json => typeof item === "object" && item !== null && !Array.isArray(item),
  );
}

export function objectOf(json: Json, name: string): Json {
  const value = json[name];
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

export function instantOf(json: Json, name: string): Instant | null {
  return stamp(textOf(json, name) ?? undefined);
}

/** Whole seconds, given as a number or as digits. */
export function secondsOf(json: Json, name: string): number | null {
  return seconds(textOf(json, name) ?? undefined);
}

/** E.164, also of a number that is written without its plus. */
export function e164Of(text: string | null): E164 | null {
  if (text === null) return null;
  const number = text.startsWith("+") ? text : `+${text}`;
  return isE164(number) ? number : null;
}

/** In Twilio's words. */
export function statusOf(json: Json, name: string): ReportedStatus | null {
  return CALL_STATUSES.get(textOf(json, name) ?? "") ?? null;
}

/** `YYYY-MM-DDTHH:MM:SSZ`, as Twilio's SDK writes a filter. */
export function isoTime(at: Instant): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}

/** `YYYY-MM-DD` in UTC. */
export function isoDay(at: Instant): string {
  return new Date(at).toISOString().slice(0, 10);
}
