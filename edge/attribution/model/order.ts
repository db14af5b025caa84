import type { CandidateLease, Lump } from "./candidate.ts";

/** The order in which leases are summed, whatever order they came in: a replay gives the same bits. */
export function newestFirst(a: CandidateLease, b: CandidateLease): number {
  return b.leased_at - a.leased_at || (a.lease_id < b.lease_id ? -1 : a.lease_id > b.lease_id ? 1 : 0);
}

/** Lumps in the order in which they are summed. */
export function inOrder(lumps: readonly Lump[]): Lump[] {
  return lumps
    .map((lump) => ({ lump, key: lumpKey(lump) }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ lump }) => lump);
}

/** Everything that the model tells apart in a lump's leases. */
export function lumpKey(lump: Lump): string {
  const { phase, bin, publisher_id, proof, device, region } = lump;
  return `${phase} ${bin} ${publisher_id ?? ""} ${proof} ${device} ${region ?? ""}`;
}
