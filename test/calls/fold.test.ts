import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CallEvent, CallEventBody, LegStatus, ProgressStatus } from "../../edge/calls/model/event.ts";
import { foldCall } from "../../edge/calls/model/fold.ts";
import { law } from "../support/laws.ts";

const RING = Date.UTC(2026, 10, 21, 12);
const TARGET = "+14155550199";

let serial = 0;
function event(
  after_s: number,
  body: CallEventBody,
  provider_after_s: number | null = null,
  key?: string,
): CallEvent {
  return {
    event_key: key ?? `key-${serial++}`,
    received_at: RING + after_s * 1_000,
    provider_at: provider_after_s === null ? null : RING + provider_after_s * 1_000,
    ...body,
  };
}

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
      has_voice_hook: true,
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

const after_s = fc.integer({ min: 0, max: 7_200 });
const stamp = fc.option(fc.integer({ min: -600, max: 7_800 }), { nil: null });
const statuses: readonly (LegStatus & ProgressStatus)[] = [
  "ringing",
  "answered",
  "completed",
  "no_answer",
  "busy",
  "failed",
  "canceled",
];
const length_s = fc.option(fc.integer({ min: 0, max: 3_600 }), { nil: null });
const target = fc.constantFrom(TARGET, "+14155550188", null);

const body: fc.Arbitrary<CallEventBody> = fc.oneof(
  fc.constant<CallEventBody>({ kind: "ringing", to: "+16285550101" }),
  fc.record({
    kind: fc.constant("instructed" as const),
    action: fc.constantFrom("dial", "reject", "message"),
    target,
    reason: fc.constant("destination"),
    blind: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant("progress" as const),
    status: fc.constantFrom(...statuses),
    duration_s: length_s,
  }),
  fc.record({
    kind: fc.constant("leg" as const),
    leg_id: fc.constantFrom("A", "B", null),
    target,
    role: fc.constantFrom("buyer" as const, "qualifier" as const),
    status: fc.constantFrom(...statuses),
    connected_s: length_s,
    final: fc.boolean(),
  }),
  fc.constant<CallEventBody>({ kind: "judged_again", reason: "hold released" }),
  fc.record({
    kind: fc.constant("paid" as const),
    side: fc.constantFrom("revenue" as const, "payout" as const),
    organization_id: fc.constantFrom("org_a", "org_b"),
    amount_micros: fc.integer({ min: 1, max: 90_000_000 }),
    reference: fc.constantFrom("INV-7", null),
  }),
);
const isAboutMoney = ({ kind }: CallEvent) => kind === "judged_again" || kind === "paid";
const history = fc
  .array(fc.tuple(after_s, body, stamp, fc.constantFrom("a", "b", "c", "d", "e", "f", "g", "h")), {
    minLength: 1,
    maxLength: 8,
  })
  .map((all) => all.map(([at, said, provider, key]) => event(at, said, provider, key)));

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length <= 1) return [[...items]];
  return items.flatMap((item, i) =>
    permutations(items.filter((_, other) => other !== i)).map((rest) => [item, ...rest]),
  );
}

describe("the fold", () => {
  it("gives one call for all orders of up to six events", () => {
    fc.assert(
      fc.property(
        history.map((all) => all.slice(0, 6)),
        (events) => {
          const folded = foldCall(events);
          for (const order of permutations(events)) expect(foldCall(order)).toEqual(folded);
        },
      ),
      law(40),
    );
  });

  it("gives one call however often and late each event is delivered again", () => {
    const copies = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 86_400_000 })), { maxLength: 20 });
    fc.assert(
      fc.property(history, copies, fc.infiniteStream(fc.nat()), (events, again, chance) => {
        const distinct = events.filter((e, i) => events.findIndex((o) => o.event_key === e.event_key) === i);
        const repeated = again.map(([which, late_ms]) => {
          const original = distinct[which % distinct.length]!;
          return { ...original, received_at: original.received_at + late_ms };
        });
        const delivered = [...distinct, ...repeated]
          .map((e) => ({ e, rank: chance.next().value as number }))
          .sort((a, b) => a.rank - b.rank)
          .map(({ e }) => e);
        // A copy of the same moment may be either; one received later changes nothing.
        expect(foldCall(delivered)).toEqual(foldCall(distinct));
      }),
      law(500),
    );
  });

  it("gives the same call whatever was judged or paid, and whenever", () => {
    fc.assert(
      fc.property(history, (events) => {
        const named = events.map((event, i) => ({ ...event, event_key: `event-${i}` }));
        const told = named.filter((event) => !isAboutMoney(event));
        if (told.length > 0) expect(foldCall(named)).toEqual(foldCall(told));
      }),
      law(500),
    );
  });

  it("keeps the order of a call's moments, and its start once the phone has rung", () => {
    fc.assert(
      fc.property(history, (events) => {
        const folded = foldCall([ring, ...events.filter((e) => e.kind !== "ringing")]);
        expect(folded.started_at).toBe(RING);
        if (folded.answered_at !== null) expect(folded.answered_at).toBeGreaterThanOrEqual(folded.started_at);
        if (folded.ended_at !== null) expect(folded.ended_at).toBeGreaterThanOrEqual(folded.started_at);
        if (folded.connected_s !== null) expect(folded.connected_s).toBeGreaterThanOrEqual(0);
      }),
      law(500),
    );
  });
});
