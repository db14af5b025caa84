import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeCursor, encodeCursor, toPage } from "../../edge/platform/paging.ts";
import { law } from "../support/laws.ts";

describe("cursors", () => {
  it("come back as they were", () => {
    fc.assert(
      fc.property(fc.integer(), fc.string({ maxLength: 40 }), (at, id) => {
        const read = decodeCursor(encodeCursor([at, id]), ["number", "string"]);
        expect(read).toEqual({ ok: true, value: [at, id] });
      }),
      law(200),
    );
  });

  it("are a fault of the query when damaged, never an exception", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (text) => {
        const read = decodeCursor(text, ["number", "string"]);
        if (!read.ok) expect(read.error).toMatchObject({ kind: "invalid", faults: [{ pointer: "?cursor" }] });
      }),
      law(300),
    );
    expect(decodeCursor(encodeCursor([1]), ["number", "string"]).ok).toBe(false);
  });
});

describe("pages", () => {
  it("visit every row exactly once", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 1, max: 13 }), (total, limit) => {
        const rows = Array.from({ length: total }, (_, i) => i);
        const seen: number[] = [];
        let after = -1;
        for (;;) {
          const fetched = rows.filter((row) => row > after).slice(0, limit + 1);
          const page = toPage(
            fetched,
            limit,
            (row) => [row],
            (row) => row,
          );
          seen.push(...page.data);
          if (page.next_cursor === null) break;
          const cursor = decodeCursor(page.next_cursor, ["number"]);
          after = cursor.ok ? (cursor.value?.[0] as number) : Number.NaN;
        }
        expect(seen).toEqual(rows);
      }),
      law(100),
    );
  });
});
