import { build } from "esbuild";
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { law } from "../../support/laws.ts";
import { NUMBERINGS } from "../reference/pages.ts";
import type {} from "../reference/trial.ts";
import { Visitor } from "../visitor.ts";
import { openLab } from "./lab.ts";

/** Group 3: no false positive, and every byte as a slow second implementation has it, on generated pages. */

const SHORT_PAGES = 300;
/** Of each of the numberings, in `npm run verify`: 100,000 together. */
const LONG_PAGES = 25_000;
const PAGES_AT_ONCE = 500;

const visitor = new Visitor();

it("does to a page what the slow reference does, nothing else, in the same nodes, and takes it back", async () => {
  const { numRuns, seed } = law(SHORT_PAGES);
  const pages = numRuns > SHORT_PAGES ? Math.max(numRuns, LONG_PAGES) : SHORT_PAGES;
  const { outputFiles } = await build({
    entryPoints: [new URL("../reference/trial.ts", import.meta.url).pathname],
    bundle: true,
    format: "iife",
    write: false,
  });
  const tries = NUMBERINGS.map(async ({ country, find, replace }, of) => {
    const swap = { find: `+${country}${find}`, replace: `+${country}${replace}` };
    const page = await openLab(visitor, [swap], `/${of}`);
    await page.evaluate(outputFiles[0]?.text ?? "");
    return tryAll(page, of, seed, pages);
  });
  for (const { numbers, unsettled } of await Promise.all(tries)) {
    // A law about numbers that meets none, or leaves out what it meets, would hold of anything.
    expect(numbers).toBeGreaterThan(pages / 4);
    expect(unsettled).toBeLessThanOrEqual(pages / 500);
  }
  expect(visitor.complaints).toEqual([]);
});

async function tryAll(page: Page, of: number, seed: number, pages: number) {
  const sum = { numbers: 0, unsettled: 0 };
  for (let from = 0; from < pages; from += PAGES_AT_ONCE) {
    const batch = [of, seed + from, Math.min(PAGES_AT_ONCE, pages - from)] as const;
    const outcome = await page.evaluate((of_seed_count) => window.tryPages(...of_seed_count), batch);
    expect(outcome.failure, `seed ${seed + from} of numbering ${of}`).toBeNull();
    sum.numbers += outcome.numbers;
    sum.unsettled += outcome.unsettled;
  }
  return sum;
}
