import type { CandidateLease, Lump } from "./candidate.ts";

/** The order in which leases are summed, whatever order they came in: a replay gives the same bits. */
export function newestFirst(a: CandidateLease, b: CandidateLease): number {
  return b.leased_at - a.leased_at || (a.lease_id < b.lease_id ? -1 : a.lease_id > b.lease_id ? 1 : 0);
}

/** The same for lumps. */
export function byLumpKey(a: Lump, b: Lump): number {
  const left = lumpKey(a);
  const right = lumpKey(b);
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Everything that the model tells apart in a lump's leases. */
export function lumpKey(lump: Lump): string {
  const { phase, bin, publisher_id, proof, device, region } = lump;
  return `${phase} ${bin} ${publisher_id ?? ""} ${proof} ${device} ${region ?? ""}`;
}
