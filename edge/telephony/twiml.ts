import { unreachable } from "../../shared/assert.ts";
import type {
  DialInstruction,
  GatherInstruction,
  Instruction,
  Prompt,
  Rendered,
  VoicemailInstruction,
  WhisperInstruction,
} from "./port.ts";
import { element, renderXml, type XmlElement } from "./xml.ts";

/** Twilio reads out at most 4,096 characters; a caller listens to far fewer. */
const SAY_LENGTH_MAX = 500;

/** A report that we could not store is sent again, also after a 5xx (connection overrides, read from the fragment). */
const RETRY = "#rc=3&rp=5xx,ct,rt";

/** An instruction as TwiML (twilio.com/docs/voice/twiml). */
export function renderTwiml(instruction: Instruction): Rendered {
  return {
    content_type: "text/xml; charset=utf-8",
    body: renderXml(element("Response", {}, ...verbs(instruction))),
  };
}

function verbs(instruction: Instruction): XmlElement[] {
  switch (instruction.action) {
    case "dial":
      return [...instruction.before.map(prompt), dial(instruction)];
    case "gather":
      return [...prompts(instruction.before), ...gather(instruction)];
    case "voicemail":
      return [...prompts(instruction.before), ...voicemail(instruction)];
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

function prompts(all: readonly Prompt[] | undefined): XmlElement[] {
  return (all ?? []).map(prompt);
}

function prompt(heard: Prompt): XmlElement {
  return "say" in heard ? say(heard.say) : element("Play", {}, heard.play);
}

function say(text: string): XmlElement {
  return element("Say", { language: "en-US" }, text.slice(0, SAY_LENGTH_MAX));
}

/**
 * `answerOnBridge` lets the caller hear the target's own ringing and leaves the call unanswered until somebody is
 * there. The leg reports at the dial's `action` and by its own status callback: either alone is enough.
 */
function dial(instruction: DialInstruction): XmlElement {
  const { phones, caller_id, timeout_s, max_duration_s, callbacks } = instruction;
  const attributes: Record<string, string> = {
    action: callbacks.dial_action,
    method: "POST",
    timeout: String(timeout_s),
    answerOnBridge: "true",
  };
  if (caller_id !== null) attributes.callerId = caller_id;
  if (max_duration_s !== null) attributes.timeLimit = String(max_duration_s);
  if (instruction.record) {
    attributes.record = "record-from-answer-dual";
    if (callbacks.recording !== null) {
      attributes.recordingStatusCallback = callbacks.recording + RETRY;
      attributes.recordingStatusCallbackMethod = "POST";
    }
  }
  const rung = phones.map(({ target, whispers }) => {
    const isSip = /^sips?:/i.test(target);
    const whispered: Record<string, string> =
      whispers && callbacks.whisper !== null ? { url: callbacks.whisper, method: "POST" } : {};
    return element(
      isSip ? "Sip" : "Number",
      {
        ...whispered,
        statusCallback: callbacks.leg_status + RETRY,
        statusCallbackMethod: "POST",
        statusCallbackEvent: "answered completed",
      },
      target,
    );
  });
  return element("Dial", attributes, ...rung);
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
function voicemail(instruction: VoicemailInstruction): XmlElement[] {
  const { max_duration_s, callbacks } = instruction;
  return [
    prompt(instruction.prompt),
    element("Record", {
      action: callbacks.done,
      method: "POST",
      maxLength: String(max_duration_s),
      playBeep: "true",
      recordingStatusCallback: callbacks.recording + RETRY,
      recordingStatusCallbackMethod: "POST",
    }),
    redirect(callbacks.done),
  ];
}

function whisper(instruction: Extract<WhisperInstruction, { action: "whisper" }>): XmlElement[] {
  const { accept_key, callback, timeout_s } = instruction;
  if (accept_key === null || callback === null) return [prompt(instruction.prompt)];
  return gather({
    action: "gather",
    prompt: instruction.prompt,
    digits_max: 1,
    finish_on_key: null,
    timeout_s,
    callback,
  });
}

function redirect(url: string): XmlElement {
  return element("Redirect", { method: "POST" }, url);
}
