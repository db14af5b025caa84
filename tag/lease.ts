import type { BlockedReply, LeaseReply } from "../shared/api/leases.ts";
import { type Consent, settings } from "./config.ts";
import { guard } from "./guard.ts";
import { isWanted } from "./lazy.ts";
import { compile } from "./match.ts";
import { LAZY } from "./options.ts";
import { show } from "./page.ts";

/*
 * One lease for the visitor over all pages and tabs: remembered, asked for, renewed while the page is visible,
 * given up when it has expired or is gone. A page has one tag, so the state is the module's.
 */

/**
 * What one site's visitor keeps over pages and tabs: one entry of `localStorage`, and only with consent. The Worker's
 * last reply, when it was asked for and is to be renewed (by `now`), the touch it was told of, and an opaque random id,
 * which is there only if the browser really keeps it: another one on every page would take another number on every page.
 */
type Memory = Partial<
  Omit<LeaseReply, "lease"> & {
    lease: string | null;
    at: number;
    due: number;
    touch: string;
    visitor: string;
  }
>;
export type HeldLease = LeaseReply & { at: number; due: number };

/**
 * What begins a new touch: UTM, our click token, the usual click ids by name, and any long opaque value, as all the
 * others are. One too many costs a request, of which the Worker then makes nothing.
 */
const TOUCH = /(utm_|cl[ik]|braid)\w*=[^&#]+|=[\w-]{18,}/gi;
/** By how much the clocks of two tabs may differ. */
const TOLERANCE_MS = 10_000;
/** A number that comes later would change under the visitor's eyes. */
const REPLY_TIMEOUT_MS = 1500;
const GONE = 410;

const leases = `${settings.host}/v1/leases`;
const entry = `ringtrail:${settings.site}`;
/** What the Worker classifies the visit by, raw, as this page began it: a later consent or lease is the same visit. */
export const visit = {
  site: settings.site,
  url: location.href,
  referrer: document.referrer,
  gpc: navigator.globalPrivacyControl,
};
/** Custom data, sent with the lease or the next renewal. */
export const data = {};
let mayStore: boolean;
let isDenied: boolean;
let isPaused: boolean;
let memory: Memory = {};
/** What the page's URL brings by which one touch differs from another, until the Worker has been told of it. */
let touch = visit.url.match(TOUCH)?.join();
/** The earliest time of the next request, by `now`: never, while one is under way. */
let next_ms = 0;

/** The lease whose numbers are shown, or null. A stamp in the future proves a changed clock. */
export const currentLease = (): HeldLease | null => {
  const lease = memory as HeldLease;
  const age_ms = now() - lease.at;
  return lease.lease && age_ms > -TOLERANCE_MS && age_ms < lease.renew_after_s * 2000 ? lease : null;
};

/** Denied: no request, nothing stored, the page's own number. Cookieless, as under GPC: nothing stored. */
export const setConsent = (choice: Consent): void => {
  isDenied = choice === "denied";
  mayStore = choice === "granted" && !visit.gpc;
  adopt();
  keep();
  tick();
};

/** Sets whether the page shows its own numbers for now. */
export const pause = (paused: boolean): void => {
  isPaused = paused;
  tick();
};

/** Tells the Worker what the visitor did, also while the page goes away. */
export const report = (type: "tel_click" | "left"): void => {
  const lease = currentLease();
  if (lease) {
    navigator.sendBeacon(`${leases}/${lease.lease}/events`, JSON.stringify({ type }));
    // Another tab, or the next page, is the first to know that the visit goes on after all: it renews at once.
    if (type === "left") lease.due = 0;
    keep();
  }
};

/** Looks at the clock: takes over, expires, asks or renews, whatever is due. Safe to call at any time. */
export const tick = guard(() => {
  adopt();
  if (isDenied) {
    memory = {};
    next_ms = 0;
  }
  if (memory.touch === touch) touch = undefined;
  const lease = currentLease();
  // Without a lease there may still be static numbers, which are nobody's.
  show((!isPaused && (lease || !memory.lease) && memory.swaps) || [], lease);
  if ((LAZY && !isWanted) || isDenied || document.hidden || now() < next_ms) return;
  if (touch || !(now() < (lease?.due as number))) void ask(touch ? null : lease);
});

/** Renews the lease, or asks for one. Whatever fails is tried again while there is a lease, else left. */
const ask = async (renewable: HeldLease | null): Promise<void> => {
  const at = now();
  next_ms = Number.POSITIVE_INFINITY;
  try {
    // Plain text needs no preflight.
    const response = await fetch(renewable ? `${leases}/${renewable.lease}/renew` : leases, {
      method: "POST",
      body: JSON.stringify(
        renewable ? { data } : { ...visit, visitor: memory.visitor, lease: currentLease()?.lease, data },
      ),
      keepalive: true,
      signal: AbortSignal.timeout?.(REPLY_TIMEOUT_MS),
    });
    if (response.status === GONE) memory.renew_after_s = next_ms = 0;
    else {
      const reply: LeaseReply | BlockedReply = await response.json();
      reply.swaps.map(compile);
      const due = at + (reply as LeaseReply).renew_after_s * 1000;
      memory = { ...memory, ...reply, at, due, touch: touch ?? memory.touch } as Memory;
    }
    keep();
  } catch {
    // The page keeps what it shows.
  }
  tick();
  const held = currentLease();
  // Until a lease ends there are four tries. What could not be kept counts as one.
  if (held) next_ms = held.at === at ? 0 : now() + held.renew_after_s * 250;
};

/** Takes over what an earlier page or another tab has learnt since. */
const adopt = guard(() => {
  if (mayStore) memory = JSON.parse(localStorage[entry]) ?? memory;
});

/** Keeps what is known, or forgets it. What a browser refuses to keep is simply not remembered. */
const keep = guard(() => {
  if (mayStore) {
    localStorage[entry] = JSON.stringify({ visitor: crypto.randomUUID?.(), ...memory });
  } else {
    delete memory.visitor;
    delete localStorage[entry];
  }
});

/** Milliseconds since the epoch, by whichever clock has gone further: one is set back, the other sleeps. */
const now = (): number => Math.max(Date.now(), performance.timeOrigin + performance.now());
