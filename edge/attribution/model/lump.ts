import type { Instant } from "../../../shared/instant.ts";
import type { CandidateLease, Lump } from "./candidate.ts";
import { clickLag, phaseOf } from "./weights.ts";

/** Leases of a number that a snapshot keeps one by one. */
export const CANDIDATES_KEPT = 64;

/**
 * Splits the leases of a number into those a snapshot keeps (the newest, and every one whose call link was pressed
 * in the last 200 s) and lumps of the rest. Exact: a lump holds only what the model tells apart in nothing, so no
 * publisher's sum changes. Leases that are no candidates at `at` are left out.
 */
export function lumpCandidates(
  leases: readonly CandidateLease[],
  at: Instant,
  renewAfterS: number,
  kept = CANDIDATES_KEPT,
): { candidates: CandidateLease[]; lumps: Lump[] } {
  const candidates: CandidateLease[] = [];
  const lumps = new Map<string, Lump>();
  for (const lease of [...leases].sort(newestFirst)) {
    const phase = phaseOf(lease, at, renewAfterS);
    if (phase === null) continue;
    if (candidates.length < kept || clickLag(lease, at) !== null) {
      candidates.push(lease);
      continue;
    }
    const { publisher_id, proof, device, region } = lease;
    const lump: Lump = { ...phase, publisher_id, proof, device, region, count: 1 };
    const key = lumpKey(lump);
    const same = lumps.get(key);
    lumps.set(key, same ? { ...same, count: same.count + 1 } : lump);
  }
  return { candidates, lumps: [...lumps.values()].sort(byLumpKey) };
}

/** The order in which leases are summed, whatever order they came in: a replay gives the same bits. */
export function newestFirst(a: CandidateLease, b: CandidateLease): number {
  return b.leased_at - a.leased_at || (a.lease_id < b.lease_id ? -1 : a.lease_id > b.lease_id ? 1 : 0);
}

export function byLumpKey(a: Lump, b: Lump): number {
  const left = lumpKey(a);
  const right = lumpKey(b);
  return left < right ? -1 : left > right ? 1 : 0;
}

function lumpKey(lump: Lump): string {
  const { phase, bin, publisher_id, proof, device, region } = lump;
  return JSON.stringify([phase, bin, publisher_id, proof, device, region]);
}
