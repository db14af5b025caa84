import { describe, expect, it } from "vitest";
import { attemptIn, attemptOf, isGone } from "../../edge/routing/model/unanswered.ts";

const attempts = (...statuses: (string | undefined)[]) => statuses.map(attemptOf);
const FIVE = ["no_answer", "busy", "failed", "no_answer", "no_answer"];

describe("a target is gone", () => {
  it("when it left the latest five calls unanswered", () => {
    expect(isGone(attempts(...FIVE))).toBe(true);
    expect(isGone(attempts(...FIVE.slice(1)))).toBe(false);
    expect(isGone(attempts(...FIVE, "answered"))).toBe(true);
  });

  it("not when it took one of them", () => {
    expect(isGone(attempts("answered", ...FIVE))).toBe(false);
    expect(isGone(attempts("busy", "busy", "completed", ...FIVE))).toBe(false);
  });

  it("whatever became of calls that their callers ended, or that are still on the line", () => {
    expect(isGone(attempts("ringing", "canceled", ...FIVE, undefined))).toBe(true);
    expect(isGone(attempts("canceled", "canceled", "canceled", "canceled", "canceled"))).toBe(false);
  });

  it("not for losing to a phone that rang with it", () => {
    const legs = [
      { target: "A", status: "no_answer" },
      { target: "B", status: "answered" },
    ];
    expect(attemptIn(legs, "A", true)).toBe("undecided");
    expect(attemptIn(legs, "A", false)).toBe("unanswered");
    expect(attemptIn(legs, "B", true)).toBe("answered");
    expect(attemptIn(legs.slice(0, 1), "A", true)).toBe("unanswered");
  });
});
