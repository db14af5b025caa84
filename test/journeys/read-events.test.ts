import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CallEvent } from "../../edge/calls/model/event.ts";
import { foldCall } from "../../edge/calls/model/fold.ts";
import { eventsOfRecord } from "../../edge/journeys/phone/read-events.ts";
import type { ReadCall } from "../../edge/telephony/rest/port.ts";
import { law } from "../support/laws.ts";
import { NOON } from "../support/world.ts";

const TARGET = "+14155550199";
const LATER = NOON + 3_600_000;

/** A call as the provider knows it, and as much of it as its webhooks told us. */
const story = fc
  .record({
    connected_s: fc.integer({ min: 0, max: 600 }),
    before_s: fc.integer({ min: 1, max: 60 }),
    told: fc.subarray(["ring", "leg", "end", "ours"] as const),
    lie_s: fc.constantFrom(0, 0, 0, 500),
    order: fc.array(fc.nat(), { minLength: 12, maxLength: 12 }),
  })
  .map(({ connected_s, before_s, told, lie_s, order }) => {
    const length_s = connected_s + before_s;
    const ended_at = NOON + length_s * 1_000;
    const status = connected_s > 0 ? ("completed" as const) : ("no_answer" as const);
    const record: ReadCall = {
      provider_call_id: "CA1",
      from: "+14155550177",
      to: "+16285550950",
      status: "completed",
      started_at: NOON,
      ended_at,
      duration_s: length_s,
      legs: [{ leg_id: "CAleg", target: TARGET, status, connected_s, ended_at }],
    };
    const at = (received_at: number) => ({ received_at, provider_at: null });
    const leg = { leg_id: "CAleg", target: TARGET, role: "buyer", status, final: true } as const;
    const webhooks: Record<(typeof told)[number], CallEvent[]> = {
      ring: [
        { event_key: "ring", ...at(NOON), kind: "ringing", to: record.to },
        {
          event_key: "told",
          ...at(NOON),
          kind: "instructed",
          action: "dial",
          target: TARGET,
          reason: "",
          blind: false,
        },
      ],
      leg: [{ event_key: "leg", ...at(ended_at), kind: "leg", ...leg, connected_s: connected_s + lie_s }],
      end: [
        { event_key: "end", ...at(ended_at), kind: "progress", status: "completed", duration_s: length_s },
      ],
      ours: [{ event_key: "ours", ...at(ended_at), kind: "progress", status, duration_s: null }],
    };
    return { record, known: told.flatMap((name) => webhooks[name]), order };
  });

describe("what a provider's record adds to a call", () => {
  it("makes it whole, whatever its webhooks told, in any order; read again it adds nothing", () =>
    fc.assert(
      fc.property(story, ({ record, known, order }) => {
        const added = eventsOfRecord(record, known, LATER);
        const all = [...known, ...added];
        const call = foldCall(all);
        expect(call).toMatchObject({
          status: "completed",
          started_at: NOON,
          duration_s: record.duration_s,
          connected_s: record.legs?.[0]?.connected_s,
          target: TARGET,
          confirmed_at: LATER,
        });
        expect(call.leg_reported_at).not.toBeNull();
        const shuffled = [...all, ...added].sort(
          (a, b) => (order[all.indexOf(a) % 12] ?? 0) - (order[all.indexOf(b) % 12] ?? 0),
        );
        expect(foldCall(shuffled)).toEqual(call);
        const keys = new Set(all.map((event) => event.event_key));
        const again = eventsOfRecord(record, all, LATER + 60_000);
        expect(again.filter((event) => !keys.has(event.event_key))).toEqual([]);
      }),
      law(300),
    ));

  it("is no more than its beginning while it goes on, and nothing of a call that is known", () => {
    fc.assert(
      fc.property(story, ({ record, known }) => {
        const open: ReadCall = {
          ...record,
          status: "answered",
          ended_at: null,
          duration_s: null,
          legs: null,
        };
        const added = eventsOfRecord(open, known, LATER);
        expect(added.map((event) => event.event_key)).toEqual(known.length === 0 ? ["CA1:read:start"] : []);
      }),
      law(50),
    );
  });

  it("confirms nothing when the provider cannot tell which legs were the call's", () => {
    fc.assert(
      fc.property(story, ({ record, known }) => {
        const added = eventsOfRecord({ ...record, legs: null }, known, LATER);
        expect(added.some(({ kind }) => kind === "confirmed" || kind === "leg")).toBe(false);
      }),
      law(50),
    );
  });
});

describe("a call that a record ends", () => {
  const at = (received_at: number) => ({ received_at, provider_at: null });
  const leg = (n: number) => ({
    leg_id: `CAleg${n}`,
    target: `+1415555019${n}`,
    connected_s: 0,
    ended_at: NOON,
  });
  const told = (n: number, received_at: number): CallEvent => {
    const target = `+1415555019${n}`;
    const why = { reason: n === 1 ? "target" : "next_target", blind: false, ...(n > 1 && { round: n }) };
    return { event_key: `told${n}`, ...at(received_at), kind: "instructed", action: "dial", target, ...why };
  };
  const unanswered = { role: "buyer", status: "no_answer", final: true } as const;
  const of = {
    provider_call_id: "CA1",
    from: "+14155550177",
    to: "+16285550950",
    status: "completed",
  } as const;
  const ended = { ...of, started_at: NOON, ended_at: NOON + 20_000, duration_s: 20 };
  const first = { ...leg(1), status: "no_answer" as const };

  it("before its next phone rang was not taken, as far as that phone goes", () => {
    const { ended_at: _, ...reported } = first;
    const known: CallEvent[] = [
      { event_key: "ring", ...at(NOON), kind: "ringing", to: ended.to },
      told(1, NOON),
      { event_key: "leg1", ...at(NOON + 18_000), kind: "leg", ...reported, ...unanswered },
      told(2, NOON + 18_000),
    ];
    expect(foldCall(known).leg_reported_at).toBeNull();
    const call = foldCall([...known, ...eventsOfRecord({ ...ended, legs: [first] }, known, LATER)]);
    expect(call).toMatchObject({ leg_reported_at: LATER, connected_s: 0, disposition: "no_answer" });
    expect(call.legs).toMatchObject([
      { target: first.target, status: "no_answer" },
      { target: leg(2).target, status: "canceled" },
    ]);
  });

  it("with a phone that no round rang says nothing of those that a round did", () => {
    const known = [told(1, NOON), told(2, NOON + 18_000)];
    const fallback = { ...leg(9), status: "completed" as const, connected_s: 95 };
    const added = eventsOfRecord({ ...ended, legs: [first, fallback] }, known, LATER);
    expect(added.flatMap((event) => (event.kind === "leg" ? event.target : []))).toEqual([
      first.target,
      fallback.target,
    ]);
  });

  it("and nobody was asked about, or dialled for, waits for no report", () => {
    const added = eventsOfRecord({ ...ended, legs: [] }, [], LATER);
    expect(foldCall(added)).toMatchObject({
      leg_reported_at: LATER,
      connected_s: 0,
      target: null,
      disposition: "abandoned",
    });
  });
});
