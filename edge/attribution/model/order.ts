import type { Instant } from "../../../shared/instant.ts";
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
  const { phase, bin, publisher_id, proof, device, region, left_hour = null } = lump;
  const key = `${phase} ${bin} ${publisher_id ?? ""} ${proof} ${device} ${region ?? ""}`;
  return left_hour === null ? key : `${key} ${left_hour}`;
}

/** When a pool's call began; of two that began at once the provider's id decides. */
type Place = { started_at: Instant; provider_call_id: string };

/** Negative when `a` is decided before `b`. */
export function comparePlaces(a: Place, b: Place): number {
  if (a.started_at !== b.started_at) return a.started_at - b.started_at;
  return a.provider_call_id < b.provider_call_id ? -1 : a.provider_call_id > b.provider_call_id ? 1 : 0;
}
