import { describe, expect, it } from "vitest";
import { sayKind } from "../../dashboard/parts/call/evidence-table.tsx";
import { measureOf, sayMeasure } from "../../dashboard/parts/call/measure.ts";
import { decidingFailure, ruleRows, ruleTally } from "../../dashboard/parts/call/rules.ts";
import * as f from "./call-fixtures.ts";

describe("rules of both judgements", () => {
  it("stand failed first, then what is awaited, then all that passed", () => {
    const call = f.judged(
      { revenue: "pending", payout: "rejected" },
      f.rulesWith(f.TOO_SHORT, f.waits("requires_signal", "“sale” is awaited for 30 d after the call")),
    );
    const outcomes = ruleRows(call).map((row) => row.outcome);
    expect(outcomes).toEqual(["failed", "waits", ...outcomes.slice(2).map(() => "passed")]);
    expect(ruleRows(call)[0]?.rule).toBe("min_duration");
  });

  it("are one row each, with both sides' results in it and none left out", () => {
    const rows = ruleRows(f.tooShort);
    const names = new Set(
      [...f.tooShort.revenue!.rules, ...f.tooShort.payout!.rules].map(({ rule }) => rule),
    );
    expect(rows.map(({ rule }) => rule).toSorted()).toEqual([...names].toSorted());
    const duration = rows.find(({ rule }) => rule === "min_duration");
    expect(Object.keys(duration?.sides ?? {})).toEqual(["revenue", "payout"]);
    expect(Object.keys(rows.find(({ rule }) => rule === "enrollment")?.sides ?? {})).toEqual(["payout"]);
  });

  it("have no shared measure where the sides' terms differ, and the worse outcome", () => {
    const rules = f.rulesWith();
    const call = f.judged(
      { revenue: "qualified", payout: "rejected" },
      {
        revenue: rules.revenue,
        payout: rules.payout.map((rule) =>
          rule.rule === "min_duration" ? f.failed("min_duration", "217 s < 300 s, short by 83 s") : rule,
        ),
      },
    );
    const row = ruleRows(call).find(({ rule }) => rule === "min_duration");
    expect(row).toMatchObject({ outcome: "failed", detail: null });
    expect(row?.sides.revenue?.passed).toBe(true);
  });

  it("show an advertiser only its own side", () => {
    const rows = ruleRows(f.seenBy("advertiser", f.tooShort));
    expect(rows.every((row) => row.sides.payout === undefined)).toBe(true);
    expect(rows.map(({ rule }) => rule)).not.toContain("enrollment");
  });

  it("are counted in words", () => {
    expect(ruleTally(f.tooShort.payout!.rules)).toBe("2 of 6 rules failed");
    expect(ruleTally(f.qualified.revenue!.rules)).toBe("all 4 rules passed");
    expect(ruleTally(f.awaitsSignal.revenue!.rules)).toBe("1 of 5 rules waits");
    expect(ruleTally([])).toBe("");
  });

  it("leave nothing to decide when nothing failed", () => {
    expect(decidingFailure(f.qualified.payout!.rules)).toBeNull();
    expect(decidingFailure(f.ringing.payout!.rules)).toBeNull();
  });
});

describe("a measure", () => {
  it("keeps the figures as they were written, so that no rounding contradicts the verdict", () => {
    expect(measureOf("0.8999 < 0.9, proven by its own site")).toEqual({
      measured: "0.8999",
      relation: "<",
      limit: "0.9",
      unit: "",
    });
    expect(measureOf("71 s < 90 s, short by 19 s")).toMatchObject({ measured: "71", limit: "90", unit: "s" });
    expect(measureOf("approved when the call began")).toBeNull();
  });

  it("holds numbers and units together", () => {
    expect(sayMeasure("3 d 4 h earlier, within 30 d")).toBe("3\u00a0d 4\u00a0h earlier, within 30\u00a0d");
  });
});

describe("evidence", () => {
  it.each([
    ["delay", "used", "caller", "household", "redial", "stray_redial", "tel_click", "area_code"],
    ["hour", "device", "publisher", "press_worth", "own_pool", "static_number", "none"],
  ])("%s and its like are named in words", (...kinds) => {
    for (const kind of kinds) expect(sayKind(kind)).not.toBe(kind.replaceAll("_", " "));
    expect(sayKind("moon_phase")).toBe("moon phase");
  });
});
