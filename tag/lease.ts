import type { BlockedReply, LeaseReply, Swap } from "../shared/api/leases.ts";
import type { TagSite } from "../shared/api/tag-site.ts";
import type { Consent } from "./config.ts";
import { guard } from "./guard.ts";
import { type HeldLease, type Memory, newVisitor, recall, remember } from "./store.ts";
import { touchOf, type Visit } from "./visit.ts";
import { post } from "./wire.ts";

/*
 * One lease for the visitor over all pages and tabs: remembered, asked for, renewed while the page is visible,
 * given up when it has expired or is gone. A page has one tag, so the state is the module's.
 */
let key: string;
let endpoint: string;
let site: string;
let visit: Visit;
let consent: Consent;
/** Is given the swaps to show; none: the page's own numbers. */
let show: (swaps: Swap[]) => void;

let held: HeldLease | null = null;
/** `performance.now()` when the held lease was received: a clock that nobody sets back. */
let received_ms = 0;
/** `performance.now()` from which the next request may be made; `NEVER_MS`: none before something changes. */
let due_ms = 0;
/** What the page's URL brings that the Worker has not been told of; "" for nothing. */
let touch: string;
let timer: ReturnType<typeof setTimeout>;
const data: Record<string, string> = {};

/** How often an open page looks at the clock at least: timers sleep with the machine, leases do not. */
const HEARTBEAT_MS = 10_000;
const NEVER_MS = 1e15;

/** Shows a remembered lease at once, and asks for one if there is none or the visit brings a new touch. */
export function startLease(config: TagSite, of: Visit, initial: Consent, onSwaps: typeof show): void {
  site = config.key;
  key = `ringtrail:${site}`;
  endpoint = `${config.host}/v1/leases`;
  visit = of;
  consent = initial;
  show = onSwaps;
  touch = touchOf(visit.url);
  if (touch === memory().touch) touch = "";
  adopt();
  if (touch) due_ms = 0;
  tick();
}

/** The lease whose numbers are shown, or null. */
export function currentLease(): LeaseReply | null {
  return held && { ...held };
}

/** Custom data, sent with the lease or the next renewal. */
export function setData(values: Record<string, unknown>): void {
  for (const name in values) data[name] = String(values[name]);
}

/** Denied: no request, nothing stored, the page's own number. Cookieless: nothing stored. */
export function setConsent(choice: Consent): void {
  consent = choice;
  if (!mayStore()) remember(key, null);
  if (choice === "denied") giveUp(0);
  else if (held) keep(held);
  tick();
}

/** Tells the Worker what the visitor did, also while the page goes away. */
export function report(type: "tel_click" | "left"): void {
  if (held) navigator.sendBeacon(`${endpoint}/${held.lease}/events`, JSON.stringify({ type }));
}

/** Looks at the clock: takes over, expires, asks or renews, whatever is due. Safe to call at any time. */
export const tick = guard(() => {
  clearTimeout(timer);
  if (consent === "denied") return;
  adopt();
  if (held && age_ms(held) >= life_ms(held)) giveUp(0);
  const visible = document.visibilityState === "visible" && !document.prerendering;
  if (visible && performance.now() >= due_ms) void exchange();
  if (held) {
    const left_ms = life_ms(held) - age_ms(held);
    timer = setTimeout(tick, Math.min(left_ms, life_ms(held) / 8, HEARTBEAT_MS));
  }
});

/** One request at a time: renews the lease, or asks for one. What happens to the lease meanwhile wins. */
async function exchange(): Promise<void> {
  const before = held;
  due_ms = NEVER_MS;
  try {
    const reply = await (before && !touch ? post(`${endpoint}/${before.lease}/renew`, { data }) : ask());
    adopt();
    if (consent !== "denied" && before === held) settle(reply);
  } catch {
    if (held) due_ms = performance.now() + life_ms(held) / 8;
  }
  tick();
}

function ask(): ReturnType<typeof post> {
  return post(endpoint, { site, ...visit, visitor: visitorId(), lease: held?.lease, data });
}

function settle(reply: LeaseReply | BlockedReply | null): void {
  if (!reply) giveUp(0);
  else if (reply.lease === null) giveUp(NEVER_MS, reply.swaps);
  else keep({ ...reply, received_at: Date.now() });
  if (reply) touch = "";
}

/** The visitor's id, if it may and can be kept: one that cannot would take a new number on every page. */
function visitorId(): string | undefined {
  const visitor = memory().visitor ?? newVisitor();
  return mayStore() && remember(key, { visitor }) ? visitor : undefined;
}

function mayStore(): boolean {
  return consent === "granted" && !visit.gpc;
}

function memory(): Memory {
  return mayStore() ? recall(key) : {};
}

/** The browser counts from receipt, by whichever of its clocks has gone further. */
function age_ms({ received_at }: HeldLease): number {
  return Math.max(Date.now() - received_at, performance.now() - received_ms);
}

function life_ms({ renew_after_s }: HeldLease): number {
  return renew_after_s * 2000;
}

function hold(lease: HeldLease): void {
  held = lease;
  received_ms = performance.now() - (Date.now() - lease.received_at);
  due_ms = received_ms + life_ms(lease) / 2;
  show(lease.swaps);
}

function keep(lease: HeldLease): void {
  hold(lease);
  if (mayStore()) remember(key, touch ? { lease, touch } : { lease });
}

/** The page shows its own number again, or the static one that the Worker gave instead of a lease. */
function giveUp(next_ms: number, swaps: Swap[] = []): void {
  held = null;
  due_ms = next_ms;
  if (mayStore()) remember(key, { lease: undefined });
  show(swaps);
}

/** Takes over what an earlier page or another tab has received since. A stamp in the future proves a changed clock. */
const adopt = guard(() => {
  const { lease } = memory();
  if (!lease || (held && lease.received_at <= held.received_at)) return;
  const age = Date.now() - lease.received_at;
  if (age >= 0 && age < life_ms(lease)) hold(lease);
});
