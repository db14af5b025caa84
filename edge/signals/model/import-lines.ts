import * as v from "valibot";
import { SignalInput } from "../../../shared/api/signals.ts";
import { err, ok, type Result } from "../../../shared/result.ts";
import { type SignalValue, valueOfText } from "./value.ts";

const COLUMNS = ["call_id", "provider_call_id", "name", "value", "revenue_micros", "occurred_at"] as const;
export type Column = (typeof COLUMNS)[number];

/** What a line says: an outcome, and of which call. Absent cells are null. */
export type ToldOutcome = {
  call_id: string | null;
  provider_call_id: string | null;
  name: string;
  value: SignalValue;
  revenue_micros: number | null;
  occurred_at: number | null;
};

/** The columns of an import in the order of its first line, or what is wrong with that line. */
export function readHeader(cells: readonly string[]): Result<Column[], string> {
  const named = cells.map((cell) => cell.trim().toLowerCase());
  const unknown = named.filter((name) => !COLUMNS.some((column) => column === name));
  if (!named.includes("call_id") && !named.includes("provider_call_id"))
    return err("the first line must name the columns, call_id or provider_call_id among them");
  for (const needed of ["name", "value"]) if (!named.includes(needed)) return err(`has no column ${needed}`);
  if (unknown.length > 0) return err(`has unknown columns: ${unknown.slice(0, 5).join(", ").slice(0, 200)}`);
  if (new Set(named).size < named.length) return err("names a column twice");
  return ok(named as Column[]);
}

/** What one line says, or the first thing that is wrong with it in itself. Cells at its end may be left out. */
export function readLine(columns: readonly Column[], cells: readonly string[]): Result<ToldOutcome, string> {
  if (cells.length > columns.length) return err("has more cells than the header");
  const cell = (column: Column): string => cells[columns.indexOf(column)] ?? "";
  const [call_id, provider_call_id] = [cell("call_id").trim(), cell("provider_call_id").trim()];
  if (call_id === "" && provider_call_id === "") return err("names no call");
  if (cell("value").trim() === "") return err("value is empty");
  const read = v.safeParse(
    SignalInput,
    {
      name: cell("name"),
      value: valueOfText(cell("value")),
      revenue_micros: wholeNumber(cell("revenue_micros")),
      occurred_at: wholeNumber(cell("occurred_at")),
    },
    { abortEarly: true },
  );
  if (!read.success) {
    const [issue] = read.issues;
    return err(`${String(issue.path?.[0]?.key ?? "it")} ${issue.message}`);
  }
  const { name, value, revenue_micros = null, occurred_at = null } = read.output;
  return ok({
    call_id: call_id || null,
    provider_call_id: provider_call_id || null,
    name,
    value,
    revenue_micros,
    occurred_at,
  });
}

type Told = { call_id: string; name: string; value: SignalValue; occurred_at: number | null };

/** Outcomes less those that nobody dates and that one before them says already: the same, whenever it was. */
export function withoutRepeats<T extends Told>(rows: readonly T[]): T[] {
  const said = new Set<string>();
  return rows.filter(({ call_id, name, value, occurred_at }) => {
    const key = JSON.stringify([call_id, name, value]);
    const is_repeat = occurred_at === null && said.has(key);
    said.add(key);
    return !is_repeat;
  });
}

/** What is no whole number stays a text, for the schema to refuse. */
function wholeNumber(cell: string): number | string | undefined {
  const text = cell.trim();
  if (text === "") return undefined;
  return /^-?\d{1,17}$/.test(text) ? Number(text) : text;
}
