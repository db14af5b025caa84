import type {
  GrantedLease,
  LeaseAnswer,
  LeaseAsk,
  LeaseRef,
  NoteAsk,
  PoolSettings,
  RenewAsk,
} from "../../../edge/leasing/pool-port.ts";
import { HOUR_MS, type Instant, SECOND_MS } from "../../../shared/instant.ts";
import { QuotaModel } from "./quota-model.ts";

/** A lease as the model keeps it: all of them, for ever, in the order they were made. */
export type ModelLease = LeaseRef & {
  holder_since_at: Instant;
  expires_at: Instant;
  held_until: Instant;
  last_seen_at: Instant;
  closed_at: Instant | null;
  tel_clicks: Instant[];
  site_id: string;
  touch_key: string;
  data: Record<string, string>;
  visitor: string | null;
  visitor_key: string | null;
};

/** The rules in numbers of their own: a lease's life, and how long leases and rests are in a crowd. */
const LIFE_MAX_MS = 4 * HOUR_MS;
const CROWDED_FIRST_S = 20;
const CROWDED_S = 240;
const CROWDED_REST_S = 5;

/**
 * The rules of a pool in their simplest form: a list of leases, searched from end to end. The oracle that the Pool
 * object is compared with; it shares no code with it.
 */
export class PoolModel {
  readonly leases: ModelLease[] = [];
  readonly #numbers: readonly { number_key: number; e164: string }[];
  /** The lease each visitor is known by: the last one given to or shown by him. */
  readonly #known = new Map<string, ModelLease>();
  readonly #quotas: QuotaModel;

  constructor(numbers: readonly { number_key: number; e164: string }[]) {
    this.#numbers = [...numbers].sort((a, b) => a.number_key - b.number_key);
    this.#quotas = new QuotaModel(numbers.length);
  }

  lease(ask: LeaseAsk): LeaseAnswer {
    const { now } = ask;
    const held = this.#held(ask) ?? this.#knownTo(ask);
    if (
      held &&
      ask.touch_key !== "" &&
      ask.touch_key !== held.touch_key &&
      !this.#quotas.hasManySessions(ask)
    ) {
      const at = Math.max(now, held.leased_at + 1);
      held.expires_at = Math.min(held.expires_at, at);
      held.held_until = at;
      held.closed_at ??= at;
      return this.#begin(ask, held.number_key, at, held.holder_since_at, CROWDED_S);
    }
    if (held) {
      const since_ms = now - held.last_seen_at;
      const isHalfGone = since_ms >= SECOND_MS && 2 * since_ms >= held.expires_at - held.last_seen_at;
      const isNew = this.#addData(held, ask.visit.data);
      if (isNew || isHalfGone || held.closed_at !== null) this.#extend(held, now, ask.pool);
      return this.#granted(held, false);
    }
    return this.#stranger(ask);
  }

  /** Who holds no number: kept for others, over a quota, or the longest idle one. */
  #stranger(ask: LeaseAsk): LeaseAnswer {
    const { now, pool } = ask;
    this.#quotas.arrive(ask);
    const byRest = this.#numbers
      .map(({ number_key }) => ({ number_key, last: this.#newest(number_key) }))
      .sort((a, b) => (a.last?.held_until ?? 0) - (b.last?.held_until ?? 0) || a.number_key - b.number_key);
    const free = byRest.filter(({ last }) => (last?.held_until ?? 0) <= now);
    const isProven = this.#quotas.isProven(ask);
    const kept = Math.min(100, Math.floor(this.#numbers.length * (pool.reserved_share ?? 0)));
    const [longestIdle] = isProven || free.length > kept ? free : [];
    const last = this.#lastOf(ask);
    const own = last && (last.held_until > now || longestIdle) ? { number_key: last.number_key, last } : null;
    const shared =
      !own && pool.share && free.length === 0
        ? byRest.find((one) => one === byRest[0] && isGone(one.last, now))
        : null;
    const chosen = own ?? longestIdle ?? shared;
    if (!chosen) return this.#refuse(ask, "pool_empty");
    if (this.#quotas.isOver(ask, isProven)) return this.#refuse(ask, "over_quota");
    if (!own) this.#quotas.show(ask);
    const { number_key, last: before } = chosen;
    const at = Math.max(now, (before?.leased_at ?? 0) + 1);
    if (before) {
      if (shared && at < before.expires_at) before.expires_at = halfOf(before);
      before.held_until = Math.min(before.held_until, at);
    }
    const since_at = own ? own.last.holder_since_at : at;
    const crowded_s = isProven ? Number.POSITIVE_INFINITY : CROWDED_FIRST_S;
    const lease = this.#begin(ask, number_key, at, since_at, crowded_s);
    return shared ? { ...lease, shared: true } : lease;
  }

  renew(ask: RenewAsk): GrantedLease | { kind: "gone" } {
    const lease = this.#live(ask.lease, ask.now);
    if (!lease) return { kind: "gone" };
    const isNew = this.#addData(lease, ask.data ?? {});
    if (isNew || lease.closed_at !== null || ask.now - lease.last_seen_at >= SECOND_MS) {
      this.#extend(lease, ask.now, ask.pool);
    }
    return this.#granted(lease, false);
  }

  note(ask: NoteAsk): { kind: "noted" } | { kind: "gone" } {
    const lease = this.#live(ask.lease, ask.now);
    if (!lease) return { kind: "gone" };
    if (ask.type === "left") lease.closed_at ??= Math.max(ask.now, lease.last_seen_at);
    else if (ask.now - (lease.tel_clicks.at(-1) ?? Number.NEGATIVE_INFINITY) >= SECOND_MS) {
      lease.tel_clicks = [...lease.tel_clicks, ask.now].slice(-3);
    }
    return { kind: "noted" };
  }

  /** What is lost when the object is evicted or crashes: who the visitors without an id were. */
  restart(): void {
    this.#known.clear();
    this.#quotas.forget();
    const newest = this.leases.filter((lease) => this.#newest(lease.number_key) === lease);
    newest.sort((a, b) => a.leased_at - b.leased_at || a.number_key - b.number_key);
    for (const lease of newest) {
      lease.visitor_key = lease.visitor === null ? null : `${lease.site_id}/${lease.visitor}`;
      if (lease.visitor_key !== null) this.#known.set(lease.visitor_key, lease);
    }
  }

  #refuse(ask: LeaseAsk, reason: "pool_empty" | "over_quota"): LeaseAnswer {
    return { kind: "blocked", reason, ...(this.#quotas.refuse(ask) && { again: true }) };
  }

  #newest(number_key: number): ModelLease | undefined {
    return this.leases.filter((lease) => lease.number_key === number_key).at(-1);
  }

  #live(ref: LeaseRef, now: Instant): ModelLease | null {
    const newest = this.#newest(ref.number_key);
    return newest && newest.leased_at === ref.leased_at && now < newest.expires_at ? newest : null;
  }

  #held(ask: LeaseAsk): ModelLease | null {
    if (!ask.held) return null;
    const lease = this.#newest(ask.held.number_key);
    if (!lease || ask.now >= lease.expires_at || lease.site_id !== ask.visit.site_id) return null;
    if (ask.held.leased_at < lease.holder_since_at || ask.held.leased_at > lease.leased_at) return null;
    if (lease.visitor_key !== ask.visitor_key) {
      lease.visitor_key = ask.visitor_key;
      this.#known.set(ask.visitor_key, lease);
    }
    return lease;
  }

  #knownTo(ask: LeaseAsk): ModelLease | null {
    const lease = this.#lastOf(ask);
    return lease && ask.now < lease.expires_at ? lease : null;
  }

  /** The last lease of a visitor, if nobody has had its number since. */
  #lastOf({ visitor_key }: LeaseAsk): ModelLease | null {
    const lease = this.#known.get(visitor_key);
    const isHis = lease?.visitor_key === visitor_key && this.#newest(lease.number_key) === lease;
    return lease && isHis ? lease : null;
  }

  #begin(
    ask: LeaseAsk,
    number_key: number,
    at: Instant,
    holder_since_at: Instant,
    crowded_s: number,
  ): GrantedLease {
    const { visit } = ask;
    this.#quotas.begin(ask);
    const { ttl_s, rest_s } = this.#terms(ask, crowded_s);
    const expires_at = Math.min(at + ttl_s * SECOND_MS, at + LIFE_MAX_MS);
    const lease: ModelLease = {
      number_key,
      leased_at: at,
      holder_since_at,
      expires_at,
      held_until: expires_at + rest_s * SECOND_MS,
      last_seen_at: at,
      closed_at: null,
      tel_clicks: [],
      site_id: visit.site_id,
      touch_key: ask.touch_key,
      data: visit.data,
      visitor: ask.visitor,
      visitor_key: ask.visitor_key,
    };
    this.leases.push(lease);
    this.#known.set(ask.visitor_key, lease);
    return this.#granted(lease, true);
  }

  #extend(lease: ModelLease, now: Instant, pool: PoolSettings): void {
    const { ttl_s, rest_s } = this.#terms({ now, pool }, CROWDED_S);
    const expires_at = Math.min(now + ttl_s * SECOND_MS, lease.leased_at + LIFE_MAX_MS);
    lease.last_seen_at = Math.max(lease.last_seen_at, now);
    lease.closed_at = null;
    lease.expires_at = Math.max(lease.expires_at, expires_at);
    lease.held_until = Math.max(lease.held_until, expires_at + rest_s * SECOND_MS);
  }

  #terms({ now, pool }: { now: Instant; pool: PoolSettings }, crowded_s: number) {
    const { lease_ttl_s, cooldown_s } = pool;
    if (!this.#quotas.isCrowded(now) || crowded_s === Number.POSITIVE_INFINITY)
      return { ttl_s: lease_ttl_s, rest_s: cooldown_s };
    return { ttl_s: Math.min(lease_ttl_s, crowded_s), rest_s: Math.min(cooldown_s, CROWDED_REST_S) };
  }

  #addData(lease: ModelLease, data: Record<string, string>): boolean {
    const before = JSON.stringify(lease.data);
    for (const [name, value] of Object.entries(data)) {
      if (Object.hasOwn(lease.data, name) || Object.keys(lease.data).length < 20) {
        lease.data = { ...lease.data, [name]: value };
      }
    }
    return JSON.stringify(lease.data) !== before;
  }

  #granted(lease: ModelLease, created: boolean): GrantedLease {
    const { number_key, leased_at, expires_at, site_id } = lease;
    const e164 = this.#numbers.find((number) => number.number_key === number_key)?.e164 ?? "";
    return { kind: "granted", created, number_key, e164, leased_at, expires_at, site_id };
  }
}

/** The moment by which an open page would have renewed. */
function halfOf(lease: ModelLease): Instant {
  return lease.last_seen_at + Math.floor((lease.expires_at - lease.last_seen_at) / 2);
}

/** Nobody renews it any more: a minute late, or over. */
function isGone(lease: ModelLease | undefined, now: Instant): boolean {
  return lease !== undefined && now >= Math.min(lease.expires_at, halfOf(lease) + 60 * SECOND_MS);
}
