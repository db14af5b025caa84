/** When digits in a text are the number, and when they belong to something else: character by character. */

/** A number's country code, national trunk prefix, and national digits before and after. */
export type Numbering = { country: string; trunk: string; find: string; replace: string };

const BORDER = "\0";
const SPACES = `${BORDER} \t\n\u00a0\u00ad\u2009\u200b\u200e\u202a\u202c\u202f\u2060\u2066\u2069\u3000\ufeff`;
const DASHES = "-\u2010\u2011\u2013\u2014";
const SEPARATORS = `${SPACES}${DASHES}./()\u00b7\u2022\u2212`;
/** A prefix longer than this, or further away, is none. */
const CONTEXT_LENGTH = 64;

const isDigit = (char: string): boolean => char !== "" && "0123456789".includes(char);
const isLetter = (char: string): boolean =>
  char !== "" && "abcdefghijklmnopqrstuvwxyz_".includes(char.toLowerCase());
const isWord = (char: string): boolean => isDigit(char) || isLetter(char);
const oneOf = (chars: string, char: string): boolean => char !== "" && chars.includes(char);

/** The places of the number's digits if the first one is at `at` and it is a number of its own; else null. */
export function isFound(text: string, at: number, numbering: Numbering): number[] | null {
  const places = spelledAt(text, at, numbering.find);
  return places && standsAlone(text, places, numbering) ? places : null;
}

function spelledAt(text: string, at: number, number: string): number[] | null {
  const places: number[] = [];
  for (let i = at; i < text.length && places.length < number.length; i++) {
    const char = text.charAt(i);
    if (char === number.charAt(places.length)) places.push(i);
    else if (places.length === 0 || !oneOf(SEPARATORS, char)) return null;
  }
  return places.length === number.length ? places : null;
}

function standsAlone(text: string, places: number[], numbering: Numbering): boolean {
  const first = places[0] ?? 0;
  const end = (places.at(-1) ?? 0) + 1;
  const spelling = text.slice(first, end);
  const mere = spelling.includes(BORDER) || spelling.length === places.length;
  if (!mayFollow(text.slice(end), mere)) return false;
  const before = text.slice(Math.max(0, first - CONTEXT_LENGTH), first);
  return mayPrecede(withoutPrefix(before, numbering), mere);
}

/** What stands before the longest prefix at the text's end; digits that only end in one are none. */
function withoutPrefix(text: string, numbering: Numbering): string {
  for (let at = 0; at < text.length; at++) {
    const before = text.slice(0, at);
    if (!isWord(before.slice(-1)) && isPrefix(text.slice(at), numbering)) return before;
  }
  return text;
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
      while (oneOf(SEPARATORS, rest.charAt(0))) rest = rest.slice(1);
    }
    return rest === "";
  });
}

function mayPrecede(before: string, mere: boolean): boolean {
  const last = before.slice(-1);
  const beforeLast = before.slice(-2, -1);
  if (isWord(last) || last === "+") return false;
  if (oneOf(`${DASHES}._,`, last) && isDigit(beforeLast)) return false;
  if (endsInForeignCode(before) || endsInUrl(before) || endsInPath(before)) return false;
  if (!mere) return true;
  let visible = before;
  while (visible.endsWith(BORDER)) visible = visible.slice(0, -1);
  const mark = visible.slice(-1);
  if (oneOf("-/", mark) && isWord(visible.slice(-2, -1))) return false;
  if (visible.length === before.length) return true;
  return !isDigit(mark) && !(!isWord(mark) && isDigit(visible.slice(-2, -1)));
}

/** `+44` and separators: the number of another country. */
function endsInForeignCode(before: string): boolean {
  let rest = before;
  while (oneOf(SEPARATORS, rest.slice(-1))) rest = rest.slice(0, -1);
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
    if (oneOf("?=&#%@~\\$", char)) return true;
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
  if (oneOf(`${DASHES}._,`, next) && isDigit(second)) return false;
  if (!mere) return true;
  if (oneOf("-./?", next) && isWord(second)) return false;
  let visible = after;
  while (visible.startsWith(BORDER)) visible = visible.slice(1);
  if (visible.length === after.length) return true;
  return !isDigit(visible.charAt(0)) && !(!isWord(visible.charAt(0)) && isDigit(visible.charAt(1)));
}
