import { describe, expect, it } from "vitest";
import { erlangB } from "../../edge/leasing/model/erlang.ts";
import { NumberHeap } from "../../edge/leasing/pool/heap.ts";
import { HOUR_MS, MINUTE_MS } from "../../shared/instant.ts";

const LEASE_MS = 30 * MINUTE_MS;

/** Numbers in [0, 1) by a seed: a linear congruence, good enough to scatter arrivals. */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

type Traffic = { visitors_per_h: number; seeing: number; hours: number };

/**
 * Lends a pool's numbers, the longest idle first, to visitors who come by chance and of whom only a share ever sees a
 * number: to all of them, or lazily to that share. Answers how many of those who would see one found none.
 */
function play({ visitors_per_h, seeing, hours }: Traffic, numbers: number, lazily: boolean): number {
  const heap = new NumberHeap<{ number_key: number; reusable_at: number; heap_index: number }>();
  for (let number_key = 1; number_key <= numbers; number_key++) {
    heap.add({ number_key, reusable_at: 0, heap_index: -1 });
  }
  const next = chance(20_261_121);
  let saw = 0;
  let without = 0;
  for (let at = 0; at < hours * HOUR_MS; ) {
    at += (-Math.log(1 - next()) * HOUR_MS) / visitors_per_h;
    const sees = next() < seeing;
    if (lazily && !sees) continue;
    const idle = heap.top();
    const finds = idle !== undefined && idle.reusable_at <= at;
    if (finds) {
      idle.reusable_at = at + LEASE_MS;
      heap.moved(idle);
    }
    saw += sees ? 1 : 0;
    without += sees && !finds ? 1 : 0;
  }
  return without / saw;
}

describe("lazy leasing", () => {
  // 40 visitors an hour for half an hour are 20 erlangs; 40 % of them ever see a number.
  const traffic = { visitors_per_h: 40, seeing: 0.4, hours: 2_000 };

  it("is worth a doubled pool", () => {
    const eagerly = play(traffic, 15, false);
    const doubled = play(traffic, 30, false);
    const lazily = play(traffic, 15, true);
    expect(eagerly).toBeGreaterThan(0.25);
    expect(doubled).toBeLessThan(0.012);
    expect(lazily).toBeLessThan(0.012);
  });

  it("leaves the load that the formula says", () => {
    expect(play(traffic, 24, false)).toBeCloseTo(erlangB(20, 24), 2);
    expect(play(traffic, 10, true)).toBeCloseTo(erlangB(8, 10), 2);
  });
});
