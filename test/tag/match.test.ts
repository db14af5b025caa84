import { describe, expect, it } from "vitest";
import type { Swap } from "../../shared/api/leases.ts";
import { compile } from "../../tag/match.ts";

const US: Swap = { find: "+14155550132", replace: "+16285550101" };
const UK: Swap = { find: "+442079460018", replace: "+442079460777" };
const RUSSIA: Swap = { find: "+74951234567", replace: "+74957654321" };
const HUNGARY: Swap = { find: "+3612345678", replace: "+3618765432" };
const ITALY: Swap = { find: "+390612345678", replace: "+390687654321" };
const IRELAND: Swap = { find: "+353871234567", replace: "+353877654321" };

/** The text with a telephone in place of every spelling that is found, and of the parenthesis that opens it. */
function found(text: string, { find }: Swap): string {
  return compile({ find, replace: "+8812345678", text: "☎" })[1](text);
}

/** The same of a text in which brackets mark the spellings. */
function expected(marked: string): string {
  return marked.replace(
    /(\(?)\[([^\]]*)\]/g,
    (_, opened: string, number: string) =>
      `${/^[^(]*\)/.test(number) ? "" : opened}☎${number.replace(/[^\0]/g, "")}`,
  );
}

describe("spellings of one number", () => {
  it.each([
    "[4155550132]",
    "[415-555-0132]",
    "([415) 555-0132]",
    "([415)555-0132]",
    "[415.555.0132]",
    "[415 555 0132]",
    "[415/555-0132]",
    "[415 - 555 - 0132]",
    "[415 . . . 555 . . . 0132]",
    "([415) - 555 - 0132]",
    "[+1 415-555-0132]",
    "[+14155550132]",
    "[+1 (415) 555-0132]",
    "[+1.415.555.0132]",
    "[1-415-555-0132]",
    "[1 (415) 555 0132]",
    "[001 415 555 0132]",
    "[0014155550132]",
    "[011 1 415 555 0132]",
    "[415\u00a0555\u00a00132]",
    "[415\u202f555\u202f0132]",
    "[415\u2011555\u20110132]",
    "[415\u2013555\u20130132]",
    "[415\u2014555\u20140132]",
    "[415\u00b7555\u00b70132]",
    "[415\u2022555\u20220132]",
    "[415\u200b555\u200b0132]",
    "\u202a[415-555-0132]\u202c",
    "[415\n        555\n        0132]",
    "[41 55 55 01 32]",
  ])("%j", (marked) => {
    expect(found(marked.replace(/[[\]]/g, ""), US)).toBe(expected(marked));
  });

  it.each<[Swap, string]>([
    [UK, "[020 7946 0018]"],
    [UK, "([020) 7946 0018]"],
    [UK, "[02079460018]"],
    [UK, "[+44 20 7946 0018]"],
    [UK, "[+44 (0)20 7946 0018]"],
    [UK, "[+44 (0) 20 7946 0018]"],
    [UK, "[+44(0)2079460018]"],
    [UK, "[0044 20 7946 0018]"],
    [UK, "[011 44 20 7946 0018]"],
    [RUSSIA, "[8 (495) 123-45-67]"],
    [RUSSIA, "[+7 495 123-45-67]"],
    [RUSSIA, "[84951234567]"],
    [HUNGARY, "[06 1 234 5678]"],
    [HUNGARY, "[+36 1 234 5678]"],
    [ITALY, "[06 1234 5678]"],
    [ITALY, "[+39 06 1234 5678]"],
    [IRELAND, "[087 123 4567]"],
    [IRELAND, "[+353 87 123 4567]"],
  ])("%j %s", (swap, marked) => {
    expect(found(marked.replace(/[[\]]/g, ""), swap)).toBe(expected(marked));
  });
});

describe("surroundings that a number may have", () => {
  it.each([
    "Call [415-555-0132] now",
    "Tel:[415-555-0132]",
    "Tel.[415-555-0132]",
    "Phone-[415-555-0132]",
    "Tel.: [4155550132], open 24/7",
    "请致电[4155550132]咨询",
    "“[415-555-0132]”",
    "[415-555-0132].",
    "[415-555-0132]!",
    "Really [4155550132]?",
    "[415-555-0132] ext. 42",
    "[415-555-0132] x42",
    "[415-555-0132]x42",
    "[4155550132]x42",
    "[415-555-0132]ext42",
    "[415-555-0132];ext=9",
    "[415-555-0132],,9",
    "[415-555-0132] / 415-555-0199",
    "415-555-0100/[415-555-0132]",
    "[415-555-0132]/415-555-0100",
    "New York NY 10001 [415-555-0132]",
    "+1 212 555 0100 [415 555 0132]",
    "[415-555-0132] 24 hours",
    "C++ [415-555-0132]",
    "phone\0[415-555-0132]\0call",
    "[415-555-0132]\u00002 lines",
    "[415-\u0000555-\u00000132]",
  ])("%j", (marked) => {
    expect(found(marked.replace(/[[\]]/g, ""), US)).toBe(expected(marked));
  });
});

describe("what only looks like the number", () => {
  it.each([
    "94155550132",
    "41555501325",
    "ID-4155550132-77",
    "ID-4155550132",
    "SKU_4155550132",
    "REF4155550132",
    "4155550132abc",
    "415-555-0132-77",
    "9-415-555-0132",
    "415-555-01324",
    "https://example.com/call/4155550132",
    "https://example.com/call/415-555-0132",
    "https://example.com/12/415-555-0132",
    "https://example.com/?phone=4155550132",
    "https://example.com/?a=1&phone=415-555-0132",
    "/numbers/4155550132.html",
    "4155550132.jpg",
    "4155550132@sms.example.com",
    "#4155550132",
    "$4155550132",
    "4155550132%",
    "4155550131,4155550132,4155550133",
    "1,415,555,0132",
    "4,155,550,132",
    "0.4155550132",
    "4155550132.50",
    "+4155550132",
    "+44 4155550132",
    "+91 415 555 0132",
    "9\u00004155550132",
    "4155550132\u00005",
    "415-555-0133",
    "415, 555, 0132",
    "415:555:0132",
  ])("%j", (text) => {
    expect(found(text, US)).toBe(text);
  });
});

describe("long and repeated texts", () => {
  it("finds every one of several numbers in a text", () => {
    expect(found("415-555-0132, 415.555.0132 or (415) 555-0132", US)).toBe("☎, ☎ or ☎");
  });

  it("takes time in proportion to the text, whatever the text", () => {
    const [, exchange] = compile(US);
    for (const unit of ["4 ", "4", "41555501 ", "415555013\u200b", "+", "0", "4(((", "00", "4155550132"]) {
      const text = unit.repeat(200_000 / unit.length);
      const started = performance.now();
      exchange(text);
      expect(performance.now() - started).toBeLessThan(1500);
    }
  });
});

describe("a hostile text", () => {
  const LENGTH = 150_000;

  it.each(["%20", "0%2", "1 - ", "+1 0 ", "2 0 ", "4 ", "/a", "\0", "- ", "20 7946 001", "415-555-013 "])(
    "made of %j alone costs no more than its length",
    (unit) => {
      const text = `2${unit.repeat(LENGTH / unit.length)}`;
      const began = performance.now();
      for (const swap of [US, UK]) {
        const [digits, exchange] = compile(swap);
        expect(text.search(digits)).toBe(-1);
        expect(exchange(text)).toBe(text);
      }
      // Some milliseconds; the square of the length would be ten seconds.
      expect(performance.now() - began).toBeLessThan(2000);
    },
  );

  it("may have as much between two digits as an indented source has", () => {
    expect(compile(US)[1](`415\n${" ".repeat(60)}555-0132`)).toBe(`628\n${" ".repeat(60)}555-0101`);
  });
});

describe("what to write", () => {
  it("exchanges the national digits when country and length agree", () => {
    expect(compile(US)[1]("+1 (415) 555-0132")).toBe("+1 (628) 555-0101");
    expect(compile(UK)[1]("020 7946 0018")).toBe("020 7946 0777");
  });

  it.each<Swap>([
    { find: "+14155550132", replace: "+442079460018" },
    { find: "+14155550132", replace: "+49301234567" },
    { find: "+14155550132", replace: "+4930123456" },
  ])("writes the text, or the number itself, when they do not: %j", (swap) => {
    expect(compile(swap)[1]("call (415) 555-0132 now")).toBe(`call ${swap.replace} now`);
    expect(compile({ ...swap, text: "0800 123" })[1]("call 1-415-555-0132 now")).toBe("call 0800 123 now");
    expect(compile({ ...swap, text: "0800 123" })[1]("415-555-0132", true)).toBe(swap.replace);
  });

  it("keeps the borders between nodes, so that the text can be split again", () => {
    const swap = { find: "+14155550132", replace: "+442079460018" };
    expect(compile(swap)[1]("a\x00415\0-555-\x000132\0b")).toBe("a\0+442079460018\0\0\0b");
  });

  it.each(["", "4155550132", "+1", "call us", "<b>1</b>"])("refuses %j", (number) => {
    expect(() => compile({ find: number, replace: "+14155550132" })).toThrow();
    expect(() => compile({ find: "+14155550132", replace: number })).toThrow();
  });
});
