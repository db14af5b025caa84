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

/** A session that began, for quotas. */
type Begun = {
  hour: number;
  site: string;
  visitor: string;
  prefix: string | null;
  click: string | null;
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

  /** Who was refused in which hour. */
  readonly #refused = new Set<string>();
  readonly #begun: Begun[] = [];
  /** Every number given to who had none: when, and to which address. */
  readonly #shown: { at: Instant; address: string }[] = [];
  /** Visitors without a number, by hour and in steps of ten seconds. */
  readonly #came: { hour: number; prefix: string; step: number }[] = [];
  #hour = 0;
  #crowded_until: Instant = 0;

  constructor(numbers: readonly { number_key: number; e164: string }[]) {
    this.#numbers = [...numbers].sort((a, b) => a.number_key - b.number_key);
  }

  lease(ask: LeaseAsk): LeaseAnswer {
    const { now } = ask;
    const held = this.#held(ask) ?? this.#knownTo(ask);
    if (held && ask.touch_key !== "" && ask.touch_key !== held.touch_key && !this.#hasManySessions(ask)) {
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
    this.#arrive(ask);
    const free = this.#numbers
      .map(({ number_key }) => ({ number_key, idle_since: this.#newest(number_key)?.held_until ?? 0 }))
      .filter(({ idle_since }) => idle_since <= now)
      .sort((a, b) => a.idle_since - b.idle_since || a.number_key - b.number_key);
    const visitorsOfClick = this.#thisHour(({ click }) => click === ask.verified_click).map(
      ({ visitor }) => visitor,
    );
    const isProven =
      ask.verified_click !== null &&
      (visitorsOfClick.includes(ask.visitor_key) || new Set(visitorsOfClick).size < 3);
    const kept = Math.min(100, Math.floor(this.#numbers.length * (pool.reserved_share ?? 0)));
    const [longestIdle] = isProven || free.length > kept ? free : [];
    if (!longestIdle) return this.#refuse(ask, "pool_empty");
    if (this.#isOver(ask, isProven)) return this.#refuse(ask, "over_quota");
    this.#shown.push({ at: now, address: `${ask.prefix}/${ask.host}` });
    const at = Math.max(now, (this.#newest(longestIdle.number_key)?.leased_at ?? 0) + 1);
    return this.#begin(
      ask,
      longestIdle.number_key,
      at,
      at,
      isProven ? Number.POSITIVE_INFINITY : CROWDED_FIRST_S,
    );
  }

  #isOver(ask: LeaseAsk, isProven: boolean): boolean {
    const numbers = this.#numbers.length;
    const ofSite = this.#thisHour(({ site }) => site === ask.visit.site_id).length;
    if (ofSite >= Math.max(600, 60 * numbers) || this.#hasManySessions(ask)) return true;
    if (isProven || ask.prefix === null) return false;
    const ofAddress = this.#shown.filter(({ address }) => address === `${ask.prefix}/${ask.host}`);
    const third = ofAddress.at(-3);
    if (third && third.at > ask.now - HOUR_MS) return true;
    const ofPrefix = this.#thisHour(({ prefix }) => prefix === ask.prefix).length;
    return ofPrefix >= (ask.now < this.#crowded_until ? 3 : Math.max(8, Math.ceil(numbers / 2)));
  }

  #hasManySessions(ask: LeaseAsk): boolean {
    this.#hour = Math.max(this.#hour, Math.floor(ask.now / HOUR_MS));
    return this.#thisHour(({ visitor }) => visitor === ask.visitor_key).length >= 20;
  }

  #thisHour(which: (session: Begun) => boolean): Begun[] {
    return this.#begun.filter((session) => session.hour === this.#hour && which(session));
  }

  #arrive(ask: LeaseAsk): void {
    this.#hour = Math.max(this.#hour, Math.floor(ask.now / HOUR_MS));
    const { prefix } = ask;
    if (prefix === null || this.#refused.has(`${this.#hour} ${ask.visitor_key}`)) return;
    const cameBefore = this.#came.filter((came) => came.hour === this.#hour && came.prefix === prefix);
    if (cameBefore.length >= 3) return;
    const step = Math.floor(ask.now / (10 * SECOND_MS));
    this.#came.push({ hour: this.#hour, prefix, step });
    const hold_s = ask.pool.lease_ttl_s + ask.pool.cooldown_s;
    const numbers = this.#numbers.length;
    const since = (steps: number) => this.#came.filter((came) => came.step > step - steps).length;
    const isRush = since(360) >= 8 && since(12) >= Math.max(numbers / 4, (2 * numbers * 120) / hold_s);
    const isFull = since(360) >= Math.max(8, (numbers * 3600) / hold_s);
    if (!isRush && !isFull) return;
    this.#crowded_until = Math.max(this.#crowded_until, ask.now + 600 * SECOND_MS);
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
    this.#begun.length = 0;
    this.#shown.length = 0;
    this.#came.length = 0;
    this.#crowded_until = 0;
    const newest = this.leases.filter((lease) => this.#newest(lease.number_key) === lease);
    newest.sort((a, b) => a.leased_at - b.leased_at || a.number_key - b.number_key);
    for (const lease of newest) {
      lease.visitor_key = lease.visitor === null ? null : `${lease.site_id}/${lease.visitor}`;
      if (lease.visitor_key !== null) this.#known.set(lease.visitor_key, lease);
    }
  }

  #refuse({ visitor_key }: LeaseAsk, reason: "pool_empty" | "over_quota"): LeaseAnswer {
    const refusal = `${this.#hour} ${visitor_key}`;
    const wasRefused = this.#refused.has(refusal);
    this.#refused.add(refusal);
    return { kind: "blocked", reason, ...(wasRefused && { again: true as const }) };
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

  #begin(
    ask: LeaseAsk,
    number_key: number,
    at: Instant,
    holder_since_at: Instant,
    crowded_s: number,
  ): GrantedLease {
    const { visit, prefix } = ask;
    this.#begun.push({
      hour: this.#hour,
      site: visit.site_id,
      visitor: ask.visitor_key,
      prefix,
      click: ask.verified_click,
    });
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
    if (now >= this.#crowded_until || crowded_s === Number.POSITIVE_INFINITY)
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
