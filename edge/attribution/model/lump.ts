import type { Instant } from "../../../shared/instant.ts";
import type { CandidateLease, Lump } from "./candidate.ts";
import { inOrder, lumpKey, newestFirst } from "./order.ts";
import { clickLag, phaseOf } from "./sighting.ts";

/** Leases of a number that a snapshot keeps one by one. */
export const CANDIDATES_KEPT = 64;

/** What an instant and a pool say about which leases are told apart. */
export type LumpRules = {
  at: Instant;
  renew_after_s: number;
  /** Whether an earlier call says something of this lease: then it stands alone, however old it is. */
  knows?: (lease: CandidateLease) => boolean;
  kept?: number;
};

/**
 * Splits the leases of a number into those a snapshot keeps (the newest, every one whose call link was pressed in
 * the last 200 s, and every one of which earlier calls say something) and lumps of the rest. Exact: a lump holds
 * only what the model tells apart in nothing, so no publisher's sum changes. Leases that are no candidates are left
 * out.
 */
export function lumpCandidates(
  leases: readonly CandidateLease[],
  { at, renew_after_s, knows = () => false, kept = CANDIDATES_KEPT }: LumpRules,
): { candidates: CandidateLease[]; lumps: Lump[] } {
  const candidates: CandidateLease[] = [];
  const lumps = new Map<string, Lump>();
  for (const lease of [...leases].sort(newestFirst)) {
    const phase = phaseOf(lease, at, renew_after_s);
    if (phase === null) continue;
    if (candidates.length < kept || clickLag(lease, at) !== null || knows(lease)) {
      candidates.push(lease);
      continue;
    }
    const { publisher_id, proof, device, region } = lease;
    const lump: Lump = { ...phase, publisher_id, proof, device, region, count: 1 };
    const key = lumpKey(lump);
    const same = lumps.get(key);
    if (same) same.count += 1;
    else lumps.set(key, lump);
  }
  return { candidates, lumps: inOrder([...lumps.values()]) };
}
