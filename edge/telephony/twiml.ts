import { unreachable } from "../../shared/assert.ts";
import type { Instruction, Rendered } from "./port.ts";
import { element, renderXml, type XmlElement } from "./xml.ts";

/** Twilio reads out at most 4,096 characters; a caller listens to far fewer. */
const SAY_LENGTH_MAX = 500;

/** A report that we could not store is sent again, also after a 5xx (connection overrides, read from the fragment). */
const RETRY = "#rc=3&rp=5xx,ct,rt";

/**
 * An instruction as TwiML (twilio.com/docs/voice/twiml). `answerOnBridge` lets the caller hear the target's own
 * ringing and leaves the call unanswered until somebody is there. The leg reports at the dial's `action` and by its
 * own status callback: either alone is enough.
 */
export function renderTwiml(instruction: Instruction): Rendered {
  return {
    content_type: "text/xml; charset=utf-8",
    body: renderXml(element("Response", {}, ...verbs(instruction))),
  };
}

function verbs(instruction: Instruction): XmlElement[] {
  switch (instruction.action) {
    case "dial":
      return [dial(instruction)];
    case "message":
    case "reject":
      return [
        element("Say", { language: "en-US" }, instruction.say.slice(0, SAY_LENGTH_MAX)),
        element("Hangup", {}),
      ];
    case "end":
      return [];
    default:
      return unreachable(instruction);
  }
}

function dial(instruction: Extract<Instruction, { action: "dial" }>): XmlElement {
  const { target, caller_id, timeout_s, callbacks } = instruction;
  const callerId: Record<string, string> = caller_id === null ? {} : { callerId: caller_id };
  const isSip = /^sips?:/i.test(target);
  return element(
    "Dial",
    {
      action: callbacks.dial_action,
      method: "POST",
      timeout: String(timeout_s),
      answerOnBridge: "true",
      ...callerId,
    },
    element(
      isSip ? "Sip" : "Number",
      {
        statusCallback: callbacks.leg_status + RETRY,
        statusCallbackMethod: "POST",
        statusCallbackEvent: "answered completed",
      },
      target,
    ),
  );
}
