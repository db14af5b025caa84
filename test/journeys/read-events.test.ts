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
