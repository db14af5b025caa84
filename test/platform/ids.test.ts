import { describe, expect, it } from "vitest";
import { fixedClock } from "../../edge/platform/clock.ts";
import { makeIds } from "../../edge/platform/ids.ts";
import { isId } from "../../shared/id.ts";

describe("ids", () => {
  it("carry their kind, sort by creation and never repeat within a millisecond", () => {
    const ids = makeIds(fixedClock(1_790_000_000_000));
    const made = Array.from({ length: 1_000 }, () => ids.next("call"));
    expect(new Set(made).size).toBe(1_000);
    expect([...made].sort()).toEqual(made);
    expect(made.every((id) => isId("call", id))).toBe(true);
    expect(made.some((id) => isId("campaign", id))).toBe(false);
  });

  it("repeat when clock and chance do", () => {
    const seeded = () => makeIds(fixedClock(1_790_000_000_000), (count) => new Uint8Array(count).fill(7));
    expect(seeded().next("pool")).toBe(seeded().next("pool"));
  });
});
