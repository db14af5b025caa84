import { type Instant, isInstant } from "../../shared/instant.ts";
import { err, type Result } from "../../shared/result.ts";
import type { Failure } from "../platform/problem.ts";

/** The names and values of a form or of a flat JSON object; a name given twice has its first value. */
export type Fields = ReadonlyMap<string, string>;

const VALUE_LENGTH_MAX = 500;
/** The address of a recording may carry a signature of its own (Telnyx: Amazon S3, presigned). */
const URL_LENGTH_MAX = 2_000;
const DURATION_S_MAX = 7 * 86_400;

export function formFields(body: string): Fields {
  const fields = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(body)) {
    if (!fields.has(name)) fields.set(name, value.slice(0, longest(name)));
  }
  return fields;
}

/** Texts, numbers and booleans of a JSON object, as texts; null when the text is no JSON object. */
export function jsonFields(body: string): Fields | null {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return null;
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return null;
  const fields = new Map<string, string>();
  for (const [name, field] of Object.entries(value)) {
    if (["string", "number", "boolean"].includes(typeof field)) {
      fields.set(name, String(field).slice(0, longest(name)));
    }
  }
  return fields;
}

function longest(name: string): number {
  return /url$/i.test(name) ? URL_LENGTH_MAX : VALUE_LENGTH_MAX;
}

/** A provider's id of a call or leg, or null: it becomes part of keys, so its alphabet is small. */
export function providerId(text: string | undefined): string | null {
  return text !== undefined && /^[A-Za-z0-9_.:@=+-]{1,128}$/.test(text) ? text : null;
}

/** The keys of a phone that were pressed, at most 32 of them; null when there are none. */
export function pressedKeys(text: string | undefined): string | null {
  return text !== undefined && /^[0-9*#A-D]{1,32}$/.test(text) ? text : null;
}

/**
 * The caller's call, as the provider names it, where our address says so (`of`): an agent's phone may ask what to
 * whisper without naming the call that it was dialled for.
 */
export function callOf(url: string): string | null {
  return providerId(new URL(url).searchParams.get("of") ?? undefined);
}

/**
 * What makes the end of one dial another event than that of the dial before, where the report names no leg: `2` for the
 * second round of phones. Not every provider signs the address, so a leg's name goes before it.
 */
export function roundOf(url: string): string {
  const round = new URL(url).searchParams.get("round") ?? "";
  return /^\d{1,3}$/.test(round) ? round : "";
}

/** Whole seconds, or null when absent or implausible. */
export function seconds(text: string | undefined): number | null {
  const value = text === undefined || !/^\d{1,6}$/.test(text) ? Number.NaN : Number(text);
  return value <= DURATION_S_MAX ? value : null;
}

/** An RFC 2822 or ISO 8601 date, or null. */
export function stamp(text: string | undefined): Instant | null {
  const at = text === undefined ? Number.NaN : Date.parse(text);
  return isInstant(at) ? at : null;
}

/** The level at which a caller's network vouched for the number; null for any other text. */
export function attestation(text: string | undefined): "A" | "B" | "C" | null {
  return text === "A" || text === "B" || text === "C" ? text : null;
}

export function malformed(detail: string): Result<never, Failure> {
  return err({ kind: "malformed", detail });
}
