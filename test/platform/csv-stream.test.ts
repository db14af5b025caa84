import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { csvLine } from "../../edge/platform/csv.ts";
import { type CsvRecord, readCsv } from "../../edge/platform/csv-read.ts";
import { csvParts } from "../../edge/platform/csv-stream.ts";
import { law } from "../support/laws.ts";

const LIMIT_BYTES = 100_000;

/** These bytes in chunks of these sizes, the last size for all that is left; `left` says what nobody took. */
function chunked(bytes: Uint8Array<ArrayBuffer>, sizes: readonly number[]) {
  let at = 0;
  const chunks = [...sizes, bytes.length].flatMap((size) => {
    const chunk = bytes.slice(at, at + size);
    at += size;
    return chunk.length > 0 ? [chunk] : [];
  });
  async function* all() {
    while (chunks.length > 0) yield chunks.shift() ?? new Uint8Array();
  }
  return { bytes: all(), left: () => chunks.length };
}

/** All records, and the fault they end with. */
async function read(bytes: AsyncGenerator<Uint8Array<ArrayBuffer>>, limit = LIMIT_BYTES) {
  const records: CsvRecord[] = [];
  for await (const part of csvParts(bytes, limit)) {
    if (!part.ok) return { records, fault: part.error };
    records.push(...part.value);
  }
  return { records, fault: null };
}
const utf8 = (text: string) => new TextEncoder().encode(text);

describe("a CSV that comes in parts", () => {
  it("is what it is in one piece, wherever it is cut", async () => {
    const cell = fc.string({ unit: fc.constantFrom("a", "é", "😀", ",", '"', "\n", "\r\n", "\r", "=", "1") });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(cell, { minLength: 1, maxLength: 3 }), { maxLength: 5 }),
        fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 30 }),
        fc.boolean(),
        async (rows, sizes, has_mark) => {
          const text = `${has_mark ? "\ufeff" : ""}${rows.map((cells) => csvLine(cells)).join("")}`;
          const whole = readCsv(text);
          expect(await read(chunked(utf8(text), sizes).bytes)).toEqual({
            records: whole.ok ? whole.value : [],
            fault: null,
          });
        },
      ),
      law(300),
    );
  });

  it.each([
    ["is too large", "a,b\n1,2\n3,4\n", 8, { line: 3, detail: expect.stringContaining("at most 8 bytes") }],
    ["is no text", new Uint8Array([0x61, 0x0a, 0x62, 0xff, 0x0a]), 99, { line: 1, detail: "is not UTF-8" }],
    [
      "ends in the middle of a character",
      new Uint8Array([0x61, 0x0a, 0xe2]),
      99,
      { line: 2, detail: "is not UTF-8" },
    ],
    ["has an open quote", 'a\n"b', 99, { line: 2, detail: expect.stringContaining("a quote is not closed") }],
    [
      "has no end of a line",
      "x".repeat(30_000),
      99_999,
      { line: 1, detail: expect.stringContaining("20000 characters") },
    ],
  ])("ends with a fault where it %s", async (_, body, limit, fault) => {
    const bytes = typeof body === "string" ? utf8(body) : body;
    expect((await read(chunked(bytes, [4, 4]).bytes, limit)).fault).toEqual(fault);
  });

  it("ends with a fault where its sender is gone", async () => {
    async function* gone() {
      yield utf8("a,b\n1,2\n3");
      throw new TypeError("the connection was lost");
    }
    expect(await read(gone())).toEqual({
      records: [
        { line: 1, cells: ["a", "b"] },
        { line: 2, cells: ["1", "2"] },
      ],
      fault: { line: 3, detail: expect.stringContaining("broke off") },
    });
  });

  it("is read to its end also by who has seen enough", async () => {
    const sent = chunked(utf8("a\nb\nc\nd\ne\nf\n"), [2, 2, 2, 2]);
    for await (const _ of csvParts(sent.bytes, LIMIT_BYTES)) break;
    expect(sent.left()).toBe(0);
  });

  it("may come in one chunk of very many lines", async () => {
    const { records } = await read(chunked(utf8("a\n".repeat(400_000)), []).bytes, 1_000_000);
    expect(records).toHaveLength(400_000);
  });
});
