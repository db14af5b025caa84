import fc from "fast-check";
import { Window } from "happy-dom";
import { describe, expect, it } from "vitest";
import type { Instruction } from "../../edge/telephony/port.ts";
import { renderTwiml as render, TWIML } from "../../edge/telephony/twiml.ts";
import { element, renderXml } from "../../edge/telephony/xml.ts";
import { law } from "../support/laws.ts";

const renderTwiml = (instruction: Instruction) => render(instruction, TWIML);

const dial = {
  action: "dial",
  before: [],
  phones: [{ target: "+14155550199", whispers: false }],
  caller_id: null,
  timeout_s: 30,
  max_duration_s: null,
  record: false,
  callbacks: {
    dial_action: "https://calls.example.com/v1/telephony/tel_1/dial/cal_1",
    leg_status: "https://calls.example.com/v1/telephony/tel_1/status",
    whisper: null,
    recording: null,
  },
} satisfies Instruction;

/** A strict reader of what an XML parser would see: tags in order, and the text between them, unescaped. */
function read(xml: string): { tags: string[]; texts: string[]; attributes: Record<string, string> } {
  const tags: string[] = [];
  const texts: string[] = [];
  const attributes: Record<string, string> = {};
  const plain = (text: string) => {
    expect(text).not.toMatch(/&(?!(amp|lt|gt|quot|apos|#9|#10|#13);)/);
    return text
      .replaceAll("&#9;", "\t")
      .replaceAll("&#10;", "\n")
      .replaceAll("&#13;", "\r")
      .replaceAll("&lt;", "<")
      .replaceAll("&gt;", ">")
      .replaceAll("&quot;", '"')
      .replaceAll("&apos;", "'")
      .replaceAll("&amp;", "&");
  };
  const body = xml.replace('<?xml version="1.0" encoding="UTF-8"?>', "");
  for (const [, tag, text] of body.matchAll(/<([^>]*)>|([^<]+)/g)) {
    if (text !== undefined) texts.push(plain(text));
    if (tag === undefined) continue;
    tags.push(/^\/?[A-Za-z]+/.exec(tag)?.[0] ?? "");
    for (const [, name, value] of tag.matchAll(/([A-Za-z]+)="([^"]*)"/g)) attributes[name!] = plain(value!);
  }
  return { tags, texts, attributes };
}

describe("TwiML", () => {
  it("dials the target and asks both the dial and the leg to report", () => {
    const { body, content_type } = renderTwiml(dial);
    expect(content_type).toContain("text/xml");
    expect(body).toBe(
      '<?xml version="1.0" encoding="UTF-8"?><Response>' +
        '<Dial action="https://calls.example.com/v1/telephony/tel_1/dial/cal_1" method="POST" timeout="30" answerOnBridge="true">' +
        '<Number statusCallback="https://calls.example.com/v1/telephony/tel_1/status#rc=3&amp;rp=5xx,ct,rt" statusCallbackMethod="POST" ' +
        'statusCallbackEvent="answered completed">+14155550199</Number></Dial></Response>',
    );
  });

  it("shows the tracking number when the caller has none to show, and dials SIP as SIP", () => {
    expect(renderTwiml({ ...dial, caller_id: "+16285550101" }).body).toContain('callerId="+16285550101"');
    expect(
      read(renderTwiml({ ...dial, phones: [{ target: "sip:desk@pbx.example", whispers: false }] }).body).tags,
    ).toEqual(["Response", "Dial", "Sip", "/Sip", "/Dial", "/Response"]);
  });

  it("says a message and hangs up, and has nothing to say when there is nothing to do", () => {
    for (const action of ["message", "reject"] as const) {
      const { tags, texts } = read(renderTwiml({ action, say: "Not now." }).body);
      expect(tags).toEqual(["Response", "Say", "/Say", "Hangup", "/Response"]);
      expect(texts).toEqual(["Not now."]);
    }
    expect(renderTwiml({ action: "end" }).body).toMatch(/<Response\/>$/);
  });

  it("cannot be given a verb by a text, however hostile", () => {
    const hostile = fc.oneof(
      fc.constantFrom(
        "</Say><Dial>+19005550100</Dial><Say>",
        "]]><Redirect>https://evil.example</Redirect>",
        '"><Dial>',
        "<!--",
        "&#60;Dial&#62;",
        "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>",
      ),
      fc.string({ unit: "binary", maxLength: 60 }),
    );
    fc.assert(
      fc.property(hostile, (text) => {
        const { tags, texts } = read(renderTwiml({ action: "message", say: text }).body);
        expect(tags.filter((tag) => !tag.startsWith("/"))).toEqual(["Response", "Say", "Hangup"]);
        // What XML cannot hold is dropped; the rest is said as it is.
        expect(text.replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, "")).toBe(
          texts.join(""),
        );
        const target = read(
          renderTwiml({ ...dial, phones: [{ target: text, whispers: false }], caller_id: text }).body,
        );
        expect(target.tags).toHaveLength(6);
      }),
      law(500),
    );
  });

  it("is read back by an XML parser as it was meant", () => {
    const { DOMParser } = new Window();
    const text = `O'Neil & Sons <b>"now"</b>`;
    const document = new DOMParser().parseFromString(
      renderXml(element("Response", { a: text }, element("Say", {}, text))),
      "text/xml" as never,
    );
    expect(document.documentElement?.getAttribute("a")).toBe(text);
    expect(document.querySelector("Say")?.textContent).toBe(text);
  });

  it("takes names of elements from our code only", () => {
    expect(() => renderXml(element("Say><Dial", {}))).toThrow();
    expect(() => renderXml(element("Say", { 'x="1" y': "2" }))).toThrow();
  });
});
