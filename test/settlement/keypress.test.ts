import { describe, expect, it } from "vitest";
import { judgeCall } from "../../edge/settlement/model/judge.ts";
import { CALL, GOOD, TERMS } from "./arbitraries.ts";

/** A key pressed at a question of the call flow, as a condition of the terms. */

const asked = { question: "reason", keys: ["1", "3"] };
const judged = (pressed: Record<string, string>, terms: object) =>
  judgeCall({ ...GOOD, call: { ...CALL, pressed }, terms: { version: 1, terms: { ...TERMS, ...terms } } });
const keypress = (side: { rules: { rule: string; passed: boolean; detail: string }[] }) =>
  side.rules.find(({ rule }) => rule === "keypress");

describe("terms that ask for a key", () => {
  it("qualify a caller who pressed one of them", () => {
    const { revenue, payout } = judged({ reason: "3" }, { requires_keypress: asked });
    expect([revenue.status, payout.status]).toEqual(["qualified", "qualified"]);
    expect(keypress(revenue)).toMatchObject({ passed: true, detail: "3 was pressed at “reason”" });
  });

  it.each([
    ["another key", { reason: "2" }, "2 was pressed at “reason”, one of 1, 3 is needed"],
    ["nothing", {}, "nothing was pressed at “reason”, one of 1, 3 is needed"],
    [
      "that key at another question",
      { other: "1" },
      "nothing was pressed at “reason”, one of 1, 3 is needed",
    ],
  ])("reject who pressed %s", (_, pressed, detail) => {
    const { revenue } = judged(pressed, { requires_keypress: asked });
    expect(revenue.status).toBe("rejected");
    expect(keypress(revenue)).toMatchObject({ passed: false, detail });
  });

  it("may do so for the payout alone", () => {
    const { revenue, payout } = judged({}, { payout: { requires_keypress: asked } });
    expect([revenue.status, payout.status]).toEqual(["qualified", "rejected"]);
    expect(keypress(revenue)).toBeUndefined();
  });
});
