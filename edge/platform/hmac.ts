import { putUint } from "./bytes.ts";

/**
 * HMAC-SHA-256 (RFC 2104, FIPS 180-4), synchronous: every page view makes and checks short signatures, and
 * WebCrypto's promise costs more than the two blocks that are hashed. The key's own two blocks are hashed once.
 */
export function hmacSha256(key: Uint8Array): (message: Uint8Array) => Uint8Array<ArrayBuffer> {
  const block = new Uint8Array(BLOCK_BYTES);
  block.set(key.byteLength > BLOCK_BYTES ? sha256(key) : key);
  const inner = compress(
    FIRST,
    block.map((byte) => byte ^ 0x36),
    0,
  );
  const outer = compress(
    FIRST,
    block.map((byte) => byte ^ 0x5c),
    0,
  );
  return (message) => finish(outer, finish(inner, message, BLOCK_BYTES), BLOCK_BYTES);
}

export function sha256(message: Uint8Array): Uint8Array<ArrayBuffer> {
  return finish(FIRST, message, 0);
}

const BLOCK_BYTES = 64;
const LENGTH_BYTES = 8;

/** The first 32 bits of the fractional parts of the square roots of the first 8 primes (FIPS 180-4 §5.3.3). */
const FIRST = Int32Array.of(
  0x6a09e667,
  0xbb67ae85,
  0x3c6ef372,
  0xa54ff53a,
  0x510e527f,
  0x9b05688c,
  0x1f83d9ab,
  0x5be0cd19,
);

/** … and of the cube roots of the first 64 primes (§4.2.2), worked out rather than copied. */
const ROUNDS = Int32Array.from(primes(64), (prime) => cubeRootFraction(prime));

function primes(count: number): number[] {
  const found: number[] = [];
  for (let n = 2; found.length < count; n++) if (found.every((prime) => n % prime !== 0)) found.push(n);
  return found;
}

/** Exact: the integer cube root of prime · 2⁹⁶ has the 32 bits as its last ones. */
function cubeRootFraction(prime: number): number {
  const target = BigInt(prime) << 96n;
  let root = 0n;
  for (let bit = 1n << 35n; bit > 0n; bit >>= 1n) if ((root + bit) ** 3n <= target) root += bit;
  return Number(BigInt.asIntN(32, root));
}

/** Hashes the rest of a message of which `before` bytes are in `state` already, and the padding. */
function finish(state: Int32Array, message: Uint8Array, before: number): Uint8Array<ArrayBuffer> {
  const whole = message.byteLength - (message.byteLength % BLOCK_BYTES);
  let current = state;
  for (let at = 0; at < whole; at += BLOCK_BYTES) current = compress(current, message, at);
  const rest = message.byteLength - whole;
  const tail = new Uint8Array(rest + 1 + LENGTH_BYTES > BLOCK_BYTES ? 2 * BLOCK_BYTES : BLOCK_BYTES);
  for (let i = 0; i < rest; i++) tail[i] = byte(message, whole + i);
  tail[rest] = 0x80;
  putUint(tail, tail.byteLength - 6, 6, (before + message.byteLength) * 8);
  for (let at = 0; at < tail.byteLength; at += BLOCK_BYTES) current = compress(current, tail, at);
  const digest = new Uint8Array(32);
  for (let i = 0; i < 8; i++) putUint(digest, 4 * i, 4, word(current, i) >>> 0);
  return digest;
}

const schedule = new Int32Array(64);

/** One block (§6.2.2). */
function compress(state: Int32Array, bytes: Uint8Array, at: number): Int32Array {
  const w = schedule;
  for (let i = 0; i < 16; i++) {
    const j = at + 4 * i;
    w[i] =
      (byte(bytes, j) << 24) | (byte(bytes, j + 1) << 16) | (byte(bytes, j + 2) << 8) | byte(bytes, j + 3);
  }
  for (let i = 16; i < 64; i++) {
    const a = word(w, i - 15);
    const b = word(w, i - 2);
    const small0 = turn(a, 7) ^ turn(a, 18) ^ (a >>> 3);
    const small1 = turn(b, 17) ^ turn(b, 19) ^ (b >>> 10);
    w[i] = (word(w, i - 16) + small0 + word(w, i - 7) + small1) | 0;
  }
  let a = word(state, 0);
  let b = word(state, 1);
  let c = word(state, 2);
  let d = word(state, 3);
  let e = word(state, 4);
  let f = word(state, 5);
  let g = word(state, 6);
  let h = word(state, 7);
  for (let i = 0; i < 64; i++) {
    const big1 = turn(e, 6) ^ turn(e, 11) ^ turn(e, 25);
    const first = (h + big1 + ((e & f) ^ (~e & g)) + word(ROUNDS, i) + word(w, i)) | 0;
    const big0 = turn(a, 2) ^ turn(a, 13) ^ turn(a, 22);
    const second = (big0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + first) | 0;
    d = c;
    c = b;
    b = a;
    a = (first + second) | 0;
  }
  const next = Int32Array.of(a, b, c, d, e, f, g, h);
  for (let i = 0; i < 8; i++) next[i] = (word(next, i) + word(state, i)) | 0;
  return next;
}

function turn(value: number, bits: number): number {
  return (value >>> bits) | (value << (32 - bits));
}

function byte(bytes: Uint8Array, i: number): number {
  return bytes[i] ?? 0;
}

function word(words: Int32Array, i: number): number {
  return words[i] ?? 0;
}
