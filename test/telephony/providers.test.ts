import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sandbox } from "../../edge/telephony/sandbox.ts";
import { twilio } from "../../edge/telephony/twilio.ts";
import { law } from "../support/laws.ts";

const form = (fields: Record<string, string>) => ({
  url: "https://calls.example.com/v1/telephony/tel_1/voice",
  headers: new Headers({ "content-type": "application/x-www-form-urlencoded; charset=UTF-8" }),
  body: new URLSearchParams(fields).toString(),
});
const json = (fields: unknown) => ({
  url: "https://calls.example.com/v1/telephony/tel_1/voice",
  headers: new Headers({ "content-type": "application/json" }),
  body: JSON.stringify(fields),
});

/** As recorded from Twilio, with the numbers changed. */
const VOICE = {
  AccountSid: "AC00000000000000000000000000000001",
  ApiVersion: "2010-04-01",
  CallSid: "CA00000000000000000000000000000001",
  CallStatus: "ringing",
  CallToken: "%7B%22parentCallInfoToken%22%3A%22x%22%7D",
  Called: "+16285550101",
  CalledCity: "",
  CalledCountry: "US",
  Caller: "+14155550132",
  Direction: "inbound",
  From: "+14155550132",
  FromCity: "SAN FRANCISCO",
  StirVerstat: "TN-Validation-Passed-A",
  To: "+16285550101",
};
const ENDED = {
  ...VOICE,
  CallStatus: "completed",
  CallDuration: "97",
  Duration: "2",
  CallbackSource: "call-progress-events",
  SequenceNumber: "0",
  Timestamp: "Sat, 21 Nov 2026 12:01:45 +0000",
};
const LEG = {
  AccountSid: VOICE.AccountSid,
  CallSid: "CA00000000000000000000000000000002",
  ParentCallSid: VOICE.CallSid,
  CallStatus: "completed",
  CallDuration: "95",
  Direction: "outbound-dial",
  From: "+14155550132",
  To: "+14155550199",
  SequenceNumber: "1",
  Timestamp: "Sat, 21 Nov 2026 12:01:44 +0000",
  CallbackSource: "call-progress-events",
};
const DIAL = {
  ...VOICE,
  CallStatus: "in-progress",
  DialCallSid: LEG.CallSid,
  DialCallStatus: "completed",
  DialCallDuration: "95",
  DialBridged: "true",
};

describe("Twilio", () => {
  it("tells a dial's end, connected or not", () => {
    const leg = (fields: Record<string, string>) => {
      const report = twilio.parseDial(form(fields));
      return report.ok ? report.value.events[0]?.reported : null;
    };
    expect(leg(DIAL)).toMatchObject({
      status: "completed",
      connected_s: 95,
      final: true,
      leg_id: LEG.CallSid,
    });
    expect(leg({ ...DIAL, DialCallStatus: "answered" })).toMatchObject({ status: "completed", final: true });
    for (const [word, status] of [
      ["no-answer", "no_answer"],
      ["busy", "busy"],
      ["failed", "failed"],
      ["canceled", "canceled"],
    ]) {
      const { DialCallDuration: _, ...rest } = DIAL;
      expect(leg({ ...rest, DialCallStatus: word! })).toMatchObject({ status, connected_s: 0, final: true });
    }
  });

  it("of an answered leg without a length does not make one up", () => {
    const { CallDuration: _, ...rest } = LEG;
    const report = twilio.parseStatus(form(rest));
    expect(report.ok && report.value.events[0]?.reported).toMatchObject({ final: true, connected_s: null });
    const absurd = twilio.parseStatus(form({ ...LEG, CallDuration: "9e99" }));
    expect(absurd.ok && absurd.value.events[0]?.reported).toMatchObject({ connected_s: null });
  });

  it("reads the same from JSON", () => {
    expect(twilio.parseStatus(json({ ...LEG, CallDuration: 95 }))).toEqual(twilio.parseStatus(form(LEG)));
  });

  it("has one key for one report, and another for another", () => {
    const key = (fields: Record<string, string>) => {
      const report = twilio.parseStatus(form(fields));
      return report.ok ? report.value.events[0]?.event_key : "";
    };
    expect(key(ENDED)).toBe(key({ ...ENDED, Timestamp: "Sat, 21 Nov 2026 12:09:00 +0000" }));
    expect(key(ENDED)).not.toBe(key({ ...ENDED, CallStatus: "busy" }));
    expect(key(ENDED)).not.toBe(key({ ...ENDED, SequenceNumber: "1" }));
    expect(key(LEG)).not.toBe(key({ ...LEG, CallSid: "CA3" }));
  });

  it("refuses a status that it does not know, and an id that could not be a key", () => {
    expect(twilio.parseStatus(form({ ...ENDED, CallStatus: "exploded" })).ok).toBe(false);
    expect(twilio.parseVoice(form({ ...VOICE, CallSid: "a/b" })).ok).toBe(false);
  });
});

describe("the sandbox", () => {
  const status = (fields: Record<string, unknown>) => {
    const report = sandbox.parseStatus(json({ call_id: "1", ...fields }));
    return report.ok ? report.value.events.map(({ reported }) => reported) : null;
  };

  it("answers in JSON what to do", () => {
    const dial = {
      action: "dial" as const,
      before: [{ say: "Hello." }],
      phones: [{ target: "+14155550199", whispers: false }],
      caller_id: null,
      timeout_s: 30,
      max_duration_s: null,
      record: false,
      callbacks: { dial_action: "x", leg_status: "y", whisper: null, recording: null },
    };
    expect(JSON.parse(sandbox.render(dial, "cal_1").body)).toEqual({
      ...dial,
      target: "+14155550199",
      id: "cal_1",
    });
    for (const action of ["message", "reject"] as const) {
      expect(JSON.parse(sandbox.render({ action, say: "Sorry." }, null).body)).toEqual({
        action: "reject",
        say: "Sorry.",
      });
    }
  });

  it("reports a leg when it says how long the target was connected", () => {
    expect(status({ status: "completed", duration_s: 120, connected_s: 112 })).toEqual([
      { kind: "progress", status: "completed", duration_s: 120 },
      {
        kind: "leg",
        leg_id: null,
        target: null,
        role: "buyer",
        status: "completed",
        connected_s: 112,
        final: true,
      },
    ]);
    expect(status({ status: "completed", connected_s: 0 })?.[1]).toMatchObject({ status: "no_answer" });
  });

  it("says nothing of the leg when it does not", () => {
    expect(status({ status: "completed", duration_s: 120 })).toHaveLength(1);
    expect(status({ status: "ringing" })).toHaveLength(1);
    expect(status({ status: "answered" })?.[1]).toMatchObject({ status: "answered", final: false });
  });

  it("knows that nobody was there", () => {
    for (const word of ["no_answer", "busy", "failed"]) {
      expect(status({ status: word })?.[1]).toMatchObject({ status: word, connected_s: 0, final: true });
    }
  });

  it("refuses what is no call and no status", () => {
    for (const body of [
      {},
      [],
      { call_id: "1", status: "gone" },
      { call_id: "1", status: "completed", connected_s: -1 },
    ]) {
      expect(sandbox.parseStatus(json(body)).ok).toBe(false);
    }
    expect(sandbox.parseVoice(json({ call_id: "1" })).ok).toBe(false);
    expect(sandbox.parseGather(json({ digits: "1" })).ok).toBe(false);
    expect(sandbox.parseRecording(json({ call_id: "1", recording_id: "2" })).ok).toBe(false);
  });

  it("tells the end of a dialled leg, so that failover can be tried", () => {
    const dial = (fields: Record<string, unknown>) =>
      sandbox.parseDial(json({ call_id: "1", target: "+14155550199", ...fields }));
    const leg = { kind: "leg", leg_id: "+14155550199", target: "+14155550199", final: true };
    expect(dial({ status: "no_answer" })).toMatchObject({
      value: {
        events: [{ reported: { ...leg, status: "no_answer", connected_s: 0 } }],
        caller_is_gone: false,
      },
    });
    expect(dial({ status: "completed", connected_s: 95, hung_up: true })).toMatchObject({
      value: {
        events: [{ reported: { ...leg, status: "completed", connected_s: 95 } }],
        caller_is_gone: true,
      },
    });
    for (const status of ["completed", "ringing", "gone"]) expect(dial({ status }).ok).toBe(false);
  });

  it("never throws, whatever it is sent", () => {
    const { parseVoice, parseStatus, parseDial, parseGather, parseRecording } = sandbox;
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: "binary", maxLength: 80 }), fc.json({ maxDepth: 2 })),
        (body) => {
          for (const parse of [parseVoice, parseStatus, parseDial, parseGather, parseRecording]) {
            parse({ ...json({}), body });
          }
        },
      ),
      law(200),
    );
  });

  it("tells keys of the caller, and whose phone asks what to whisper", () => {
    expect(sandbox.parseGather(json({ call_id: "1", digits: "12#", from: "+1415", to: "+1628" }))).toEqual({
      ok: true,
      value: {
        provider_call_id: "1",
        digits: "12#",
        parties: { from: "+1415", to: "+1628" },
        leg: null,
        provider_at: null,
      },
    });
    expect(sandbox.parseGather(json({ call_id: "1", target: "+1510" }))).toMatchObject({
      value: { digits: null, parties: null, leg: { leg_id: null, target: "+1510" } },
    });
    const recording = { call_id: "1", recording_id: "r", url: "https://x.example/r", duration_s: 7 };
    expect(sandbox.parseRecording(json(recording))).toMatchObject({ value: { duration_s: 7 } });
  });

  it("is signed by nobody", async () => {
    expect(await sandbox.verify(json({}), ["secret"], 0)).toBe(false);
  });
});
