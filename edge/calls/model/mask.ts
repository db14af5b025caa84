import { areaCodeOf, isE164 } from "../../../shared/phone-number.ts";
import { countryOfCode } from "./caller.ts";

/**
 * As much of a caller's number as a side may see that is not shown callers: country and area code (`+1415…`), or
 * the country's code alone where there are no area codes we know (`+44…`), or nothing but that there was a number.
 */
export function maskCaller(number: string): string {
  if (!isE164(number)) return "…";
  const area_code = areaCodeOf(number);
  if (area_code !== null) return `+1${area_code}…`;
  if (number.startsWith("+1")) return "+1…";
  for (const digits of [3, 2]) {
    const code = `+${number.slice(1, 1 + digits)}` as const;
    if (countryOfCode(code) !== null) return `${code}…`;
  }
  return "+…";
}
