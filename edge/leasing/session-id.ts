import type { SessionId } from "../../shared/id.ts";
import type { Instant } from "../../shared/instant.ts";
import { putUint } from "../platform/bytes.ts";
import { fromBase64Url, toBase64Url } from "../platform/crypto.ts";
import type { LeaseRef } from "./pool-port.ts";

export const REF_BYTES = 10;

/** Number (4 bytes) and moment (6 bytes, milliseconds), big-endian: what names a session. */
export function packRef({ number_key, leased_at }: LeaseRef, bytes: Uint8Array, offset: number): void {
  putUint(bytes, offset, 4, number_key);
  putUint(bytes, offset + 4, 6, leased_at);
}

export function unpackRef(bytes: Uint8Array, offset: number): LeaseRef {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const leased_at: Instant = view.getUint16(offset + 4) * 2 ** 32 + view.getUint32(offset + 6);
  return { number_key: view.getUint32(offset), leased_at };
}

/** `ses_…`, 18 characters. It names a session and grants nothing. */
export function encodeSessionId(ref: LeaseRef): SessionId {
  const bytes = new Uint8Array(REF_BYTES);
  packRef(ref, bytes, 0);
  return `ses_${toBase64Url(bytes)}`;
}

/** The number and moment that a session id names, or null for any other text. The session need not exist. */
export function decodeSessionId(text: string): LeaseRef | null {
  if (!/^ses_[A-Za-z0-9_-]{14}$/.test(text)) return null;
  const ref = unpackRef(fromBase64Url(text.slice(4)), 0);
  // Fourteen characters have four bits to spare: one spelling only is the id.
  return encodeSessionId(ref) === text ? ref : null;
}
