import fc from "fast-check";
import { Window } from "happy-dom";
import twilio from "twilio";
import { describe, expect, it } from "vitest";
import type { Instruction } from "../../edge/telephony/port.ts";
import { element, renderXml } from "../../edge/telephony/xml.ts";
import { law } from "../support/laws.ts";
import type { Signing } from "./fixtures/index.ts";
import { dial, gather, HOOKS, record, rich, voicemail, whisper } from "./instructions.ts";
import { SIGNERS } from "./signers.ts";
import { readXml, skeletonOf, textsOf } from "./xml-reader.ts";

const render = (name: Signing, instruction: Instruction) => {
  const { content_type, body } = SIGNERS[name].provider.render(instruction, "cal_1");
  expect(content_type).toBe("text/xml; charset=utf-8");
  return body;
};
const read = (name: Signing, instruction: Instruction) => readXml(render(name, instruction));
const NAMES = Object.keys(SIGNERS) as Signing[];
const RETRY = "#rc=5&amp;rp=5xx,ct,rt";

describe("a dial", () => {
  it.each([
    [
      "twilio",
      `<Dial action="${HOOKS}/dial/cal_1" method="POST" timeout="30" answerOnBridge="true">` +
        `<Number statusCallback="${HOOKS}/status${RETRY}" statusCallbackMethod="POST" ` +
        'statusCallbackEvent="answered completed">+14155550199</Number></Dial>',
    ],
    [
      "telnyx",
      `<Dial action="${HOOKS}/dial/cal_1" method="POST" timeout="30">` +
        `<Number statusCallback="${HOOKS}/status" statusCallbackMethod="POST" ` +
        'statusCallbackEvent="answered completed">+14155550199</Number></Dial>',
    ],
    [
      "signalwire",
      `<Dial action="${HOOKS}/dial/cal_1" method="POST" timeout="30" answerOnBridge="true">` +
        `<Number statusCallback="${HOOKS}/status" statusCallbackMethod="POST" ` +
        'statusCallbackEvent="answered completed">+14155550199</Number></Dial>',
    ],
    [
      "plivo",
      `<Dial action="${HOOKS}/dial/cal_1" method="POST" timeout="30" dialMusic="real" ` +
        `callbackUrl="${HOOKS}/status#rc=5&amp;rp=5xx,ct,rt" callbackMethod="POST">` +
        "<Number>14155550199</Number></Dial>",
    ],
  ] as const)("of %s asks both the dial and the leg to report", (name, expected) => {
    expect(render(name, dial)).toBe(`<?xml version="1.0" encoding="UTF-8"?><Response>${expected}</Response>`);
  });

  it.each(NAMES)("of %s tells the caller first, then rings all phones at once, SIP as SIP", (name) => {
    const { children } = read(name, rich);
    const tags = children.map(({ tag }) => tag);
    expect(tags).toEqual([name === "plivo" ? "Speak" : "Say", "Play", "Dial"]);
    const phones = children.at(-1)?.children.map(({ tag, text }) => [tag, text]);
    expect(phones).toEqual(
      name === "plivo"
        ? [
            ["Number", "14155550199"],
            ["User", "sip:desk@pbx.example"],
          ]
        : [
            ["Number", "+14155550199"],
            ["Sip", "sip:desk@pbx.example"],
          ],
    );
  });

  it.each(NAMES)("of %s begins no recording by itself: the agent's phone is told first", (name) => {
    for (const record of [false, true]) {
      const document = JSON.stringify(read(name, { ...rich, record }));
      expect(document).not.toMatch(/"[rR]ecord(ing)?"/);
      expect(document).not.toContain("/recording");
    }
    expect(read(name, rich).children.at(-1)?.attributes).toMatchObject({ timeLimit: "3600" });
  });

  it("whispers to the phone that is to hear it; Plivo waits for the key itself, and says so to the leg's hook", () => {
    for (const name of ["twilio", "telnyx", "signalwire"] as const) {
      const [first, second] = read(name, rich).children.at(-1)?.children ?? [];
      expect(first?.attributes.url).toBe(rich.callbacks.whisper);
      expect(second?.attributes.url).toBeUndefined();
    }
    expect(read("plivo", rich).children.at(-1)?.attributes).toMatchObject({
      callerId: "16285550101",
      confirmSound: rich.callbacks.whisper,
      confirmKey: "1",
      callbackUrl: `${HOOKS}/status?screened=1&recorded=1#rc=5&rp=5xx,ct,rt`,
    });
    const heard = { ...rich, phones: [{ target: "+14155550199", whispers: true, accept_key: null }] };
    const { attributes } = read("plivo", heard).children.at(-1)!;
    expect(attributes.confirmKey).toBeUndefined();
    expect(attributes.callbackUrl).not.toContain("screened");
  });

  it("keeps what a provider takes: Telnyx rings at most two minutes and talks at least one", () => {
    const { attributes } = read("telnyx", { ...dial, timeout_s: 300, max_duration_s: 10 }).children[0]!;
    expect(attributes).toMatchObject({ timeout: "120", timeLimit: "60" });
  });

  it("is in the words of Twilio's own builder, whose types know every one of them", () => {
    const response = new twilio.twiml.VoiceResponse();
    response.say({ language: "en-US" }, "This call is recorded.");
    response.play("https://calls.example.com/hello.mp3");
    const dialled = response.dial({
      action: rich.callbacks.dial_action,
      method: "POST",
      timeout: 30,
      answerOnBridge: true,
      callerId: "+16285550101",
      timeLimit: 3_600,
    });
    const reports = {
      statusCallback: `${HOOKS}/status#rc=5&rp=5xx,ct,rt`,
      statusCallbackMethod: "POST",
    } as const;
    const events = "answered completed";
    dialled.number(
      {
        url: `${HOOKS}/gather/cal_1/whisper`,
        method: "POST",
        ...reports,
        statusCallbackEvent: [events as "answered"],
      },
      "+14155550199",
    );
    dialled.sip({ ...reports, statusCallbackEvent: [events as "answered"] }, "sip:desk@pbx.example");
    expect(readXml(response.toString())).toEqual(read("twilio", rich));

    const joined = new twilio.twiml.VoiceResponse();
    const recording = { recordingStatusCallback: `${record.callback}#rc=5&rp=5xx,ct,rt` } as const;
    joined.start().recording({ channels: "dual", ...recording, recordingStatusCallbackMethod: "POST" });
    expect(readXml(joined.toString())).toEqual(read("twilio", { action: "bridge", record }));
  });
});

describe.each(NAMES)("what else %s is told", (name) => {
  const say = name === "plivo" ? "Speak" : "Say";

  it("says a message and hangs up, lets go, and has nothing to say when there is nothing to do", () => {
    for (const action of ["message", "reject"] as const) {
      const { children } = read(name, { action, say: "Not now." });
      expect(children.map(({ tag, text }) => [tag, text])).toEqual([
        [say, "Not now."],
        ["Hangup", ""],
      ]);
    }
    expect(read(name, { action: "hang_up" }).children.map(({ tag }) => tag)).toEqual(["Hangup"]);
    for (const action of ["bridge", "end"] as const) expect(read(name, { action }).children).toEqual([]);
  });

  it("asks for keys, and asks on without them: no caller is left in silence", () => {
    const [greeting, keys, on] = read(name, gather).children;
    expect([greeting?.tag, keys?.tag, on?.tag]).toEqual([
      say,
      name === "plivo" ? "GetDigits" : "Gather",
      "Redirect",
    ]);
    expect(keys?.attributes).toMatchObject({
      action: gather.callback,
      numDigits: "1",
      timeout: "6",
      finishOnKey: name === "plivo" ? "none" : "",
    });
    expect(keys?.children.map(({ tag, text }) => [tag, text])).toEqual([[say, "Press 1."]]);
    expect(on?.text).toBe(gather.callback);
  });

  it("takes a message, and goes on when the caller is silent", () => {
    const [prompt, record, on] = read(name, voicemail).children;
    expect([prompt?.tag, record?.tag, on?.tag]).toEqual([say, "Record", "Redirect"]);
    expect(record?.attributes).toMatchObject({
      action: voicemail.callbacks.done,
      maxLength: "120",
      timeout: "10",
    });
    expect(on?.text).toBe(voicemail.callbacks.done);
  });

  it("whispers to the agent alone, with a key or without", () => {
    const asked = read(name, whisper).children.map(({ tag }) => tag);
    expect(asked).toEqual(name === "plivo" ? ["Speak"] : ["Gather", "Redirect"]);
    const heard = read(name, { ...whisper, accept_key: null }).children;
    expect(heard.map(({ tag, text }) => [tag, text])).toEqual([[say, "A call about plumbing."]]);
  });

  it("begins a recording behind the last word that the agent hears alone, or lets us know that it is heard", () => {
    const behind = (instruction: Instruction) => read(name, instruction).children.at(-1);
    const heard = behind({ ...whisper, accept_key: null, record });
    const joined = behind({ action: "bridge", record });
    const bySelf = name === "twilio" || name === "telnyx";
    if (bySelf) {
      for (const start of [heard, joined]) {
        expect([start?.tag, start?.children[0]?.tag]).toEqual(["Start", "Recording"]);
        const { attributes } = start?.children[0] ?? {};
        expect(attributes?.recordingStatusCallback?.replace(/#.*/, "")).toBe(record.callback);
        expect(attributes).toMatchObject({ channels: "dual" });
      }
    } else {
      expect(joined).toBeUndefined();
      // Plivo tells by itself that both are joined.
      expect([heard?.tag, heard?.text]).toEqual(
        name === "plivo" ? [say, "A call about plumbing."] : ["Redirect", record.joined],
      );
    }
    // Who has to press a key is recorded from the key.
    expect(JSON.stringify(read(name, { ...whisper, record }))).not.toMatch(/[rR]ecording|joined/);
  });

  it("cannot be given a verb by a text, however hostile", () => {
    /** Every instruction, with this text wherever a keyword, a name or a number may come to stand. */
    const everywhere = (text: string): Instruction[] => [
      { ...rich, before: [{ say: text }, { play: text }], caller_id: text, phones: phones(text) },
      { ...gather, before: [{ say: text }], prompt: { say: text } },
      { ...voicemail, before: [{ play: text }], prompt: { say: text } },
      { ...whisper, prompt: { say: text } },
      { ...whisper, prompt: { play: text }, accept_key: null },
      { action: "message", say: text },
      { action: "reject", say: text },
    ];
    const phones = (text: string) => [
      { target: `+${text}`, whispers: true, accept_key: text },
      { target: `sip:${text}`, whispers: false },
    ];
    const skeletons = everywhere("x").map((instruction) => skeletonOf(read(name, instruction)));
    const hostile = fc.oneof(
      fc.constantFrom(
        "</Say><Dial>+19005550100</Dial><Say>",
        "</Speak><Dial><Number>19005550100</Number></Dial><Speak>",
        "]]><Redirect>https://evil.example</Redirect>",
        '" action="https://evil.example',
        '"><Dial>',
        "<!--",
        "&#60;Dial&#62;",
        "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>",
      ),
      fc.string({ unit: "binary", maxLength: 60 }),
    );
    fc.assert(
      fc.property(hostile, (text) => {
        // What XML cannot hold is dropped; the rest is said as it is.
        const said = text.replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, "");
        everywhere(text).forEach((instruction, i) => {
          const document = read(name, instruction);
          expect(skeletonOf(document)).toEqual(skeletons[i]);
          expect(textsOf(document)).toContain(said);
        });
      }),
      law(60),
    );
  });
});

describe("XML", () => {
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
