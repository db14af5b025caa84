import type { LeaseReply } from "../shared/api/leases.ts";

/** A lease, and when it was received by this browser's own clock (ms since the epoch). */
export type HeldLease = LeaseReply & { received_at: number };

/** What one site's visitor keeps over pages and tabs: one entry, and only with consent. */
export type Memory = { visitor?: string; touch?: string; lease?: HeldLease | undefined };

/** The remembered entry; empty when there is none, it is broken, or the browser refuses storage. */
export function recall(key: string): Memory {
  try {
    return JSON.parse(localStorage[key]) ?? {};
  } catch {
    return {};
  }
}

/** Changes the entry, or removes it. False when the browser refuses. */
export function remember(key: string, changes: Memory | null): boolean {
  try {
    if (changes) localStorage[key] = JSON.stringify({ ...recall(key), ...changes });
    else localStorage.removeItem(key);
    return true;
  } catch {
    return false;
  }
}

/** An opaque id of 128 random bits. */
export function newVisitor(): string {
  return crypto.getRandomValues(new Uint32Array(4)).join("-");
}
