import { unreachable } from "../../shared/assert.ts";
import type {
  DialInstruction,
  GatherInstruction,
  Instruction,
  Rendered,
  RoomInstruction,
  VoicemailInstruction,
} from "./port.ts";
import { isSip, MESSAGE_SILENCE_S, PHONES_MAX, redirect, responseOf, speechBy } from "./verbs.ts";
import { element, type XmlElement } from "./xml.ts";

const { say, prompt, prompts } = speechBy("Speak");

/** An agent who is asked for a key has so long; Plivo's default is two minutes, in which the caller hears ringing. */
const CONFIRM_TIMEOUT_S = 20;
/** A report that we could not store is sent again (plivo.com/docs/voice/concepts/callback-configurations). */
const RETRY = "#rc=5&rp=5xx,ct,rt";

/**
 * Marks the address that a leg reports to when a key is asked of the agent: Plivo asks for it itself, and only the
 * reports of the leg tell whether it was pressed. The query is signed.
 */
export const SCREENED = "screened";

/** Marks the address that a leg reports to when the call is to be recorded once that leg is joined with the caller. */
export const RECORDED = "recorded";

/** An instruction as Plivo XML (plivo.com/docs/voice/xml/overview). */
export function renderPlivoXml(instruction: Instruction): Rendered {
  return responseOf(elements(instruction));
}

function elements(instruction: Instruction): XmlElement[] {
  switch (instruction.action) {
    case "dial":
      return [...prompts(instruction.before), dial(instruction)];
    case "gather":
      return [...prompts(instruction.before), ...gather(instruction)];
    case "voicemail":
      return [...prompts(instruction.before), ...voicemail(instruction)];
    // Answers to a dial's `confirmSound`: only heard, since the dial itself waits for the key.
    case "whisper":
      return [...prompts(instruction.before), prompt(instruction.prompt)];
    case "room":
      return room(instruction);
    case "message":
      return [...prompts(instruction.before), say(instruction.say), element("Hangup", {})];
    case "reject":
      return [say(instruction.say), element("Hangup", {})];
    case "hang_up":
      return [element("Hangup", {})];
    case "bridge":
    case "end":
      return [];
    default:
      return unreachable(instruction);
  }
}

/**
 * The caller hears the target's own ringing (`dialMusic`). What an agent hears and presses is one for all phones of a
 * dial: that of the first who whispers. Recording is asked for later: a `<Record startOnDialAnswer>` before the dial
 * begins when the agent picks up, before the agent was told.
 */
function dial({
  phones,
  caller_id,
  timeout_s,
  max_duration_s,
  record,
  callbacks,
}: DialInstruction): XmlElement {
  const rung = phones.slice(0, PHONES_MAX);
  const whispering = callbacks.whisper === null ? undefined : rung.find(({ whispers }) => whispers);
  const key = whispering?.accept_key ?? null;
  const marks = [...(key === null ? [] : [`${SCREENED}=1`]), ...(record ? [`${RECORDED}=1`] : [])];
  const leg_status = callbacks.leg_status + (marks.length === 0 ? "" : `?${marks.join("&")}`);
  const attributes: Record<string, string> = {
    action: callbacks.dial_action,
    method: "POST",
    timeout: String(timeout_s),
    dialMusic: "real",
    callbackUrl: leg_status + RETRY,
    callbackMethod: "POST",
    ...(caller_id !== null && { callerId: digits(caller_id) }),
    ...(max_duration_s !== null && { timeLimit: String(max_duration_s) }),
    ...(whispering && callbacks.whisper !== null && { confirmSound: callbacks.whisper }),
    ...(key !== null && { confirmKey: key, confirmTimeout: String(CONFIRM_TIMEOUT_S) }),
  };
  return element("Dial", attributes, ...rung.map(({ target }) => phone(target)));
}

function room({ before, name, ends_it, left }: RoomInstruction): XmlElement[] {
  const attributes = {
    endConferenceOnExit: String(ends_it),
    ...(left !== null && { action: left, method: "POST" }),
  };
  return [...prompts(before), element("Conference", attributes, name)];
}

function phone(target: string): XmlElement {
  return isSip(target) ? element("User", {}, target) : element("Number", {}, digits(target));
}

/** A number as Plivo writes it: without the plus. */
function digits(e164: string): string {
  return e164.replace(/^\+/, "");
}

/** Without a key the document goes on behind the element: to the same address, without digits. */
function gather({ prompt: heard, digits_max, finish_on_key, timeout_s, callback }: GatherInstruction) {
  return [
    element(
      "GetDigits",
      {
        action: callback,
        method: "POST",
        numDigits: String(digits_max),
        timeout: String(timeout_s),
        digitTimeout: String(timeout_s),
        finishOnKey: finish_on_key ?? "none",
        retries: "1",
      },
      prompt(heard),
    ),
    redirect(callback),
  ];
}

/** A silent caller's document goes on behind the `Record`, too. */
function voicemail({ prompt: heard, max_duration_s, callbacks }: VoicemailInstruction): XmlElement[] {
  return [
    prompt(heard),
    element("Record", {
      action: callbacks.done,
      method: "POST",
      maxLength: String(max_duration_s),
      timeout: String(MESSAGE_SILENCE_S),
      playBeep: "true",
      callbackUrl: callbacks.recording + RETRY,
      callbackMethod: "POST",
    }),
    redirect(callbacks.done),
  ];
}
