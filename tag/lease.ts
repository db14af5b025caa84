import type { LeaseReply, LeaseRequest, Swap } from "../shared/api/leases.ts";
import type { TagSite } from "../shared/api/tag-site.ts";
import type { Consent } from "./config.ts";
import { guard } from "./guard.ts";
import { type HeldLease, type Memory, newVisitor, recall, remember } from "./store.ts";
import type { Visit } from "./visit.ts";
import { isReply, post } from "./wire.ts";

/**
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
/** `performance.now()` from which the next request may be made; Infinity: none before something changes. */
let due_ms = 0;
/** The page's URL brings a touch that the Worker has not been told of. */
let touched: boolean;
let busy = false;
let timer: ReturnType<typeof setTimeout>;
const data: Record<string, string> = {};

/** How often a visible page looks at the clock at least: timers sleep with the machine, leases do not. */
const HEARTBEAT_MS = 10_000;

/** Shows a remembered lease at once and asks for one if there is none, or the visit brings a new touch. */
export function startLease(config: TagSite, of: Visit, initial: Consent, onSwaps: typeof show): void {
  site = config.key;
  key = `ringtrail:${site}`;
  endpoint = `${config.host}/v1/leases`;
  visit = of;
  consent = initial;
  show = onSwaps;
  touched = visit.touch !== "" && visit.touch !== memory().touch;
  adopt();
  if (touched) due_ms = 0;
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
  else if (held) keep(held);
  if (choice === "denied") drop(0);
  tick();
}

/** Tells the Worker what the visitor did, also while the page goes away. */
export function report(type: "tel_click" | "left"): void {
  if (held) navigator.sendBeacon(`${endpoint}/${held.lease}/events`, JSON.stringify({ type }));
}

/** Another tab changed what is remembered: its lease is ours too, and so is its loss. */
export function followOtherTab(event: StorageEvent): void {
  if (event.key !== key) return;
  if (held && !memory().lease) drop(Infinity);
  tick();
}

/** The page comes back from the browser's cache: what failed before may be tried again. */
export function resume(event: PageTransitionEvent): void {
  if (event.persisted && !held) due_ms = 0;
  tick();
}

/** Looks at the clock: takes over, expires, asks or renews, whatever is due. Safe to call at any time. */
export function tick(): void {
  clearTimeout(timer);
  if (consent === "denied") return;
  adopt();
  if (held && age_ms(held) >= life_ms(held)) drop(0);
  const visible = document.visibilityState === "visible" && !document.prerendering;
  const now_ms = performance.now();
  if (visible && !busy && now_ms >= due_ms) void exchange();
  if (!held) return;
  const waits_ms = [life_ms(held) - age_ms(held), due_ms - now_ms, HEARTBEAT_MS];
  timer = setTimeout(guard(tick), Math.min(...waits_ms.filter((wait, i) => wait > 0 && (visible || !i))));
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
  const news = JSON.stringify(lease.swaps) !== JSON.stringify(held?.swaps);
  held = lease;
  received_ms = performance.now() - (Date.now() - lease.received_at);
  due_ms = received_ms + life_ms(lease) / 2;
  if (news) show(lease.swaps);
}

function keep(lease: HeldLease): void {
  hold(lease);
  if (mayStore()) remember(key, { ...memory(), lease, ...(visit.touch && { touch: visit.touch }) });
}

/** Gives the lease up; the page shows its own number, or the static one that the reply came with. */
function drop(next_ms: number, swaps: Swap[] = []): void {
  const { lease, ...rest } = memory();
  if (lease && lease.lease === held?.lease) remember(key, rest);
  held = null;
  due_ms = next_ms;
  show(swaps);
}

/** Takes over what an earlier page or another tab has received since. A stamp in the future proves a changed clock. */
const adopt = guard(() => {
  const { lease } = memory();
  if (!lease || !isReply(lease) || (held && lease.received_at <= held.received_at)) return;
  const age = Date.now() - lease.received_at;
  if (age >= 0 && age < life_ms(lease)) hold(lease);
});

async function exchange(): Promise<void> {
  busy = true;
  const before = held;
  const answer = await (before && !touched ? post(`${endpoint}/${before.lease}/renew`, { data }) : ask());
  busy = false;
  guard(() => {
    if (consent === "denied" || before !== held) return;
    if (!answer) {
      due_ms = held ? performance.now() + life_ms(held) / 8 : Infinity;
    } else if (answer === "gone") {
      drop(0);
    } else {
      touched = false;
      if (answer.lease === null) drop(Infinity, answer.swaps);
      else keep({ ...answer, received_at: Date.now() });
    }
  })();
  tick();
}

function ask(): ReturnType<typeof post> {
  const { url, referrer, gpc } = visit;
  const request: LeaseRequest = { site, url, referrer, data };
  if (gpc) request.gpc = true;
  if (held) request.lease = held.lease;
  if (mayStore()) {
    const visitor = memory().visitor ?? newVisitor();
    if (remember(key, { ...memory(), visitor })) request.visitor = visitor;
  }
  return post(endpoint, request);
}
