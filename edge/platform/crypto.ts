import { assert } from "../../shared/assert.ts";
import { hmacSha256 } from "./hmac.ts";

/**
 * Secrets and personal data, by one master key: WebCrypto, and for short signatures the same in JavaScript (hmac.ts).
 * Sealing is AES-256-GCM with a random 96-bit nonce; what the text belongs to is its additional data, so a
 * sealed value moved to another row does not open. The format is `keyId.nonce.ciphertext`, base64url.
 * Look-ups of callers use HMAC-SHA-256 with a key of their own: a bare hash of a phone number is reversible
 * in minutes (all ten-digit numbers can be tried).
 */
export type Vault = {
  seal(text: string, belongsTo: string): Promise<string>;
  /** Rejects when the text was not sealed for this owner, or by an unknown key. */
  open(sealed: string, belongsTo: string): Promise<string>;
  /** A keyed fingerprint of something personal, 22 characters, different for each `scope`. */
  fingerprint(text: string, scope: string): Promise<string>;
  /** The first 16 bytes of HMAC-SHA-256 under a key derived for `purpose`. */
  mac(purpose: string, bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>>;
};

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const KEY_ID = "1";
const NONCE_BYTES = 12;
const MAC_BYTES = 16;

/** Keys for each purpose are derived from the 32-byte master key by HKDF-SHA-256 (RFC 5869), once per isolate. */
export function makeVault(
  masterKey: Uint8Array<ArrayBuffer>,
  randomBytes: (n: number) => Uint8Array<ArrayBuffer>,
): Vault {
  assert(masterKey.byteLength === 32, "the master key has 32 bytes");
  const master = crypto.subtle.importKey("raw", masterKey, "HKDF", false, ["deriveBits"]);
  const signers = new Map<string, ReturnType<typeof hmacSha256>>();
  let sealing: CryptoKey | null = null;

  const derive = async (purpose: string): Promise<ArrayBuffer> => {
    const params = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(0), info: encoder.encode(purpose) };
    return crypto.subtle.deriveBits(params, await master, 256);
  };
  // Keys are remembered, not promises of keys: these belong to the request that made them.
  const sealingKey = async (): Promise<CryptoKey> => {
    sealing ??= await crypto.subtle.importKey("raw", await derive("seal"), "AES-GCM", false, [
      "encrypt",
      "decrypt",
    ]);
    return sealing;
  };
  const mac: Vault["mac"] = async (purpose, bytes) => {
    const sign = signers.get(purpose) ?? hmacSha256(new Uint8Array(await derive(`mac/${purpose}`)));
    signers.set(purpose, sign);
    return sign(bytes).slice(0, MAC_BYTES);
  };

  return {
    mac,
    async seal(text, belongsTo) {
      const nonce = randomBytes(NONCE_BYTES);
      const params = { name: "AES-GCM", iv: nonce, additionalData: encoder.encode(belongsTo) };
      const sealed = await crypto.subtle.encrypt(params, await sealingKey(), encoder.encode(text));
      return `${KEY_ID}.${toBase64Url(nonce)}.${toBase64Url(new Uint8Array(sealed))}`;
    },
    async open(sealed, belongsTo) {
      const [keyId, nonce, text] = sealed.split(".");
      assert(keyId === KEY_ID && nonce && text, "a sealed value names its key, nonce and text");
      const params = { name: "AES-GCM", iv: fromBase64Url(nonce), additionalData: encoder.encode(belongsTo) };
      const opened = await crypto.subtle.decrypt(params, await sealingKey(), fromBase64Url(text));
      return decoder.decode(opened);
    },
    async fingerprint(text, scope) {
      return toBase64Url(await mac("fingerprint", utf8(`${scope}\n${text}`)));
    },
  };
}

/** UTF-8 bytes of a text. */
export function utf8(text: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(encoder.encode(text));
}

export async function sha256Hex(text: string): Promise<string> {
  return hexOf(await crypto.subtle.digest("SHA-256", encoder.encode(text)));
}

/** Bytes in lower-case hexadecimal. */
export function hexOf(bytes: ArrayBuffer): string {
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Compares without telling by its time where two texts differ; texts of unequal length are unequal. */
export function equalInConstantTime(a: string, b: string): boolean {
  const left = encoder.encode(a);
  const right = encoder.encode(b);
  if (left.byteLength !== right.byteLength) return false;
  let difference = 0;
  for (let i = 0; i < left.byteLength; i++) difference |= (left[i] ?? 0) ^ (right[i] ?? 0);
  return difference === 0;
}

const BASE64_URL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** RFC 4648 §5, without padding. By hand: it is asked for with every lease, and `btoa` needs a text made first. */
export function toBase64Url(bytes: Uint8Array): string {
  let text = "";
  let bits = 0;
  let held = 0;
  for (const byte of bytes) {
    held = ((held << 8) | byte) & 0xfff;
    for (bits += 8; bits >= 6; bits -= 6) text += BASE64_URL[(held >>> (bits - 6)) & 63];
  }
  return bits === 0 ? text : text + BASE64_URL[(held << (6 - bits)) & 63];
}

/** Throws on a character outside the alphabet. */
export function fromBase64Url(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}
