import * as v from "valibot";
import { hasLength } from "../hours.ts";
import { type IdKind, idPattern } from "../id.ts";
import { isInstant } from "../instant.ts";
import { MICROS_MAX } from "../money.ts";
import { E164_PATTERN, isE164 } from "../phone-number.ts";

/** The building blocks of every wire schema. One schema gives validation, types and the OpenAPI document. */

/** Invisible, and harmful in exports and terminals; half of a surrogate pair would be stored as another character. */
const withoutControls = v.check(
  (text: string) => !/[\p{Cc}\p{Cs}]/u.test(text),
  "must not contain control characters or half of a surrogate pair",
);

export const Name = v.pipe(
  v.string("must be text"),
  v.trim(),
  v.minLength(1, "must not be empty"),
  v.maxLength(200, "must have at most 200 characters"),
  withoutControls,
);

export const ShortText = v.pipe(
  v.string("must be text"),
  v.maxLength(200, "must have at most 200 characters"),
  withoutControls,
);

export const E164Schema = v.pipe(
  v.string("must be text"),
  v.regex(E164_PATTERN, "must be an E.164 number such as +14155550132"),
);

/** A dial target: an E.164 number or a `sip:` address. */
export const DialTarget = v.pipe(
  v.string("must be text"),
  v.maxLength(200, "must have at most 200 characters"),
  v.check(
    (text) => isE164(text) || /^sips?:[A-Za-z0-9._~+-]{1,64}@[A-Za-z0-9.-]{1,120}(:\d{1,5})?$/.test(text),
    "must be an E.164 number or a sip: address",
  ),
);

export const InstantSchema = v.pipe(
  v.number("must be integer milliseconds since the epoch"),
  v.integer("must be integer milliseconds since the epoch"),
  v.check((value) => isInstant(value), "must be integer milliseconds since the epoch"),
);

export const Seconds = (from: number, to: number) =>
  v.pipe(
    v.number("must be whole seconds"),
    v.integer("must be whole seconds"),
    v.minValue(from, `must be at least ${from}`),
    v.maxValue(to, `must be at most ${to}`),
  );

export const Count = v.pipe(
  v.number("must be a whole number"),
  v.integer("must be a whole number"),
  v.minValue(1, "must be at least 1"),
  v.maxValue(1_000_000, "must be at most 1000000"),
);

/** Integer micros that are not negative and not absurd. */
export const AmountMicros = v.pipe(
  v.number("must be integer micros (45 USD is 45000000)"),
  v.integer("must be integer micros (45 USD is 45000000)"),
  v.minValue(0, "must not be negative"),
  v.maxValue(MICROS_MAX, `must be at most ${MICROS_MAX}`),
);

const currencies = new Set(Intl.supportedValuesOf("currency"));

export const Currency = v.pipe(
  v.string("must be text"),
  v.regex(/^[A-Z]{3}$/, "must be an ISO 4217 code such as USD"),
  v.check((code) => currencies.has(code), "must be an ISO 4217 code such as USD"),
);

export function isTimeZone(text: string): boolean {
  try {
    return text.length > 0 && text.length <= 64 && new Intl.DateTimeFormat("en", { timeZone: text }) !== null;
  } catch {
    return false;
  }
}

export const TimeZone = v.pipe(
  v.string("must be text"),
  v.check(isTimeZone, "must be an IANA time zone such as America/Los_Angeles"),
);

export const IdSchema = (kind: IdKind) => {
  const words = kind.replaceAll("_", " ");
  const article = /^[aeiou]/.test(words) ? "an" : "a";
  return v.pipe(v.string("must be text"), v.regex(idPattern(kind), `must be the id of ${article} ${words}`));
};

/** An ISO 3166-2 code such as US-CA. */
export const Region = v.pipe(
  v.string("must be text"),
  v.regex(/^[A-Z]{2}-[A-Z0-9]{1,3}$/, "must be an ISO 3166-2 code such as US-CA"),
);

export const Weekday = v.picklist(
  ["mon", "tue", "wed", "thu", "fri", "sat", "sun"],
  "must be one of mon, tue, wed, thu, fri, sat, sun",
);
const TimeOfDay = v.pipe(
  v.string("must be text"),
  v.regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, "must be a time such as 09:00"),
);

const Window = v.pipe(
  v.strictObject({
    days: v.pipe(v.array(Weekday), v.minLength(1, "must name a day"), v.maxLength(7, "at most 7 days")),
    from: TimeOfDay,
    to: TimeOfDay,
  }),
  v.forward(
    v.check(
      (window) => hasLength(window),
      "is when it begins, so it would never be: a whole day is 00:00 to 24:00",
    ),
    ["to"],
  ),
);

/**
 * Weekly opening hours, half-open by the wall clock of `timezone`: open in any of the windows and in none of the breaks.
 * A window whose `to` is before its `from` crosses midnight and belongs to the day on which it begins.
 */
export const Hours = v.strictObject({
  timezone: TimeZone,
  windows: v.pipe(v.array(Window), v.maxLength(50, "at most 50 windows")),
  breaks: v.optional(v.pipe(v.array(Window), v.maxLength(50, "at most 50 breaks"))),
});
export type Hours = v.InferOutput<typeof Hours>;

/** The five sub ids a publisher may hang on a number or a link. */
export const SubIds = {
  sub1: v.optional(v.nullable(ShortText)),
  sub2: v.optional(v.nullable(ShortText)),
  sub3: v.optional(v.nullable(ShortText)),
  sub4: v.optional(v.nullable(ShortText)),
  sub5: v.optional(v.nullable(ShortText)),
};

/** `?limit=` and `?cursor=` of every list. */
export const ListQuery = {
  limit: v.optional(
    v.pipe(
      v.string(),
      v.regex(/^\d{1,4}$/, "must be a whole number"),
      v.transform(Number),
      v.minValue(1, "must be at least 1"),
      v.maxValue(200, "must be at most 200"),
    ),
  ),
  cursor: v.optional(v.pipe(v.string(), v.maxLength(500, "is not a cursor of this list"))),
};

export const ListOf = <const S extends v.GenericSchema>(item: S) =>
  v.object({ data: v.array(item), next_cursor: v.nullable(v.string()) });

/** `?format=` of what is also to be had as a file: a spreadsheet's, or one JSON object a line. */
export const Format = v.picklist(["json", "csv", "ndjson"], "must be one of json, csv, ndjson");

/** RFC 9457 problem details, as every error is answered (`application/problem+json`). */
export const ProblemSchema = v.object({
  type: v.string(),
  title: v.string(),
  status: v.number(),
  detail: v.string(),
  instance: v.optional(v.string()),
  errors: v.optional(v.array(v.object({ pointer: v.string(), detail: v.string() }))),
});

const nullableNumber = v.nullable(v.number());
/** When a thing was made and, if it was, taken out of use. */
export const Lifetime = { created_at: v.number(), retired_at: nullableNumber };
/** A pause in force, or nulls. */
export const Pause = {
  paused_at: nullableNumber,
  pause_reason: v.nullable(v.string()),
  resume_at: nullableNumber,
};
export const PauseInput = v.strictObject({ reason: Name, resume_at: v.optional(InstantSchema) });
/** Resuming needs no reason, and takes one. */
export const ResumeInput = v.strictObject({
  reason: v.optional(Name),
  resume_at: v.optional(
    v.pipe(InstantSchema, v.description("A moment to come: the pause in force ends then instead of now")),
  ),
});
export type ResumeInput = v.InferOutput<typeof ResumeInput>;
