import { describe, expect, it } from "vitest";
import { openMemory, type Step } from "../../edge/attribution/model/past.ts";
import { visitorMark } from "../../edge/attribution/model/visitor-mark.ts";

const A = { session_id: "ses_a", visitor: "ann" };
const B = { session_id: "ses_b", visitor: "bob" };

function step(at: number, share: number, changes: Partial<Step> = {}): Step {
  return { at, number_key: 1, caller: "c1", none: 1 - share, touches: [{ ...A, share }], ...changes };
}
const recall = (steps: Step[], caller: string | null, number_key = 1) => {
  const memory = openMemory();
  for (const one of steps) memory.note(one);
  return memory.recall({ caller, number_key, candidates: [A, B] });
};

describe("what earlier calls say", () => {
  it("is nothing at the first call", () => {
    expect(recall([], "c1")).toEqual({ leases: {}, redial: null });
  });

  it("is that the lease is used, the visitor known, and the caller likely to call again", () => {
    expect(recall([step(1_000, 0.8)], "c1")).toEqual({
      leases: { ses_a: { used: 0.8, used_at: 1_000, known: 0.8, link: 0.8, redialled: 0.8 } },
      redial: { at: 1_000, none: 1 - 0.8 },
    });
  });

  it("links no other caller to the visitor, and no other number to the redial", () => {
    const other = recall([step(1_000, 0.8)], "c2");
    expect(other.leases.ses_a).toEqual({ used: 0.8, used_at: 1_000, known: 0.8, link: 0, redialled: 0 });
    expect(other.redial).toBeNull();
    expect(recall([step(1_000, 0.8)], "c1", 2).redial).toBeNull();
  });

  it("carries over to the visitor's later leases", () => {
    const memory = openMemory();
    memory.note(step(1_000, 0.8));
    const later = { session_id: "ses_later", visitor: "ann" };
    const past = memory.recall({ caller: "c1", number_key: 9, candidates: [later] });
    expect(past.leases.ses_later).toEqual({ used: 0, used_at: 0, known: 0.8, link: 0.8, redialled: 0 });
  });

  it("says of a hidden caller only what was used", () => {
    const hidden = recall([step(1_000, 0.8, { caller: null })], "c1");
    expect(hidden.leases.ses_a).toEqual({ used: 0.8, used_at: 1_000, known: 0, link: 0, redialled: 0 });
    expect(recall([step(1_000, 0.8)], null).leases.ses_a).toMatchObject({ known: 0, link: 0, redialled: 0 });
  });

  it("uses a lease up to certainty, and keeps its moment against a trickle of small shares", () => {
    const trickle = recall([step(1_000, 0.8), step(2_000, 0.29), step(3_000, 0.01)], "c1");
    expect(trickle.leases.ses_a).toMatchObject({ used: 1, used_at: 1_000, link: 0.8, redialled: 0.01 });
    expect(recall([step(1_000, 0.01), step(2_000, 0.3)], "c1").leases.ses_a).toMatchObject({
      used_at: 2_000,
    });
  });

  it("keeps an old lease alone for the caller it is linked to, for others only when it is surely used", () => {
    const memory = openMemory();
    memory.note(step(1_000, 0.02));
    expect([
      memory.knows(A, "c1"),
      memory.knows(A, "c2"),
      memory.knows(A, null),
      memory.knows(B, "c1"),
    ]).toEqual([true, false, false, false]);
    memory.note(step(2_000, 0.03));
    expect(memory.knows(A, "c2")).toBe(true);
  });
});

describe("a visitor's mark", () => {
  it("tells visitors apart and is the same every time", () => {
    const ids = Array.from({ length: 20_000 }, (_, i) => `v${i.toString(36)}`);
    const marks = new Set(ids.map(visitorMark));
    expect(marks.size).toBe(ids.length);
    expect(visitorMark("v1")).toBe(visitorMark("v1"));
    expect([...marks].every((mark) => /^[0-9a-z]{1,11}$/.test(mark))).toBe(true);
  });
});
