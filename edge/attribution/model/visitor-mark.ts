/**
 * A visitor as the join tells one from another: 53 bits of a visitor id's hash, base 36. The id itself is random
 * and opaque, so this need not be secret; it keeps snapshots short and out of reach of who reads ids. Two FNV-1a
 * hashes (http://www.isthe.com/chongo/tech/comp/fnv/) with different starts, mixed by Murmur3's finalizer.
 */
export function visitorMark(visitor: string): string {
  let low = 0x811c9dc5;
  let high = 0x9e3779b9;
  for (let i = 0; i < visitor.length; i++) {
    const unit = visitor.charCodeAt(i);
    low = Math.imul(low ^ unit, 0x01000193);
    high = Math.imul(high ^ unit, 0x01000193) + i;
  }
  const mixed = (mix(high) & 0x1fffff) * 2 ** 32 + (mix(low) >>> 0);
  return mixed.toString(36);
}

function mix(hash: number): number {
  const once = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  const twice = Math.imul(once ^ (once >>> 13), 0xc2b2ae35);
  return twice ^ (twice >>> 16);
}
