import type { Instant } from "../../shared/instant.ts";
import { utf8 } from "../platform/crypto.ts";
import type { RawRequest } from "./port.ts";

const SIGNATURE_HEADER = "telnyx-signature-ed25519";
const TIMESTAMP_HEADER = "telnyx-timestamp";
/** How far its stamp may be from our clock, either way: Telnyx's SDK takes five minutes. */
const TOLERANCE_S = 300;
const SIGNATURE_BYTES = 64;
const PUBLIC_KEY_BYTES = 32;

/**
 * True when the request is signed under one of these public keys (developers.telnyx.com, Webhook fundamentals):
 * Ed25519 (RFC 8032) over `timestamp|raw body`, and the timestamp, seconds since the epoch, is at most five minutes
 * from `now`: an older request is a replay. The address is not signed. Accepts what the official Node SDK accepts.
 */
export async function isSignedByTelnyx(
  request: RawRequest,
  public_keys: readonly string[],
  now: Instant,
): Promise<boolean> {
  const timestamp = request.headers.get(TIMESTAMP_HEADER) ?? "";
  const signature = bytesOf(request.headers.get(SIGNATURE_HEADER) ?? "", SIGNATURE_BYTES);
  if (!isFresh(timestamp, now) || signature === null) return false;
  const signed = utf8(`${timestamp}|${request.body}`);
  for (const text of public_keys) {
    const key = await importPublicKey(text);
    if (key && (await crypto.subtle.verify("Ed25519", key, signature, signed))) return true;
  }
  return false;
}

/** True for the Base64 of 32 bytes, as Telnyx's portal shows a public key. */
export function isTelnyxPublicKey(text: string): boolean {
  return bytesOf(text, PUBLIC_KEY_BYTES) !== null;
}

function isFresh(timestamp: string, now: Instant): boolean {
  if (!/^\d+$/.test(timestamp)) return false;
  const sent_at_s = Number(timestamp);
  return Number.isSafeInteger(sent_at_s) && Math.abs(Math.floor(now / 1_000) - sent_at_s) <= TOLERANCE_S;
}

/** Null for what is no key: 32 bytes that are no point of the curve are refused by some runtimes only. */
async function importPublicKey(text: string): Promise<CryptoKey | null> {
  const bytes = bytesOf(text, PUBLIC_KEY_BYTES);
  if (bytes === null) return null;
  return crypto.subtle.importKey("raw", bytes, { name: "Ed25519" }, false, ["verify"]).catch(() => null);
}

/** Strict, padded Base64 of exactly so many bytes, else null. */
function bytesOf(text: string, length: number): Uint8Array<ArrayBuffer> | null {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return null;
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  return bytes.byteLength === length ? bytes : null;
}
