import type { Held } from "./held.ts";
import type { LeaseFacts, LeaseState, SessionRow } from "./schema.ts";

/*
 * A lease and its row. A lease that ends because another begins on its number is stored with that one: the row of a
 * new lease says how the one before it ended, so that both are one row written, and never one without the other.
 */

/** What is stored once with a new lease and then forgotten by the memory; `before` is the lease that it ended. */
export type NewLease = Pick<LeaseFacts, "visitor" | "visit"> & { before: Held | null };

/**
 * A lease as its row says it; `facts` is null for one that was stored before. One that `is_carried` stands in the row
 * of the lease that ended it and has none to be written.
 */
export type StoredLease = { lease: Held; state: string; facts: string | null; is_carried: boolean };

/**
 * The leases of one turn with the texts of their rows, in the order of their `seq`, which they get here: `next_seq`
 * counts rows. A lease that is ended in the turn in which it is made or changed has a row to be written anyway.
 */
export function storedTurn(
  changes: ReadonlyMap<Held, NewLease | null>,
  next_seq: () => number,
): StoredLease[] {
  return Array.from(changes).flatMap(([lease, made]) => {
    const before = made?.before && !changes.has(made.before) ? made.before : null;
    if (before) before.seq = next_seq();
    lease.seq = next_seq();
    const own = {
      lease,
      state: stateOf(lease),
      facts: made && factsOf(lease, made, before),
      is_carried: false,
    };
    return before ? [{ lease: before, state: stateOf(before), facts: null, is_carried: true }, own] : [own];
  });
}

function factsOf(lease: Held, made: NewLease, before: Held | null): string {
  const { holder_since_at, ordinal, touch_key } = lease;
  const { visitor, visit } = made;
  const facts: LeaseFacts = { holder_since_at, ordinal, touch_key, visitor, visit };
  if (before) {
    const { seq, expires_at, held_until, closed_at } = before;
    facts.ended = { seq, expires_at, held_until, closed_at };
  }
  return JSON.stringify(facts);
}

function stateOf(lease: Held): string {
  const { expires_at, held_until, last_seen_at, closed_at, seen_at, left_at, tel_clicks, data } = lease;
  const state: LeaseState = {
    expires_at,
    held_until,
    last_seen_at,
    closed_at,
    seen_at,
    left_at,
    tel_clicks,
    data,
  };
  return JSON.stringify(state);
}

/** A row as it stands: ended, if the session that follows on its number says so. */
export function withEnd(row: SessionRow, next: SessionRow | null): SessionRow {
  const { ended } = next ? (JSON.parse(next.facts) as LeaseFacts) : {};
  if (!ended) return row;
  const { seq, ...end } = ended;
  const state: LeaseState = { ...(JSON.parse(row.state) as LeaseState), ...end };
  return { ...row, seq, state: JSON.stringify(state) };
}
