import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CallEvent, CallEventBody, LegStatus, ProgressStatus } from "../../edge/calls/model/event.ts";
import { foldCall } from "../../edge/calls/model/fold.ts";
import { law } from "../support/laws.ts";
import { event, RING, TARGET } from "./events.ts";

const ring = event(0, { kind: "ringing", to: "+16285550101" });
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
    action: fc.constantFrom(
      "dial" as const,
      "reject" as const,
      "message" as const,
      "gather" as const,
      "voicemail" as const,
    ),
    target,
    reason: fc.constant("destination"),
    blind: fc.boolean(),
  }),
  // A round of phones that ring at once.
  fc.record({
    kind: fc.constant("instructed" as const),
    action: fc.constant("dial" as const),
    target: fc.constant(TARGET),
    reason: fc.constant("next_target"),
    blind: fc.boolean(),
    phones: fc.constantFrom(
      [{ target_id: "tgt_1", target: TARGET }],
      [
        { target_id: "tgt_1", target: TARGET },
        { target_id: "tgt_2", target: "+14155550188" },
      ],
    ),
  }),
  fc.record({
    kind: fc.constant("progress" as const),
    status: fc.constantFrom(...statuses),
    duration_s: length_s,
  }),
  fc.record({
    kind: fc.constant("confirmed" as const),
    connected_s: fc.integer({ min: 0, max: 600 }),
    started_at: fc.integer({ min: -60, max: 60 }).map((after_s) => RING + after_s * 1_000),
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
  fc.record({
    kind: fc.constant("disputed" as const),
    dispute_id: fc.constantFrom("dsp_1", "dsp_2"),
    side: fc.constantFrom("revenue" as const, "payout" as const),
    opened_by: fc.constantFrom("advertiser" as const, "publisher" as const),
    advertiser_id: fc.constant("org_a"),
    publisher_id: fc.constantFrom("org_b", null),
    decision: fc.constantFrom("accepted" as const, null),
  }),
);
const isAboutMoney = ({ kind }: CallEvent) => ["judged_again", "paid", "disputed"].includes(kind);
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
