import type { Instant } from "../../../shared/instant.ts";

/** What the heap orders. `heap_index` belongs to the heap; -1 outside of it. */
export type HeapEntry = { number_key: number; reusable_at: Instant; heap_index: number };

/**
 * A binary min-heap of numbers by `reusable_at`, ties by `number_key`: its top is the longest-idle number.
 * Entries know their place, so that a renewal moves one in O(log n) and no stale entry is ever on top.
 */
export class NumberHeap<E extends HeapEntry> {
  readonly #entries: E[] = [];

  get size(): number {
    return this.#entries.length;
  }

  /** The entry that is reusable first, left in its place; undefined when the heap is empty. */
  top(): E | undefined {
    return this.#entries[0];
  }

  /** True when at least `count` entries are reusable at `now`; looks at no more than twice as many. */
  has(count: number, now: Instant): boolean {
    let found = 0;
    const open = [0];
    for (let index = open.pop(); index !== undefined && found < count; index = open.pop()) {
      const entry = this.#entries[index];
      // Below an entry that is busy all are.
      if (entry === undefined || entry.reusable_at > now) continue;
      found += 1;
      open.push(2 * index + 1, 2 * index + 2);
    }
    return found >= count;
  }

  add(entry: E): void {
    this.#put(entry, this.#entries.length);
    this.#rise(entry);
  }

  /** Restores the order after `reusable_at` of an entry was changed, either way. */
  moved(entry: E): void {
    this.#rise(entry);
    this.#sink(entry);
  }

  remove(entry: E): void {
    const index = entry.heap_index;
    const last = this.#entries.pop();
    entry.heap_index = -1;
    if (last === undefined || last === entry) return;
    this.#put(last, index);
    this.moved(last);
  }

  #put(entry: E, index: number): void {
    this.#entries[index] = entry;
    entry.heap_index = index;
  }

  #rise(entry: E): void {
    while (entry.heap_index > 0) {
      const index = entry.heap_index;
      const parent = this.#entries[(index - 1) >> 1];
      if (parent === undefined || !isBefore(entry, parent)) return;
      this.#put(entry, parent.heap_index);
      this.#put(parent, index);
    }
  }

  #sink(entry: E): void {
    for (;;) {
      const index = entry.heap_index;
      const left = this.#entries[2 * index + 1];
      const right = this.#entries[2 * index + 2];
      const child = left && right && isBefore(right, left) ? right : left;
      if (child === undefined || !isBefore(child, entry)) return;
      this.#put(entry, child.heap_index);
      this.#put(child, index);
    }
  }
}

function isBefore(a: HeapEntry, b: HeapEntry): boolean {
  return a.reusable_at < b.reusable_at || (a.reusable_at === b.reusable_at && a.number_key < b.number_key);
}
