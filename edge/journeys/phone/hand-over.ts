import type { CallEvent } from "../../calls/model/event.ts";
import { type HandOver, handOverOf } from "../../calls/model/hand-over.ts";
import { readHistory } from "../../calls/store.ts";
import { before, startDeadline, within } from "../../platform/deadline.ts";
import { errorFields } from "../../platform/log.ts";
import type { AccountPlan } from "../../routing/model/plan.ts";
import type { Services } from "../../services.ts";
import type { GatherReport, Instruction, Prompt, RoomInstruction } from "../../telephony/port.ts";
import { apiOfAccount } from "./account-api.ts";
import { type Asked, knownParties, lineOf, nameOf, ownWhisper, placeOf, stamped, store } from "./asked.ts";
import { answerCall } from "./connect.ts";
import {
  type AgentPlace,
  address,
  agentAddress,
  type FlowAsked,
  recordBoth,
  whisperInstruction,
} from "./flow.ts";
import { callIdOr, recordEvents } from "./record.ts";

/**
 * A buyer's phone that is rung beside a call, while a qualifier talks to the caller. Nothing of the call is touched
 * before the buyer is there: then caller and qualifier are taken out of their dial and all three meet in a room, which
 * the qualifier may leave. Whatever fails, the buyer is let go and the caller stays with the qualifier.
 */

/** Who has picked up waits; a provider does so for 15 s in all. */
const STORE_PATIENCE_MS = 1_500;
const PART_PATIENCE_MS = 8_000;
const NOT_JOINED: Instruction = { action: "message", say: "The buyer could not be joined. Goodbye." };
const GONE: Instruction = { action: "message", say: "The caller is not on the line any more. Goodbye." };

/** The buyer's phone was picked up: the whisper and the key as for any agent, then into the room. */
export async function buyerAnswered(
  services: Services,
  asked: Asked,
  to: Extract<FlowAsked, { kind: "warm" | "whisper" }>,
): Promise<Instruction> {
  const { report } = asked;
  const { provider_call_id } = report;
  const { leg_id = null, target = null } = report.leg ?? {};
  const key = (kind: string) => `${provider_call_id}:${kind}:${nameOf(report)}`;
  const answered = { role: "buyer", status: "answered", connected_s: null, final: false } as const;
  const events: CallEvent[] = [
    { ...stamped(services, report, key("picked_up")), kind: "leg", leg_id, target, ...answered },
    { ...stamped(services, report, key("screened")), kind: "screened", leg_id, target },
  ];
  if (to.record)
    events.push({ ...stamped(services, report, key("announced")), kind: "announced", leg_id, target });
  const own = await ownWhisper(services, asked, to);
  await store(services, asked, events);

  const place = placeOf(services, asked);
  const heard = whisperInstruction(own, to, place);
  if (heard.action === "bridge") return join(services, asked, { record: to.record, before: [] });
  const { before: first = [], prompt, timeout_s } = heard;
  if (to.accept_key === null) return join(services, asked, { record: to.record, before: [...first, prompt] });
  const callback = agentAddress(place, `enter-${to.record ? "r" : ""}${to.accept_key}`);
  return {
    action: "gather",
    before: first,
    prompt,
    digits_max: 1,
    finish_on_key: null,
    timeout_s,
    callback,
  };
}

/** The buyer pressed the key, or another, or none. */
export async function buyerEntered(
  services: Services,
  asked: Asked,
  { record, accept_key }: Extract<FlowAsked, { kind: "accept" | "enter" }>,
): Promise<Instruction> {
  if (asked.report.digits === accept_key) return join(services, asked, { record, before: [] });
  await store(services, asked, [acceptedEvent(services, asked, false)]);
  return { action: "hang_up" };
}

/** The room, as the caller or the qualifier comes into it: with the caller it ends, without the qualifier it goes on. */
export function roomFor(side: "caller" | "agent", place: AgentPlace): RoomInstruction {
  const isCaller = side === "caller";
  const left = isCaller ? address(place, "left") : null;
  return { action: "room", before: [], name: place.call_id, ends_it: isCaller, left, record: null };
}

/**
 * A leg was taken out of its dial, and asks where to. Should the buyer have been let go meanwhile, the caller is handed
 * on as if the qualifier had hung up, and the qualifier is let go: nobody waits in a room alone.
 */
export async function parted(
  services: Services,
  asked: Asked,
  { side }: Extract<FlowAsked, { kind: "room" }>,
): Promise<Instruction> {
  const room = roomFor(side, placeOf(services, asked));
  const parties = await knownParties(services, asked);
  const there = parties && (await lineOf(services, asked, parties));
  if (!there?.history) return room;
  const { is_room_open } = handOverOf(there.history.events);
  if (side === "agent") return is_room_open ? room : NOT_JOINED;
  if (is_room_open && (await cameIn(services, asked))) return room;
  const line = is_room_open ? ((await lineOf(services, asked, there.parties)) ?? there) : there;
  const event_key = `${asked.report.provider_call_id}:parted`;
  const { deadline } = asked;
  const moment = { kind: "qualified" } as const;
  const next = await answerCall(services, line, {
    event_key,
    events: [],
    candidates: null,
    moment,
    deadline,
  });
  return next.instruction.action === "end" ? { action: "hang_up" } : next.instruction;
}

/** That the caller is sent into the room, as an event beside the one of the request that asked where to. */
export function cameInEvent({ event_key: of, received_at, provider_at }: Stamps): CallEvent {
  const event_key = `${of}:room`;
  const in_room = { kind: "room", leg_id: null, is_open: true, is_caller_in: true } as const;
  return { event_key, received_at, provider_at, ...in_room };
}
type Stamps = Pick<CallEvent, "event_key" | "received_at" | "provider_at">;

/** Stores that the caller comes in; false when the room was shut before. What cannot be stored in time holds nobody up. */
async function cameIn(services: Services, asked: Asked): Promise<boolean> {
  const { report, deadline } = asked;
  const { provider_call_id } = report;
  const event = cameInEvent(stamped(services, report, `${provider_call_id}:caller`));
  const stored = await before(deadline, append(services, asked, event));
  if (stored.kind !== "done" || !stored.value.ok) return true;
  return handOverOf(stored.value.value.events).is_caller_in;
}

/** The caller has left the room, or it was closed: the call is over. */
export async function leftRoom(services: Services, asked: Asked): Promise<Instruction> {
  const event_key = `${asked.report.provider_call_id}:room:left`;
  const over = { kind: "progress", status: "completed", duration_s: null } as const;
  await store(services, asked, [{ ...stamped(services, asked.report, event_key), ...over }]);
  return { action: "hang_up" };
}

/** Stops a phone that is rung for a caller who is not to be handed on any more. Never throws; nobody waits for it. */
export async function stopRinging(services: Services, account: AccountPlan, ring_id: string): Promise<void> {
  try {
    const api = await apiOfAccount(services, account);
    const stopped = await api?.hand_over?.stop(ring_id);
    if (stopped && !stopped.ok)
      services.log.error("buyer not stopped", { ring_id, failure: stopped.error.kind });
  } catch (error) {
    services.log.error("buyer not stopped", { ring_id, ...errorFields(error) });
  }
}

async function join(
  services: Services,
  asked: Asked,
  entry: { record: boolean; before: readonly Prompt[] },
): Promise<Instruction> {
  if (!(await wasJoined(services, asked))) {
    const isJoined = (await bringTogether(services, asked)) || !(await shutRoom(services, asked));
    const deadline = startDeadline(STORE_PATIENCE_MS);
    const events = [acceptedEvent(services, asked, isJoined)];
    await store(services, { ...asked, deadline }, events).finally(() => deadline.cancel());
    if (!isJoined) return GONE;
  }
  const place = placeOf(services, asked);
  const { before: heard, record } = entry;
  return {
    action: "room",
    before: heard,
    name: place.call_id,
    ends_it: true,
    left: null,
    record: record ? recordBoth(place) : null,
  };
}

/**
 * Shuts the room for a buyer that could not be joined. False when the caller was sent into it before: caller and buyer
 * then meet there after all, whatever became of the qualifier.
 */
async function shutRoom(services: Services, asked: Asked): Promise<boolean> {
  const deadline = startDeadline(STORE_PATIENCE_MS);
  try {
    const { visitor, report } = asked;
    const { account_id, network_id } = visitor.account;
    await store(services, { ...asked, deadline }, [roomEvent(services, asked, false)]);
    const { db } = services.network(network_id);
    const read = await before(deadline, readHistory(db, account_id, report.provider_call_id));
    if (read.kind !== "done" || !read.value || read.value.row.ended_at !== null) return true;
    const { buyer, is_caller_in } = handOverOf(read.value.events);
    return !is_caller_in || !isThisBuyer(asked, buyer);
  } finally {
    deadline.cancel();
  }
}

/** True for the buyer that is waited for, not one that was rung before it. */
function isThisBuyer({ report }: Asked, buyer: HandOver["buyer"]): boolean {
  const target = report.leg?.target ?? null;
  return buyer !== null && (target === null || target === buyer.told.target);
}

/** True when the same request was answered before: nobody is moved again. */
async function wasJoined(services: Services, { visitor, report, deadline }: Asked): Promise<boolean> {
  const { account_id, network_id } = visitor.account;
  const { db } = services.network(network_id);
  const read = await before(deadline, readHistory(db, account_id, report.provider_call_id));
  if (read.kind !== "done") return false;
  const key = acceptedKey(report, true);
  return read.value?.events.some(({ event_key }) => event_key === key) ?? false;
}

/**
 * Takes caller and qualifier out of their dial. That the room is open is stored first: the caller's leg may ask what
 * comes next before the provider has answered. False when nobody is there to be joined, or it could not be done.
 */
async function bringTogether(services: Services, asked: Asked): Promise<boolean> {
  const { visitor, report } = asked;
  const { account } = visitor;
  const { provider_call_id } = report;
  const deadline = startDeadline(STORE_PATIENCE_MS);
  try {
    const qualifier = await before(deadline, openRoom(services, asked));
    if (qualifier.kind === "failed")
      services.log.error("buyer not joined", { provider_call_id, ...errorFields(qualifier.error) });
    if (qualifier.kind !== "done" || !qualifier.value) return false;
    const api = await apiOfAccount(services, account);
    if (!api?.hand_over) return false;
    const place = placeOf(services, asked);
    const parted = await within(
      PART_PATIENCE_MS,
      api.hand_over.part({
        provider_call_id,
        agent_leg_id: qualifier.value.leg_id,
        agent_url: agentAddress(place, "room-agent"),
        caller_url: agentAddress(place, "room-caller"),
      }),
    );
    if (parted.kind === "done" && parted.value.ok) return true;
    const failure = parted.kind === "done" && !parted.value.ok ? parted.value.error.kind : parted.kind;
    services.log.error("buyer not joined", { provider_call_id, failure });
    return false;
  } catch (error) {
    services.log.error("buyer not joined", { provider_call_id, ...errorFields(error) });
    return false;
  } finally {
    deadline.cancel();
  }
}

/** The qualifier's leg, with the room stored as open; null when this buyer is not waited for. */
async function openRoom(services: Services, asked: Asked): Promise<{ leg_id: string } | null> {
  const { visitor, report } = asked;
  const { account } = visitor;
  const { provider_call_id } = report;
  const { db } = services.network(account.network_id);
  const history = await readHistory(db, account.account_id, provider_call_id);
  if (!history || history.row.ended_at !== null) return null;
  const { qualifier, buyer } = handOverOf(history.events);
  if (!qualifier || !isThisBuyer(asked, buyer)) return null;
  const opened = await append(services, asked, roomEvent(services, asked, true));
  return opened.ok ? qualifier : null;
}

function append(services: Services, { visitor, report, call_id }: Asked, event: CallEvent) {
  const { account } = visitor;
  const { provider_call_id } = report;
  const id = callIdOr(services, call_id);
  const news = { account, provider_call_id, parties: null, events: [event], call_id: id, candidates: null };
  return recordEvents(services, news);
}

function roomEvent(services: Services, { report }: Asked, is_open: boolean): CallEvent {
  const event_key = `${report.provider_call_id}:room:${nameOf(report)}:${is_open ? "open" : "shut"}`;
  return {
    ...stamped(services, report, event_key),
    kind: "room",
    leg_id: report.leg?.leg_id ?? null,
    is_open,
  };
}

/** From here on the buyer's time counts; who was not joined was not connected. */
function acceptedEvent(services: Services, { report }: Asked, is_accepted: boolean): CallEvent {
  const { leg_id = null, target = null } = report.leg ?? {};
  const key = acceptedKey(report, is_accepted);
  return { ...stamped(services, report, key), kind: "accepted", leg_id, target, is_accepted };
}

function acceptedKey(report: GatherReport, is_accepted: boolean): string {
  return `${report.provider_call_id}:accepted:${nameOf(report)}:${is_accepted ? "yes" : "no"}`;
}
