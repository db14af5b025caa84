import type { Swap } from "../shared/api/leases.ts";

/** A swap, prepared for finding every spelling of its number in running text. */
export type Pattern = {
  /** The national significant number, any separators between its digits. Global; has no boundaries. */
  number: RegExp;
  /** The country or trunk prefix, at the end of the text before the number. Matches always, perhaps "". */
  prefix: RegExp;
  /** What replaces the national digits one for one, or null when country or length differ. */
  digits: string | null;
  /** What replaces the whole spelling otherwise. */
  text: string;
  replace: string;
};

/** Where a number stands in a text: `[start, end)` with its prefix, `[national, end)` without. */
export type Match = { start: number; national: number; end: number };

/**
 * Stands between the texts of neighbouring nodes while they are matched as one: HTML text cannot contain it.
 * It separates letters (an icon's name before a number is not part of it) but not digits.
 */
export const NODE_BORDER = "\0";

/** Spaces of all kinds, zero-width and bidirectional marks, soft hyphen. They may repeat without limit. */
const SPACE = "[\\s\\0\\xad\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u2069]*";
/** Punctuation between digit groups: at most three between two digits. */
const GAP = `(?:${SPACE}[-.\\/()\\xb7\\u2010-\\u2015\\u2022\\u2212]){0,3}${SPACE}`;

/** ITU-T E.164 country codes: which digits of a number are not national. */
const COUNTRY_CODE = /^\+(1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|\d{3})/;
/** National trunk prefixes other than 0. North America's 1 is its country code. */
const TRUNK_PREFIXES: Record<string, string> = { 7: "8", 36: "06" };

/**
 * What must not stand right before a number: a letter or digit, a digit and its punctuation (a longer number,
 * a list of quantities), a plus sign with a foreign country code, anything of a URL, an amount.
 */
const NOT_BEFORE = new RegExp(
  `\\w$|\\d[-._,+\\u2010-\\u2015]$|\\+(?:\\d{1,3}${GAP})?$|[?=&#%@~\\\\$][\\w.%\\0-]*$|(^|\\D)\\/[\\w.%/\\0-]*$`,
);
/** The same for what follows. An extension (`x42`, `ext. 42`, `,,9`) may follow. */
const NOT_AFTER = /^(?:\d|(?!x\W?\d|ext)[a-z_]|[-._\u2010-\u2015,]\d|[@=&%])/i;
/** Digits in a row, or split over nodes, prove less than a written-out number: refuse also what may be an id or a file. */
const NOT_BEFORE_BARE = /\w[-/]\0*$|\d\W?\0+$/;
const NOT_AFTER_BARE = /^(?:[-./?]\w|\0+\W?\d)/;
/** Enough for any boundary, and a limit on the work. */
const CONTEXT_LENGTH = 64;

/** Prepares a swap of two E.164 numbers. */
export function compile({ find, replace, text }: Swap): Pattern {
  const country = COUNTRY_CODE.exec(find)?.[1] ?? "";
  const national = find.slice(country.length + 1);
  const trunk = TRUNK_PREFIXES[country] ?? "0";
  const fits = replace.length === find.length && replace.startsWith(`+${country}`);
  return {
    number: new RegExp([...national].join(GAP), "g"),
    prefix: new RegExp(
      `(?:(?:(?:\\+|00|011)${GAP})?${country}${GAP}(?:0${GAP})?|${country === "1" ? "1" : trunk}${GAP})?$`,
    ),
    digits: fits ? replace.slice(-national.length) : null,
    text: text ?? replace,
    replace,
  };
}

/** Every place where the pattern's number stands in `text` as a number of its own. */
export function findNumbers(text: string, { number, prefix }: Pattern): Match[] {
  const matches: Match[] = [];
  for (const { index: national, length } of occurrences(text, number)) {
    const end = national + length;
    const before = text.slice(Math.max(0, national - CONTEXT_LENGTH), national);
    const after = text.slice(end, end + CONTEXT_LENGTH);
    const written = /^[^\0]*[^\d\0][^\0]*$/.test(text.slice(national, end));
    if (NOT_AFTER.test(after) || (!written && NOT_AFTER_BARE.test(after))) continue;
    const clear = (context: string): boolean =>
      !NOT_BEFORE.test(context) && (written || !NOT_BEFORE_BARE.test(context));
    const prefixAt = before.search(prefix);
    if (clear(before.slice(0, prefixAt))) {
      matches.push({ start: national - before.length + prefixAt, national, end });
    } else if (clear(before)) {
      matches.push({ start: national, national, end });
    }
  }
  return matches;
}

/**
 * The text's UTF-16 units with the numbers exchanged: digit for digit, or the whole spelling in its first unit and
 * "" in the others. `legible`, unit for unit as long as `text`, is where to look for numbers (a tel: link).
 */
export function exchange(text: string, patterns: Pattern[], legible = text): string[] {
  const units = text.split("");
  for (const pattern of patterns) {
    for (const { start, national, end } of findNumbers(legible, pattern)) {
      if (pattern.digits) {
        let digit = 0;
        for (let i = national; i < end; i++) {
          if (/\d/.test(legible.charAt(i))) units[i] = pattern.digits.charAt(digit++);
        }
      } else {
        const opened = legible[start - 1] === "(" && /^[^(]*\)/.test(legible.slice(start, end));
        const from = opened ? start - 1 : start;
        units.fill("", from, end);
        units[from] = legible === text ? pattern.text : pattern.replace;
      }
    }
  }
  return units;
}

/** Where the number's digits stand in `text`, overlapping ones included and boundaries not yet judged. */
export function occurrences(text: string, number: RegExp): { index: number; length: number }[] {
  const found = [];
  number.lastIndex = 0;
  for (let match = number.exec(text); match; match = number.exec(text)) {
    found.push({ index: match.index, length: match[0].length });
    number.lastIndex = match.index + 1;
  }
  return found;
}
