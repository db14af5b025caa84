/** Things in the order of their keys, smallest first. */
export type Heap<T> = {
  push(key: number, value: T): void;
  pop(): { key: number; value: T } | null;
  firstKey(): number;
};

export function openHeap<T>(): Heap<T> {
  const items: { key: number; value: T }[] = [];
  const keyAt = (i: number) => items[i]?.key ?? Infinity;
  const swap = (i: number, j: number) => {
    const [a, b] = [items[i], items[j]];
    if (a && b) [items[i], items[j]] = [b, a];
  };
  return {
    push(key, value) {
      items.push({ key, value });
      for (let i = items.length - 1; i > 0; ) {
        const parent = (i - 1) >> 1;
        if (keyAt(parent) <= keyAt(i)) break;
        swap(i, parent);
        i = parent;
      }
    },
    pop() {
      const top = items[0];
      const last = items.pop();
      if (!top || !last) return null;
      if (items.length > 0) items[0] = last;
      for (let i = 0; ; ) {
        const left = 2 * i + 1;
        const child = keyAt(left + 1) < keyAt(left) ? left + 1 : left;
        if (keyAt(child) >= keyAt(i)) break;
        swap(i, child);
        i = child;
      }
      return top;
    },
    firstKey: () => keyAt(0),
  };
}
