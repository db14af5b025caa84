import type { LeaseReply, Swap } from "../shared/api/leases.ts";
import type { Consent } from "./config.ts";
import { guard } from "./guard.ts";
import { currentLease, report, setConsent, setData } from "./lease.ts";
import { observe, writeUnobserved } from "./observe.ts";
import { CARRIERS, type Root, restore, scan, swapAttribute, useSwaps } from "./swap.ts";

/** `window.ringtrail` (contract §2). */
export type RingtrailApi = {
  /** Swaps under `root` (the whole page by default), also after a `reset`. */
  swap(root?: Root): void;
  /** The current lease, or null. */
  get(): LeaseReply | null;
  /** The original page, byte for byte, until `swap` is called. */
  reset(): void;
  /** What the visitor allows: under "cookieless" nothing is stored, under "denied" nothing is sent either. */
  consent(choice: Consent): void;
  /** Custom data, sent with the lease or the next renewal. */
  set(data: Record<string, string>): void;
};

declare global {
  interface Window {
    ringtrail?: RingtrailApi;
  }
  /** Not yet in TypeScript's DOM library. */
  interface Document {
    readonly prerendering?: boolean;
  }
  interface Navigator {
    readonly globalPrivacyControl?: boolean;
  }
}

/** What `ringtrail:swap` carries in `detail`: no swaps when the page's own numbers are back. */
export type RingtrailSwapDetail = { lease: LeaseReply | null; swaps: Swap[] };

let shown: Swap[] = [];
let paused = false;

/** Shows these swaps all over the page instead of the earlier ones, and tells the page so. */
export function show(swaps: Swap[]): void {
  if (JSON.stringify(swaps) === JSON.stringify(shown)) return;
  shown = swaps;
  refresh();
  const detail: RingtrailSwapDetail = { lease: currentLease(), swaps };
  document.dispatchEvent(new CustomEvent("ringtrail:swap", { detail }));
}

function refresh(): void {
  writeUnobserved(() => {
    restore();
    if (!paused) useSwaps(shown);
    if (document.body) scan(document.body);
  });
  observe();
}

export function publish(): void {
  window.ringtrail = {
    swap: guard((root = document.body) => {
      if (paused) {
        paused = false;
        refresh();
      }
      writeUnobserved(() => scan(root));
    }),
    get: currentLease,
    reset: guard(() => {
      paused = true;
      refresh();
    }),
    consent: guard(setConsent),
    set: guard(setData),
  };
}

/** A tel: link is followed: it gets the leased number now if that had to wait, and the Worker hears of it. */
export function onClick(event: Event): void {
  const link = event.composedPath().find((target) => (target as Element).matches?.(CARRIERS.href ?? ""));
  if (!link) return;
  writeUnobserved(() => {
    if (swapAttribute(link as Element, "href", true)) report("tel_click");
  });
}
