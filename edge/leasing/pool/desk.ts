import { type Instant, SECOND_MS } from "../../../shared/instant.ts";
import type {
  GrantedLease,
  LeaseAnswer,
  LeaseAsk,
  LeaseRef,
  NoteAsk,
  NumberState,
  PoolSettings,
  RenewAsk,
} from "../pool-port.ts";
import { type Guard, reservedOf } from "./guard.ts";
import {
  addData,
  click,
  endAt,
  endsOf,
  extend,
  giveUp,
  type Held,
  isDue,
  isLive,
  isUnseen,
  NO_MOMENTS,
  type Terms,
  termsOf,
} from "./held.ts";
import type { Memory, Slot } from "./memory.ts";
import type { NewLease } from "./rows.ts";

/** Takes note that a lease was made (`facts` given) or changed and is to be saved with this turn. */
export type Save = (lease: Held, facts: NewLease | null) => void;

/**
 * Who gets which number: decided in memory and to the end without an await, so that no two visitors ever get one.
 * The number the visitor holds or held last, else the longest idle one, else none, unless the pool shares. Some numbers are kept for visitors whose
 * click is proven, and nobody gets one above his quota.
 */
export function grant(memory: Memory, guard: Guard, ask: LeaseAsk, save: Save): LeaseAnswer {
  const slot = holding(memory, ask);
  return slot?.lease ? again(memory, guard, slot, slot.lease, ask, save) : anew(memory, guard, ask, save);
}

/** A page view of who holds a number: a new touch begins a new session on it. */
function again(
  memory: Memory,
  guard: Guard,
  slot: Slot,
  lease: Held,
  ask: LeaseAsk,
  save: Save,
): GrantedLease {
  const { now } = ask;
  if (ask.touch_key !== "" && ask.touch_key !== lease.touch_key && !guard.isOverVisitor(ask)) {
    const at = Math.max(now, lease.leased_at + 1);
    endAt(lease, at);
    guard.take(ask);
    const terms = termsOf(ask.pool, guard.isCrowded(now) ? "later" : null);
    const since = { at, holder_since_at: lease.holder_since_at, terms, before: lease };
    return begin(memory, slot, since, ask, save);
  }
  const isNew = addData(lease, ask.visit.data);
  if (isNew || isDue(lease, now)) prolong(memory, guard, slot, lease, ask, save);
  return granted(slot, lease, false);
}

/** A page view of who holds none. */
function anew(memory: Memory, guard: Guard, ask: LeaseAsk, save: Save): LeaseAnswer {
  const { now, pool } = ask;
  const numbers = memory.heap.size;
  guard.arrive(ask, numbers);
  const first = memory.heap.top();
  const isProven = guard.isProven(ask);
  const reserved = isProven ? 0 : reservedOf(numbers, pool);
  const isEmpty = !memory.heap.has(reserved + 1, now);
  const own = hisLast(memory, ask, isEmpty);
  const slot = own ?? first;
  const isShared = own === null && isEmpty;
  if (!slot || (isShared && !isShareable(slot, ask))) return blocked(guard, ask, "pool_empty");
  if (guard.isOver(ask, numbers)) return blocked(guard, ask, "over_quota");
  guard.take(ask);
  if (!own) guard.show(ask);
  const at = Math.max(now, (slot.lease?.leased_at ?? 0) + 1);
  const holder_since_at = own?.lease?.holder_since_at ?? at;
  const before = slot.lease && slot.lease.held_until > at ? slot.lease : null;
  if (before) giveUp(before, at);
  const terms = termsOf(pool, guard.isCrowded(now) && !isProven ? "first" : null);
  const lease = begin(memory, slot, { at, holder_since_at, terms, before }, ask, save);
  return isShared ? { ...lease, shared: true } : lease;
}

/**
 * The number that this visitor had last and nobody has had since: while it rests it is no one else's anyway, and what
 * he wrote down stays right. Once it is free it goes to him unless what is free is kept for others.
 */
function hisLast(memory: Memory, { visitor_key, now }: LeaseAsk, isEmpty: boolean): Slot | null {
  const slot = memory.visitors.get(visitor_key);
  if (!slot?.active || slot.free_from_at > now) return null;
  return slot.reusable_at > now || !isEmpty ? slot : null;
}

/**
 * Whether a pool that shares may lend this number, the next to be free, though its rest is not over. A number that is
 * free but kept for others is not shared, nor is one whose holder's page is still open.
 */
function isShareable({ lease, free_from_at, reusable_at }: Slot, { pool, now }: LeaseAsk): boolean {
  if (!pool.share || lease === null || reusable_at <= now || free_from_at > now) return false;
  return isUnseen(lease, now);
}

function blocked(guard: Guard, ask: LeaseAsk, reason: "pool_empty" | "over_quota"): LeaseAnswer {
  const is_first = guard.refuse(ask);
  return { kind: "blocked", reason, ...(!is_first && { again: true as const }) };
}

/** Extends a live lease; its custom data may grow. */
export function renew(
  memory: Memory,
  guard: Guard,
  ask: RenewAsk,
  save: Save,
): GrantedLease | { kind: "gone" } {
  const slot = liveSlot(memory, ask.lease, ask.now);
  if (!slot?.lease) return { kind: "gone" };
  const { lease } = slot;
  const isNew = addData(lease, ask.data);
  // Renewals within a second are one, so that nobody can make us write without end.
  if (isNew || lease.closed_at !== null || ask.now - lease.last_seen_at >= SECOND_MS) {
    prolong(memory, guard, slot, lease, ask, save);
  }
  return granted(slot, lease, false);
}

/** A press of the call link, or the end of the visit, which frees nothing early. */
export function note(memory: Memory, ask: NoteAsk, save: Save): { kind: "noted" } | { kind: "gone" } {
  const lease = liveSlot(memory, ask.lease, ask.now)?.lease;
  if (!lease) return { kind: "gone" };
  if (ask.type === "tel_click") {
    if (click(lease, ask.now)) save(lease, null);
  } else if (lease.closed_at === null) {
    lease.closed_at = Math.max(ask.now, lease.last_seen_at);
    save(lease, null);
  }
  return { kind: "noted" };
}

/** How a number stands at `now`. */
export function stateOf(slot: Slot, now: Instant): NumberState {
  const { number_key, e164, reusable_at, lease } = slot;
  if (reusable_at <= now) {
    return { number_key, e164, state: "free", leased_at: null, expires_at: null, reusable_at: null };
  }
  const held = lease !== null && lease.held_until > now ? lease : null;
  return {
    number_key,
    e164,
    state: held && isLive(held, now) ? "leased" : "cooling",
    leased_at: held?.leased_at ?? null,
    expires_at: held?.expires_at ?? null,
    reusable_at,
  };
}

/** The number with a live lease of whoever asks: the one the page still shows, else the one he is known by. */
function holding(memory: Memory, ask: LeaseAsk): Slot | null {
  const shown = ask.held ? memory.slots.get(ask.held.number_key) : undefined;
  if (ask.held && shown?.active && shown.lease && isLive(shown.lease, ask.now)) {
    const { lease } = shown;
    // A token from before the last touch still names this visitor: nobody else has held the number since.
    const isHis = lease.holder_since_at <= ask.held.leased_at && ask.held.leased_at <= lease.leased_at;
    if (isHis && lease.site_id === ask.visit.site_id) {
      memory.know(shown, lease, ask.visitor_key);
      return shown;
    }
  }
  const known = memory.visitors.get(ask.visitor_key);
  return known?.active && known.lease && isLive(known.lease, ask.now) ? known : null;
}

/** The number of this lease, if it is the number's newest and lives. */
function liveSlot(memory: Memory, ref: LeaseRef, now: Instant): Slot | null {
  const slot = memory.slots.get(ref.number_key);
  const lives = slot?.active && slot.lease?.leased_at === ref.leased_at && isLive(slot.lease, now);
  return slot && lives ? slot : null;
}

function begin(
  memory: Memory,
  slot: Slot,
  since: { at: Instant; holder_since_at: Instant; terms: Terms; before: Held | null },
  ask: LeaseAsk,
  save: Save,
): GrantedLease {
  const { at, holder_since_at, terms, before } = since;
  const { data, ...visit } = ask.visit;
  const lease: Held = {
    number_key: slot.number_key,
    leased_at: at,
    holder_since_at,
    seq: 0,
    ordinal: memory.traffic.count(ask.now),
    ...endsOf(at, at, terms),
    last_seen_at: at,
    closed_at: null,
    seen_at: NO_MOMENTS,
    left_at: NO_MOMENTS,
    tel_clicks: NO_MOMENTS,
    site_id: ask.visit.site_id,
    touch_key: ask.touch_key,
    data,
    visitor_key: ask.visitor_key,
  };
  memory.hold(slot, lease);
  save(lease, { visitor: ask.visitor, visit, before });
  return granted(slot, lease, true);
}

function prolong(
  memory: Memory,
  guard: Guard,
  slot: Slot,
  lease: Held,
  ask: { now: Instant; pool: PoolSettings },
  save: Save,
): void {
  extend(lease, ask.now, termsOf(ask.pool, guard.isCrowded(ask.now) ? "later" : null));
  memory.reorder(slot);
  save(lease, null);
}

function granted(slot: Slot, lease: Held, created: boolean): GrantedLease {
  const { number_key, e164 } = slot;
  const { leased_at, expires_at, site_id } = lease;
  return { kind: "granted", created, number_key, e164, leased_at, expires_at, site_id };
}
