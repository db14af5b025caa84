import { openHeap } from "./heap.ts";

/** A pool as the product keeps it, in a world without the product: longest idle first, then a cool-down. */
export type SimulatedPool = {
  /** A number for a visit, or null when none is free. */
  take(at_s: number): number | null;
  /** The number is somebody's until then. */
  hold(number: number, until_s: number): void;
};

/** `shares`: when none is free the number whose last lease is oldest is given a second time. */
export function openPool(numbers: number, shares: boolean): SimulatedPool {
  const idle = openHeap<number>();
  const busyUntil = new Float64Array(numbers).fill(-1);
  const takenAt = new Float64Array(numbers).fill(-1);
  for (let number = 0; number < numbers; number++) idle.push(-1e6 + number * 1e-3, number);
  return {
    take(at_s) {
      let number: number | null = null;
      while (number === null && idle.firstKey() <= at_s) {
        const first = idle.pop();
        // A shared number was held anew meanwhile: its later entry stands.
        if (first && (busyUntil[first.value] ?? 0) <= at_s) number = first.value;
      }
      if (number === null && shares) number = takenAt.indexOf(Math.min(...takenAt));
      if (number !== null) takenAt[number] = at_s;
      return number;
    },
    hold(number, until_s) {
      busyUntil[number] = Math.max(busyUntil[number] ?? 0, until_s);
      idle.push(busyUntil[number] ?? until_s, number);
    },
  };
}
