import { describe, expect, it } from "vitest";
import { isWithQualifier } from "../../dashboard/parts/call/with-qualifier.ts";

describe("a call that a buyer can be brought to", () => {
  const leg = (role: "qualifier" | "buyer", status: "ringing" | "answered" | "no_answer") => ({
    target: "+14155550199",
    role,
    status,
    connected_s: null,
  });

  it("goes on with a qualifier who has picked up, and no buyer yet", () => {
    const talking = [leg("qualifier", "answered")];
    expect(isWithQualifier({ ended_at: null, legs: talking })).toBe(true);
    expect(isWithQualifier({ ended_at: null, legs: [...talking, leg("buyer", "no_answer")] })).toBe(true);
    expect(isWithQualifier({ ended_at: null, legs: [...talking, leg("buyer", "answered")] })).toBe(false);
    expect(isWithQualifier({ ended_at: null, legs: [leg("qualifier", "ringing")] })).toBe(false);
    const gone = { ...leg("qualifier", "answered"), connected_s: 60 };
    expect(isWithQualifier({ ended_at: null, legs: [gone] })).toBe(false);
    expect(isWithQualifier({ ended_at: null, legs: [leg("buyer", "answered")] })).toBe(false);
    expect(isWithQualifier({ ended_at: 1, legs: talking })).toBe(false);
    expect(isWithQualifier({ ended_at: null })).toBe(false);
  });
});
