import type { Signal } from "../../shared/api/calls.ts";
import type { SignalInput } from "../../shared/api/signals.ts";
import type { Viewer } from "../accounts/viewer.ts";
import { markForReview } from "../calls/due.ts";
import type { Change, Ground } from "../platform/change.ts";
import type { Services } from "../services.ts";
import { addSignals, type SignalRow, sameSignal } from "../signals/store.ts";
import { settleCall } from "./settle.ts";

/**
 * An outcome is reported of a call. The same one again (name, value and moment) is answered as it was stored, so
 * that a report may be repeated. What follows for money `settleSignal` finds out after the write.
 */
export async function noteSignal(
  { db, ids, now }: Ground,
  viewer: Viewer,
  call_id: string,
  input: SignalInput,
): Promise<Change<Signal>> {
  const { name, value, revenue_micros = null, occurred_at = now } = input;
  const known = await sameSignal(db, { call_id, name, value, occurred_at });
  const row: SignalRow = known ?? {
    id: ids.next("signal"),
    network_id: viewer.network_id,
    call_id,
    name,
    value,
    revenue_micros,
    occurred_at,
    reported_at: now,
    actor: viewer.actor_id,
  };
  return {
    result: signalView(row),
    subject_id: call_id,
    statements: known ? [] : [addSignals(db, [row]), markForReview(db, call_id, now)],
    detail: { signal_id: row.id, name, value, revenue_micros, occurred_at },
  };
}

/** Judges the call again with everything reported of it so far; once more changes nothing. Throws what D1 throws. */
export async function settleSignal(
  services: Services,
  viewer: Viewer,
  call_id: string,
  name: string,
): Promise<void> {
  await settleCall(services, { network_id: viewer.network_id, call_id, reason: `“${name}” was reported` });
}

export function signalView({ id, name, value, revenue_micros, occurred_at }: SignalRow): Signal {
  return { id, name, value, revenue_micros, occurred_at };
}
