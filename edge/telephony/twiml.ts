import { unreachable } from "../../shared/assert.ts";
import type {
  DialInstruction,
  GatherInstruction,
  Instruction,
  RecordBoth,
  Rendered,
  RoomInstruction,
  VoicemailInstruction,
  WhisperInstruction,
} from "./port.ts";
import { isSip, MESSAGE_SILENCE_S, PHONES_MAX, redirect, responseOf, speechBy } from "./verbs.ts";
import { element, type XmlElement } from "./xml.ts";

const { say, prompt, prompts } = speechBy("Say");

/** In what the documents of Twilio and of those who speak its language differ. Ranges are whole seconds. */
export type TwimlDialect = {
  /** Behind the address of a report: how often it is sent again when we could not store it. */
  retry_fragment: string;
  /** The caller hears the target's own ringing, and the call stays unanswered until somebody is there. */
  has_answer_on_bridge: boolean;
  /** An answer may begin a recording that goes on behind it: `<Start><Recording>`. */
  starts_recording: boolean;
  ring_s: readonly [least: number, most: number];
  talk_s: readonly [least: number, most: number];
};

/**
 * twilio.com/docs/voice/twiml, `Recording` of November 2025; connection overrides say that a report is sent again also
 * after a 5xx.
 */
export const TWIML: TwimlDialect = {
  retry_fragment: "#rc=5&rp=5xx,ct,rt",
  has_answer_on_bridge: true,
  starts_recording: true,
  ring_s: [5, 600],
  talk_s: [1, 14_400],
};

/** developers.telnyx.com/docs/voice/programmable-voice/texml-verbs (dial, recording): the caller hears a ring tone by default. */
export const TEXML: TwimlDialect = {
  retry_fragment: "",
  has_answer_on_bridge: false,
  starts_recording: true,
  ring_s: [5, 120],
  talk_s: [60, 14_400],
};

/** signalwire.com/docs/compatibility-api/cxml/reference/voice/dial; it has no `Recording`. */
export const CXML: TwimlDialect = {
  retry_fragment: "",
  has_answer_on_bridge: true,
  starts_recording: false,
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
      return whisper(instruction, dialect);
    case "room":
      return room(instruction, dialect);
    case "message":
      return [...prompts(instruction.before), say(instruction.say), element("Hangup", {})];
    case "reject":
      return [say(instruction.say), element("Hangup", {})];
    case "hang_up":
      return [element("Hangup", {})];
    // The end of a document: to an agent's phone it means that the caller is let through.
    case "bridge":
      return recorded(instruction.record, dialect);
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

/**
 * Each side on a channel of its own, from here on. Never by the dial's own `record`, which begins when the agent picks
 * up: before the agent was told.
 */
function recorded(record: RecordBoth | null | undefined, dialect: TwimlDialect): XmlElement[] {
  if (!record || !dialect.starts_recording) return [];
  const attributes = {
    channels: "dual",
    recordingStatusCallback: record.callback + dialect.retry_fragment,
    recordingStatusCallbackMethod: "POST",
  };
  return [element("Start", {}, element("Recording", attributes))];
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
      timeout: String(MESSAGE_SILENCE_S),
      playBeep: "true",
      recordingStatusCallback: callbacks.recording + dialect.retry_fragment,
      recordingStatusCallbackMethod: "POST",
    }),
    redirect(callbacks.done),
  ];
}

/** Nobody hears music or a beep: who comes in finds the others talking. */
function room(instruction: RoomInstruction, dialect: TwimlDialect): XmlElement[] {
  const { before, name, ends_it, left, record } = instruction;
  const inside = { beep: "false", endConferenceOnExit: String(ends_it), waitUrl: "" };
  const dialled = element(
    "Dial",
    left === null ? {} : { action: left, method: "POST" },
    element("Conference", inside, name),
  );
  return [...prompts(before), ...recorded(record, dialect), dialled];
}

/** Where recording cannot begin by the document, its end asks us once more, in the moment the caller is let through. */
function whisper(
  instruction: Extract<WhisperInstruction, { action: "whisper" }>,
  dialect: TwimlDialect,
): XmlElement[] {
  const { accept_key, callback, timeout_s, record } = instruction;
  if (accept_key === null || callback === null) {
    const asks = record && !dialect.starts_recording ? [redirect(record.joined)] : [];
    const heard = [...prompts(instruction.before), prompt(instruction.prompt)];
    return [...heard, ...recorded(record, dialect), ...asks];
  }
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
