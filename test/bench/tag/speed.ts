import type { Swap } from "../../../shared/api/leases.ts";
import { type Figure, median, round } from "../figure.ts";
import type { Arena } from "./arena.ts";
import type { Contestant } from "./in-page.ts";

const RUNS = 9;
const LONG_RUNS = 5;
const TEXTS = 10_000;
const MANY_TEXTS = 100_000;
const SHORTEST_PRESS_MS = 16;
export const US: Swap[] = [{ find: "+14155550132", replace: "+16285550101" }];

/** Milliseconds of one cold pass in a page of its own. */
export function timeOf(arena: Arena, contestant: Contestant, texts: number, hit: boolean): Promise<number> {
  return arena.once(contestant === "ringtrail" ? US : null, (page) =>
    page.evaluate(([who, swaps, count, with_hit]) => window.bench.timePass(who, swaps, count, with_hit), [
      contestant,
      US,
      texts,
      hit,
    ] as const),
  );
}

/** The longest task of a page with many texts when the lease arrives. */
async function longestTask(arena: Arena): Promise<number> {
  let answer: () => void = () => undefined;
  const page = await arena.page(
    US,
    new Promise((resolve) => {
      answer = resolve;
    }),
  );
  // Not displayed, so that the task is the tag's and not the layout's.
  const root = await page.evaluateHandle((texts) => {
    document.body.style.display = "none";
    return document.body.appendChild(window.bench.makeTexts(texts, true));
  }, MANY_TEXTS);
  const measured = root.evaluate((element) => window.bench.longestTask(element));
  answer();
  const longest_ms = await measured;
  await page.context().close();
  return longest_ms;
}

/**
 * How long a press waits for its next frame (what INP counts) on a page of many texts, at the moment at which the lease
 * arrives. Chromium tells it in steps of 8 ms, and nothing below 16.
 */
async function pressWhileSwapped(arena: Arena, swaps: Swap[] | null): Promise<number> {
  let answer: () => void = () => undefined;
  const page = await arena.page(
    swaps,
    new Promise((resolve) => {
      answer = resolve;
    }),
  );
  await page.evaluate((texts) => {
    document.body.appendChild(window.bench.makeTexts(texts, true));
    return window.bench.watchPresses();
  }, TEXTS);
  answer();
  await page.mouse.click(10, 10);
  if (swaps) await page.waitForFunction(() => document.body.textContent?.includes("(628) 555-0101"));
  const longest_ms = await page.evaluate(() => window.bench.longestPress());
  await page.context().close();
  return Math.max(longest_ms, SHORTEST_PRESS_MS);
}

/** Product and reference in turn, each time in pages of their own, the ratio pair by pair, the median of the pairs. */
async function compare(
  name: string,
  runs: number,
  product: () => Promise<number>,
  reference: () => Promise<number>,
): Promise<Figure> {
  const pairs: { value: number; reference: number }[] = [];
  for (let run = 0; run < runs; run++) {
    pairs.push({ value: await product(), reference: await reference() });
  }
  return {
    name,
    ratio: round(median(pairs.map((pair) => pair.value / pair.reference))),
    value: round(median(pairs.map((pair) => pair.value))),
    reference: round(median(pairs.map((pair) => pair.reference))),
    unit: "ms",
    better: "lower",
    runs,
  };
}

/** The tag's passes against a bare TreeWalker pass that only tests `includes(last4)`. */
export async function benchSpeed(arena: Arena): Promise<Figure[]> {
  const bare = (texts: number) => () => timeOf(arena, "bare pass", texts, true);
  return [
    await compare(
      "tag: cold pass over 10,000 texts with a hit, vs bare pass",
      RUNS,
      () => timeOf(arena, "ringtrail", TEXTS, true),
      bare(TEXTS),
    ),
    await compare(
      "tag: cold pass over 10,000 texts without the number, vs bare pass",
      RUNS,
      () => timeOf(arena, "ringtrail", TEXTS, false),
      bare(TEXTS),
    ),
    await compare(
      "tag: longest task over 100,000 texts, vs bare pass",
      LONG_RUNS,
      () => longestTask(arena),
      bare(MANY_TEXTS),
    ),
    await compare(
      "tag: a press while 10,000 texts are swapped, vs no tag",
      RUNS,
      () => pressWhileSwapped(arena, US),
      () => pressWhileSwapped(arena, null),
    ),
  ];
}
