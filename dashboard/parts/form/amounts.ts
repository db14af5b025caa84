import { MICROS_PER_UNIT, type Micros } from "../../../shared/money.ts";
import { isE164 } from "../../../shared/phone-number.ts";
import { err, ok, type Result } from "../../../shared/result.ts";

/** What a person typed, read as a value of the API; the error is the sentence that stands under the field. */
export type Read<T> = Result<T, string>;

const MICRO_DIGITS = 6;

/** `70`, `70.5`, `1,234.50`: an amount as integer micros, digit by digit, so that no cent is lost to a float. */
export function readMoney(text: string): Read<Micros> {
  const match = /^(\d{1,3}(?:,\d{3})+|\d{1,9})(?:\.(\d{0,6}))?$/.exec(text.trim());
  if (!match) return err("An amount, for example 45.00.");
  const units = Number((match[1] ?? "").replaceAll(",", ""));
  const micros = Number((match[2] ?? "").padEnd(MICRO_DIGITS, "0"));
  return ok(units * MICROS_PER_UNIT + micros);
}

/** Micros as the field shows them: `45.00`, and more decimals only where there are some. */
export function writeMoney(micros: Micros): string {
  const units = Math.floor(micros / MICROS_PER_UNIT);
  const digits = String(micros % MICROS_PER_UNIT).padStart(MICRO_DIGITS, "0");
  return `${units}.${digits.replace(/0{1,4}$/, "")}`;
}

const UNITS = { s: 1, min: 60, h: 3600, d: 86_400 } as const;
export type TimeUnit = keyof typeof UNITS;

const UNIT_WORDS: Readonly<Record<string, TimeUnit>> = {
  s: "s",
  sec: "s",
  second: "s",
  seconds: "s",
  m: "min",
  min: "min",
  minute: "min",
  minutes: "min",
  h: "h",
  hour: "h",
  hours: "h",
  d: "d",
  day: "d",
  days: "d",
};

/** `90 s`, `30 min`, `2 h`, `5 days`, or a plain number of `unit`: whole seconds. */
export function readDuration(text: string, unit: TimeUnit): Read<number> {
  const match = /^(\d{1,8})\s*([a-z]*)$/.exec(text.trim().toLowerCase());
  const named = match?.[2] === "" ? unit : UNIT_WORDS[match?.[2] ?? ""];
  if (!match || !named) return err(`A whole number with a unit, for example ${EXAMPLES[unit]}.`);
  return ok(Number(match[1]) * UNITS[named]);
}

const EXAMPLES: Readonly<Record<TimeUnit, string>> = { s: "90 s", min: "30 min", h: "2 h", d: "30 days" };

/** Seconds in the largest unit that says them exactly: `90 s`, `30 min`, `12 h`, `30 days`. */
export function writeDuration(seconds: number): string {
  if (seconds > 0 && seconds % UNITS.d === 0) {
    const days = seconds / UNITS.d;
    return `${days} ${days === 1 ? "day" : "days"}`;
  }
  if (seconds > 0 && seconds % UNITS.h === 0) return `${seconds / UNITS.h} h`;
  if (seconds >= 10 * UNITS.min && seconds % UNITS.min === 0) return `${seconds / UNITS.min} min`;
  return `${seconds} s`;
}

export function readCount(text: string): Read<number> {
  const match = /^\d{1,7}$/.exec(text.trim());
  return match && Number(match[0]) > 0 ? ok(Number(match[0])) : err("A whole number, for example 50.");
}

/** A probability such as `0.9`. */
export function readProbability(text: string): Read<number> {
  return /^(0?\.\d{1,6}|1(\.0{1,6})?|0)$/.test(text.trim())
    ? ok(Number(text))
    : err("A probability, for example 0.9.");
}

/** Entries of a text area: one a line, or separated by commas or semicolons. */
export function readList(text: string): string[] {
  return text
    .split(/[\n,;]+/)
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "");
}

/** `+1 (628) 555-0101` as `+16285550101`; a number without its country code cannot be read. */
export function readNumber(text: string): Read<string> {
  const bare = text.replace(/[\s().\u00a0\u2010-\u2013-]/g, "");
  if (isE164(bare)) return ok(bare);
  return bare.startsWith("+")
    ? err(`“${text}” is no phone number.`)
    : err(`“${text}” begins without + and its country code.`);
}

/** Every entry a number, each once; the first that is none is the error. */
export function readNumbers(text: string): Read<string[]> {
  const numbers: string[] = [];
  for (const entry of readList(text)) {
    const read = readNumber(entry);
    if (!read.ok) return read;
    if (numbers.includes(read.value)) return err(`${entry} stands there twice.`);
    numbers.push(read.value);
  }
  return ok(numbers);
}

/** A target to dial: a number, or a `sip:` address, which only the server judges. */
export function readDialTarget(text: string): Read<string> {
  const trimmed = text.trim();
  return /^sips?:/i.test(trimmed) ? ok(trimmed) : readNumber(trimmed);
}

/**
 * A page's address as the origin the API wants: `www.example.com/plumbing` is `https://www.example.com`.
 * `https://*.example.com` stays.
 */
export function readOrigin(text: string): Read<string> {
  const trimmed = text.trim();
  const wildcard = /^(?:https:\/\/)?(\*\.[a-z0-9.-]+\.[a-z]{2,}(?::\d{1,5})?)\/?$/i.exec(trimmed);
  if (wildcard) return ok(`https://${(wildcard[1] ?? "").toLowerCase()}`);
  const wrong = err(`“${trimmed}” is no address such as https://www.example.com.`);
  const whole = /^[a-z][a-z0-9+.-]*:\/\//i.test(trimmed) ? trimmed : `https://${trimmed}`;
  if (!URL.canParse(whole)) return wrong;
  const { protocol, origin, hostname } = new URL(whole);
  const named = hostname.includes(".") || hostname === "localhost";
  return /^https?:$/.test(protocol) && named && !hostname.includes("*") ? ok(origin) : wrong;
}

export function readOrigins(text: string): Read<string[]> {
  const origins = new Set<string>();
  for (const entry of readList(text)) {
    const read = readOrigin(entry);
    if (!read.ok) return read;
    origins.add(read.value);
  }
  return ok([...origins]);
}
