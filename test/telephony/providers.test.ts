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
  it("tells that a phone rings", () => {
    expect(twilio.parseVoice(form(VOICE))).toEqual({
      ok: true,
      value: {
        provider_call_id: VOICE.CallSid,
        event_key: `${VOICE.CallSid}:voice`,
        parties: { from: "+14155550132", to: "+16285550101" },
        provider_at: null,
        stir: "A",
      },
    });
  });

  it("tells how the caller's call stands", () => {
    expect(twilio.parseStatus(form(ENDED))).toEqual({
      ok: true,
      value: {
        provider_call_id: VOICE.CallSid,
        parties: { from: "+14155550132", to: "+16285550101" },
        provider_at: Date.UTC(2026, 10, 21, 12, 1, 45),
        events: [
          {
            event_key: `${VOICE.CallSid}:status:completed:0`,
            reported: { kind: "progress", status: "completed", duration_s: 97 },
          },
        ],
      },
    });
  });

  it("tells of a leg by its parent, and never takes the leg's number for ours", () => {
    expect(twilio.parseStatus(form(LEG))).toEqual({
      ok: true,
      value: {
        provider_call_id: VOICE.CallSid,
        parties: null,
        provider_at: Date.UTC(2026, 10, 21, 12, 1, 44),
        events: [
          {
            event_key: `${VOICE.CallSid}:leg:${LEG.CallSid}:completed:1`,
            reported: {
              kind: "leg",
              leg_id: LEG.CallSid,
              target: "+14155550199",
              role: "buyer",
              status: "completed",
              connected_s: 95,
              final: true,
            },
          },
        ],
      },
    });
  });

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

  it("refuses what lacks a needed field, and never throws", () => {
    for (const fields of [{}, { CallSid: "CA1" }, { To: "+1" }, { CallSid: "a/b", To: "+16285550101" }]) {
      expect(twilio.parseVoice(form(fields)).ok).toBe(false);
    }
    expect(twilio.parseStatus(form({ ...ENDED, CallStatus: "exploded" })).ok).toBe(false);
    const any = fc.oneof(fc.string({ unit: "binary" }), fc.json());
    fc.assert(
      fc.property(any, fc.constantFrom("application/json", "text/plain"), (body, type) => {
        const request = { ...form({}), headers: new Headers({ "content-type": type }), body };
        for (const parse of [twilio.parseVoice, twilio.parseStatus, twilio.parseDial]) parse(request);
        for (const parse of [sandbox.parseVoice, sandbox.parseStatus]) parse(request);
      }),
      law(500),
    );
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
  });

  it("is signed by nobody", async () => {
    expect(await sandbox.verify(json({}), ["secret"], 0)).toBe(false);
  });
});
