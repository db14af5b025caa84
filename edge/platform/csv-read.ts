import { err, ok, type Result } from "../../shared/result.ts";

/** A record of a CSV text with the line it begins on, the header being line 1. */
export type CsvRecord = { line: number; cells: string[] };
export type CsvFault = { line: number; detail: string };

const BYTE_ORDER_MARK = "\ufeff";

/**
 * Reads a CSV text (RFC 4180): cells in quotes may hold commas, line ends and doubled quotes; lines end with LF or
 * CRLF; empty lines are passed over. A `'` before a character that a spreadsheet would run is taken off again.
 */
export function readCsv(text: string): Result<CsvRecord[], CsvFault> {
  const source = text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
  const records: CsvRecord[] = [];
  let at = 0;
  let line = 1;
  while (at < source.length) {
    const record: CsvRecord = { line, cells: [] };
    for (let more = true; more; ) {
      const cell = source[at] === '"' ? quoted(source, at) : plain(source, at);
      if (cell === null)
        return err({ line: record.line, detail: "a quote is not closed, or text follows one" });
      record.cells.push(unguarded(cell.text));
      line += cell.lines;
      at = cell.end;
      more = source[at] === ",";
      if (more) at += 1;
    }
    if (source[at] === "\r") at += 1;
    if (source[at] === "\n") at += 1;
    line += 1;
    if (record.cells.some((cell) => cell !== "")) records.push(record);
  }
  return ok(records);
}

type Cell = { text: string; end: number; lines: number };

function plain(source: string, from: number): Cell {
  let end = from;
  while (end < source.length && !/[,\r\n]/.test(source[end] ?? "")) end += 1;
  return { text: source.slice(from, end).trim(), end, lines: 0 };
}

function quoted(source: string, from: number): Cell | null {
  let text = "";
  for (let at = from + 1; at < source.length; at += 1) {
    if (source[at] !== '"') text += source[at];
    else if (source[at + 1] === '"') {
      text += '"';
      at += 1;
    } else {
      const end = at + 1;
      const follows = source[end];
      if (follows !== undefined && !/[,\r\n]/.test(follows)) return null;
      return { text, end, lines: text.split("\n").length - 1 };
    }
  }
  return null;
}

/** Our own exports put a `'` before what a spreadsheet would run; what is read back is the text itself. */
function unguarded(text: string): string {
  return /^'[=+\-@\t\r]/.test(text) ? text.slice(1) : text;
}
