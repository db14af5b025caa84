import type { LeaseReply } from "../shared/api/leases.ts";

/** A lease, and when it was received by this browser's own clock (ms since the epoch). */
export type HeldLease = LeaseReply & { received_at: number };

/** What one site's visitor keeps over pages and tabs: one entry, and only with consent. */
export type Memory = { visitor?: string; touch?: string; lease?: HeldLease };

/** The remembered entry; empty when there is none, it is broken, or the browser refuses storage. */
export function recall(key: string): Memory {
  try {
    return JSON.parse(localStorage.getItem(key) ?? "") ?? {};
  } catch {
    return {};
  }
}

/** Keeps the entry, or removes it. False when the browser refuses. */
export function remember(key: string, memory: Memory | null): boolean {
  try {
    if (memory) localStorage.setItem(key, JSON.stringify(memory));
    else localStorage.removeItem(key);
    return true;
  } catch {
    return false;
  }
}

/** An opaque id of 128 random bits. */
export function newVisitor(): string {
  return [...crypto.getRandomValues(new Uint32Array(4))].map((part) => part.toString(36)).join("");
}
