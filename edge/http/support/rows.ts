import { type Cell, csvLine } from "../../platform/csv.ts";
import { type Download, streamed } from "./stream.ts";

const PART_ROWS = 500;

type Row = Readonly<Record<string, Cell>>;

/** A list in parts, so that it is written out piece by piece. */
export async function* inParts<T>(rows: readonly T[]): AsyncGenerator<readonly T[]> {
  for (let at = 0; at < rows.length; at += PART_ROWS) yield rows.slice(at, at + PART_ROWS);
}

/** Rows as a download: CSV with these columns and their names in the first line, or one JSON object a line. */
export function downloaded<T extends Row>(
  name: string,
  format: "csv" | "ndjson",
  columns: readonly (keyof T & string)[],
  parts: AsyncIterable<readonly T[]>,
): Download {
  return streamed(`${name}.${format}`, format === "csv" ? csvOf(columns, parts) : linesOf(parts));
}

async function* csvOf<T extends Row>(
  columns: readonly (keyof T & string)[],
  parts: AsyncIterable<readonly T[]>,
): AsyncGenerator<string> {
  yield csvLine(columns);
  for await (const rows of parts) {
    yield rows.map((row) => csvLine(columns.map((column) => row[column]))).join("");
  }
}

async function* linesOf<T extends Row>(parts: AsyncIterable<readonly T[]>): AsyncGenerator<string> {
  for await (const rows of parts) yield rows.map((row) => `${JSON.stringify(row)}\n`).join("");
}
