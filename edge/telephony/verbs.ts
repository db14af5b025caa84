import type { Prompt, Rendered } from "./port.ts";
import { element, renderXml, type XmlElement } from "./xml.ts";

/** What TwiML and Plivo XML have in common. */

/** All ring at once; more than ten no provider takes in one dial. */
export const PHONES_MAX = 10;

/** Who leaves a message and says nothing for so long has ended it. */
export const MESSAGE_SILENCE_S = 10;

/** Twilio reads out at most 4,096 characters; a caller listens to far fewer. */
const SAY_LENGTH_MAX = 500;

/** A whole answer: the elements, one after another. */
export function responseOf(elements: readonly XmlElement[]): Rendered {
  return {
    content_type: "text/xml; charset=utf-8",
    body: renderXml(element("Response", {}, ...elements)),
  };
}

/** What is heard, where this is the name of the element that reads a text out. */
export function speechBy(tag: "Say" | "Speak") {
  const say = (text: string): XmlElement =>
    element(tag, { language: "en-US" }, text.slice(0, SAY_LENGTH_MAX));
  const prompt = (heard: Prompt): XmlElement =>
    "say" in heard ? say(heard.say) : element("Play", {}, heard.play);
  const prompts = (all: readonly Prompt[] = []): XmlElement[] => all.map(prompt);
  return { say, prompt, prompts };
}

/** A `sip:` address, which is dialled by another element than a number. */
export function isSip(target: string): boolean {
  return /^sips?:/i.test(target);
}

export function redirect(url: string): XmlElement {
  return element("Redirect", { method: "POST" }, url);
}
