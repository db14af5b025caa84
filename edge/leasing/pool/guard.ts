import { HOUR_MS, type Instant, SECOND_MS } from "../../../shared/instant.ts";
import type { LeaseAsk, PoolSettings } from "../pool-port.ts";
import {
  ADDRESS_NUMBERS_MAX,
  CLICK_VISITORS_MAX,
  CROWD_AT_LEAST,
  CROWD_HOUR_CAPACITY,
  CROWD_HOUR_STEPS,
  CROWD_LASTS_MS,
  CROWD_OF_NUMBERS,
  CROWD_RUSH_CAPACITY,
  CROWD_RUSH_STEPS,
  CROWD_STEP_MS,
  PREFIX_LEASES_CROWDED,
  PREFIX_LEASES_MIN,
  PREFIX_SHARE,
  RESERVED_NUMBERS_MAX,
  SITE_LEASES_MIN,
  SITE_LEASES_PER_NUMBER,
  VISITOR_SESSIONS_MAX,
} from "./limits.ts";

/** More are not told apart within one hour. */
const COUNTS_MAX = 200_000;

/**
 * Who may take a number, beside whether one is free: quotas an hour by site, address, its prefix and visitor, and
 * whether the pool is crowded. Kept in memory only, under a hash that is salted afresh for each object, and
 * forgotten with the hour: of a refused visitor nothing personal is left. Counted in the same turn that leases, so
 * a quota cannot be raced past. A restart forgets it, which errs on the visitor's side.
 */
export class Guard {
  readonly #salt: number;
  #hour_at: Instant = Number.NEGATIVE_INFINITY;
  readonly #counts = new Map<number, number>();
  readonly #refused = new Set<number>();
  /** When each address was shown its latest numbers, as many as it may be shown within any hour. */
  readonly #shown = new Map<number, readonly Instant[]>();
  /** How many visitors without a number came in each step of time, of one address prefix three at most. */
  readonly #arrivals = new Map<number, number>();
  /** The arrivals of the last minutes and the last hour, as of the step of the latest one. */
  #lately = { step: Number.NaN, in_rush: 0, in_hour: 0 };
  #crowded_until: Instant = Number.NEGATIVE_INFINITY;

  constructor(salt: number) {
    this.#salt = salt;
  }

  /** True for a visitor whose click is proven and has not yet proven three others (contract §2). */
  isProven(ask: LeaseAsk): boolean {
    const { verified_click } = ask;
    if (verified_click === null) return false;
    const is_known = this.#count(`click visitor ${verified_click} ${ask.visitor_key}`) > 0;
    return is_known || this.#count(`click ${verified_click}`) < CLICK_VISITORS_MAX;
  }

  /**
   * Notes that somebody without a lease wants one. Only many prefixes are a crowd: what comes from one is held by its
   * quota, and without an address (a local run) there is neither.
   */
  arrive(ask: LeaseAsk, numbers: number): void {
    this.#keepHour(ask.now);
    const { prefix, visitor_key, now } = ask;
    if (prefix === null || this.#refused.has(this.#hash(visitor_key))) return;
    if (this.#count(`came ${prefix}`) >= PREFIX_LEASES_CROWDED) return;
    this.#add(`came ${prefix}`);
    const step = Math.floor(now / CROWD_STEP_MS);
    const { in_rush, in_hour } = this.#countArrival(step);
    const capacity = capacityOf(numbers, ask.pool);
    const is_crowd =
      in_rush >= Math.max(capacity * CROWD_RUSH_STEPS * CROWD_RUSH_CAPACITY, numbers * CROWD_OF_NUMBERS) ||
      in_hour >= capacity * CROWD_HOUR_STEPS * CROWD_HOUR_CAPACITY;
    if (is_crowd && in_hour >= CROWD_AT_LEAST)
      this.#crowded_until = Math.max(this.#crowded_until, now + CROWD_LASTS_MS);
  }

  /** Adds one to its step; the steps are only added up again when time has moved to another one. */
  #countArrival(step: number): { in_rush: number; in_hour: number } {
    this.#arrivals.set(step, (this.#arrivals.get(step) ?? 0) + 1);
    const lately = this.#lately;
    if (lately.step === step) {
      lately.in_rush += 1;
      lately.in_hour += 1;
      return lately;
    }
    const now = { step, in_rush: 0, in_hour: 0 };
    for (const [at, count] of this.#arrivals) {
      if (at > step - CROWD_RUSH_STEPS) now.in_rush += count;
      if (at > step - CROWD_HOUR_STEPS) now.in_hour += count;
      // A clock may go back a little, so a step is kept for longer than it counts.
      else if (at <= step - 2 * CROWD_HOUR_STEPS) this.#arrivals.delete(at);
    }
    this.#lately = now;
    return now;
  }

  /** True when another lease of this visitor, site or address prefix would be above its quota. */
  isOver(ask: LeaseAsk, numbers: number): boolean {
    const { prefix, visit, now } = ask;
    const site_max = Math.max(SITE_LEASES_MIN, SITE_LEASES_PER_NUMBER * numbers);
    if (this.#count(`site ${visit.site_id}`) >= site_max) return true;
    if (this.isOverVisitor(ask)) return true;
    if (prefix === null || this.isProven(ask)) return false;
    const [oldest] = this.#shown.get(this.#hash(addressOf(ask))) ?? [];
    if (oldest !== undefined && oldest > now - HOUR_MS) return true;
    const usual_max = Math.max(PREFIX_LEASES_MIN, Math.ceil(numbers * PREFIX_SHARE));
    return this.#count(`prefix ${prefix}`) >= (this.isCrowded(now) ? PREFIX_LEASES_CROWDED : usual_max);
  }

  /** True when this visitor began so many sessions within the hour that another one is not worth a row. */
  isOverVisitor(ask: LeaseAsk): boolean {
    this.#keepHour(ask.now);
    return this.#count(`visitor ${ask.visitor_key}`) >= VISITOR_SESSIONS_MAX;
  }

  /** A number is shown to who had none. */
  show(ask: LeaseAsk): void {
    if (ask.prefix === null) return;
    if (this.#shown.size >= COUNTS_MAX) this.#shown.clear();
    const address = this.#hash(addressOf(ask));
    const before = this.#shown.get(address) ?? NEVER_SHOWN;
    this.#shown.set(address, [...before, ask.now].slice(-ADDRESS_NUMBERS_MAX));
  }

  /** A session begins. */
  take(ask: LeaseAsk): void {
    this.#keepHour(ask.now);
    this.#add(`site ${ask.visit.site_id}`);
    this.#add(`visitor ${ask.visitor_key}`);
    if (ask.prefix !== null) this.#add(`prefix ${ask.prefix}`);
    if (ask.verified_click === null) return;
    const of_visitor = `click visitor ${ask.verified_click} ${ask.visitor_key}`;
    if (this.#count(of_visitor) === 0) this.#add(`click ${ask.verified_click}`);
    this.#add(of_visitor);
  }

  /** A visitor goes without a number; true the first time within the hour, so that visitors can be counted. */
  refuse(ask: LeaseAsk): boolean {
    const hash = this.#hash(ask.visitor_key);
    if (this.#refused.has(hash) || this.#refused.size >= COUNTS_MAX) return false;
    this.#refused.add(hash);
    return true;
  }

  /** True while, and some minutes after, more visitors came at once than the pool can hold for long. */
  isCrowded(now: Instant): boolean {
    return now < this.#crowded_until;
  }

  #keepHour(now: Instant): void {
    const hour_at = now - (now % HOUR_MS);
    if (hour_at <= this.#hour_at) return;
    this.#hour_at = hour_at;
    this.#counts.clear();
    this.#refused.clear();
    for (const [address, shown_at] of this.#shown) {
      if ((shown_at.at(-1) ?? 0) <= now - HOUR_MS) this.#shown.delete(address);
    }
  }

  #count(about: string): number {
    return this.#counts.get(this.#hash(about)) ?? 0;
  }

  #add(about: string): void {
    if (this.#counts.size >= COUNTS_MAX) this.#counts.clear();
    const hash = this.#hash(about);
    this.#counts.set(hash, (this.#counts.get(hash) ?? 0) + 1);
  }

  /** FNV-1a over the salt and the text, 52 bits: two that collide share a quota, which does no harm. */
  #hash(text: string): number {
    let high = 0x811c9dc5 ^ this.#salt;
    let low = 0x9e3779b9 ^ this.#salt;
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      high = Math.imul(high ^ unit, 0x01000193);
      low = Math.imul(low ^ (unit + i), 0x01000193);
    }
    return (high >>> 12) * 2 ** 32 + (low >>> 0);
  }
}

/** What an address that was shown nothing has: its quota's places, all of them long ago. */
const NEVER_SHOWN: readonly Instant[] = Array.from(
  { length: ADDRESS_NUMBERS_MAX },
  () => Number.NEGATIVE_INFINITY,
);

const addressOf = ({ prefix, host }: LeaseAsk) => `address ${prefix} ${host}`;

/** How many numbers of a pool unproven visitors may not take. */
export function reservedOf(numbers: number, pool: PoolSettings): number {
  return Math.min(Math.floor(numbers * (pool.reserved_share ?? 0)), RESERVED_NUMBERS_MAX);
}

/** How many new visitors the pool can hold in each step of time. */
function capacityOf(numbers: number, pool: PoolSettings): number {
  return (numbers * CROWD_STEP_MS) / ((pool.lease_ttl_s + pool.cooldown_s) * SECOND_MS);
}
