import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { csvLine } from "../../edge/platform/csv.ts";
import { law } from "../support/laws.ts";

describe("a line of CSV", () => {
  it.each([
    ["=1+1", "'=1+1"],
    ["+SUM(A1)", "'+SUM(A1)"],
    ["-cmd", "'-cmd"],
    ["@me", "'@me"],
    ["\tx", "'\tx"],
    ["\r=1", '"\'\r=1"'],
    ["+1415…", "'+1415…"],
    ["+14155550177", "+14155550177"],
    ["-12.5", "-12.5"],
    [-3, "-3"],
    [null, ""],
    [undefined, ""],
    [false, "false"],
    ['say "hi"', '"say ""hi"""'],
    ["a,b", '"a,b"'],
    ["plain = text", "plain = text"],
  ])("writes %j as %s", (value, written) => {
    expect(csvLine([value])).toBe(`${written}\r\n`);
  });

  it("has no cell that a spreadsheet would run, whatever the text", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom("=", "+", "-", "@", "\t", "\r", '"', ",", "a", "1") }),
        (text) => {
          const line = csvLine([text]).slice(0, -2);
          const cell = line.startsWith('"') ? line.slice(1, -1).replaceAll('""', '"') : line;
          expect([text, `'${text}`]).toContain(cell);
          expect(/^[=@\t\r]/.test(cell)).toBe(false);
          if (/^[+-]/.test(cell)) expect(cell).toMatch(/^[+-]\d+(\.\d+)?$/);
        },
      ),
      law(300),
    );
  });
});
