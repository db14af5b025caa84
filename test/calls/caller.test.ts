import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { callerNumber, countryOfCode } from "../../edge/calls/model/caller.ts";
import { law } from "../support/laws.ts";

const KEYPAD: Record<string, string> = {
  ABC: "2",
  DEF: "3",
  GHI: "4",
  JKL: "5",
  MNO: "6",
  PQRS: "7",
  TUV: "8",
  WXYZ: "9",
};
const onKeypad = (word: string) =>
  `+${Array.from(word, (letter) => Object.entries(KEYPAD).find(([keys]) => keys.includes(letter))![1]).join("")}`;

describe("a caller's number", () => {
  it("is kept when it is E.164", () => {
    for (const number of ["+14155550132", "+442079460018", "+4915112345678"])
      expect(callerNumber(number)).toBe(number);
    expect(callerNumber(" +14155550132 ")).toBe("+14155550132");
  });

  it("is nobody's when the caller hid it, in every word that carriers have for it", () => {
    for (const word of ["ANONYMOUS", "RESTRICTED", "BLOCKED", "UNKNOWN", "UNAVAILABLE"]) {
      expect(callerNumber(onKeypad(word))).toBeNull();
      expect(callerNumber(word.toLowerCase())).toBeNull();
    }
  });

  it("is nobody's when it is no number", () => {
    for (const text of [
      "",
      "4155550132",
      "+1",
      "+1415555013",
      "+141555501322",
      "+10155550132",
      "sip:a@b.example",
      "+0123456789",
    ]) {
      expect(callerNumber(text)).toBeNull();
    }
  });

  it("never throws and answers E.164 or null", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 40 }), (text) => {
        expect(callerNumber(text) ?? "+14155550132").toMatch(/^\+[1-9]\d{6,14}$/);
      }),
      law(500),
    );
  });

  it("tells its country by a code of one country", () => {
    expect(countryOfCode("+442079460018")).toBe("GB");
    expect(countryOfCode("+353861234567")).toBe("IE");
    expect(countryOfCode("+4915112345678")).toBe("DE");
    expect(countryOfCode("+77011234567")).toBeNull();
  });
});
