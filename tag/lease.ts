import type { BlockedReply, LeaseReply, Swap } from "../shared/api/leases.ts";
import type { Consent, Settings } from "./config.ts";
import { guard } from "./guard.ts";
import { wanted } from "./lazy.ts";
import { compile } from "./match.ts";
import { LAZY } from "./options.ts";

/*
 * One lease for the visitor over all pages and tabs: remembered, asked for, renewed while the page is visible,
 * given up when it has expired or is gone. A page has one tag, so the state is the module's.
 */

/**
 * What one site's visitor keeps over pages and tabs: one entry of `localStorage`, and only with consent. The Worker's
 * last reply, when it was asked for (by `now`), the touch it was told of, and an opaque id of 128 random bits, which
 * is there only if the browser really keeps it: another one on every page would take another number on every page.
 */
type Memory = Partial<
  Omit<LeaseReply, "lease"> & { lease: string | null; at: number; touch: string; visitor: string }
>;
export type HeldLease = LeaseReply & { at: number };

/**
 * What begins a new touch: UTM, our click token, the usual click ids by name, and any long opaque value, as all the
 * others are. One too many costs a request, of which the Worker then makes nothing.
 */
const TOUCH = /(utm_\w+|rt_click|cl(ic)?k?id|braid)=[^&#]+|=[\w-]{20,}/gi;
/** How often an open page looks at the clock at least: timers sleep with the machine, leases do not. */
const HEARTBEAT_MS = 10_000;
/** By how much the clocks of two tabs may differ. */
const TOLERANCE_MS = 10_000;
/** A number that comes later would change under the visitor's eyes. */
const REPLY_TIMEOUT_MS = 1500;
const GONE = 410;

let settings: Settings;
/** What the Worker classifies the visit by, raw, as this page began it: a later consent or lease is the same visit. */
const visit = {
  site: "",
  url: location.href,
  referrer: document.referrer,
  gpc: navigator.globalPrivacyControl,
};
let consent: Consent;
/** Is given the swaps to show; none: the page's own numbers. */
let show: (swaps: Swap[]) => void;
let memory: Memory = {};
/** What the page's URL brings by which one touch differs from another, until the Worker has been told of it. */
let touch = visit.url.match(TOUCH)?.join();
/** The earliest time of the next request, by `now`: never, while one is under way. */
let next_ms = 0;
let timer: ReturnType<typeof setTimeout>;
const data: Record<string, unknown> = {};

/** Shows a remembered lease at once, and asks for one if there is none or the visit brings a new touch. */
export function startLease(of: Settings, onSwaps: typeof show): void {
  settings = of;
  visit.site = settings.key;
  show = onSwaps;
  setConsent(settings.consent);
}

/** The lease whose numbers are shown, or null. A stamp in the future proves a changed clock. */
export function currentLease(): HeldLease | null {
  const lease = memory as HeldLease;
  return lease.lease && consent !== "denied" && lease.at < now() + TOLERANCE_MS && now() < endOf(lease)
    ? lease
    : null;
}

/** Custom data, sent with the lease or the next renewal. */
export function setData(values: Record<string, unknown>): void {
  Object.assign(data, values);
}

/** Denied: no request, nothing stored, the page's own number. Cookieless, as under GPC: nothing stored. */
export function setConsent(choice: Consent): void {
  consent = visit.gpc && choice === "granted" ? "cookieless" : choice;
  adopt();
  if (memory.touch === touch) touch = undefined;
  keep();
  tick();
}

/** Tells the Worker what the visitor did, also while the page goes away. */
export function report(type: "tel_click" | "left"): void {
  const lease = currentLease();
  if (lease) navigator.sendBeacon(address(`/${lease.lease}/events`), JSON.stringify({ type }));
}

/** Looks at the clock: takes over, expires, asks or renews, whatever is due. Safe to call at any time. */
export const tick = guard(() => {
  clearTimeout(timer);
  adopt();
  const lease = currentLease();
  const isDenied = consent === "denied";
  const isIdle = LAZY && !wanted();
  // Without a lease there may still be static numbers, which are nobody's.
  show((!isDenied && (lease || !memory.lease) && memory.swaps) || []);
  const due_ms = lease && !touch ? (lease.at + endOf(lease)) / 2 : 0;
  if (!(isDenied || isIdle || document.hidden || document.prerendering) && now() >= Math.max(due_ms, next_ms))
    void ask(lease);
  if (lease) timer = setTimeout(tick, Math.min(endOf(lease) - now(), retry_ms(lease), HEARTBEAT_MS));
});

/** Renews the lease, or asks for one. Whatever fails is tried again while there is a lease, else left. */
async function ask(lease: HeldLease | null): Promise<void> {
  const at = now();
  const isRenewal = lease && !touch;
  next_ms = Number.POSITIVE_INFINITY;
  try {
    // Plain text needs no preflight.
    const response = await fetch(address(isRenewal ? `/${lease.lease}/renew` : ""), {
      method: "POST",
      body: JSON.stringify(
        isRenewal ? { data } : { ...visit, visitor: memory.visitor, lease: lease?.lease, data },
      ),
      keepalive: true,
      signal: AbortSignal.timeout?.(REPLY_TIMEOUT_MS),
    });
    if (response.status === GONE) next_ms = 0;
    const reply: LeaseReply | Omit<BlockedReply, "reason"> = next_ms
      ? await response.json()
      : { lease: null, swaps: [] };
    reply.swaps.map(compile);
    adopt();
    memory = { ...memory, ...reply, at, touch: touch ?? memory.touch } as Memory;
    touch = undefined;
    keep();
  } catch {
    // The page keeps what it shows.
  }
  const held = currentLease();
  if (held) next_ms = Math.min(now() + retry_ms(held), endOf(held));
  tick();
}

function address(path: string): string {
  return `${settings.host}/v1/leases${path}`;
}

function entry(): string {
  return `ringtrail:${settings.key}`;
}

/** Takes over what an earlier page or another tab has learnt since. */
const adopt = guard(() => {
  if (consent === "granted") memory = JSON.parse(localStorage[entry()]) ?? memory;
});

/** Keeps what is known, or forgets it. What a browser refuses to keep is simply not remembered. */
const keep = guard(() => {
  if (consent === "granted") {
    const visitor = crypto.getRandomValues(new Uint32Array(4)).join("-");
    localStorage[entry()] = JSON.stringify({ visitor, ...memory });
  } else {
    delete memory.visitor;
    delete localStorage[entry()];
  }
});

/** Milliseconds since the epoch, by whichever clock has gone further: one is set back, the other sleeps. */
function now(): number {
  return Math.max(Date.now(), performance.timeOrigin + performance.now());
}

/** When a lease ends, by `now`: counted from when it was asked for, never by the Worker's clock. */
function endOf(lease: HeldLease): number {
  return lease.at + 8 * retry_ms(lease);
}

/** After a failure several tries are left before a lease ends: this is an eighth of its life. */
function retry_ms({ renew_after_s }: HeldLease): number {
  return renew_after_s * 250;
}
