import type { Swap } from "../shared/api/leases.ts";
import { VANITY } from "./options.ts";

/**
 * Exchanges a pattern's number wherever it stands in a text as a number of its own. `isLink`: the text is the number
 * of a tel: link, to which a number of another length is written in E.164.
 */
export type Exchange = (text: string, isLink?: boolean) => string;
/** The source of an expression that finds a number's digits, whatever stands around them, and their exchange. */
export type Pattern = [digits: string, exchange: Exchange];

/**
 * Stands between the texts of neighbouring nodes while they are matched as one: HTML text cannot contain it.
 * An exchange keeps every one, so that the text can be split into the nodes again.
 */
export const NODE_BORDER = "\0";

/** ITU-T E.164: country code and national significant number. */
const E164 = /^\+(1|7|2[07]|3[0-469]|4[^2]|5[^09]|6[0-6]|8[1246]|9[^679]|...)(\d{4,})$/;
/** National trunk prefixes other than 0. */
const TRUNK_PREFIXES: Record<string, string> = { 1: "1", 7: "8", 36: "06" };

/**
 * What may stand between two digits: anything but letters, other digits and the marks that part numbers from one
 * another, and any of it escaped as in a URL. No more than a deep indentation: a text may consist of it, and what is
 * looked for then costs the square of that.
 */
const GAP = "(?:%2\\w|[^\\w,:+]){0,64}";
/** The letters on a telephone's keys (ITU-T E.161). */
const KEYS = ["", "", "abc", "def", "ghi", "jkl", "mno", "pqrs", "tuv", "wxyz"];
/** Area codes are written in digits. */
const AREA_CODE_LENGTH = 3;
/** What is exchanged in a number, and escapes, which are left alone. */
const UNITS = VANITY ? /%2\w|[\da-z]/gi : /%2\w|\d/g;

/** Mere digits, or digits split over nodes, prove less than a written-out number: they may be an id, or a file. */
const MERE_DIGITS = /\0|^\d+$/;
/**
 * Surroundings of a number in which it is none, itself replaced by \v, or by \f if it is mere digits. In this order:
 * behind a digit's punctuation, a foreign country code, in a URL, an amount or a path; before more digits, a word or a
 * URL, but an extension may follow (`x42`, `ext. 42`, `,,9`); and mere digits in an id, a file or a run over nodes.
 */
const NO_NUMBER =
  /(\d[.,-]|\+\d{1,3}\W*|([?=&#%@$]|(^|\D)\/)[\w.%/\0-]*)[\f\v]|[\f\v]([.,-]?\d|(?!x\W?\d|ext)[a-z_]|[@=&]|%(?!20))|(\w[-/]\0*|\d\W?\0+)\f|\f([-./?]\w|\0+\W?\d)/i;
/** Enough for any surroundings, and a limit on the work. */
const CONTEXT_LENGTH = 64;

/** A digit, or the letters on its key. */
const keyOf = (digit: string, i: number): string =>
  i < AREA_CODE_LENGTH ? digit : `[${digit}${KEYS[Number(digit)]}]`;

/** Prepares a swap. Throws if one of its numbers is not E.164. */
export const compile = ({ find, replace, text = replace }: Swap): Pattern => {
  const [, country, national] = E164.exec(find) as unknown as [string, string, string];
  const [, new_country, new_national] = E164.exec(replace) as unknown as [string, string, string];
  const digits = (VANITY ? [...national].map(keyOf) : [...national]).join(GAP);
  const fits = country === new_country && national.length === new_national.length;
  const spelling = RegExp(
    `(^|[^\\w+])(?:(?:(?:\\+|%2[bB]|00|011)${GAP})?${country}${GAP}(?:0${GAP})?|${TRUNK_PREFIXES[country] ?? 0}${GAP})?(${digits})`,
    // Ignoring case, where nothing calls for it, would cost a third of the expression's compilation.
    VANITY ? "gi" : "g",
  );
  return [
    digits,
    (source, isLink) =>
      source.replace(spelling, (match: string, before: string, number: string, at: number) => {
        let digit = 0;
        const end = at + match.length;
        const mark = MERE_DIGITS.test(number) ? "\f" : "\v";
        const behind = source.slice(0, at).slice(-CONTEXT_LENGTH);
        if (NO_NUMBER.test(behind + before + mark + source.slice(end, end + CONTEXT_LENGTH))) return match;
        if (fits) {
          const exchange = (unit: string) => (unit[1] ? unit : (new_national[digit++] as string));
          return match.slice(0, -number.length) + number.replace(UNITS, exchange);
        }
        const kept = number.includes(")") ? before.replace("(", "") : before;
        return kept + (isLink ? replace : text) + match.slice(before.length).replace(/[^\0]/g, "");
      }),
  ];
};
