import { assert } from "../../../shared/assert.ts";

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const KEY_LENGTH = 12;
/** The largest multiple of 62 that a byte can reach: bytes above would favour the alphabet's beginning. */
const FAIR_BELOW = 248;

/** How many random bytes a key is made of; that 21 of them are unusable happens once in 10^22 times. */
export const SITE_KEY_BYTES = 32;

/** A site's public key: 12 characters of base62 (71 bits), guessed by nobody. */
export function siteKey(random: Uint8Array): string {
  const fair = [...random].filter((byte) => byte < FAIR_BELOW).slice(0, KEY_LENGTH);
  assert(fair.length === KEY_LENGTH, "enough random bytes for a site key");
  return fair.map((byte) => ALPHABET[byte % ALPHABET.length]).join("");
}
