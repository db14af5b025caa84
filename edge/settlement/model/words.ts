/** How the rules put their figures into words, exactly: a rounded figure must never contradict its verdict. */

/** `3 d 4 h`, `12 min`, `40 s`: the two largest units, the rest cut. */
export function spanWords(duration_s: number): string {
  const units: [string, number][] = [
    ["d", 86_400],
    ["h", 3_600],
    ["min", 60],
    ["s", 1],
  ];
  const words: string[] = [];
  let rest = Math.floor(duration_s);
  for (const [name, size] of units) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) words.push(`${count} ${name}`);
    else if (words.length > 0) break;
  }
  return words.slice(0, 2).join(" ") || "0 s";
}

const SHARE_DIGITS = 10_000;

/** A probability cut (not rounded) to four digits, so that 0.89999 never reads as 0.9. */
export function shareWords(share: number): string {
  return String(Math.floor(share * SHARE_DIGITS + 1e-9) / SHARE_DIGITS);
}

/** `0.97 ≥ 0.9` or `0.42 < 0.9`. */
export function againstFloor(share: number, floor: number): string {
  return `${shareWords(share)} ${share >= floor ? "≥" : "<"} ${String(floor)}`;
}
