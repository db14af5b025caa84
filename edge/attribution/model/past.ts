import type { Instant } from "../../../shared/instant.ts";

/** What earlier calls say of one candidate. */
export type LeasePast = {
  /** u: the probability that the lease has made its call already, and when that was. */
  used: number;
  used_at: Instant;
  /** The probability that the visitor's phone is known at all; 0 when the caller at hand is hidden. */
  known: number;
  /** The probability that the caller at hand is this visitor. */
  link: number;
  /** r′: the share of this lease in the caller's last call to this number. */
  redialled: number;
};

/** What earlier calls say at a ring, of each candidate that they say something of. JSON as it stands. */
export type Past = {
  /** By session id. */
  leases: Readonly<Record<string, LeasePast>>;
  /** The caller's last call to this number, and the probability that nobody's visit explained it. */
  redial: { at: Instant; none: number } | null;
};

export const NO_PAST: Past = { leases: {}, redial: null };

/** A lease's part in a call that is done with. */
export type Touch = { session_id: string; visitor: string; share: number };

/** A call that is done with, as later ones remember it. Test calls leave none. */
export type Step = {
  at: Instant;
  number_key: number;
  /** The caller's fingerprint; null for a hidden one. */
  caller: string | null;
  none: number;
  touches: readonly Touch[];
};

/** A smaller share of a call is not remembered. */
export const TOUCH_MIN = 1e-3;

/** A later call moves the moment at which a lease was used only from this share on: a trickle would keep it young for ever. */
const MOVES_USED_AT = 0.3;

/** A lease of the far tail is told apart from the others like it when it was used, or its visitor known, this surely. */
const MATTERS = 0.03;

export type Memory = {
  /** Steps in the order of (`started_at`, `provider_call_id`). */
  note(step: Step): void;
  recall(ring: {
    caller: string | null;
    number_key: number;
    candidates: Iterable<{ session_id: string; visitor: string }>;
  }): Past;
  /** Whether a lease has to be kept one by one because earlier calls say something of it that matters to this caller. */
  knows(lease: { session_id: string; visitor: string }, caller: string | null): boolean;
};

/**
 * The sequential part of the model: a lease is used up by the call it made, a caller who was once this visitor is so
 * again, and who called a number is likely to call it again. A fold over steps, so the order of notes decides.
 */
export function openMemory(): Memory {
  const used = new Map<string, { share: number; at: Instant }>();
  const known = new Map<string, number>();
  const links = new Map<string, Map<string, number>>();
  const last = new Map<string, Step>();
  const lastKey = (caller: string, number_key: number) => `${caller} ${number_key}`;

  return {
    note(step) {
      const { at, caller } = step;
      for (const { session_id, visitor, share } of step.touches) {
        const before = used.get(session_id);
        const moves = before === undefined || share >= MOVES_USED_AT;
        used.set(session_id, {
          share: Math.min(1, (before?.share ?? 0) + share),
          at: moves ? at : before.at,
        });
        if (caller === null) continue;
        const link = links.get(caller) ?? new Map<string, number>();
        links.set(caller, link);
        link.set(visitor, Math.max(link.get(visitor) ?? 0, share));
        known.set(visitor, Math.max(known.get(visitor) ?? 0, share));
      }
      if (caller !== null) last.set(lastKey(caller, step.number_key), step);
    },

    recall({ caller, number_key, candidates }) {
      const before = caller === null ? undefined : last.get(lastKey(caller, number_key));
      const shares = new Map(before?.touches.map(({ session_id, share }) => [session_id, share]));
      const link = caller === null ? undefined : links.get(caller);
      const leases: Record<string, LeasePast> = {};
      for (const { session_id, visitor } of candidates) {
        const use = used.get(session_id);
        const knownAt = caller === null ? 0 : (known.get(visitor) ?? 0);
        if (use === undefined && knownAt === 0) continue;
        leases[session_id] = {
          used: use?.share ?? 0,
          used_at: use?.at ?? 0,
          known: knownAt,
          link: link?.get(visitor) ?? 0,
          redialled: shares.get(session_id) ?? 0,
        };
      }
      return { leases, redial: before ? { at: before.at, none: before.none } : null };
    },

    knows({ session_id, visitor }, caller) {
      if (caller !== null && links.get(caller)?.has(visitor)) return true;
      return (used.get(session_id)?.share ?? 0) >= MATTERS || (known.get(visitor) ?? 0) >= MATTERS;
    },
  };
}
