import { describe, expect, it } from "vitest";
import type { CallEvent } from "../../edge/calls/model/event.ts";
import { foldCall } from "../../edge/calls/model/fold.ts";
import { event, RING, TARGET } from "./events.ts";

const ring = event(0, { kind: "ringing", to: "+16285550101" });
const dialled = event(0, {
  kind: "instructed",
  action: "dial",
  target: TARGET,
  reason: "destination",
  blind: false,
});
const legAnswered = event(
  9,
  {
    kind: "leg",
    leg_id: "CAleg",
    target: TARGET,
    role: "buyer",
    status: "answered",
    connected_s: null,
    final: false,
  },
  8,
);
const legEnded = event(
  105,
  {
    kind: "leg",
    leg_id: "CAleg",
    target: TARGET,
    role: "buyer",
    status: "completed",
    connected_s: 95,
    final: true,
  },
  104,
);
const dialEnded = event(104, {
  kind: "leg",
  leg_id: "CAleg",
  target: null,
  role: "buyer",
  status: "completed",
  connected_s: 95,
  final: true,
});
const callEnded = event(106, { kind: "progress", status: "completed", duration_s: 97 }, 105);

describe("a call", () => {
  it("that was answered has every time by the contract's words", () => {
    expect(foldCall([ring, dialled, legAnswered, legEnded, dialEnded, callEnded])).toEqual({
      status: "completed",
      disposition: "answered",
      started_at: RING,
      answered_at: RING + 8_000,
      ended_at: RING + 105_000,
      duration_s: 97,
      connected_s: 95,
      leg_reported_at: RING + 104_000,
      target: TARGET,
      legs: [{ target: TARGET, role: "buyer", status: "answered", connected_s: 95 }],
      pressed: {},
      has_voice_hook: true,
      confirmed_at: null,
    });
  });

  it("starts when the voice hook was received, whatever the provider's clock says", () => {
    const early = { ...ring, provider_at: RING - 600_000 };
    expect(foldCall([early, callEnded]).started_at).toBe(RING);
    expect(foldCall([early, { ...callEnded, provider_at: RING - 500_000 }]).started_at).toBe(RING);
  });

  it("without a voice hook starts at the provider's start", () => {
    const folded = foldCall([callEnded]);
    expect(folded.started_at).toBe(RING + 105_000 - 97_000);
    expect(folded.has_voice_hook).toBe(false);
    expect(foldCall([callEnded, ring]).started_at).toBe(RING);
  });

  it("ends at our receipt when the provider's stamp lies outside the call", () => {
    for (const stamp of [RING - 1, RING + 106_001]) {
      expect(foldCall([ring, { ...callEnded, provider_at: stamp }]).ended_at).toBe(RING + 106_000);
    }
    expect(foldCall([ring, { ...callEnded, provider_at: RING }]).ended_at).toBe(RING);
    expect(foldCall([ring, { ...callEnded, provider_at: RING + 106_000 }]).ended_at).toBe(RING + 106_000);
  });

  it("is connected for its longest leg only: legs never add", () => {
    const second = {
      ...legEnded,
      event_key: "second",
      leg_id: "CAother",
      target: "+14155550188",
      connected_s: 60,
    };
    const folded = foldCall([ring, dialled, second, legEnded]);
    expect(folded.connected_s).toBe(95);
    expect(folded.target).toBe(TARGET);
    expect(folded.legs.map((leg) => leg.connected_s)).toEqual([95, 60]);
  });

  it("counts no connection of a leg that only qualifies the caller", () => {
    const qualifier: CallEvent = { ...legEnded, role: "qualifier" } as CallEvent;
    expect(foldCall([ring, dialled, qualifier])).toMatchObject({ connected_s: null, leg_reported_at: null });
  });

  it("joins a leg's two reports, also when one does not say whom it rang", () => {
    expect(foldCall([ring, dialled, legEnded, dialEnded]).legs).toHaveLength(1);
    const nameless = { ...dialEnded, leg_id: null };
    expect(foldCall([ring, dialled, nameless]).legs).toEqual([
      { target: TARGET, role: "buyer", status: "answered", connected_s: 95 },
    ]);
  });

  it("knows whose leg ended without a name, when the next phone was told to ring in that moment", () => {
    const second = event(30, {
      kind: "instructed",
      action: "dial",
      target: "+14155550188",
      reason: "next",
      blind: false,
      round: 2,
    });
    const nobody = event(30, {
      kind: "leg",
      leg_id: null,
      target: null,
      role: "buyer",
      status: "no_answer",
      connected_s: 0,
      final: true,
    });
    const waiting = foldCall([ring, dialled, nobody, second]);
    // The first phone's end is not the call's: the second one rings.
    expect(waiting).toMatchObject({ leg_reported_at: null, target: "+14155550188" });
    const taken: CallEvent = { ...legEnded, target: "+14155550188" } as CallEvent;
    expect(foldCall([ring, dialled, nobody, second, taken])).toMatchObject({
      leg_reported_at: taken.received_at,
      connected_s: 95,
      legs: [
        { target: TARGET, status: "no_answer", connected_s: 0 },
        { target: "+14155550188", status: "answered", connected_s: 95 },
      ],
    });
  });

  it("has no connected time before its leg reported, however long it lasted", () => {
    const folded = foldCall([ring, dialled, callEnded]);
    expect(folded).toMatchObject({ connected_s: null, leg_reported_at: null, disposition: "unreported" });
  });

  it("that nobody answered was connected for 0 s", () => {
    for (const status of ["no_answer", "busy", "failed", "canceled"] as const) {
      const end = event(30, {
        kind: "leg",
        leg_id: null,
        target: null,
        role: "buyer",
        status,
        connected_s: 0,
        final: true,
      });
      expect(foldCall([ring, dialled, end])).toMatchObject({
        connected_s: 0,
        disposition: status,
        answered_at: null,
        leg_reported_at: end.received_at,
      });
    }
  });

  it("that was told a message or refused waits for no leg", () => {
    const told = (action: "reject" | "message") =>
      event(0, { kind: "instructed", action, target: null, reason: "campaign_paused", blind: false });
    expect(foldCall([ring, told("message"), callEnded])).toMatchObject({
      status: "completed",
      disposition: "message",
      connected_s: 0,
      leg_reported_at: RING,
    });
    expect(foldCall([ring, told("reject"), callEnded])).toMatchObject({
      status: "rejected",
      disposition: "rejected",
      ended_at: RING + 105_000,
    });
  });

  it("answered only as its leg's end tells was answered that long before", () => {
    expect(foldCall([ring, dialled, legEnded]).answered_at).toBe(RING + 104_000 - 95_000);
    const absurd = { ...legEnded, connected_s: 5_000 };
    expect(foldCall([ring, dialled, absurd]).answered_at).toBe(RING);
  });
});
