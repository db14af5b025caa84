import { describe, expect, it } from "vitest";
import {
  barFor,
  barsTable,
  compareWithReference,
  missedBars,
  studyWorld,
  summarize,
  type WorldResult,
} from "./bars.ts";
import { openReference } from "./reference.ts";
import { POOLS, type PoolKind } from "./world.ts";

/** Long in `npm run verify`: the bars proper, over twenty worlds of 2,500 calls in each pool. */
const isLong = process.env.VERIFY_RUNS !== undefined;
const KINDS = Object.keys(POOLS) as PoolKind[];
/** The long form's worlds are none of those that the model's constants were chosen on (1 to 24, 201 to 220, 301 to 304). */
const SEEDS = isLong ? Array.from({ length: 20 }, (_, i) => 1_001 + i) : [201];
const STUDY = isLong ? { learned: 1_000, judged: 1_500 } : { learned: 150, judged: 200 };

const reference = await openReference();
const results: WorldResult[] = SEEDS.flatMap((seed) =>
  KINDS.map((kind) => studyWorld(seed, kind, STUDY, reference)),
);
if (isLong) console.info(barsTable(results, KINDS));

describe.each(KINDS)("attribution in a pool that is %s", (kind) => {
  const own = results.filter((result) => result.kind === kind);

  it.each(["cold", "fitted"] as const)(
    "joins more calls, and pays fewer wrongly, than the field's rules: %s",
    (judge) => {
      const mine = summarize(own, judge);
      for (const rival of ["last_holder", "within_an_hour"] as const) {
        const other = summarize(own, rival);
        expect(mine.joined).toBeGreaterThan(other.joined);
        expect(mine.wrong_money).toBeLessThan(other.wrong_money);
      }
    },
  );

  it("learns from calls that nobody has labelled", () => {
    expect(summarize(own, "fitted").ece).toBeLessThan(isLong ? summarize(own, "cold").ece : 0.15);
  });

  if (isLong) {
    it.each(["cold", "fitted"] as const)("keeps every bar: %s", (judge) => {
      expect(missedBars(summarize(own, judge), barFor(judge, kind))).toEqual([]);
    });
  }

  if (isLong && reference) {
    it.each(["cold", "fitted"] as const)(
      "is on no figure worse than the reference by more than a standard error, and on one better: %s",
      (judge) => {
        const paired = Object.entries(compareWithReference(own, judge) ?? {});
        expect(paired.filter(([, { difference, standard_error }]) => difference > standard_error)).toEqual(
          [],
        );
        expect(paired.some(([, { difference, standard_error }]) => difference < -standard_error)).toBe(true);
      },
    );
  }
});

describe("a world", () => {
  it("is the same for the same seed", () => {
    const again = studyWorld(SEEDS[0] ?? 0, "tight", { learned: 40, judged: 40 }, null);
    expect(studyWorld(SEEDS[0] ?? 0, "tight", { learned: 40, judged: 40 }, null)).toEqual(again);
  });
});
