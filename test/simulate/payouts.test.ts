import { beforeAll, describe, expect, it } from "vitest";
import { type PayoutStudy, payoutLines, studyPayouts } from "./payouts.ts";

let study: PayoutStudy;
beforeAll(() => {
  study = studyPayouts(802, "shared", { learned: 300, judged: 150 });
});

const sumOf = (pays: PayoutStudy["honest"], way: "due" | "withhold" | "split") =>
  pays.reduce((sum, pay) => sum + pay[way], 0);

describe("what an uncertain payout's two ways pay", () => {
  it("is never more than a payout a call, and more when it is shared than when it is withheld", () => {
    for (const pays of [study.honest, study.junk]) {
      expect(sumOf(pays, "split")).toBeLessThanOrEqual(150 + 1e-9);
      for (const { withhold, split } of pays) expect(split).toBeGreaterThanOrEqual(withhold);
    }
    expect(sumOf(study.honest, "split")).toBeGreaterThan(sumOf(study.honest, "withhold"));
  });

  it("is nearer to what is due when it is shared", () => {
    const distance = (way: "withhold" | "split") =>
      study.honest.reduce((sum, pay) => sum + Math.abs(pay[way] - pay.due), 0);
    expect(distance("split")).toBeLessThan(distance("withhold"));
  });

  it("is shown by publisher, with what junk leases gain", () => {
    const lines = payoutLines(study);
    expect(lines).toHaveLength(2 + study.honest.length + 1);
    expect(lines.at(-1)).toMatch(
      /^junk leases gain their publisher -?\d+\.\d payouts a month under withhold/,
    );
    const due = study.honest.map((pay) => ((pay.due * 30) / study.days.honest).toFixed(1));
    expect(lines.slice(2, -1).map((line) => line.trim().split(/\s+/)[1])).toEqual(due);
  });
});
