import type { Instant } from "../../../shared/instant.ts";
import type { CandidateLease, Lump } from "./candidate.ts";
import { inOrder, lumpKey, newestFirst } from "./order.ts";
import { clickLag, leftHourOf, phaseOf } from "./sighting.ts";

/** Leases of a number that a snapshot keeps one by one. */
export const CANDIDATES_KEPT = 64;

/** Older ones that it keeps as well because their visitors were where the caller's phone is from. */
const NEIGHBOURS_KEPT = 16;

/** What an instant and a pool say about which leases are told apart. */
export type LumpRules = {
  at: Instant;
  renew_after_s: number;
  /** Whether an earlier call says something of this lease: then it stands alone, however old it is. */
  knows?: (lease: CandidateLease) => boolean;
  /** ISO 3166-2 by the caller's area code; null when unknown. */
  caller_region: string | null;
  kept?: number;
};

/**
 * Splits the leases of a number into those a snapshot keeps (the newest, every one whose call link was pressed in
 * the last 200 s, every one of which earlier calls say something, and the newest others from where the caller's phone
 * is) and lumps of the rest. Exact: a lump holds only what the model tells apart in nothing, so no publisher's sum
 * changes. Leases that are no candidates are left out.
 */
export function lumpCandidates(
  leases: readonly CandidateLease[],
  { at, renew_after_s, knows = () => false, caller_region, kept = CANDIDATES_KEPT }: LumpRules,
): { candidates: CandidateLease[]; lumps: Lump[] } {
  const candidates: CandidateLease[] = [];
  const lumps = new Map<string, Lump>();
  let neighbours = 0;
  for (const lease of [...leases].sort(newestFirst)) {
    const phase = phaseOf(lease, at, renew_after_s);
    if (phase === null) continue;
    const isKept = candidates.length < kept || clickLag(lease, at) !== null || knows(lease);
    const isNeighbour = caller_region !== null && lease.region === caller_region;
    if (isKept || (isNeighbour && neighbours < NEIGHBOURS_KEPT)) {
      if (!isKept) neighbours += 1;
      candidates.push(lease);
      continue;
    }
    const { publisher_id, proof, device, region } = lease;
    const left_hour = leftHourOf(lease, phase, at);
    const lump: Lump = { ...phase, publisher_id, proof, device, region, left_hour, count: 1 };
    const key = lumpKey(lump);
    const same = lumps.get(key);
    if (same) same.count += 1;
    else lumps.set(key, lump);
  }
  return { candidates, lumps: inOrder([...lumps.values()]) };
}
