import { unreachable } from "../../shared/assert.ts";
import type {
  DialInstruction,
  GatherInstruction,
  Instruction,
  Rendered,
  VoicemailInstruction,
  WhisperInstruction,
} from "./port.ts";
import { isSip, PHONES_MAX, redirect, responseOf, speechBy } from "./verbs.ts";
import { element, type XmlElement } from "./xml.ts";

const { say, prompt, prompts } = speechBy("Say");

/** In what the documents of Twilio and of those who speak its language differ. Ranges are whole seconds. */
export type TwimlDialect = {
  /** Behind the address of a report: how often it is sent again when we could not store it. */
  retry_fragment: string;
  /** The caller hears the target's own ringing, and the call stays unanswered until somebody is there. */
  has_answer_on_bridge: boolean;
  ring_s: readonly [least: number, most: number];
  talk_s: readonly [least: number, most: number];
};

/** twilio.com/docs/voice/twiml; connection overrides say that a report is sent again also after a 5xx. */
export const TWIML: TwimlDialect = {
  retry_fragment: "#rc=5&rp=5xx,ct,rt",
  has_answer_on_bridge: true,
  ring_s: [5, 600],
  talk_s: [1, 14_400],
};

/** developers.telnyx.com/docs/voice/programmable-voice/texml-verbs/dial: the caller hears a ring tone by default. */
export const TEXML: TwimlDialect = {
  retry_fragment: "",
  has_answer_on_bridge: false,
  ring_s: [5, 120],
  talk_s: [60, 14_400],
};

/** signalwire.com/docs/compatibility-api/cxml/reference/voice/dial */
export const CXML: TwimlDialect = {
  retry_fragment: "",
  has_answer_on_bridge: true,
  ring_s: [5, 600],
  talk_s: [1, 14_400],
};

/** An instruction as a document of verbs. */
export function renderTwiml(instruction: Instruction, dialect: TwimlDialect): Rendered {
  return responseOf(verbs(instruction, dialect));
}

function verbs(instruction: Instruction, dialect: TwimlDialect): XmlElement[] {
  switch (instruction.action) {
    case "dial":
      return [...prompts(instruction.before), dial(instruction, dialect)];
    case "gather":
      return [...prompts(instruction.before), ...gather(instruction)];
    case "voicemail":
      return [...prompts(instruction.before), ...voicemail(instruction, dialect)];
    case "whisper":
      return whisper(instruction);
    case "message":
      return [...prompts(instruction.before), say(instruction.say), element("Hangup", {})];
    case "reject":
      return [say(instruction.say), element("Hangup", {})];
    case "hang_up":
      return [element("Hangup", {})];
    // A document without verbs: to an agent's phone it means that the caller is let through.
    case "bridge":
    case "end":
      return [];
    default:
      return unreachable(instruction);
  }
}

/** The leg reports at the dial's `action` and by its own status callback: either alone is enough. */
function dial(instruction: DialInstruction, dialect: TwimlDialect): XmlElement {
  const { phones, caller_id, timeout_s, max_duration_s, callbacks } = instruction;
  const attributes: Record<string, string> = {
    action: callbacks.dial_action,
    method: "POST",
    timeout: String(within(dialect.ring_s, timeout_s)),
    ...(dialect.has_answer_on_bridge && { answerOnBridge: "true" }),
    ...(caller_id !== null && { callerId: caller_id }),
    ...(max_duration_s !== null && { timeLimit: String(within(dialect.talk_s, max_duration_s)) }),
    ...(instruction.record && recording(callbacks.recording, dialect)),
  };
  const rung = phones.slice(0, PHONES_MAX).map(({ target, whispers }) =>
    element(
      isSip(target) ? "Sip" : "Number",
      {
        ...(whispers && callbacks.whisper !== null && { url: callbacks.whisper, method: "POST" }),
        statusCallback: callbacks.leg_status + dialect.retry_fragment,
        statusCallbackMethod: "POST",
        statusCallbackEvent: "answered completed",
      },
      target,
    ),
  );
  return element("Dial", attributes, ...rung);
}

function within([least, most]: readonly [number, number], value: number): number {
  return Math.min(Math.max(value, least), most);
}

/** Each side on a channel of its own, from the moment somebody answers. */
function recording(callback: string | null, dialect: TwimlDialect): Record<string, string> {
  const record = { record: "record-from-answer-dual" };
  if (callback === null) return record;
  return {
    ...record,
    recordingStatusCallback: callback + dialect.retry_fragment,
    recordingStatusCallbackMethod: "POST",
  };
}

/** Without a key the document goes on behind the `Gather`: to the same address, without digits. */
function gather(instruction: GatherInstruction): XmlElement[] {
  const { digits_max, finish_on_key, timeout_s, callback } = instruction;
  return [
    element(
      "Gather",
      {
        input: "dtmf",
        action: callback,
        method: "POST",
        numDigits: String(digits_max),
        // Empty: no key ends the entry.
        finishOnKey: finish_on_key ?? "",
        timeout: String(timeout_s),
      },
      prompt(instruction.prompt),
    ),
    redirect(callback),
  ];
}

/** A silent caller's document goes on behind the `Record`, too. */
function voicemail(instruction: VoicemailInstruction, dialect: TwimlDialect): XmlElement[] {
  const { max_duration_s, callbacks } = instruction;
  return [
    prompt(instruction.prompt),
    element("Record", {
      action: callbacks.done,
      method: "POST",
      maxLength: String(max_duration_s),
      playBeep: "true",
      recordingStatusCallback: callbacks.recording + dialect.retry_fragment,
      recordingStatusCallbackMethod: "POST",
    }),
    redirect(callbacks.done),
  ];
}

function whisper(instruction: Extract<WhisperInstruction, { action: "whisper" }>): XmlElement[] {
  const { accept_key, callback, timeout_s } = instruction;
  if (accept_key === null || callback === null)
    return [...prompts(instruction.before), prompt(instruction.prompt)];
  const asked = gather({
    action: "gather",
    prompt: instruction.prompt,
    digits_max: 1,
    finish_on_key: null,
    timeout_s,
    callback,
  });
  return [...prompts(instruction.before), ...asked];
}
