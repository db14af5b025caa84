import type { Instant } from "../../../shared/instant.ts";
import type { CallEvent } from "../../calls/model/event.ts";
import { rungIn } from "../../calls/model/naming.ts";
import type { ReadCall, ReadLeg } from "../../telephony/rest/port.ts";

/**
 * What a provider's record of a call adds to what is known of it, as events with keys of their own: reading the same
 * record again adds nothing. A record that is not final says no more than that the call has begun, and that only of one
 * that nobody told us of. What was reported alike is passed over.
 */
export function eventsOfRecord(
  record: ReadCall,
  known: readonly CallEvent[],
  received_at: Instant,
): CallEvent[] {
  const { provider_call_id: id, legs } = record;
  const at = (provider_at: Instant | null) => ({ received_at, provider_at });
  const events: CallEvent[] = [];
  if (known.length === 0) {
    const begun = { kind: "progress", status: "ringing", duration_s: null } as const;
    events.push({ event_key: `${id}:read:start`, ...at(record.started_at), ...begun });
  }
  if (record.ended_at === null) return events;
  if (!isEndKnown(known, record)) {
    const ended = { kind: "progress", status: record.status, duration_s: record.duration_s } as const;
    events.push({ event_key: `${id}:read:end`, ...at(record.ended_at), ...ended });
  }
  if (legs === null || legs.some((leg) => leg.connected_s === null)) return events;
  for (const leg of legs) {
    if (isLegKnown(known, leg)) continue;
    const { leg_id, target, status, connected_s, ended_at } = leg;
    const told = { kind: "leg", leg_id, target, role: "buyer", status, connected_s, final: true } as const;
    events.push({ event_key: `${id}:read:leg:${leg_id}`, ...at(ended_at), ...told });
  }
  for (const target of neverRung(known, legs)) {
    const gone = { kind: "leg", leg_id: null, target, role: "buyer", status: "canceled" } as const;
    const event_key = `${id}:read:unrung:${target}`;
    events.push({ event_key, ...at(record.ended_at), ...gone, connected_s: 0, final: true });
  }
  const connected_s = Math.max(0, ...legs.map((leg) => leg.connected_s ?? 0));
  events.push({
    event_key: `${id}:confirmed`,
    ...at(record.ended_at),
    kind: "confirmed",
    connected_s,
    started_at: record.started_at,
  });
  return events;
}

/** An end that is only our own guess or our own answer is none: it has no stamp and no length of the provider's. */
function isEndKnown(known: readonly CallEvent[], { status, duration_s }: ReadCall): boolean {
  return known.some(
    (event) => event.kind === "progress" && event.status === status && event.duration_s === duration_s,
  );
}

function isLegKnown(known: readonly CallEvent[], { leg_id, connected_s }: ReadLeg): boolean {
  return known.some(
    (event) =>
      event.kind === "leg" && event.final && event.leg_id === leg_id && event.connected_s === connected_s,
  );
}

/**
 * Phones we had told to ring last that the provider never rang: the caller was gone before. None where a leg may be
 * theirs under another name.
 */
export function neverRung(known: readonly CallEvent[], legs: readonly ReadLeg[]): string[] {
  const rounds = known
    .filter((event) => event.kind === "instructed")
    .filter(({ action }) => action === "dial")
    .sort((a, b) => a.received_at - b.received_at);
  const last = rounds.at(-1);
  if (!last) return [];
  const told = new Set(rounds.flatMap(rungIn));
  const since = known.filter((event) => event.kind === "leg" && event.received_at >= last.received_at);
  const reported = since.flatMap((event) => (event.kind === "leg" ? nameIn(legs, event) : []));
  const rung = [...legs.map(({ target }) => target), ...reported];
  if (!rung.every((target) => told.has(target))) return [];
  return rungIn(last).flatMap((target) => (target === null || rung.includes(target) ? [] : target));
}

/** Whom a report is about, by the record's word where it does not say itself. */
function nameIn(
  legs: readonly ReadLeg[],
  { leg_id, target }: { leg_id: string | null; target: string | null },
) {
  return [target ?? legs.find((leg) => leg.leg_id === leg_id)?.target ?? null];
}
