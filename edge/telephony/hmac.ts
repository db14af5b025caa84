import { utf8 } from "../platform/crypto.ts";

/**
 * What Twilio, SignalWire and Plivo sign with. SHA-1 is the choice of the first two: forging a MAC does not follow
 * from finding collisions.
 */
export function importSecret(secret: string, hash: "SHA-1" | "SHA-256"): Promise<CryptoKey> {
  return crypto.subtle.importKey("raw", utf8(secret), { name: "HMAC", hash }, false, ["sign"]);
}

/** Base64(HMAC(key, UTF-8 of the text)). */
export async function hmacBase64(key: CryptoKey, text: string): Promise<string> {
  const mac = new Uint8Array(await crypto.subtle.sign("HMAC", key, utf8(text)));
  return btoa(String.fromCharCode(...mac));
}
