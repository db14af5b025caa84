/**
 * What a rule measured against its limit, read from its detail: "71 s < 90 s", "0.42 < 0.9, proven by …".
 * The figures are kept as they were written: a rounded one could contradict its verdict.
 */
export type Measure = { measured: string; relation: "<" | "≤" | "≥" | ">"; limit: string; unit: string };

const COMPARISON =
  /(\d+(?:\.\d+)?)[ \u00a0]?([a-z%]{0,3})\s*([<≤≥>])\s*(\d+(?:\.\d+)?)[ \u00a0]?([a-z%]{0,3})/;

/** Null when the detail compares nothing. */
export function measureOf(detail: string): Measure | null {
  const found = COMPARISON.exec(detail.slice(0, 500));
  if (!found) return null;
  const [, measured = "", unitBefore, relation, limit = "", unitAfter] = found;
  return { measured, relation: relation as Measure["relation"], limit, unit: unitAfter || unitBefore || "" };
}

/** A rule's detail with no-break spaces between each number and its unit, so that "90 s" never wraps. */
export function sayMeasure(detail: string): string {
  return detail.replace(/(\d) (s|min|h|d)\b/g, "$1\u00a0$2");
}
