import type { Instant } from "../../../shared/instant.ts";
import { visitorKeyOfId } from "../model/visitor-key.ts";
import type { LeaseRef, PoolSettings } from "../pool-port.ts";
import { type HeapEntry, NumberHeap } from "./heap.ts";
import type { Held } from "./held.ts";
import type { Ledger } from "./ledger.ts";
import { FLUSH_ROWS } from "./limits.ts";
import type { LeaseFacts, LeaseState, SessionRow } from "./schema.ts";
import { Traffic } from "./traffic.ts";

/** A number of the pool with its newest lease. */
export type Slot = HeapEntry & {
  e164: string;
  /** False when it has left the pool: never leased again, its sessions are still known. */
  active: boolean;
  free_from_at: Instant;
  lease: Held | null;
};

/** A row that D1 does not have yet; `key` is its place in `Memory.dirty`. */
export type DirtyRow = {
  key: string;
  number_key: number;
  leased_at: Instant;
  seq: number;
  /** What was stored, so that it need not be read again; null where too many rows wait. `facts` may have been earlier. */
  texts: { state: string; facts: string | null } | null;
};

/** Beyond two flushes D1 is away, and what it lacks is read again when it is back. */
const TEXTS_KEPT = 2 * FLUSH_ROWS;

/** Everything the Pool keeps in memory; all of it can be read again from its ledger. */
export class Memory {
  readonly slots = new Map<number, Slot>();
  readonly heap = new NumberHeap<Slot>();
  /** Who holds what, for "one visitor, one number". */
  readonly visitors = new Map<string, Slot>();
  /** By number and moment, oldest `seq` first. */
  readonly dirty = new Map<string, DirtyRow>();
  /** The settings last known; `assignment_version` is that of the numbers in `slots`. */
  pool: PoolSettings | null = null;
  seq = 0;
  readonly traffic = new Traffic();
  /** The latest moment the Pool knows of. */
  latest_at: Instant = 0;

  /** Puts a lease on its number, in front of the one before it. */
  hold(slot: Slot, lease: Held): void {
    const before = slot.lease?.visitor_key;
    if (before && before !== lease.visitor_key && this.visitors.get(before) === slot)
      this.visitors.delete(before);
    slot.lease = lease;
    if (lease.visitor_key !== null) this.visitors.set(lease.visitor_key, slot);
    this.reorder(slot);
  }

  /** The visitor who shows this lease's token is known by this key from now on. */
  know(slot: Slot, lease: Held, visitor_key: string): void {
    if (lease.visitor_key === visitor_key) return;
    if (lease.visitor_key !== null && this.visitors.get(lease.visitor_key) === slot)
      this.visitors.delete(lease.visitor_key);
    lease.visitor_key = visitor_key;
    this.visitors.set(visitor_key, slot);
  }

  /** Keeps the newest settings for the alarm, with the version of the numbers in `slots`; older ones are some request's cache. */
  keepSettings(pool: PoolSettings): void {
    const known = this.pool;
    if (!known || pool.assignment_version < known.assignment_version) return;
    const isSame =
      known.lease_ttl_s === pool.lease_ttl_s &&
      known.cooldown_s === pool.cooldown_s &&
      known.late_window_s === pool.late_window_s;
    if (!isSame) this.pool = { ...pool, assignment_version: known.assignment_version };
  }

  /** A number that had left the pool belongs to it again. */
  comeBack(slot: Slot, free_from_at: Instant): void {
    slot.active = true;
    slot.free_from_at = free_from_at;
    this.reorder(slot);
    this.heap.add(slot);
  }

  /** Recomputes when a number is free, after its lease was made or extended. */
  reorder(slot: Slot): void {
    slot.reusable_at = Math.max(slot.free_from_at, slot.lease?.held_until ?? 0);
    if (slot.heap_index >= 0) this.heap.moved(slot);
  }

  /** This state of a row is stored and not yet in D1. `facts` is null for a row that was stored before. */
  markDirty({ number_key, leased_at, seq }: Held, state: string, facts: string | null): void {
    const key = dirtyKey({ number_key, leased_at });
    const known = facts ?? this.dirty.get(key)?.texts?.facts ?? null;
    const texts = this.dirty.size < TEXTS_KEPT ? { state, facts: known } : null;
    this.putDirty({ key, number_key, leased_at, seq, texts });
  }

  putDirty(row: DirtyRow): void {
    // Set anew, so that the map stays in order of `seq`.
    this.dirty.delete(row.key);
    this.dirty.set(row.key, row);
  }

  /** D1 has this row as of `seq`; a newer state stays dirty. */
  markClean(row: DirtyRow): void {
    if (this.dirty.get(row.key)?.seq === row.seq) this.dirty.delete(row.key);
  }

  /** D1 has every row up to this `seq`. */
  watermark(): number {
    for (const oldest of this.dirty.values()) return oldest.seq - 1;
    return this.seq;
  }
}

function dirtyKey(row: LeaseRef): string {
  return `${row.number_key}.${row.leased_at}`;
}

/** Rebuilds the memory from the ledger: 20,000 numbers in some 50 ms. */
export function restore(ledger: Ledger): Memory {
  const memory = new Memory();
  const meta = ledger.meta();
  const watermark = meta?.watermark ?? 0;
  memory.pool = meta?.pool ?? null;
  const { traffic } = memory;
  traffic.counts = meta?.counts ?? [];
  traffic.leases = traffic.counts.at(-1)?.leases ?? 0;
  memory.seq = watermark;

  const numbers = ledger.numbers();
  const newest = ledger.newest(numbers.length);
  const visitor_of = new Map<number, string>();
  for (const { number_key, e164, active, free_from_at } of numbers) {
    const row = newest.get(number_key);
    const { lease, visitor } = row ? heldOf(row) : { lease: null, visitor: null };
    addSlot(memory, { number_key, e164, active: active === 1, free_from_at, lease });
    if (!lease) continue;
    if (visitor !== null) visitor_of.set(number_key, visitor);
    memory.seq = Math.max(memory.seq, lease.seq);
    traffic.leases = Math.max(traffic.leases, lease.ordinal);
    traffic.newest_at = Math.max(traffic.newest_at, lease.leased_at);
    memory.latest_at = Math.max(memory.latest_at, lease.last_seen_at);
  }
  restoreVisitors(memory, visitor_of);

  const dirty: DirtyRow[] = [];
  for (const slot of memory.slots.values()) {
    if (!slot.lease || slot.lease.seq <= watermark) continue;
    for (const row of ledger.writtenAfter(slot.number_key, watermark)) {
      const ref = { number_key: slot.number_key, ...row };
      dirty.push({ key: dirtyKey(ref), ...ref, texts: null });
    }
  }
  dirty.sort((a, b) => a.seq - b.seq);
  for (const row of dirty) memory.putDirty(row);
  recallCounts(traffic, ledger, dirty);
  return memory;
}

/** Counts are stored with the watermark: those of later days are told by the leases that came since. */
function recallCounts(traffic: Traffic, ledger: Ledger, since: readonly LeaseRef[]): void {
  for (const { number_key, leased_at } of since.toSorted((a, b) => a.leased_at - b.leased_at)) {
    if (!traffic.isFirstOfDay(leased_at)) continue;
    const { ordinal } = JSON.parse(ledger.factsOf({ number_key, leased_at })) as LeaseFacts;
    traffic.remember(leased_at, ordinal - 1);
  }
}

/** Adds a number; only an active one can be leased. */
export function addSlot(memory: Memory, slot: Omit<Slot, keyof HeapEntry> & { number_key: number }): Slot {
  const reusable_at = Math.max(slot.free_from_at, slot.lease?.held_until ?? 0);
  const added: Slot = { ...slot, reusable_at, heap_index: -1 };
  memory.slots.set(added.number_key, added);
  if (added.active) memory.heap.add(added);
  return added;
}

/** Visitors with an id are known again, the latest lease of each; the others were known in memory only. */
function restoreVisitors(memory: Memory, visitor_of: ReadonlyMap<number, string>): void {
  const held = [...memory.slots.values()].filter((slot) => slot.lease !== null);
  held.sort((a, b) => (a.lease?.leased_at ?? 0) - (b.lease?.leased_at ?? 0) || a.number_key - b.number_key);
  for (const slot of held) {
    const visitor = visitor_of.get(slot.number_key);
    if (!slot.lease || visitor === undefined) continue;
    const key = visitorKeyOfId(slot.lease.site_id, visitor);
    slot.lease.visitor_key = key;
    memory.visitors.set(key, slot);
  }
}

function heldOf(row: SessionRow): { lease: Held; visitor: string | null } {
  const { visit, visitor, ...since } = JSON.parse(row.facts) as LeaseFacts;
  const { number_key, leased_at, seq } = row;
  const state = JSON.parse(row.state) as LeaseState;
  const lease = { number_key, leased_at, seq, ...since, ...state, site_id: visit.site_id, visitor_key: null };
  return { lease, visitor };
}
