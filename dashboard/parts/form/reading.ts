import { given } from "../../../shared/given.ts";
import { err, ok, type Result } from "../../../shared/result.ts";
import type { FieldFault } from "../../api.ts";
import type { Read } from "./amounts.ts";

/** What a form holds by the names of its fields, which are JSON pointers into the body without the first slash. */
export type Values = Readonly<Record<string, string>>;

/** A body to send, or what is wrong with which field, as the server would say it. */
export type Draft<B> = Result<B, FieldFault[]>;

/** The same fields, those that may be undefined optional instead. */
type Settled<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/**
 * Reads a form field by field and keeps every fault on the way, so that all wrong fields are named at once:
 * `const read = new Reading(values); const name = read.required("name"); … return read.body({ name, … })`.
 */
export class Reading {
  readonly #values: Values;
  readonly #faults: FieldFault[] = [];

  constructor(values: Values) {
    this.#values = values;
  }

  #fault(name: string, detail: string): void {
    this.#faults.push({ pointer: `/${name}`, detail });
  }

  /** The trimmed text, "" where the field is empty or not there. */
  text(name: string): string {
    return (this.#values[name] ?? "").trim();
  }

  checked(name: string): boolean {
    return this.#values[name] !== undefined;
  }

  /** A text that must be there. */
  required(name: string, detail = "This is needed."): string {
    const text = this.text(name);
    if (text === "") this.#fault(name, detail);
    return text;
  }

  /** A value that must be there, read by `how`; `fallback` stands in for it while it is wrong. */
  value<T>(name: string, how: (text: string) => Read<T>, fallback: T): T {
    const text = this.required(name);
    return text === "" ? fallback : (this.#read(name, text, how) ?? fallback);
  }

  /** A value that may be left out; undefined when the field is empty. */
  optional<T>(name: string, how: (text: string) => Read<T>): T | undefined {
    const text = this.text(name);
    return text === "" ? undefined : this.#read(name, text, how);
  }

  #read<T>(name: string, text: string, how: (text: string) => Read<T>): T | undefined {
    const read = how(text);
    if (read.ok) return read.value;
    this.#fault(name, read.error);
    return undefined;
  }

  /** One of the choices, by its value; anything else is the first. */
  choice<const T extends readonly string[]>(name: string, choices: T): T[number] {
    const text = this.text(name);
    return choices.find((choice) => choice === text) ?? choices[0] ?? "";
  }

  /** The body without its undefined fields, unless something was wrong. */
  body<T extends object>(fields: T): Draft<Settled<T>> {
    return this.#faults.length > 0 ? err(this.#faults) : ok(given(fields) as Settled<T>);
  }
}

/**
 * Faults by the field that shows them: each goes to the field of its pointer, or to the nearest one above it
 * (`/e164/3` to `e164`); what belongs to no field of the form is left over for the form itself.
 */
export function placeFaults(
  faults: readonly FieldFault[],
  names: readonly string[],
): { byField: Map<string, string>; left: string[] } {
  const byField = new Map<string, string>();
  const left: string[] = [];
  for (const { pointer, detail } of faults) {
    const path = pointer.replace(/^[/?]/, "");
    const name = names
      .filter((one) => path === one || path.startsWith(`${one}/`))
      .sort((a, b) => b.length - a.length)[0];
    if (name === undefined) left.push(path === "" ? detail : `${path}: ${detail}`);
    else if (!byField.has(name)) byField.set(name, sayFault(path.slice(name.length + 1), detail));
  }
  return { byField, left };
}

/** The server's "must be at least 60" as a sentence; for an entry of a list with its place. */
function sayFault(rest: string, detail: string): string {
  const entry = /^\d+$/.test(rest) ? `Entry ${Number(rest) + 1} ` : "";
  const said = `${entry}${detail}`;
  const sentence = said.charAt(0).toUpperCase() + said.slice(1);
  return /[.!?]$/.test(sentence) ? sentence : `${sentence}.`;
}
