import { describe, expect, it } from "vitest";
import { foldCall } from "../../edge/calls/model/fold.ts";
import type { Payloads } from "./fixtures/story.ts";
import { cases, eventsOf, request, unwrapped } from "./told.ts";

/** What becomes of a dialled leg, where the providers' words differ most. */

/** In each provider's words; the others do not look at them. */
const UNANSWERED_LEG = {
  CallStatus: "no-answer",
  CallDuration: "0",
  DialBLegDuration: "0",
  DialBLegHangupCause: "NO_ANSWER",
};

describe("plivo, where an agent must press a key", () => {
  const { provider, story, sent } = cases[3]!;
  const parse = (parameters: Readonly<Record<string, string>>) =>
    unwrapped(provider.parseStatus(request(parameters, "status?screened=1"))).events.map(
      ({ reported }) => reported,
    );
  const named = { leg_id: story.leg_id, target: story.target };

  it("tells that the agent was asked, and that the key was pressed", () => {
    expect(parse(sent.leg_answered)).toEqual([
      { kind: "leg", ...named, role: "buyer", status: "answered", connected_s: null, final: false },
      { kind: "screened", ...named },
    ]);
    expect(parse({ ...sent.leg_answered, DialAction: "connected", DialBLegStatus: "connected" })).toEqual([
      { kind: "accepted", ...named, is_accepted: true },
    ]);
  });
});

describe("telnyx", () => {
  it("tells of a key that was pressed as of a status, which is no reason to refuse it", () => {
    const { provider, sent } = cases[1]!;
    const pressed = { ...sent.leg_answered, CallStatus: "dtmf", Digit: "5", SequenceNumber: "9" };
    expect(unwrapped(provider.parseStatus(request(pressed))).events[0]?.reported).toMatchObject({
      status: "answered",
      final: false,
    });
  });
});

describe("how a leg ended that nobody took", () => {
  it.each(cases)("is told once, by $name's leg and by its dial", ({ provider, story, sent }) => {
    const unanswered: Payloads = {
      ...sent,
      leg_answered: sent.voice,
      leg_ended: { ...sent.leg_ended, ...UNANSWERED_LEG },
      dial_ended: sent.dial_unanswered,
    };
    expect(foldCall(eventsOf(provider, story, unanswered))).toMatchObject({
      disposition: "no_answer",
      answered_at: null,
      connected_s: 0,
      legs: [{ target: story.target, role: "buyer", status: "no_answer", connected_s: 0 }],
    });
  });

  it.each([
    ["NO_ANSWER", "no_answer"],
    ["USER_BUSY", "busy"],
    ["CALL_REJECTED", "busy"],
    ["ORIGINATOR_CANCEL", "canceled"],
    ["LOSE_RACE", "canceled"],
    ["UNALLOCATED_NUMBER", "failed"],
  ])("plivo's %s is %s, connected for 0 s", (cause, status) => {
    const { provider, sent } = cases[3]!;
    const parameters = { ...sent.leg_ended, DialBLegDuration: "0", DialBLegHangupCause: cause };
    const [event] = unwrapped(provider.parseStatus(request(parameters))).events;
    expect(event?.reported).toMatchObject({ status, connected_s: 0, final: true });
  });

  it("is no answer when the agent picked up and was never joined with the caller", () => {
    const { provider, story, sent } = cases[0]!;
    const dial_ended = { ...sent.dial_ended, DialBridged: "false" };
    const [event] = unwrapped(provider.parseDial(request(dial_ended, "dial/cal_1"))).events;
    expect(event?.reported).toMatchObject({ status: "no_answer", connected_s: 0, final: true });
    // The leg itself tells of the time in which its agent heard the whisper.
    const call = foldCall(eventsOf(provider, story, { ...sent, dial_ended }));
    expect(call).toMatchObject({
      disposition: "no_answer",
      answered_at: null,
      connected_s: 0,
      legs: [{ target: story.target, status: "no_answer", connected_s: 0 }],
    });
    expect(call.leg_reported_at).not.toBeNull();
  });
});
