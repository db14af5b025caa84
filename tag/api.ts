import type { Swap } from "../shared/api/leases.ts";
import type { Settings } from "./config.ts";
import { forward } from "./google-ads.ts";
import { guard } from "./guard.ts";
import { awaitInterest } from "./lazy.ts";
import { currentLease, report, setConsent, setData, tick } from "./lease.ts";
import { look, observe } from "./observe.ts";
import { GOOGLE_ADS, LABELS, LAZY } from "./options.ts";
import type { RingtrailSwapDetail } from "./ringtrail.d.ts";
import { CARRIERS, type Root, rewriteAttribute, TEL_LINKS, useSwaps } from "./swap.ts";

export type { RingtrailApi } from "./ringtrail.d.ts";

declare global {
  /** Not yet in TypeScript's DOM library. */
  interface Document {
    readonly prerendering?: boolean;
  }
  interface Navigator {
    readonly globalPrivacyControl?: boolean;
  }
}

/** Where to look: the page, and what it has handed over, such as closed shadow roots. */
const roots = new Set<Root | null>();
/** Google's call conversion (option `google_ads`). */
let conversion: string | undefined;
let shown = "[]";
let isPaused = false;

/** Shows these swaps all over the page instead of the earlier ones, and tells the page so. */
export function show(leased: Swap[]): void {
  const swaps = isPaused ? [] : leased;
  const asText = JSON.stringify(swaps);
  if (asText === shown) return;
  shown = asText;
  write(swaps);
  const detail: RingtrailSwapDetail = { lease: currentLease(), swaps };
  document.dispatchEvent(new CustomEvent("ringtrail:swap", { detail }));
  if (GOOGLE_ADS && swaps[0]) {
    forward(conversion, swaps[0].replace, (replace) => {
      if (shown === asText) write(swaps.map(({ find }) => ({ find, replace })));
    });
  }
}

/** Writes these numbers wherever there are some, now and later. */
function write(swaps: readonly Swap[]): void {
  useSwaps(swaps);
  for (const root of roots.add(document.body)) if (root) look(root);
  observe();
}

/** Sets whether the page shows its own numbers for now. */
function pause(paused: boolean): void {
  isPaused = paused;
  tick();
}

/** Prepares what the site has switched on: all of it is compiled out where it is off. */
export function useOptions(settings: Settings): void {
  if (GOOGLE_ADS) conversion = settings.google_ads;
  if (LABELS) {
    CARRIERS.push(...(settings.labels ?? []));
    roots.add(document.head);
  }
  if (LAZY) {
    awaitInterest(tick);
    write((settings.find ?? []).map((find) => ({ find, replace: find })));
  }
}

/** Makes `window.ringtrail` (contract §2). */
export function publish(): void {
  window.ringtrail = {
    swap: guard((root = document.body) => {
      roots.add(root);
      pause(false);
      look(root);
    }),
    get: currentLease,
    reset: guard(() => pause(true)),
    consent: guard(setConsent),
    set: guard(setData),
  };
}

/** A tel: link is followed: it gets the leased number now if that had to wait, and the Worker hears of it. */
export function onClick(event: Event): void {
  const link = event.composedPath().find((target) => (target as Element).matches?.(TEL_LINKS)) as Element;
  if (link && rewriteAttribute(link, "href", true)) report("tel_click");
}
