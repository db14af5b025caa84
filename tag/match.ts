import type { Swap } from "../shared/api/leases.ts";

/** A swap, prepared for finding every spelling of its number in running text. */
export type Pattern = {
  /** The national significant number, any separators between its digits. Global; boundaries not judged. */
  number: RegExp;
  /** The country or trunk prefix at the end of what stands before the number. Matches always, perhaps "". */
  prefix: RegExp;
  /** What replaces the national digits one for one; "" when country or length differ. */
  digits: string;
  /** What replaces the whole spelling otherwise: in text, and in a tel: link. */
  text: string;
  dial: string;
};

/** Where a number stands in a text: `[start, end)` with its prefix, `[national, end)` without. */
export type Match = { start: number; national: number; end: number };

/**
 * Stands between the texts of neighbouring nodes while they are matched as one: HTML text cannot contain it.
 * A letter beyond it is not part of a number's word (an icon's name before a number).
 */
export const NODE_BORDER = "\0";

/** What may stand between two digits: spaces and dashes of all kinds, invisible marks, dots, slashes, parentheses. */
const GAP = "[\\s\\0\\xad\\xb7\\u200b-\\u206f\\u2212./()-]*";

/** ITU-T E.164 country codes: which digits of a number are not national. */
const COUNTRY_CODE = /^\+(1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|...)/;
/** National trunk prefixes other than 0. */
const TRUNK_PREFIXES: Record<string, string> = { 1: "1", 7: "8", 36: "06" };

/**
 * What must not stand right before a number: a letter or digit, a digit and its punctuation (a longer number,
 * a list of quantities), a plus sign with a foreign country code, anything of a URL, an amount.
 */
const NOT_BEFORE = RegExp(
  `\\w$|\\d[-._,+\\u2010-\\u2015]$|\\+(\\d{1,3}${GAP})?$|[?=&#%@~\\\\$][\\w.%\\0-]*$|(^|\\D)/[\\w.%/\\0-]*$`,
);
/** The same for what follows. An extension (`x42`, `ext. 42`, `,,9`) may follow. */
const NOT_AFTER = /^(\d|(?!x\W?\d|ext)[a-z_]|[-._\u2010-\u2015,]\d|[@=&%])/i;
/** Mere digits, or digits split over nodes, prove less than a written-out number: they may be an id, or a file. */
const MERE_DIGITS = /\0|^\d+$/;
const NOT_BEFORE_DIGITS = /\w[-/]\0*$|\d\W?\0+$/;
const NOT_AFTER_DIGITS = /^([-./?]\w|\0+\W?\d)/;
/** Enough for any boundary, and a limit on the work. */
const CONTEXT_LENGTH = 64;

/** Prepares a swap of two E.164 numbers. */
export function compile({ find, replace, text = replace }: Swap): Pattern {
  const [prefix = "", country = ""] = COUNTRY_CODE.exec(find) ?? [];
  const national = find.slice(prefix.length);
  const trunk = TRUNK_PREFIXES[country] ?? "0";
  const fits = replace.length === find.length && replace.startsWith(prefix);
  return {
    number: RegExp([...national].join(GAP), "g"),
    prefix: RegExp(`(((\\+|00|011)${GAP})?${country}${GAP}(0${GAP})?|${trunk}${GAP})?$`),
    digits: fits ? replace.slice(prefix.length) : "",
    text,
    dial: replace,
  };
}

/** Where the number's digits stand in `text`, overlapping ones included, boundaries not yet judged. */
export function occurrences(text: string, { number }: Pattern): RegExpExecArray[] {
  const found = [];
  number.lastIndex = 0;
  for (let match = number.exec(text); match; match = number.exec(text)) {
    found.push(match);
    number.lastIndex = match.index + 1;
  }
  return found;
}

/** Every place where the pattern's number stands in `text` as a number of its own. */
export function findNumbers(text: string, pattern: Pattern): Match[] {
  return occurrences(text, pattern).flatMap(({ 0: digits, index: national }) => {
    const end = national + digits.length;
    const before = text.slice(Math.max(0, national - CONTEXT_LENGTH), national);
    const after = text.slice(end, end + CONTEXT_LENGTH);
    const mere = MERE_DIGITS.test(digits);
    if (NOT_AFTER.test(after) || (mere && NOT_AFTER_DIGITS.test(after))) return [];
    const prefixLength = before.length - before.search(pattern.prefix);
    for (const length of [prefixLength, 0]) {
      const context = before.slice(0, before.length - length);
      if (!NOT_BEFORE.test(context) && !(mere && NOT_BEFORE_DIGITS.test(context))) {
        return [{ start: national - length, national, end }];
      }
    }
    return [];
  });
}

/**
 * The text's UTF-16 units with the numbers exchanged: digit for digit, or the whole spelling in its first unit and
 * "" in the others. `legible`, unit for unit as long as `text`, is where to look for the number of a tel: link.
 */
export function exchange(text: string, patterns: Pattern[], legible = text): string[] {
  const units = text.split("");
  for (const pattern of patterns) {
    const { digits, dial } = pattern;
    for (const { start, national, end } of findNumbers(legible, pattern)) {
      if (digits) {
        let digit = 0;
        for (let i = national; i < end; i++) {
          if (/\d/.test(legible.charAt(i))) units[i] = digits.charAt(digit++);
        }
      } else {
        const opened = legible[start - 1] === "(" && /^[^(]*\)/.test(legible.slice(start, end));
        units.fill("", start, end)[start] = legible === text ? pattern.text : dial;
        if (opened) units[start - 1] = "";
      }
    }
  }
  return units;
}
