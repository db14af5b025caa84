import { describe, expect, it } from "vitest";
import { isMet, valueOfText } from "../../edge/signals/model/value.ts";

describe("a signal's value", () => {
  it("is met when it is true or positive, however it was sent", () => {
    for (const value of [true, 1, 0.01, "true", "TRUE", " 12.5 ", "+3"]) expect(isMet(value)).toBe(true);
    for (const value of [false, 0, -1, "false", "0", "-2", "", "yes", "won", "1e3", "0x10"]) {
      expect(isMet(value)).toBe(false);
    }
  });

  it("is read from text as what it looks like", () => {
    expect(["true", "False", "-1.50", "7", " sold ", "1,5", ""].map(valueOfText)).toEqual([
      true,
      false,
      -1.5,
      7,
      "sold",
      "1,5",
      "",
    ]);
  });
});
