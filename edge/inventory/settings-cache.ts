import type { Instant } from "../../shared/instant.ts";
import { type Clock, systemClock } from "../platform/clock.ts";
import { type Outcome, within } from "../platform/deadline.ts";

/** Settings are at most this old while D1 answers. */
const FRESH_MS = 5_000;
/** From this age on one request has them read again behind its answer, so that under traffic nobody waits for D1. */
const RENEW_FROM_MS = 4_000;
/** A page waits 1.5 s for its number: with an older copy at hand D1 gets less time, without one it is all there is. */
const DEADLINE_WITH_COPY_MS = 300;
const DEADLINE_MS = 1_000;
const ENTRIES_MAX = 10_000;

/** `asked_at` in two times: of the request and of the machine. They differ only where a request brings its own. */
type Entry<V> = { value: V; asked_at: Instant; asked_at_machine: Instant; is_renewed: boolean };

/** What asking for settings needs: the time, and where work goes that may end after the answer is sent. */
export type CacheSource = { clock: Clock; later(work: Promise<unknown>): void };

export type Cached<V> = { kind: "found"; value: V } | { kind: "absent" } | { kind: "unavailable" };

/**
 * What an isolate remembers of settings in D1: fresh for five seconds, and when D1 fails as good as ever. What is
 * absent is never remembered. Requests are not coalesced: promises must not be shared between them. Under traffic one
 * of them reads ahead for all, so that fifty at once are not fifty reads.
 */
export class SettingsCache<K, V> {
  readonly #entries = new Map<K, Entry<V>>();

  /** `read` is given the older copy, if there is one. */
  async get(
    source: CacheSource,
    key: K,
    read: (older: V | undefined) => Promise<V | null>,
  ): Promise<Cached<V>> {
    const entry = this.#entries.get(key);
    const now = source.clock.now();
    const age_ms = entry ? ageOf(entry, now) : Number.POSITIVE_INFINITY;
    if (entry && age_ms < FRESH_MS) {
      if (age_ms >= RENEW_FROM_MS && !entry.is_renewed) {
        entry.is_renewed = true;
        source.later(this.#read(key, now, DEADLINE_MS, entry, read));
      }
      return { kind: "found", value: entry.value };
    }
    const outcome = await this.#read(key, now, entry ? DEADLINE_WITH_COPY_MS : DEADLINE_MS, entry, read);
    if (outcome.kind === "done") {
      return outcome.value === null ? { kind: "absent" } : { kind: "found", value: outcome.value };
    }
    if (!entry) return { kind: "unavailable" };
    this.#remember(key, { ...entry, asked_at: now, asked_at_machine: systemClock.now(), is_renewed: false });
    return { kind: "found", value: entry.value };
  }

  /** Asks D1 and remembers what it says. */
  async #read(
    key: K,
    now: Instant,
    deadline_ms: number,
    older: Entry<V> | undefined,
    read: (older: V | undefined) => Promise<V | null>,
  ): Promise<Outcome<V | null>> {
    const asked_at_machine = systemClock.now();
    const outcome = await within(deadline_ms, read(older?.value));
    // Another request may have asked later and been answered sooner.
    if (outcome.kind !== "done" || this.#entries.get(key) !== older) return outcome;
    if (outcome.value === null) this.#entries.delete(key);
    else this.#remember(key, { value: outcome.value, asked_at: now, asked_at_machine, is_renewed: false });
    return outcome;
  }

  #remember(key: K, entry: Entry<V>): void {
    // Set anew, so that the first key is the one that was asked for longest ago.
    this.#entries.delete(key);
    const oldest = this.#entries.size < ENTRIES_MAX ? undefined : this.#entries.keys().next().value;
    if (oldest !== undefined) this.#entries.delete(oldest);
    this.#entries.set(key, entry);
  }
}

function ageOf(entry: Entry<unknown>, now: Instant): number {
  return Math.max(Math.abs(now - entry.asked_at), systemClock.now() - entry.asked_at_machine);
}
