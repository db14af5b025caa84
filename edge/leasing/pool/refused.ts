import { HOUR_MS, type Instant } from "../../../shared/instant.ts";

/** More visitors than this in one hour are not told apart any more. */
const VISITORS_MAX = 50_000;

/**
 * Who found no number in this hour, so that visitors are counted and not their page views. In memory only: after a
 * restart somebody may be counted twice.
 */
export class RefusedVisitors {
  #hour_at: Instant = 0;
  readonly #visitors = new Set<string>();

  /** Notes a refusal; true when this visitor had none in this hour yet. */
  isFirst(visitor_key: string, now: Instant): boolean {
    const hour_at = now - (now % HOUR_MS);
    if (hour_at !== this.#hour_at) {
      this.#hour_at = hour_at;
      this.#visitors.clear();
    }
    if (this.#visitors.has(visitor_key) || this.#visitors.size >= VISITORS_MAX) return false;
    this.#visitors.add(visitor_key);
    return true;
  }
}
