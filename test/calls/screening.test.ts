import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { foldLegs, type LegEvent, legView, type ScreenEvent } from "../../edge/calls/model/legs.ts";
import { law } from "../support/laws.ts";

/** An agent who has to press a key: from when the clock runs, and what a leg is that nobody took. */

const START = Date.UTC(2026, 10, 21, 12);
const AGENT = "+14155550199";
const at = (s: number) => ({ received_at: START + s * 1_000, provider_at: null });
const ended = (connected_s: number, leg_id: string | null = "CA9", end_s = 100): LegEvent => ({
  event_key: `end/${leg_id}`,
  ...at(end_s),
  kind: "leg",
  leg_id,
  target: AGENT,
  role: "buyer",
  status: "completed",
  connected_s,
  final: true,
});
const asked = (s: number, leg_id: string | null = "CA9"): ScreenEvent => ({
  event_key: `asked/${leg_id}`,
  ...at(s),
  kind: "screened",
  leg_id,
  target: AGENT,
});
const pressed = (s: number, is_accepted = true, leg_id: string | null = "CA9"): ScreenEvent => ({
  event_key: `key/${leg_id}/${s}`,
  ...at(s),
  kind: "accepted",
  leg_id,
  target: AGENT,
  is_accepted,
});
const one = (legs: LegEvent[], screens: ScreenEvent[]) => {
  const [leg] = foldLegs(legs, AGENT, screens);
  return leg && legView(leg);
};

describe("a leg whose agent must press a key", () => {
  it("was connected from the key on", () => {
    expect(one([ended(95)], [asked(10), pressed(15)])).toMatchObject({ status: "answered", connected_s: 90 });
  });

  it("was not answered when nobody pressed it, whatever the provider counts", () => {
    expect(one([ended(12)], [asked(10)])).toMatchObject({ status: "no_answer", connected_s: 0 });
    expect(one([ended(12)], [asked(10), pressed(14, false)])).toMatchObject({
      status: "no_answer",
      connected_s: 0,
    });
  });

  it("rings until it is taken", () => {
    const picked_up: LegEvent = {
      ...ended(0),
      event_key: "up",
      status: "answered",
      final: false,
      connected_s: null,
    };
    expect(one([picked_up], [asked(10)])).toMatchObject({ status: "ringing", connected_s: null });
    expect(one([picked_up], [asked(10), pressed(12)])).toMatchObject({ status: "answered" });
  });

  it("is known by the provider's id, and by its phone where it has none", () => {
    const other = ended(50, "CA8");
    const legs = foldLegs([ended(95), other], AGENT, [asked(10), pressed(15)]);
    expect(legs.map(({ connected_s }) => connected_s).sort()).toEqual([50, 90]);
    expect(one([ended(95, null)], [asked(10, null), pressed(20, true, null)])).toMatchObject({
      connected_s: 85,
    });
  });

  it("is the same however its reports arrive", () => {
    const screens = [asked(10), pressed(15), pressed(16, false)];
    fc.assert(
      fc.property(fc.shuffledSubarray(screens, { minLength: 3 }), (shuffled) => {
        expect(foldLegs([ended(95)], AGENT, shuffled)).toEqual(foldLegs([ended(95)], AGENT, screens));
      }),
      law(20),
    );
  });
});

it("leaves a leg alone that nobody screened", () => {
  expect(one([ended(95)], [])).toMatchObject({ status: "answered", connected_s: 95 });
});
