import { describe, expect, it } from "vitest";
import { explain, spokenDuration } from "../../edge/attribution/model/explain.ts";
import { START } from "../../edge/attribution/model/parameters.ts";
import { posterior } from "../../edge/attribution/model/posterior.ts";
import { leftLease, onLease, RING, ring } from "./build.ts";

function told(snapshot: ReturnType<typeof ring>, parameters = START): [string, string][] {
  return explain(snapshot, parameters, posterior(snapshot, parameters)).map(({ kind, detail }) => [
    kind,
    detail,
  ]);
}

describe("the reasons on the call page", () => {
  it("tells how long the page was open, when the link was pressed and where both were", () => {
    const lease = onLease("a", 90, { region: "US-TX", tel_clicks_at: [RING - 30_000, RING - 6_400] });
    expect(told(ring([lease], { caller_region: "US-TX", caller_region_share: 0.05 }))).toEqual([
      ["delay", "the page had been open for 90 s when the phone rang"],
      ["tel_click", "the call link was pressed 6 s before the ring"],
      ["area_code", "the caller's area code is in US-TX, and so was the visitor"],
    ]);
  });

  it("says against the lease what speaks against it", () => {
    const snapshot = ring([leftLease("a", 1_200, { region: "US-CA" })], {
      caller_region: "US-TX",
      caller_region_share: 0.05,
    });
    const [delay, area] = explain(snapshot, START, posterior(snapshot, START));
    expect(delay).toMatchObject({ kind: "delay", detail: "the visit had ended 20 min before" });
    expect(area).toMatchObject({ kind: "area_code", weight: 0.4 });
    expect(area?.detail).toBe("the caller's area code is in US-TX, but the visitor was in US-CA");
  });

  it("does not claim a goodbye that nobody heard", () => {
    const silent = onLease("a", 9_000, { last_seen_at: RING - 3 * 3_600_000 });
    expect(told(ring([silent]))).toEqual([["delay", "the page was last heard of 3 h before"]]);
  });

  it("says why nobody was joined", () => {
    const days = "a stray call to this number is expected once in 81 days";
    expect(told(ring([]))).toEqual([["none", `nobody is known to have seen this number; ${days}`]]);
    expect(told(ring([leftLease("a", 9 * 86_400)]))).toEqual([
      ["none", `${days}, which is at least as likely as the one visit that saw the number`],
    ]);
    expect(told(ring([leftLease("a", 9 * 86_400), leftLease("b", 8 * 86_400)]))).toEqual([
      ["none", `${days}, which is at least as likely as each of the 2 visits that saw the number`],
    ]);
  });

  it("names what was learned, and a publisher's own pool", () => {
    const learned = {
      ...START,
      device: { ...START.device, mobile: { on: 1.25, left: 1 } },
      publisher: { org_x: 0.5 },
    };
    const lease = onLease("a", 90, { device: "mobile", publisher_id: "org_x", proof: "number" });
    expect(told(ring([lease], { own_pool_publisher_id: "org_x" }), learned)).toEqual([
      ["delay", "the page had been open for 90 s when the phone rang"],
      ["device", "visitors on a mobile device call 1.3 times as often"],
      ["publisher", "visitors of this publisher call 0.5 times as often"],
      ["own_pool", "the number belongs to the publisher's own pool"],
    ]);
  });

  it("tells apart that the call link was pressed and what such presses have proved worth", () => {
    const pressed = { publisher_id: "org_x", proof: "site", tel_clicks_at: [RING - 6_400] } as const;
    const snapshot = ring([onLease("a", 90, pressed)]);
    const learned = { ...START, click_worth: { org_x: 0.4 } };
    const reasons = explain(snapshot, learned, posterior(snapshot, learned));
    expect(reasons.map(({ kind, detail }) => [kind, detail])).toEqual([
      ["delay", "the page had been open for 90 s when the phone rang"],
      ["tel_click", "the call link was pressed 6 s before the ring"],
      ["press_worth", "presses on this publisher's pages led to calls 0.4 times as often as others"],
    ]);
    const { candidates, none } = posterior(snapshot, learned);
    const odds = reasons.reduce((product, { weight }) => product * weight, 1);
    expect(odds / ((candidates[0]?.probability ?? 0) / none)).toBeCloseTo(1, 9);
  });

  it("speaks of spans as people do, rounded down", () => {
    const spans = [0, 119_999, 120_000, 7_199_000, 7_200_000, 172_799_000, 172_800_000].map(spokenDuration);
    expect(spans).toEqual(["0 s", "119 s", "2 min", "119 min", "2 h", "47 h", "2 days"]);
  });
});
