import * as v from "valibot";
import { NumbersInput } from "../../../shared/api/inventory.ts";
import { err, ok, type Result } from "../../../shared/result.ts";

/** What stands in a line for all of them, unless a column says otherwise. */
export type RowDefaults = {
  telephony_account_id: string;
  pool_id?: string | undefined;
  campaign_id?: string | undefined;
  publisher_id?: string | undefined;
};

/** A line of an import that is right in itself: one number and where it goes. */
export type NumberRow = { line: number; input: NumbersInput };
export type RowFault = { pointer: string; detail: string };

const PLACE = ["pool_id", "campaign_id", "publisher_id"] as const;
const WORDS = ["label", "sub1", "sub2", "sub3", "sub4", "sub5"] as const;
const COLUMNS: readonly string[] = ["e164", ...PLACE, "honeypot", ...WORDS];
export const ROWS_MAX = 1000;

/**
 * Reads the lines of a CSV of numbers: a header with `e164` and any of `pool_id`, `campaign_id`, `publisher_id`,
 * `honeypot` (`true` or `false`), `label` and `sub1` to `sub5`, then a number a line. A line that names a place has that one and none of the
 * defaults. All faults at once, each with its line.
 */
export function readNumberRows(
  records: readonly { line: number; cells: readonly string[] }[],
  defaults: RowDefaults,
): Result<NumberRow[], RowFault[]> {
  const [header, ...lines] = records;
  const columns = header?.cells.map((name) => name.toLowerCase()) ?? [];
  const wrong = faultOfHeader(columns, lines.length);
  if (wrong) return err([{ pointer: `/${header?.line ?? 1}`, detail: wrong }]);
  const rows: NumberRow[] = [];
  const faults: RowFault[] = [];
  const seen = new Map<string, number>();
  for (const { line, cells } of lines) {
    if (cells.length > columns.length)
      faults.push({ pointer: `/${line}`, detail: "has more cells than the header" });
    const given = new Map(columns.map((name, i) => [name, cells[i] ?? ""]));
    const read = v.safeParse(NumbersInput, inputOf(given, defaults), { abortPipeEarly: true });
    if (!read.success) {
      faults.push(...read.issues.map((issue) => faultOf(line, issue)));
      continue;
    }
    const [e164 = ""] = read.output.e164;
    const first = seen.get(e164);
    if (first !== undefined)
      faults.push({ pointer: `/${line}/e164`, detail: `stands in line ${first} already` });
    seen.set(e164, line);
    rows.push({ line, input: read.output });
  }
  return faults.length > 0 ? err(faults) : ok(rows);
}

function faultOfHeader(columns: readonly string[], lines: number): string | null {
  if (!columns.includes("e164")) return "the first line must name the columns, e164 among them";
  const unknown = columns.filter((name) => !COLUMNS.includes(name));
  if (unknown.length > 0) return `has unknown columns: ${unknown.slice(0, 5).join(", ")}`;
  if (new Set(columns).size < columns.length) return "names a column twice";
  if (lines === 0) return "no number follows the header";
  return lines > ROWS_MAX ? `at most ${ROWS_MAX} numbers at once` : null;
}

function inputOf(given: ReadonlyMap<string, string>, defaults: RowDefaults): Record<string, unknown> {
  const text = (name: string) => given.get(name) || undefined;
  const { telephony_account_id, ...place } = defaults;
  const own = PLACE.some((name) => text(name) !== undefined);
  const input: Record<string, unknown> = { telephony_account_id, e164: [given.get("e164") ?? ""] };
  for (const name of PLACE) input[name] = own ? text(name) : place[name];
  for (const name of WORDS) input[name] = text(name);
  input.honeypot = readFlag(text("honeypot"));
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));
}

/** As spreadsheets write it; what is neither is left for the schema to name. */
function readFlag(cell: string | undefined): boolean | string | undefined {
  const word = cell?.toLowerCase();
  return word === "true" ? true : word === "false" ? false : cell;
}

function faultOf(line: number, issue: v.BaseIssue<unknown>): RowFault {
  const field = issue.path?.[0]?.key;
  return { pointer: field === undefined ? `/${line}` : `/${line}/${String(field)}`, detail: issue.message };
}
