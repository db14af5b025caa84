import type { FlowPrompt } from "../../../shared/api/ivr.ts";
import { spoken } from "../../routing/model/ivr.ts";
import type { AskStep, ConnectStep, FlowStep } from "../../routing/model/ivr-step.ts";
import type { DialInstruction, Instruction, RecordBoth, WhisperInstruction } from "../../telephony/port.ts";

/**
 * A call flow's steps as instructions. Each address that is asked next says by itself all that is needed to go on
 * (which version, which answers), so that a request that comes while the database is silent, or twice, is answered
 * alike. Of a call that was sent on to another campaign they end with `campaign={id}`, too.
 *
 *   …/gather/{call}/ivr-{version}-{path}                            the caller pressed keys, or none
 *   …/gather/{call}/whisper-{number}-{version}-{recorded}{key}?of=  an agent's phone was picked up
 *   …/gather/{call}/accept-{recorded}{key}?of=                      the agent pressed a key
 *   …/gather/{call}/joined?of={provider's id of the call}           the agent was told, and is let through
 *   …/gather/{call}/warm-{number}-{version}-{recorded}{key}?of=     a buyer's phone was picked up, beside the call
 *   …/gather/{call}/enter-{recorded}{key}?of=                       that buyer pressed a key
 *   …/gather/{call}/room-{caller|agent}?of=                         a leg was taken out of its dial
 *   …/gather/{call}/left                                            the caller has left the room
 *   …/gather/{call}/done                                            a message was left
 */
export type FlowPlace = {
  /** `…/v1/telephony/{account}` at our public address. */
  hooks: string;
  call_id: string;
  /** The caller's call, as the provider names it. */
  provider_call_id: string;
  /** Of the call flow; 0 without one. */
  version: number;
  path: string;
  /** The campaign that the call was sent on to. */
  sent_to: string | null;
};

/** A step of the flow, read back from the address that was asked. */
export type FlowAsked =
  | { kind: "ivr"; version: number; path: string }
  | {
      kind: "whisper" | "warm";
      number: string;
      version: number;
      record: boolean;
      accept_key: string | null;
    }
  | { kind: "accept" | "enter"; record: boolean; accept_key: string }
  | { kind: "room"; side: "caller" | "agent" }
  | { kind: "left" }
  | { kind: "joined" }
  | { kind: "done" };

const IVR = /^ivr-(\d{1,9})-([0-9a-z.-]{0,1000})$/;
const WHISPER = /^(whisper|warm)-(\d{1,15})-(\d{1,9})-([rn])([0-9_])$/;
const ACCEPT = /^(accept|enter)-(r?)([0-9])$/;
const ROOM = /^room-(caller|agent)$/;

/** Null for an address that no instruction of ours names. */
export function readAsked(step: string): FlowAsked | null {
  const ivr = IVR.exec(step);
  if (ivr) return { kind: "ivr", version: Number(ivr[1]), path: ivr[2] ?? "" };
  const whisper = WHISPER.exec(step);
  if (whisper) {
    const key = whisper[5] ?? "_";
    return {
      kind: whisper[1] === "warm" ? "warm" : "whisper",
      number: `+${whisper[2]}`,
      version: Number(whisper[3]),
      record: whisper[4] === "r",
      accept_key: key === "_" ? null : key,
    };
  }
  const accept = ACCEPT.exec(step);
  if (accept) {
    const kind = accept[1] === "enter" ? "enter" : "accept";
    return { kind, record: accept[2] === "r", accept_key: accept[3] ?? "" };
  }
  const room = ROOM.exec(step);
  if (room) return { kind: "room", side: room[1] === "agent" ? "agent" : "caller" };
  return step === "done" || step === "left" || step === "joined" ? { kind: step } : null;
}

export function address({ hooks, call_id }: Pick<FlowPlace, "hooks" | "call_id">, step: string): string {
  return `${hooks}/gather/${call_id}/${step}`;
}

/** Where an agent's phone asks, which need not say for which call it was dialled. */
export type AgentPlace = Pick<FlowPlace, "hooks" | "call_id" | "provider_call_id">;

export function agentAddress(place: AgentPlace, step: string): string {
  return `${address(place, step)}${ofCall(place)}`;
}

/** Where a call has been sent, as a part of an address' query. */
export function campaignMark(sent_to: string | null): string[] {
  return sent_to === null ? [] : [`campaign=${sent_to}`];
}

/** The campaign that an address names. */
export function campaignIn(url: string): string | undefined {
  return /[?&]campaign=(cmp_[0-9A-Z]{26})(&|$)/.exec(url)?.[1];
}

function ofCall({ provider_call_id }: AgentPlace): string {
  return `?of=${encodeURIComponent(provider_call_id)}`;
}

/** Where a recording that begins with an agent's phone is reported, and where it is begun if not by our answer. */
export function recordBoth(place: AgentPlace): RecordBoth {
  return { callback: `${place.hooks}/recording${ofCall(place)}`, joined: agentAddress(place, "joined") };
}

/** A step that rings nobody: a question, a message to be left, the end. */
export function flowInstruction(step: Exclude<FlowStep, ConnectStep>, place: FlowPlace): Instruction {
  switch (step.kind) {
    case "ask":
      return ask(step, place);
    case "voicemail": {
      const { before, prompt, max_duration_s } = step;
      const callbacks = { recording: `${place.hooks}/recording`, done: address(place, "done") };
      return { action: "voicemail", before, prompt, max_duration_s, callbacks };
    }
    case "hang_up":
      return goodbye(step.before);
  }
}

function ask(step: AskStep, place: FlowPlace): Instruction {
  const { before, prompt, digits_max, finish_on_key, timeout_s } = step;
  const sent_to = campaignMark(place.sent_to).map((mark) => `?${mark}`);
  const callback = [address(place, `ivr-${place.version}-${place.path}`), ...sent_to].join("");
  return { action: "gather", before, prompt, digits_max, finish_on_key, timeout_s, callback };
}

function goodbye(heard: readonly FlowPrompt[]): Instruction {
  const last = heard.at(-1);
  if (!last) return { action: "hang_up" };
  return "say" in last
    ? { action: "message", before: heard.slice(0, -1), say: last.say }
    : { action: "message", before: heard, say: "Goodbye." };
}

/** What a dial takes from the flow: what is heard, recorded and shown. */
export type DialWords = Pick<DialInstruction, "before" | "record" | "max_duration_s" | "caller_id"> & {
  phone: { whispers: boolean; accept_key: string | null };
  callbacks: Pick<DialInstruction["callbacks"], "whisper">;
};

/**
 * @param number the tracking number that was called
 * @param caller the caller's number, null when it is hidden: a provider places no call from a hidden number, so the
 *   number that was called stands in for it
 */
export function dialWords(
  step: ConnectStep,
  place: FlowPlace,
  parties: { number: string; caller: string | null },
  is_warm: boolean,
): DialWords {
  const { before, record, whisper, accept_key, max_duration_s } = step;
  // Both are told before anything is recorded: the caller by `before`, the agent by the whisper.
  // A phone that is rung beside the call asks in any case: it has to be told where the caller is.
  const whispers = is_warm || record || whisper !== null || accept_key !== null;
  const key = accept_key ?? "_";
  const asked = `${is_warm ? "warm" : "whisper"}-${parties.number.replace(/\D/g, "")}-${place.version}-${record ? "r" : "n"}${key}`;
  return {
    before,
    record,
    max_duration_s,
    caller_id: shownNumber(step.caller_id, parties),
    phone: { whispers, accept_key },
    callbacks: {
      whisper: whispers ? [agentAddress(place, asked), ...campaignMark(place.sent_to)].join("&") : null,
    },
  };
}

function shownNumber(wanted: string, { number, caller }: { number: string; caller: string | null }) {
  if (wanted === "caller") return caller === null ? number : null;
  return wanted === "number" ? number : wanted;
}

const RECORDED: FlowPrompt = { say: "This call is recorded." };
const ACCEPT_TIMEOUT_S = 8;

/** What an agent hears alone: the flow's own words, that the call is recorded, and which key takes it. */
export function whisperInstruction(
  own: FlowPrompt | null,
  { record, accept_key }: { record: boolean; accept_key: string | null },
  place: AgentPlace,
): WhisperInstruction {
  const key = accept_key === null ? [] : [{ say: `Press ${spoken(accept_key)} to take the call.` }];
  const prompts: FlowPrompt[] = [...(own ? [own] : []), ...(record ? [RECORDED] : []), ...key];
  const prompt = prompts.at(-1);
  if (!prompt) return { action: "bridge" };
  return {
    action: "whisper",
    before: prompts.slice(0, -1),
    prompt,
    accept_key,
    timeout_s: ACCEPT_TIMEOUT_S,
    callback: accept_key === null ? null : agentAddress(place, `accept-${record ? "r" : ""}${accept_key}`),
    ...(record && { record: recordBoth(place) }),
  };
}
