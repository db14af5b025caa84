import type { LeaseReply, Swap } from "../shared/api/leases.ts";
import type { Consent } from "./config.ts";
import { guard } from "./guard.ts";
import { currentLease, report, setConsent, setData, tick } from "./lease.ts";
import { observe } from "./observe.ts";
import { type Root, rewriteAttribute, scan, TEL_LINKS, useSwaps } from "./swap.ts";

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
  set(data: Record<string, unknown>): void;
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

/** Where to look: the page, and what it has handed over, such as closed shadow roots. */
const roots = new Set<Root | null>();
let shown = "[]";
let isPaused = false;

/** Shows these swaps all over the page instead of the earlier ones, and tells the page so. */
export function show(leased: Swap[]): void {
  const swaps = isPaused ? [] : leased;
  const asText = JSON.stringify(swaps);
  if (asText === shown) return;
  useSwaps(swaps);
  shown = asText;
  for (const root of roots.add(document.body)) if (root) scan(root);
  observe();
  const detail: RingtrailSwapDetail = { lease: currentLease(), swaps };
  document.dispatchEvent(new CustomEvent("ringtrail:swap", { detail }));
}

/** Sets whether the page shows its own numbers for now. */
function pause(paused: boolean): void {
  isPaused = paused;
  tick();
}

export function publish(): void {
  window.ringtrail = {
    swap: guard((root = document.body) => {
      roots.add(root);
      pause(false);
      scan(root);
    }),
    get: currentLease,
    reset: guard(() => pause(true)),
    consent: guard(setConsent),
    set: guard(setData),
  };
}

/** A tel: link is followed: it gets the leased number now if that had to wait, and the Worker hears of it. */
export function onClick(event: Event): void {
  const link = (event.composedPath()[0] as Element).closest?.(TEL_LINKS);
  if (link && rewriteAttribute(link, "href", true)) report("tel_click");
}
