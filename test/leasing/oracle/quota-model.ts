import type { LeaseAsk } from "../../../edge/leasing/pool-port.ts";
import { HOUR_MS, type Instant, SECOND_MS } from "../../../shared/instant.ts";

/** A session that began, for quotas. */
type Begun = {
  hour: number;
  site: string;
  visitor: string;
  prefix: string | null;
  click: string | null;
};

/** Who may have a number at all, in its simplest form: lists of what happened, counted from end to end. */
export class QuotaModel {
  readonly #numbers: number;
  /** Who was refused in which hour. */
  readonly #refused = new Set<string>();
  readonly #begun: Begun[] = [];
  /** Every number given to who had none: when, and to which address. */
  readonly #shown: { at: Instant; address: string }[] = [];
  /** Visitors without a number, by hour and in steps of ten seconds. */
  readonly #came: { hour: number; prefix: string; step: number }[] = [];
  #hour = 0;
  #crowded_until: Instant = 0;

  constructor(numbers: number) {
    this.#numbers = numbers;
  }

  isProven({ verified_click, visitor_key }: LeaseAsk): boolean {
    const visitors = this.#thisHour(({ click }) => click === verified_click).map(({ visitor }) => visitor);
    return verified_click !== null && (visitors.includes(visitor_key) || new Set(visitors).size < 3);
  }

  isOver(ask: LeaseAsk, isProven: boolean): boolean {
    const ofSite = this.#thisHour(({ site }) => site === ask.visit.site_id).length;
    if (ofSite >= Math.max(600, 60 * this.#numbers) || this.hasManySessions(ask)) return true;
    if (isProven || ask.prefix === null) return false;
    const ofAddress = this.#shown.filter(({ address }) => address === `${ask.prefix}/${ask.host}`);
    const third = ofAddress.at(-3);
    if (third && third.at > ask.now - HOUR_MS) return true;
    const ofPrefix = this.#thisHour(({ prefix }) => prefix === ask.prefix).length;
    return ofPrefix >= (this.isCrowded(ask.now) ? 3 : Math.max(8, Math.ceil(this.#numbers / 2)));
  }

  hasManySessions(ask: LeaseAsk): boolean {
    this.#hour = Math.max(this.#hour, Math.floor(ask.now / HOUR_MS));
    return this.#thisHour(({ visitor }) => visitor === ask.visitor_key).length >= 20;
  }

  arrive(ask: LeaseAsk): void {
    this.#hour = Math.max(this.#hour, Math.floor(ask.now / HOUR_MS));
    const { prefix } = ask;
    if (prefix === null || this.#refused.has(`${this.#hour} ${ask.visitor_key}`)) return;
    const cameBefore = this.#came.filter((came) => came.hour === this.#hour && came.prefix === prefix);
    if (cameBefore.length >= 3) return;
    const step = Math.floor(ask.now / (10 * SECOND_MS));
    this.#came.push({ hour: this.#hour, prefix, step });
    const hold_s = ask.pool.lease_ttl_s + ask.pool.cooldown_s;
    const numbers = this.#numbers;
    const since = (steps: number) => this.#came.filter((came) => came.step > step - steps).length;
    const isRush = since(360) >= 8 && since(12) >= Math.max(numbers / 4, (2 * numbers * 120) / hold_s);
    const isFull = since(360) >= Math.max(8, (numbers * 3600) / hold_s);
    if (!isRush && !isFull) return;
    this.#crowded_until = Math.max(this.#crowded_until, ask.now + 600 * SECOND_MS);
  }

  show({ now, prefix, host }: LeaseAsk): void {
    this.#shown.push({ at: now, address: `${prefix}/${host}` });
  }

  begin({ visit, visitor_key, prefix, verified_click }: LeaseAsk): void {
    const of = { site: visit.site_id, visitor: visitor_key, prefix, click: verified_click };
    this.#begun.push({ hour: this.#hour, ...of });
  }

  /** True when the visitor was refused in this hour before. */
  refuse({ visitor_key }: LeaseAsk): boolean {
    const refusal = `${this.#hour} ${visitor_key}`;
    const wasRefused = this.#refused.has(refusal);
    this.#refused.add(refusal);
    return wasRefused;
  }

  isCrowded(now: Instant): boolean {
    return now < this.#crowded_until;
  }

  /** What is lost when the object is evicted or crashes. */
  forget(): void {
    this.#refused.clear();
    this.#begun.length = 0;
    this.#shown.length = 0;
    this.#came.length = 0;
    this.#crowded_until = 0;
  }

  #thisHour(which: (session: Begun) => boolean): Begun[] {
    return this.#begun.filter((session) => session.hour === this.#hour && which(session));
  }
}
