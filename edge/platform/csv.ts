import { isE164 } from "../../shared/phone-number.ts";

export type Cell = string | number | boolean | null | undefined;

/** Spreadsheets run a cell that begins with one of these as a formula. */
const RISKY = /^[=+\-@\t\r]/;
const NUMBER = /^[+-]?\d+(\.\d+)?$/;

/**
 * One CSV line (RFC 4180, CRLF). A text that a spreadsheet would run as a formula gets a leading `'`; phone numbers
 * and plain numbers stay as they are. Nothing is an empty cell.
 */
export function csvLine(cells: readonly Cell[]): string {
  return `${cells.map(csvCell).join(",")}\r\n`;
}

function csvCell(value: Cell): string {
  if (value === null || value === undefined) return "";
  const text = String(value);
  const safe = RISKY.test(text) && !isE164(text) && !NUMBER.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
