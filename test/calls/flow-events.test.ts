import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CallEvent, CallEventBody } from "../../edge/calls/model/event.ts";
import { foldCall } from "../../edge/calls/model/fold.ts";
import { handOverOf } from "../../edge/calls/model/hand-over.ts";
import { law } from "../support/laws.ts";

/** What a menu, agents' keys and a qualifier leave in a call's events, folded in any order. */

const RING = Date.UTC(2026, 10, 21, 12);
const QUALIFIER = "+14155550611";
const BUYER = "+14155550612";
const event = (s: number, key: string, body: CallEventBody): CallEvent => ({
  event_key: key,
  received_at: RING + s * 1_000,
  provider_at: null,
  ...body,
});
const told = (s: number, action: "gather" | "dial" | "voicemail", more: object = {}): CallEvent =>
  event(s, `told/${s}`, {
    kind: "instructed",
    action,
    target: null,
    reason: "call_flow",
    blind: false,
    ...more,
  } as CallEventBody);
const pressed = (s: number, question: string, keys: string | null, is_answer = true): CallEvent =>
  event(s, `pressed/${s}`, { kind: "pressed", question, keys, is_answer, path: String(s) });
const leg = (s: number, leg_id: string, target: string, connected_s: number): CallEvent =>
  event(s, `leg/${leg_id}`, {
    kind: "leg",
    leg_id,
    target,
    role: "buyer",
    status: "completed",
    connected_s,
    final: true,
  });
const ended = (s: number): CallEvent =>
  event(s, "ended", { kind: "progress", status: "completed", duration_s: s });
const ring = event(0, "ring", { kind: "ringing", to: "+16285550101" });

const TRANSFERRED: CallEvent[] = [
  ring,
  told(0.1, "gather"),
  pressed(5, "reason", "7", false),
  pressed(9, "reason", "1"),
  told(9.1, "dial", { target: QUALIFIER, role: "qualifier", path: "7.1" }),
  leg(70, "CAq", QUALIFIER, 50),
  told(70.1, "dial", { target: BUYER, path: "7.1.q", round: 2 }),
  event(80, "screened", { kind: "screened", leg_id: "CAb", target: BUYER }),
  event(90, "accepted", { kind: "accepted", leg_id: "CAb", target: BUYER, is_accepted: true }),
  leg(200, "CAb", BUYER, 120),
  ended(200),
];

const isSameInAnyOrder = (events: readonly CallEvent[]) => {
  const whole = foldCall(events);
  fc.assert(
    fc.property(
      fc.shuffledSubarray([...events], { minLength: events.length }),
      fc.subarray([...events]),
      (shuffled, again) => {
        expect(foldCall([...shuffled, ...again])).toEqual(whole);
      },
    ),
    law(200),
  );
};

const picked = (s: number, leg_id: string, target: string): CallEvent =>
  event(s, `picked/${leg_id}`, {
    kind: "leg",
    leg_id,
    target,
    role: "buyer",
    status: "answered",
    connected_s: null,
    final: false,
  });
/** A buyer is rung beside the call, joined, and stays when the qualifier has left; the dial's end names no phone. */
const HANDED_OVER: CallEvent[] = [
  ring,
  told(0.1, "dial", { target: QUALIFIER, role: "qualifier" }),
  picked(8, "CAq", QUALIFIER),
  told(60, "dial", { target: BUYER, path: "q", round: 2, warm: true }),
  event(61, "called", { kind: "called", target: BUYER, ring_id: "CAb" }),
  picked(70, "CAb", BUYER),
  event(70, "screened", { kind: "screened", leg_id: "CAb", target: BUYER }),
  event(78, "open", { kind: "room", leg_id: "CAb", is_open: true }),
  event(79, "accepted", { kind: "accepted", leg_id: "CAb", target: BUYER, is_accepted: true }),
  { ...leg(79.5, "CAq", QUALIFIER, 71), event_key: "dial", target: null } as CallEvent,
  leg(110, "CAq", QUALIFIER, 102),
  leg(220, "CAb", BUYER, 150),
  ended(221),
];

describe("a buyer who was brought to a qualifier's call", () => {
  it("is the leg that money counts, from the moment all had met", () => {
    expect(foldCall(HANDED_OVER)).toMatchObject({
      target: BUYER,
      connected_s: 141,
      answered_at: RING + 79_000,
      leg_reported_at: RING + 220_000,
      legs: [
        { target: QUALIFIER, role: "qualifier", connected_s: 102 },
        { target: BUYER, role: "buyer", connected_s: 141 },
      ],
    });
  });

  it("is the same in any order, with any of it twice", () => isSameInAnyOrder(HANDED_OVER));
});

describe("a room", () => {
  const opened = HANDED_OVER.slice(0, HANDED_OVER.findIndex(({ event_key }) => event_key === "open") + 1);
  const came = event(78.4, "came", { kind: "room", leg_id: null, is_open: true, is_caller_in: true });
  const shut = event(78.5, "shut", { kind: "room", leg_id: "CAb", is_open: false });

  it("stays open for the buyer when the caller came in before it was shut", () => {
    expect(handOverOf([...opened, came, shut])).toMatchObject({
      is_room_open: true,
      is_caller_in: true,
      buyer: { told: { target: BUYER } },
    });
  });

  it("lets no caller in who comes when it is shut, whatever the clocks say", () => {
    for (const events of [
      [...opened, shut],
      [...opened, shut, came],
    ]) {
      expect(handOverOf(events)).toMatchObject({ is_room_open: false, is_caller_in: false, buyer: null });
    }
  });
});

describe("a call through a menu, a qualifier and a screened buyer", () => {
  it("tells what was pressed, who talked as what, and from when the buyer's time counts", () => {
    expect(foldCall(TRANSFERRED)).toMatchObject({
      pressed: { reason: "1" },
      target: BUYER,
      connected_s: 110,
      answered_at: RING + 90_000,
      leg_reported_at: RING + 200_000,
      disposition: "answered",
      legs: [
        { target: QUALIFIER, role: "qualifier", connected_s: 50 },
        { target: BUYER, role: "buyer", connected_s: 110 },
      ],
    });
  });

  it("is the same call in any order, with any of it twice", () => isSameInAnyOrder(TRANSFERRED));

  it("pays for no more than the buyer's part, whatever the provider's records count", () => {
    const confirmed = event(400, "confirmed", { kind: "confirmed", connected_s: 190 } as CallEventBody);
    expect(foldCall([...TRANSFERRED, confirmed]).connected_s).toBe(110);
  });
});

describe("a call that ends in its menu", () => {
  it("was abandoned: nothing waits for a leg", () => {
    const folded = foldCall([ring, told(0.1, "gather"), pressed(5, "reason", null, false), ended(8)]);
    expect(folded).toMatchObject({
      disposition: "abandoned",
      connected_s: 0,
      target: null,
      pressed: {},
      leg_reported_at: RING + 8_000,
    });
  });

  it("or with a message is voicemail", () => {
    const folded = foldCall([ring, told(0.1, "gather"), told(6, "voicemail"), ended(30)]);
    expect(folded).toMatchObject({ disposition: "voicemail", connected_s: 0 });
  });
});
