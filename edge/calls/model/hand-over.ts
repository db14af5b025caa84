import type { CallEvent } from "./event.ts";
import type { InstructedEvent } from "./naming.ts";

/** How far the handing on of a caller has come, from a qualifier to a buyer. */
export type HandOver = {
  /** The qualifier's leg, while it talks to the caller; null when nobody does who may hand the caller on. */
  qualifier: { leg_id: string } | null;
  /** The buyer who is rung or was joined beside the qualifier; null when none is, or not any more. */
  buyer: { told: InstructedEvent; ring_id: string | null } | null;
  /** Caller, qualifier and buyer are in one room, or on their way into it. */
  is_room_open: boolean;
  /** The caller was sent into it while it was open. */
  is_caller_in: boolean;
};

/**
 * What the call was told last that was not told beside it: a warm phone rings while the call goes on as it was told
 * before.
 */
export function lastPlainTold(events: readonly CallEvent[]): InstructedEvent | null {
  let last: (CallEvent & InstructedEvent) | null = null;
  for (const event of events) {
    if (event.kind !== "instructed" || event.warm) continue;
    if (!last || event.received_at >= last.received_at) last = event;
  }
  return last;
}

export function handOverOf(events: readonly CallEvent[]): HandOver {
  const plain = lastPlainTold(events);
  if (plain?.action !== "dial" || plain.role !== "qualifier") {
    return { qualifier: null, buyer: null, is_room_open: false, is_caller_in: false };
  }
  const since = events.filter(({ received_at }) => received_at >= plain.received_at);
  const buyer = buyerIn(since);
  const { is_open, is_caller_in } = roomIn(since);
  return {
    qualifier: qualifierIn(since, plain),
    buyer,
    is_room_open: buyer !== null && is_open,
    is_caller_in: buyer !== null && is_caller_in,
  };
}

/**
 * Of the caller's coming in and the door's being shut, the one that was stored first holds: who stores either reads here
 * whether it did.
 */
function roomIn(since: readonly CallEvent[]): { is_open: boolean; is_caller_in: boolean; is_shut: boolean } {
  let room = { is_open: false, is_caller_in: false, is_shut: false };
  for (const event of since) {
    if (event.kind !== "room" || room.is_caller_in) continue;
    if (event.is_caller_in) room = { ...room, is_caller_in: room.is_open };
    else room = { is_open: event.is_open, is_caller_in: false, is_shut: !event.is_open };
  }
  return room;
}

/** The leg that was picked up, with a key where one was asked for, and that has not ended. */
function qualifierIn(
  since: readonly CallEvent[],
  { phones, target }: InstructedEvent,
): HandOver["qualifier"] {
  const rung = phones?.map((phone) => phone.target) ?? [target];
  const legs = since.filter((event) => event.kind === "leg");
  const ended = new Set(legs.filter(({ final }) => final).map(({ leg_id }) => leg_id));
  const screened = since.filter((event) => event.kind === "screened").map(({ leg_id }) => leg_id);
  const taken = since
    .filter((event) => event.kind === "accepted")
    .filter(({ is_accepted }) => is_accepted)
    .map(({ leg_id }) => leg_id);
  const leg = legs.findLast(
    ({ leg_id, target, status }) =>
      status === "answered" &&
      target !== null &&
      rung.includes(target) &&
      !ended.has(leg_id) &&
      (!screened.includes(leg_id) || taken.includes(leg_id)),
  );
  return leg?.leg_id ? { leg_id: leg.leg_id } : null;
}

/** The warm phone that was rung last, unless it has ended or would not come. */
function buyerIn(since: readonly CallEvent[]): HandOver["buyer"] {
  const told = since.findLast((event) => event.kind === "instructed" && event.warm === true);
  if (told?.kind !== "instructed") return null;
  const own = since.filter((event) => event.received_at >= told.received_at);
  const isOver = own.some(
    (event) =>
      (event.kind === "leg" && event.final && event.target === told.target) ||
      (event.kind === "accepted" && !event.is_accepted && event.target === told.target),
  );
  if (isOver || roomIn(own).is_shut) return null;
  const called = own.findLast((event) => event.kind === "called");
  return { told, ring_id: called?.kind === "called" ? called.ring_id : null };
}
