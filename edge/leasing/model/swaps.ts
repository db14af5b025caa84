import type { Swap } from "../../../shared/api/leases.ts";
import { displayNumber } from "../../../shared/phone-number.ts";

/**
 * What the tag puts where: this number in place of each of the site's. Digits are exchanged one for one where both
 * have equally many; else the tag needs the new number as people read it.
 */
export function swapsTo(e164: string, swap_numbers: readonly string[]): Swap[] {
  return swap_numbers.map((find) =>
    find.length === e164.length
      ? { find, replace: e164 }
      : { find, replace: e164, text: displayNumber(e164) },
  );
}
