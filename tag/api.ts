import type { LeaseReply, Swap } from "../shared/api/leases.ts";
import type { Consent } from "./config.ts";
import { guard } from "./guard.ts";
import { currentLease, report, setConsent, setData } from "./lease.ts";
import { observe, writeUnobserved } from "./observe.ts";
import { isSwapped, restore, scan, swapAttributes, useSwaps } from "./swap.ts";

/** `window.ringtrail` (contract §2). */
export type RingtrailApi = {
  /** Swaps in `root` (the whole page by default), also after a `reset`. */
  swap(root?: Node): void;
  /** The current lease, or null. */
  get(): LeaseReply | null;
  /** The original page, byte for byte, until `swap` is called. */
  reset(): void;
  /** What the visitor allows: under "cookieless" nothing is stored, under "denied" nothing is sent either. */
  consent(choice: Consent): void;
  /** Custom data, sent with the lease or the next renewal. */
  set(data: Record<string, string>): void;
};

let shown: Swap[] = [];
let paused = false;

/** Shows these swaps all over the page instead of the earlier ones, and tells the page so. */
export function show(swaps: Swap[]): void {
  if (!swaps.length && !shown.length) return;
  shown = swaps;
  apply();
  document.dispatchEvent(new CustomEvent("ringtrail:swap", { detail: { lease: currentLease(), swaps } }));
}

function apply(): void {
  writeUnobserved(() => {
    restore();
    if (paused) return;
    useSwaps(shown);
    scan(document);
  });
  observe();
}

export function publish(): void {
  window.ringtrail = {
    swap: guard((root = document) => {
      if (paused) {
        paused = false;
        apply();
      }
      writeUnobserved(() => scan(root));
    }),
    get: currentLease,
    reset: guard(() => {
      paused = true;
      apply();
    }),
    consent: guard(setConsent),
    set: guard(setData),
  };
}

/** A tel: link is dialled: it gets the leased number now if it had to wait, and the Worker hears of it. */
export function onClick(event: Event): void {
  const link = event.composedPath().find((node) => node instanceof Element && node.hasAttribute("href"));
  if (!(link instanceof Element)) return;
  writeUnobserved(() => swapAttributes(link, true));
  if (isSwapped(link, "href")) report("tel_click");
}
