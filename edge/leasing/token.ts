import type { LeaseId } from "../../shared/id.ts";
import { putUint } from "../platform/bytes.ts";
import { equalInConstantTime, fromBase64Url, toBase64Url, type Vault } from "../platform/crypto.ts";
import type { LeaseRef } from "./pool-port.ts";
import { packRef, REF_BYTES, unpackRef } from "./session-id.ts";

/** What a lease token says: the pool, by its short key, and the lease in it. */
export type LeaseToken = LeaseRef & { pool_key: number };

const KEY_BYTES = 4;
const BODY_BYTES = KEY_BYTES + REF_BYTES;
const MAC_BYTES = 16;
/** 30 bytes are 40 characters of base64url, without a bit to spare. */
const TOKEN = /^lse_[A-Za-z0-9_-]{40}$/;

/** `lse_…`, 44 characters: pool, number and moment with a 128-bit MAC, so that nobody can guess one. */
export async function signLease(vault: Vault, token: LeaseToken): Promise<LeaseId> {
  const bytes = new Uint8Array(BODY_BYTES + MAC_BYTES);
  putUint(bytes, 0, KEY_BYTES, token.pool_key);
  packRef(token, bytes, KEY_BYTES);
  bytes.set(await vault.mac("lease", bytes.slice(0, BODY_BYTES)), BODY_BYTES);
  return `lse_${toBase64Url(bytes)}`;
}

/** What a token of ours says; null for any other text. Whether the lease still lives only its pool knows. */
export async function verifyLease(vault: Vault, text: string): Promise<LeaseToken | null> {
  if (!TOKEN.test(text)) return null;
  const bytes = fromBase64Url(text.slice("lse_".length));
  const token = { pool_key: new DataView(bytes.buffer).getUint32(0), ...unpackRef(bytes, KEY_BYTES) };
  return equalInConstantTime(await signLease(vault, token), text) ? token : null;
}
