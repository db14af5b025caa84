import { HOUR_MS, type Instant, SECOND_MS } from "../../../shared/instant.ts";
import type {
  GrantedLease,
  LeaseAnswer,
  LeaseAsk,
  LeaseRef,
  NoteAsk,
  PoolSettings,
  RenewAsk,
} from "../pool-port.ts";

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

/** What only depends on the ask: the rules of the contract in numbers of their own. */
const LIFE_MAX_MS = 4 * HOUR_MS;

/**
 * The rules of a pool in their simplest form: a list of leases, searched from end to end. The oracle that the Pool
 * object is compared with; it shares no code with it.
 */
export class PoolModel {
  readonly leases: ModelLease[] = [];
  readonly #numbers: readonly { number_key: number; e164: string }[];
  /** The lease each visitor is known by: the last one given to or shown by him. */
  readonly #known = new Map<string, ModelLease>();

  /** Who was refused in which hour. */
  readonly #refused = new Set<string>();

  constructor(numbers: readonly { number_key: number; e164: string }[]) {
    this.#numbers = [...numbers].sort((a, b) => a.number_key - b.number_key);
  }

  lease(ask: LeaseAsk): LeaseAnswer {
    const { now, pool } = ask;
    const held = this.#held(ask) ?? this.#knownTo(ask);
    if (held && ask.touch_key !== "" && ask.touch_key !== held.touch_key) {
      const at = Math.max(now, held.leased_at + 1);
      held.expires_at = Math.min(held.expires_at, at);
      held.held_until = at;
      held.closed_at ??= at;
      return this.#begin(ask, held.number_key, at, held.holder_since_at);
    }
    if (held) {
      const isHalfGone = now - held.last_seen_at >= (pool.lease_ttl_s * SECOND_MS) / 2;
      const isNew = this.#addData(held, ask.visit.data);
      if (isNew || isHalfGone || held.closed_at !== null) this.#extend(held, now, pool);
      return this.#granted(held, false);
    }
    const free = this.#numbers
      .map(({ number_key }) => ({ number_key, idle_since: this.#newest(number_key)?.held_until ?? 0 }))
      .filter(({ idle_since }) => idle_since <= now)
      .sort((a, b) => a.idle_since - b.idle_since || a.number_key - b.number_key)[0];
    if (!free) return this.#refuse(ask);
    const at = Math.max(now, (this.#newest(free.number_key)?.leased_at ?? 0) + 1);
    return this.#begin(ask, free.number_key, at, at);
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
    this.#refused.clear();
    const newest = this.leases.filter((lease) => this.#newest(lease.number_key) === lease);
    newest.sort((a, b) => a.leased_at - b.leased_at || a.number_key - b.number_key);
    for (const lease of newest) {
      lease.visitor_key = lease.visitor === null ? null : `${lease.site_id}/${lease.visitor}`;
      if (lease.visitor_key !== null) this.#known.set(lease.visitor_key, lease);
    }
  }

  #refuse({ visitor_key, now }: LeaseAsk): LeaseAnswer {
    const refusal = `${Math.floor(now / HOUR_MS)} ${visitor_key}`;
    const wasRefused = this.#refused.has(refusal);
    this.#refused.add(refusal);
    return { kind: "blocked", reason: "pool_empty", ...(wasRefused && { again: true as const }) };
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
    const lease = this.#known.get(ask.visitor_key);
    const isHis = lease?.visitor_key === ask.visitor_key && this.#newest(lease.number_key) === lease;
    return lease && isHis && ask.now < lease.expires_at ? lease : null;
  }

  #begin(ask: LeaseAsk, number_key: number, at: Instant, holder_since_at: Instant): GrantedLease {
    const { pool, visit } = ask;
    const expires_at = Math.min(at + pool.lease_ttl_s * SECOND_MS, at + LIFE_MAX_MS);
    const lease: ModelLease = {
      number_key,
      leased_at: at,
      holder_since_at,
      expires_at,
      held_until: expires_at + pool.cooldown_s * SECOND_MS,
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
    const expires_at = Math.min(now + pool.lease_ttl_s * SECOND_MS, lease.leased_at + LIFE_MAX_MS);
    lease.last_seen_at = Math.max(lease.last_seen_at, now);
    lease.closed_at = null;
    lease.expires_at = Math.max(lease.expires_at, expires_at);
    lease.held_until = Math.max(lease.held_until, expires_at + pool.cooldown_s * SECOND_MS);
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
