/** When digits in a text are the number, and when they belong to something else: character by character. */

/** A number's country code, national trunk prefix, and national digits before and after. */
export type Numbering = { country: string; trunk: string; find: string; replace: string };

const BORDER = "\0";
/** These part one number from the next; whatever else is no word may stand between the digits of one. */
const PARTING = ",:+";
/** A prefix longer than this, or further away, is none. */
const CONTEXT_LENGTH = 64;

const isDigit = (char: string): boolean => char !== "" && "0123456789".includes(char);
const isLetter = (char: string): boolean =>
  char !== "" && "abcdefghijklmnopqrstuvwxyz_".includes(char.toLowerCase());
const isWord = (char: string): boolean => isDigit(char) || isLetter(char);
const oneOf = (chars: string, char: string): boolean => char !== "" && chars.includes(char);

/**
 * The places of the digits of every number of its own, from left to right. What is spelled like one has its characters
 * for itself, also when it turns out to be none.
 */
export function numbersIn(text: string, numbering: Numbering): number[][] {
  const found: number[][] = [];
  let free = 0;
  for (let at = 0; at < text.length; at++) {
    const places = at >= free ? spelledAt(text, at, numbering.find) : null;
    if (!places) continue;
    const start = Math.max(0, at - CONTEXT_LENGTH);
    const before = withoutPrefix(text.slice(start, at), numbering, free - start);
    if (!mayBegin(before)) continue;
    free = (places.at(-1) ?? 0) + 1;
    if (standsAlone(text, places, before)) found.push(places);
  }
  return found;
}

function spelledAt(text: string, at: number, number: string): number[] | null {
  const places: number[] = [];
  let i = at;
  while (i < text.length && places.length < number.length) {
    if (text.charAt(i) === number.charAt(places.length)) {
      places.push(i);
      i += 1;
      continue;
    }
    const gap = places.length > 0 ? separatorAt(text, i) : 0;
    if (gap === 0) return null;
    i += gap;
  }
  return places.length === number.length ? places : null;
}

/** The length of the separator at this place, which may be escaped as in a URL (`%20`, `%2D`); 0 when there is none. */
function separatorAt(text: string, at: number): number {
  if (text.startsWith("%2", at) && isWord(text.charAt(at + 2))) return 3;
  const char = text.charAt(at);
  return char !== "" && !isWord(char) && !oneOf(PARTING, char) ? 1 : 0;
}

/** `before`: what stands in front of the number and its prefix. */
function standsAlone(text: string, places: number[], before: string): boolean {
  const end = (places.at(-1) ?? 0) + 1;
  const spelling = text.slice(places[0], end);
  const mere = spelling.includes(BORDER) || spelling.length === places.length;
  return mayFollow(text.slice(end), mere) && mayPrecede(before, mere);
}

/** What stands before the longest prefix at the text's end, from `free` on; digits that only end in one are none. */
function withoutPrefix(text: string, numbering: Numbering, free: number): string {
  for (let at = Math.max(0, free); at < text.length; at++) {
    const before = text.slice(0, at);
    if (mayBegin(before) && isPrefix(text.slice(at), numbering)) return before;
  }
  return text;
}

/** True when a number or its prefix may begin right after this. */
function mayBegin(before: string): boolean {
  return !isWord(before.slice(-1)) && !before.endsWith("+");
}

/** True when the whole of `text` is a prefix of the number and separators. */
function isPrefix(text: string, { country, trunk }: Numbering): boolean {
  const national = [trunk];
  const local = [[country], [country, "0"]];
  const international = ["+", "00", "011"].flatMap((exit) => local.map((parts) => [exit, ...parts]));
  return [national, ...local, ...international].some((parts) => {
    let rest = text;
    for (const part of parts) {
      if (!rest.startsWith(part)) return false;
      rest = rest.slice(part.length);
      while (separatorAt(rest, 0)) rest = rest.slice(separatorAt(rest, 0));
    }
    return rest === "";
  });
}

function mayPrecede(before: string, mere: boolean): boolean {
  const last = before.slice(-1);
  const beforeLast = before.slice(-2, -1);
  if (oneOf("-._,", last) && isDigit(beforeLast)) return false;
  if (endsInForeignCode(before) || endsInUrl(before) || endsInPath(before)) return false;
  if (!mere) return true;
  let visible = before;
  while (visible.endsWith(BORDER)) visible = visible.slice(0, -1);
  const mark = visible.slice(-1);
  if (oneOf("-/", mark) && isWord(visible.slice(-2, -1))) return false;
  if (visible.length === before.length) return true;
  return !isDigit(mark) && !(!isWord(mark) && isDigit(visible.slice(-2, -1)));
}

/** `+44` and anything but words: the number of another country. */
function endsInForeignCode(before: string): boolean {
  let rest = before;
  while (rest !== "" && !isWord(rest.slice(-1))) rest = rest.slice(0, -1);
  for (let digits = 1; digits <= 3; digits++) {
    if (!isDigit(rest.slice(-1))) return false;
    rest = rest.slice(0, -1);
    if (rest.endsWith("+")) return true;
  }
  return false;
}

function endsInUrl(before: string): boolean {
  for (let i = before.length - 1; i >= 0; i--) {
    const char = before.charAt(i);
    if (oneOf("?=&#%@$", char)) return true;
    if (!isWord(char) && !oneOf(`.-/${BORDER}`, char)) return false;
  }
  return false;
}

/** A slash that no digit stands before, and since then only what a path may hold. */
function endsInPath(before: string): boolean {
  for (let i = before.length - 1; i >= 0; i--) {
    const char = before.charAt(i);
    if (char === "/" && !isDigit(before.charAt(i - 1))) return true;
    if (!isWord(char) && !oneOf(`.-%/${BORDER}`, char)) return false;
  }
  return false;
}

function mayFollow(after: string, mere: boolean): boolean {
  const next = after.charAt(0);
  const second = after.charAt(1);
  const extension =
    after.slice(0, 3).toLowerCase() === "ext" ||
    (next.toLowerCase() === "x" &&
      (isDigit(second) || (second !== "" && !isWord(second) && isDigit(after.charAt(2)))));
  if (isDigit(next) || oneOf("@=&%", next)) return false;
  if (isLetter(next) && !extension) return false;
  if (oneOf("-._,", next) && isDigit(second)) return false;
  if (!mere) return true;
  if (oneOf("-./?", next) && isWord(second)) return false;
  let visible = after;
  while (visible.startsWith(BORDER)) visible = visible.slice(1);
  if (visible.length === after.length) return true;
  return !isDigit(visible.charAt(0)) && !(!isWord(visible.charAt(0)) && isDigit(visible.charAt(1)));
}
