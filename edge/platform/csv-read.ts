import { err, ok, type Result } from "../../shared/result.ts";

/** A record of a CSV text with the line it begins on, the header being line 1. */
export type CsvRecord = { line: number; cells: string[] };
export type CsvFault = { line: number; detail: string };

const BYTE_ORDER_MARK = "\ufeff";
/** A quote that is not closed would take the rest of the text for one cell. */
const RECORD_CHARACTERS_MAX = 20_000;

/**
 * Reads a CSV text in pieces, however they are cut, and keeps no more of it than the record it is in. RFC 4180: cells in
 * quotes may hold commas, line ends and doubled quotes; lines end with LF or CRLF; empty lines are passed over. A `'`
 * before a character that a spreadsheet would run is taken off again.
 */
export class CsvReader {
  /** Why the text cannot be read any further. */
  fault: CsvFault | null = null;
  /** What the next character is to. `quote`: it may be the second of two, else the cell in quotes is over. */
  #place: "begin" | "cell" | "plain" | "quoted" | "quote" | "return" = "begin";
  #record: CsvRecord = { line: 1, cells: [] };
  #text = "";
  #characters = 0;
  /** The line that the next character stands on. */
  #line = 1;

  /** The line on which the record begins that is read next, or that is at fault. */
  get line(): number {
    return this.#record.line;
  }

  /** The records that end in this piece; none after a fault. */
  push(piece: string): CsvRecord[] {
    const records: CsvRecord[] = [];
    let at = 0;
    if (this.#place === "begin" && piece !== "") {
      if (piece.startsWith(BYTE_ORDER_MARK)) at = 1;
      this.#place = "cell";
    }
    for (; at < piece.length && this.fault === null; at++) {
      const ended = this.#read(piece[at] ?? "");
      if (ended) records.push(ended);
    }
    return records;
  }

  /** The text is over: its last record, where no line end followed it. */
  end(): CsvRecord[] {
    if (this.#place === "quoted") this.#fail("a quote is not closed, or text follows one");
    const isBetween = this.#record.cells.length === 0 && /begin|cell|return/.test(this.#place);
    if (this.fault !== null || isBetween) return [];
    this.#endCell();
    const ended = this.#endRecord();
    return ended ? [ended] : [];
  }

  #fail(detail: string): void {
    this.fault ??= { line: this.#record.line, detail };
  }

  #read(character: string): CsvRecord | null {
    this.#characters += 1;
    if (this.#characters > RECORD_CHARACTERS_MAX) {
      this.#fail(`has more than ${RECORD_CHARACTERS_MAX} characters, or a quote is not closed`);
      return null;
    }
    if (this.#place === "return") {
      this.#place = "cell";
      if (character === "\n") return null;
    }
    if (this.#place === "quoted") {
      if (character === "\n") this.#line += 1;
      if (character === '"') this.#place = "quote";
      else this.#text += character;
      return null;
    }
    if (character === '"' && this.#place !== "plain") {
      if (this.#place === "quote") this.#text += character;
      this.#place = "quoted";
      return null;
    }
    return this.#readBare(character);
  }

  /** A character that is not in quotes: a part of the cell, or its end. */
  #readBare(character: string): CsvRecord | null {
    const isLineEnd = character === "\n" || character === "\r";
    if (character !== "," && !isLineEnd) {
      if (this.#place === "quote") this.#fail("a quote is not closed, or text follows one");
      this.#text += character;
      this.#place = "plain";
      return null;
    }
    this.#endCell();
    if (!isLineEnd) return null;
    this.#line += 1;
    if (character === "\r") this.#place = "return";
    return this.#endRecord();
  }

  #endCell(): void {
    const cell = this.#place === "quote" ? this.#text : this.#text.trim();
    this.#record.cells.push(unguarded(cell));
    this.#text = "";
    this.#place = "cell";
  }

  /** The record that is over; null for an empty line. */
  #endRecord(): CsvRecord | null {
    const ended = this.#record;
    this.#record = { line: this.#line, cells: [] };
    this.#characters = 0;
    return ended.cells.some((cell) => cell !== "") ? ended : null;
  }
}

/** Reads a whole CSV text, as `CsvReader` does in pieces. */
export function readCsv(text: string): Result<CsvRecord[], CsvFault> {
  const reader = new CsvReader();
  const records = [...reader.push(text), ...reader.end()];
  return reader.fault === null ? ok(records) : err(reader.fault);
}

/** Our own exports put a `'` before what a spreadsheet would run; what is read back is the text itself. */
function unguarded(text: string): string {
  return /^'[=+\-@\t\r]/.test(text) ? text.slice(1) : text;
}
