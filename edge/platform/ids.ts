import { monotonicFactory } from "ulid";
import { type Id, type IdKind, makeId } from "../../shared/id.ts";
import type { Clock } from "./clock.ts";

/** Where ids and secrets come from. Seeded in the demo and in tests, so that a run can be repeated. */
export type Ids = {
  /** A new id of this kind; ids made in one millisecond still sort by creation. */
  next<K extends IdKind>(kind: K): Id<K>;
  /** Random bytes for keys and nonces. */
  bytes(count: number): Uint8Array<ArrayBuffer>;
};

const BYTE_RANGE = 256;
/** As many as an id has characters of chance: asking the platform once an id, not once a character. */
const BYTES_AT_ONCE = 16;

/** Ids from a clock and a source of random bytes (default: the platform's generator). */
export function makeIds(
  clock: Clock,
  randomBytes: (count: number) => Uint8Array<ArrayBuffer> = secureBytes,
): Ids {
  // One byte is what the ULID library wants as its unit of chance: a fraction in [0, 1).
  let stock = new Uint8Array(0);
  let used = 0;
  const ulid = monotonicFactory(() => {
    if (used === stock.length) {
      stock = randomBytes(BYTES_AT_ONCE);
      used = 0;
    }
    return (stock[used++] ?? 0) / BYTE_RANGE;
  });
  return {
    next: (kind) => makeId(kind, ulid(clock.now())),
    bytes: randomBytes,
  };
}

export function secureBytes(count: number): Uint8Array<ArrayBuffer> {
  return crypto.getRandomValues(new Uint8Array(count));
}
