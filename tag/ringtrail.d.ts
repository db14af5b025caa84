/**
 * Types of the Ringtrail tag, for editors. Published at `/tag/ringtrail.d.ts`; `import type {} from "./ringtrail"`
 * makes `window.ringtrail` and the event `ringtrail:swap` known.
 */

/** One number exchanged for another, both E.164; `text` is how it is written when the two differ in length. */
export interface RingtrailSwap {
  find: string;
  replace: string;
  text?: string;
}

/** The visitor's lease of a number. */
export interface RingtrailLease {
  lease: string;
  /** Milliseconds since the epoch, by the server's clock. */
  expires_at: number;
  renew_after_s: number;
  swaps: RingtrailSwap[];
}

/** What the visitor allows: under "cookieless" nothing is stored, under "denied" nothing is sent either. */
export type RingtrailConsent = "granted" | "cookieless" | "denied";

export interface RingtrailApi {
  /** Swaps under `root` (the whole page by default), also after a `reset`. A closed shadow root may be handed over. */
  swap(root?: Element | DocumentFragment): void;
  /** The current lease, or null. */
  get(): RingtrailLease | null;
  /** The original page, byte for byte, until `swap` is called. */
  reset(): void;
  /** What the visitor allows from now on. */
  consent(choice: RingtrailConsent): void;
  /** Custom data, at most 20 names, sent with the lease or the next renewal. */
  set(data: Record<string, string | number | boolean>): void;
}

/** What `ringtrail:swap` carries in `detail`: no swaps when the page's own numbers are back. */
export interface RingtrailSwapDetail {
  lease: RingtrailLease | null;
  swaps: RingtrailSwap[];
}

declare global {
  interface Window {
    ringtrail?: RingtrailApi;
  }
  interface DocumentEventMap {
    "ringtrail:swap": CustomEvent<RingtrailSwapDetail>;
  }
}
