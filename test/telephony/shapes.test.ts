import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { foldCall } from "../../edge/calls/model/fold.ts";
import { law } from "../support/laws.ts";
import { endOf, lengthOf } from "./fixtures/story.ts";
import { cases, eventsOf, request, unwrapped } from "./told.ts";

/** One story, told by each provider in its own words, is one story. */

describe.each(cases)("$name", ({ name, provider, story, sent }) => {
  const { call_id, leg_id, from, to, target } = story;
  const stamped = name === "twilio" || name === "telnyx";
  const leg = { kind: "leg", leg_id, target, role: "buyer" } as const;

  it("tells that a phone rings, and how far the caller's number is vouched for", () => {
    const report = unwrapped(provider.parseVoice(request(sent.voice, "voice")));
    expect(report).toMatchObject({ provider_call_id: call_id, parties: { from, to }, provider_at: null });
    expect(report.stir).toBe(name === "signalwire" ? null : "A");
  });

  it("tells of a leg by its call, and never takes the leg's number for ours", () => {
    const answered = unwrapped(provider.parseStatus(request(sent.leg_answered)));
    expect(answered).toMatchObject({ provider_call_id: call_id, parties: null });
    expect(answered.events.map(({ reported }) => reported)).toEqual([
      { ...leg, status: "answered", connected_s: null, final: false },
    ]);
    const ended = unwrapped(provider.parseStatus(request(sent.leg_ended)));
    expect(ended).toMatchObject({ provider_call_id: call_id, parties: null });
    expect(ended.events.map(({ reported }) => reported)).toEqual([
      { ...leg, status: "completed", connected_s: 95, final: true },
    ]);
    // To the millisecond of the provider's own stamp, where it has one.
    if (stamped) expect(Math.floor((ended.provider_at ?? 0) / 1_000)).toBe(endOf(story) / 1_000);
    else expect(ended.provider_at).toBeNull();
  });

  it("tells of a dial that somebody took: its length where the provider says one, and none made up", () => {
    const report = unwrapped(provider.parseDial(request(sent.dial_ended, "dial/cal_1")));
    expect(report).toMatchObject({ provider_call_id: call_id, parties: { from, to } });
    const length = name === "plivo" ? { connected_s: null, final: false } : { connected_s: 95, final: true };
    expect(report.events[0]?.reported).toMatchObject({ leg_id, status: "completed", ...length });
  });

  it("tells of a dial that nobody took", () => {
    const report = unwrapped(provider.parseDial(request(sent.dial_unanswered, "dial/cal_1")));
    expect(report.events.map(({ reported }) => reported)).toEqual([
      {
        ...leg,
        leg_id: name === "plivo" ? null : leg_id,
        target: null,
        status: "no_answer",
        connected_s: 0,
        final: true,
      },
    ]);
  });

  it("tells the dials of one call apart, and whether the caller is still there", () => {
    const dial = (more: Record<string, string>, path = "dial/cal_1") =>
      unwrapped(provider.parseDial(request({ ...sent.dial_unanswered, ...more }, path)));
    const keyOf = ({ events }: ReturnType<typeof dial>) => events[0]?.event_key;
    const nameless = { DialCallSid: "", DialBLegUUID: "" };
    expect(keyOf(dial(nameless, "dial/cal_1?round=2"))).not.toBe(keyOf(dial(nameless)));
    // The leg is signed; the address is not, at every provider.
    const named = { DialCallSid: leg_id, DialBLegUUID: leg_id };
    expect(keyOf(dial(named, "dial/cal_1?round=2"))).toBe(keyOf(dial(named)));
    expect(keyOf(dial({ DialCallSid: "other", DialBLegUUID: "other" }))).not.toBe(keyOf(dial(named)));
    expect(dial({}).caller_is_gone).toBe(false);
    expect(dial({ CallStatus: "completed" }).caller_is_gone).toBe(true);
    expect(dial({ DialCallStatus: "canceled", DialStatus: "cancel" }).caller_is_gone).toBe(true);
  });

  it("tells the call's end and length", () => {
    const report = unwrapped(provider.parseStatus(request(sent.ended)));
    expect(report).toMatchObject({ provider_call_id: call_id, parties: { from, to } });
    expect(report.events.map(({ reported }) => reported)).toEqual([
      { kind: "progress", status: "completed", duration_s: lengthOf(story) },
    ]);
  });

  it("tells keys, of the caller or none, and whose phone asks what to whisper", () => {
    const gather = (parameters: Readonly<Record<string, string>>) =>
      unwrapped(provider.parseGather(request(parameters, "gather/cal_1/ivr-1")));
    expect(gather(sent.gathered)).toMatchObject({
      provider_call_id: call_id,
      digits: "1",
      parties: { from, to },
      leg: null,
    });
    const { Digits: _, ...silent } = sent.gathered;
    expect(gather(silent).digits).toBeNull();
    expect(gather({ ...silent, Digits: "<Dial>" }).digits).toBeNull();
    expect(gather(sent.whisper)).toMatchObject({
      provider_call_id: call_id,
      digits: null,
      parties: null,
      leg: { leg_id, target },
    });
    // Our own address says which call it is, should the phone that asks not say it.
    const { ParentCallSid: __, ParentCallSidLegacy: ___, DialALegUUID: ____, ...alone } = sent.whisper;
    const path = `gather/cal_1/whisper-1-0-n_?of=${encodeURIComponent(call_id)}`;
    expect(unwrapped(provider.parseGather(request(alone, path)))).toMatchObject({
      provider_call_id: call_id,
      parties: null,
      leg: { leg_id, target },
    });
  });

  it("tells where a recording is", () => {
    const report = unwrapped(provider.parseRecording(request(sent.recorded, "recording")));
    expect(report).toMatchObject({ provider_call_id: call_id, duration_s: 95 });
    expect(report.url).toMatch(/^https:/);
    expect(report.recording_id).not.toBe("");
    // An address that is signed itself is worth nothing cut short.
    const signed = `https://s3.amazonaws.com/recordings/1.mp3?X-Amz-Signature=${"a".repeat(900)}`;
    const long = request({ ...sent.recorded, RecordingUrl: signed, RecordUrl: signed }, "recording");
    expect(unwrapped(provider.parseRecording(long)).url).toBe(signed);
  });

  it("has one key for one report, whatever else comes with it, and another for another", () => {
    const keyOf = (parameters: Readonly<Record<string, string>>, headers: Record<string, string> = {}) => {
      const plain = request(parameters);
      return unwrapped(provider.parseStatus({ ...plain, headers: new Headers({ ...headers }) })).events[0]
        ?.event_key;
    };
    const reports = [sent.leg_answered, sent.leg_ended, sent.ended];
    for (const parameters of reports) {
      const later = { ...parameters, Timestamp: "Sat, 21 Nov 2026 12:09:00 +0000", AudioInMos: "1.0" };
      expect(keyOf(later, { "i-twilio-idempotency-token": "2" })).toBe(keyOf(parameters));
    }
    expect(new Set(reports.map((parameters) => keyOf(parameters))).size).toBe(reports.length);
  });

  it("refuses what lacks a needed field, and never throws", () => {
    const parsers = [
      provider.parseVoice,
      provider.parseStatus,
      provider.parseDial,
      provider.parseGather,
      provider.parseRecording,
    ];
    for (const parse of parsers) expect(parse(request({})).ok).toBe(false);
    const any = fc.oneof(
      fc.string({ unit: "binary", maxLength: 80 }),
      fc.constantFrom('{"CallSid":1}', "[]", "{", "null", '"x"'),
      fc
        .dictionary(fc.constantFrom(...Object.keys({ ...sent.voice, ...sent.leg_ended })), fc.string())
        .map((parameters) => new URLSearchParams(parameters).toString()),
    );
    fc.assert(
      fc.property(any, fc.constantFrom("application/json", "text/plain"), (body, type) => {
        const wild = { ...request({}), headers: new Headers({ "content-type": type }), body };
        for (const parse of parsers) parse(wild);
      }),
      law(200),
    );
  });

  it("folds to one call, whatever is delivered twice and in whatever order", () => {
    const events = eventsOf(provider, story, sent);
    const expected = foldCall(events);
    expect(expected).toMatchObject({
      status: "completed",
      disposition: "answered",
      started_at: story.started_at,
      duration_s: lengthOf(story),
      connected_s: 95,
      target,
      legs: [{ target, role: "buyer", status: "answered", connected_s: 95 }],
    });
    const again = events.map((event) => ({ ...event, received_at: event.received_at + 60_000 }));
    fc.assert(
      fc.property(
        fc.shuffledSubarray([...events, ...again], { minLength: events.length * 2 }),
        (shuffled) => {
          expect(foldCall(shuffled)).toEqual(expected);
        },
      ),
      law(200),
    );
  });
});
