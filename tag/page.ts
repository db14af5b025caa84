import type { Swap } from "../shared/api/leases.ts";
import { settings } from "./config.ts";
import { forward } from "./google-ads.ts";
import { compile } from "./match.ts";
import { look, observe } from "./observe.ts";
import { GOOGLE_ADS } from "./options.ts";
import type { RingtrailLease, RingtrailSwapDetail } from "./ringtrail.d.ts";
import { isWaiting, page, type Root, useSwaps } from "./swap.ts";

/** Where to look: the page, and what it has handed over, such as closed shadow roots. */
export const roots = new Set<Root>([page]);
let shown = "[]";
/** What is written: the swaps that are shown, or what Google made of them. */
let written: readonly Swap[];

/** Shows these swaps all over the page instead of the earlier ones, and tells the page so. */
export const show = (swaps: Swap[], lease: RingtrailLease | null): void => {
  const asText = JSON.stringify(swaps);
  const isNew = asText !== shown;
  if (isNew || isWaiting) write(GOOGLE_ADS && !isNew ? written : swaps);
  if (isNew) {
    shown = asText;
    document.dispatchEvent(
      new CustomEvent<RingtrailSwapDetail>("ringtrail:swap", { detail: { lease, swaps } }),
    );
    if (GOOGLE_ADS && swaps[0]) {
      forward(settings.google_ads as string, swaps[0].replace, (replace) => {
        const theirs = swaps.map(({ find }) => ({ find, replace }));
        // Throws, and nothing changes, if they have none.
        theirs.map(compile);
        if (shown === asText) write(theirs);
      });
    }
  }
};

/** Writes these numbers wherever there are some, now and later. */
export const write = (swaps: readonly Swap[]): void => {
  if (GOOGLE_ADS) written = swaps;
  useSwaps(swaps);
  for (const root of roots) look(root);
  observe();
};
