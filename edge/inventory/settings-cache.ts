import type { Instant } from "../../shared/instant.ts";
import { type Clock, systemClock } from "../platform/clock.ts";
import { within } from "../platform/deadline.ts";

/** Settings are at most this old while D1 answers. */
const FRESH_MS = 5_000;
/** A page waits 1.5 s for its number: with an older copy at hand D1 gets less time, without one it is all there is. */
const DEADLINE_WITH_COPY_MS = 300;
const DEADLINE_MS = 1_000;
const ENTRIES_MAX = 10_000;

/** `asked_at` in two times: of the request and of the machine. They differ only where a request brings its own. */
type Entry<V> = { value: V; asked_at: Instant; asked_at_machine: Instant };

export type Cached<V> = { kind: "found"; value: V } | { kind: "absent" } | { kind: "unavailable" };

/**
 * What an isolate remembers of settings in D1: fresh for five seconds, and when D1 fails as good as ever. What is
 * absent is never remembered. Requests are not coalesced: promises must not be shared between them.
 */
export class SettingsCache<K, V> {
  readonly #entries = new Map<K, Entry<V>>();

  /** `read` is given the older copy, if there is one. */
  async get(clock: Clock, key: K, read: (older: V | undefined) => Promise<V | null>): Promise<Cached<V>> {
    const entry = this.#entries.get(key);
    const now = clock.now();
    if (entry && isFresh(entry, now)) return { kind: "found", value: entry.value };

    const outcome = await within(entry ? DEADLINE_WITH_COPY_MS : DEADLINE_MS, read(entry?.value));
    if (outcome.kind === "done" && outcome.value === null) {
      this.#entries.delete(key);
      return { kind: "absent" };
    }
    const value = outcome.kind === "done" ? outcome.value : entry?.value;
    if (value === undefined || value === null) return { kind: "unavailable" };
    this.#remember(key, value, now);
    return { kind: "found", value };
  }

  #remember(key: K, value: V, now: Instant): void {
    // Set anew, so that the first key is the one that was asked for longest ago.
    this.#entries.delete(key);
    const oldest = this.#entries.size < ENTRIES_MAX ? undefined : this.#entries.keys().next().value;
    if (oldest !== undefined) this.#entries.delete(oldest);
    this.#entries.set(key, { value, asked_at: now, asked_at_machine: systemClock.now() });
  }
}

function isFresh(entry: Entry<unknown>, now: Instant): boolean {
  const age_ms = Math.max(Math.abs(now - entry.asked_at), systemClock.now() - entry.asked_at_machine);
  return age_ms < FRESH_MS;
}
