import { DurableObject } from "cloudflare:workers";
import type { D1Database } from "@cloudflare/workers-types";
import { assert } from "../../../shared/assert.ts";
import { type Instant, SECOND_MS } from "../../../shared/instant.ts";
import { systemClock } from "../../platform/clock.ts";
import { type DatabaseEnv, openDatabases } from "../../platform/databases.ts";
import { secureBytes } from "../../platform/ids.ts";
import { errorFields, requestLog } from "../../platform/log.ts";
import type {
  CandidatesAnswer,
  CandidatesAsk,
  GrantedLease,
  LeaseAnswer,
  LeaseAsk,
  NoteAsk,
  NumberState,
  PoolPort,
  PoolSettings,
  RenewAsk,
} from "../pool-port.ts";
import { candidateAsOf } from "./as-of.ts";
import { grant, note, renew, type Save, stateOf } from "./desk.ts";
import { flushDirty } from "./flush.ts";
import { Guard } from "./guard.ts";
import type { Held } from "./held.ts";
import { Ledger } from "./ledger.ts";
import {
  CANDIDATES_MAX,
  FLUSH_AFTER_MS,
  FLUSH_ROWS,
  IDLE_FLUSH_AFTER_MS,
  LEASE_LIFE_MAX_MS,
  NUMBERS_DEADLINE_MS,
  NUMBERS_RETRY_MS,
  TABLE_GRACE_MS,
} from "./limits.ts";
import { type Memory, restore } from "./memory.ts";
import { assignNumbers, readAssigned } from "./numbers.ts";
import { type NewLease, storedTurn } from "./rows.ts";

/** What a Pool needs of the Worker's environment. */
export type PoolEnv = DatabaseEnv;

/** Leases made or changed in one turn, with the facts of new ones. */
type Changes = Map<Held, NewLease | null>;

/**
 * The object that owns a pool's numbers: one per pool, single-threaded, the only one who leases. The memory
 * decides (desk.ts), the ledger, the object's own SQLite, remembers, D1 gets a copy (flush.ts).
 *
 * Memory changes before the first await. All changes of one turn are one transaction, and no answer leaves before
 * it is committed. When that fails the memory is read again and the numbers concerned stay busy: the safe side.
 */
export class Pool extends DurableObject<PoolEnv> implements PoolPort {
  readonly #ledger: Ledger;
  readonly #guard = new Guard(new DataView(secureBytes(4).buffer).getUint32(0));
  readonly #log = requestLog("pool");
  #memory: Memory;
  #turn: { changes: Changes; saved: Promise<void> } | null = null;
  /** Until the latest commit is on disk; null when it is. */
  #writing: Promise<void> | null = null;
  /** Whether the latest commit was of one lease. */
  #was_alone = true;
  #flushing: Promise<number> | null = null;
  #flush_due_at: Instant = 0;
  #flush_failed = false;
  #reading: Promise<void> | null = null;
  #read_failed_at: Instant = Number.NEGATIVE_INFINITY;
  #alarm_is_set = false;

  constructor(ctx: DurableObjectState, env: PoolEnv) {
    super(ctx, env);
    this.#ledger = new Ledger(ctx.storage.sql);
    this.#memory = restore(this.#ledger);
    if (this.#memory.dirty.size > 0) ctx.waitUntil(this.#setAlarm());
  }

  async lease(ask: LeaseAsk): Promise<LeaseAnswer> {
    if (!this.#knows(ask.pool)) await this.#knowNumbers(ask.pool, ask.now);
    const answer = grant(this.#memory, this.#guard, ask, this.#saveAt(ask.now));
    await this.#turn?.saved;
    return answer;
  }

  /** `lease` as JSON: a text crosses to the object and back several times faster than an object of forty fields. */
  async leaseText(ask: string): Promise<string> {
    return JSON.stringify(await this.lease(JSON.parse(ask) as LeaseAsk));
  }

  async renew(ask: RenewAsk): Promise<GrantedLease | { kind: "gone" }> {
    await this.#knowNumbers(ask.pool, ask.now);
    const answer = renew(this.#memory, this.#guard, ask, this.#saveAt(ask.now));
    await this.#turn?.saved;
    return answer;
  }

  async note(ask: NoteAsk): Promise<{ kind: "noted" } | { kind: "gone" }> {
    await this.#knowNumbers(ask.pool, ask.now);
    const answer = note(this.#memory, ask, this.#saveAt(ask.now));
    await this.#turn?.saved;
    return answer;
  }

  async candidates(ask: CandidatesAsk): Promise<CandidatesAnswer> {
    await this.#turn?.saved;
    const over_from = ask.at - ask.pool.late_window_s * SECOND_MS;
    const from = over_from - LEASE_LIFE_MAX_MS;
    const rows = this.#ledger.ofNumber(ask.number_key, from, ask.at, CANDIDATES_MAX);
    const known = rows.map((row) => candidateAsOf(row, ask.at));
    const ever = this.#memory.pool?.objects_ever ?? 1;
    const { traffic } = this.#memory;
    const later = traffic.newest_at > ask.at ? this.#ledger.countAfter(ask.at) : 0;
    return {
      sessions: known.filter(({ expires_at }) => expires_at > over_from),
      renew_after_s: Math.floor(ask.pool.lease_ttl_s / 2),
      leases_per_s: traffic.perSecond(ask.at, later),
      numbers: this.#memory.heap.size,
      ...(ever > 1 && { objects_ever: ever }),
    };
  }

  async occupancy(ask: { now: Instant; pool: PoolSettings }): Promise<NumberState[]> {
    await this.#knowNumbers(ask.pool, ask.now);
    await this.#turn?.saved;
    const active = [...this.#memory.slots.values()].filter((slot) => slot.active);
    return active.sort((a, b) => a.number_key - b.number_key).map((slot) => stateOf(slot, ask.now));
  }

  async flush(ask: { now: Instant; pool: PoolSettings }): Promise<{ flushed: number }> {
    await this.#turn?.saved;
    // One that is under way may have begun before the newest rows were saved.
    if (this.#flushing) await this.#flushing.catch(() => 0);
    return { flushed: this.#memory.dirty.size === 0 ? 0 : await this.#flush(ask.now) };
  }

  /** The idle tail: what no later traffic has flushed. The only place where time is the machine's. */
  override async alarm(): Promise<void> {
    this.#alarm_is_set = false;
    if (this.#memory.dirty.size > 0) await this.#tryFlush(this.#memory.latest_at);
    if (this.#memory.dirty.size > 0) return this.#setAlarm();
    const { pool, latest_at } = this.#memory;
    if (pool) this.#ledger.dropBefore(latest_at - pool.late_window_s * SECOND_MS - TABLE_GRACE_MS);
  }

  /**
   * Puts a change into this turn's transaction. Who comes at once, or while an earlier one is being written, shares one;
   * who comes alone, as the one before did who is on disk by now, waits for nobody.
   */
  #saveAt(now: Instant): Save {
    return (lease, facts) => {
      if (!this.#turn) {
        const changes: Changes = new Map();
        const is_alone = this.#was_alone && this.#writing === null;
        const others = is_alone ? Promise.resolve() : (this.#writing ?? scheduler.wait(0));
        this.#turn = { changes, saved: others.then(() => this.#commit(changes, now)) };
      }
      const { changes } = this.#turn;
      changes.set(lease, facts ?? changes.get(lease) ?? null);
    };
  }

  /** One transaction for the turn. The platform's output gate holds every answer until it is on disk. */
  #commit(changes: Changes, now: Instant): void {
    this.#turn = null;
    this.#was_alone = changes.size === 1;
    const memory = this.#memory;
    const leases = storedTurn(changes, () => ++memory.seq);
    try {
      this.#ledger.save(leases, (write) => this.ctx.storage.transactionSync(write));
    } catch (error) {
      this.#forget(changes);
      throw error;
    }
    this.#noteWriting();
    if (memory.dirty.size === 0) this.#flush_due_at = now + FLUSH_AFTER_MS;
    memory.latest_at = Math.max(memory.latest_at, now);
    for (const { lease, state, facts } of leases) memory.markDirty(lease, state, facts);
    this.#scheduleFlush(now);
  }

  /** The next turn begins when this one is on disk. Should writing fail, the platform begins the object anew. */
  #noteWriting(): void {
    this.#writing = this.ctx.storage
      .sync()
      .catch(() => undefined)
      .finally(() => {
        this.#writing = null;
      });
  }

  /** Reads the memory again after a failed commit; what was promised stays busy, though nobody was told of it. */
  #forget(changes: Changes): void {
    this.#memory = restore(this.#ledger);
    for (const lease of changes.keys()) {
      const slot = this.#memory.slots.get(lease.number_key);
      if (!slot) continue;
      slot.free_from_at = Math.max(slot.free_from_at, lease.held_until);
      this.#memory.reorder(slot);
    }
  }

  /** Flushes when enough rows wait or the first has waited long enough; the alarm is for when traffic ends. */
  #scheduleFlush(now: Instant): void {
    if (!this.#alarm_is_set) this.ctx.waitUntil(this.#setAlarm());
    const areEnough = this.#memory.dirty.size >= FLUSH_ROWS && !this.#flush_failed;
    if (!this.#flushing && (areEnough || now >= this.#flush_due_at)) {
      this.ctx.waitUntil(this.#tryFlush(now));
    }
  }

  /** D1 may be away: rows stay dirty and go with the next flush, leasing goes on. */
  async #tryFlush(now: Instant): Promise<void> {
    try {
      await (this.#flushing ?? this.#flush(now));
    } catch (error) {
      this.#log.error("sessions not flushed", errorFields(error));
    }
  }

  #flush(now: Instant): Promise<number> {
    this.#flush_due_at = now + FLUSH_AFTER_MS;
    const flushing = this.#sendDirty().finally(() => {
      this.#flushing = null;
    });
    this.#flushing = flushing;
    return flushing;
  }

  /** Sends the dirty rows to D1 and then moves the watermark: a crash between the two sends them once more. */
  async #sendDirty(): Promise<number> {
    const { pool } = this.#memory;
    assert(pool, "a pool with sessions knows its settings");
    this.#flush_failed = true;
    const { flushed, refused } = await flushDirty(this.#databaseOf(pool), this.#ledger, this.#memory, pool);
    this.#flush_failed = refused > 0;
    if (refused > 0) this.#log.error("D1 refused sessions that overlap", { refused });
    const memory = this.#memory;
    this.#ledger.saveMeta({ watermark: memory.watermark(), pool, counts: memory.traffic.counts });
    return flushed;
  }

  async #setAlarm(): Promise<void> {
    this.#alarm_is_set = true;
    const { storage } = this.ctx;
    if ((await storage.getAlarm()) === null) await storage.setAlarm(systemClock.now() + IDLE_FLUSH_AFTER_MS);
  }

  /** True when the numbers in memory are those of these settings, which are kept. */
  #knows(pool: PoolSettings): boolean {
    const known = this.#memory.pool;
    if (!known || pool.assignment_version > known.assignment_version) return false;
    this.#memory.keepSettings(pool);
    return true;
  }

  /** The database of the pool's network. */
  #databaseOf(pool: PoolSettings): D1Database {
    const databases = openDatabases(this.env);
    assert(databases.ok, "the Worker looked at the same environment");
    return databases.value.of(pool.network_id).database;
  }

  /** Reads the pool's numbers from D1 if they have changed since; with D1 away those known serve on. */
  async #knowNumbers(pool: PoolSettings, now: Instant): Promise<void> {
    if (this.#knows(pool)) return;
    const known = this.#memory.pool;
    const sinceFailure_ms = now - this.#read_failed_at;
    if (known && sinceFailure_ms >= 0 && sinceFailure_ms < NUMBERS_RETRY_MS) return;
    this.#reading ??= this.#readNumbers(pool, now).finally(() => {
      this.#reading = null;
    });
    await this.#reading;
  }

  async #readNumbers(pool: PoolSettings, now: Instant): Promise<void> {
    try {
      const assigned = await readAssigned(this.#databaseOf(pool), pool, NUMBERS_DEADLINE_MS);
      this.ctx.storage.transactionSync(() => assignNumbers(this.#memory, this.#ledger, pool, assigned));
    } catch (error) {
      this.#read_failed_at = now;
      this.#log.error("numbers not read", errorFields(error));
      if (!this.#memory.pool) throw error;
    }
  }
}
