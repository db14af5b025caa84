/**
 * Writes a whole number below 2⁴⁸ into `length` bytes, big-endian. Byte by byte, because a `DataView` has the engine
 * allocate memory of its own for an array this small.
 */
export function putUint(bytes: Uint8Array, at: number, length: number, value: number): void {
  let rest = value;
  for (let i = at + length - 1; i >= at; i--) {
    bytes[i] = rest % 256;
    rest = Math.floor(rest / 256);
  }
}
