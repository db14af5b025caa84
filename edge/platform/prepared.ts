import { is, Param, Placeholder, type Query, sql } from "drizzle-orm";
import type { RunnableQuery } from "drizzle-orm/runnable-query";
import { assert } from "../../shared/assert.ts";
import type { Db, Statement } from "./db.ts";

/** What `db.batch` asks of a statement: its SQL with the values to bind, and how its rows are read. */
type Prepared = { getQuery(): Query };

/** A value of the query: fixed, or the one of this name, as its column writes it. */
type Slot = { value: unknown } | { name: string; encode: (value: unknown) => unknown };
type Built = { statement: Prepared; sql: string; slots: Slot[] };

/** A statement for `db.batch` and `write`; it cannot be awaited by itself. */
export type Batched<S extends Statement> = RunnableQuery<S["_"]["result"], "sqlite">;

/**
 * A statement whose SQL is built once for each database and afterwards only bound: building takes Drizzle 0.2 ms, worth
 * saving where a caller waits. `build` gets a placeholder for each of the names in place of its value. Drizzle's own
 * prepared statements cannot go into a batch.
 */
export function prepared<Values extends Record<string, unknown>, S extends Statement>(
  names: readonly (keyof Values & string)[],
  build: (db: Db, values: Values) => S,
): (db: Db, values: Values) => Batched<S> {
  const known = new WeakMap<Db, Built>();
  return (db, values) => {
    const built = known.get(db) ?? builtOnce(build(db, placeholders<Values>(names)));
    known.set(db, built);
    const query = { sql: built.sql, params: built.slots.map((slot) => bind(slot, values)) };
    const statement: Prepared = Object.create(built.statement, { getQuery: { value: () => query } });
    return { _prepare: () => statement } as unknown as Batched<S>;
  };
}

function placeholders<Values>(names: readonly (keyof Values & string)[]): Values {
  // Drizzle takes a placeholder wherever it takes a value; its types do not say so.
  return Object.fromEntries(names.map((name) => [name, sql.placeholder(name)])) as Values;
}

function builtOnce(statement: unknown): Built {
  const { _prepare } = statement as { _prepare?: () => Prepared };
  assert(typeof _prepare === "function", "a Drizzle statement can be prepared");
  const ready = _prepare.call(statement);
  const { sql, params } = ready.getQuery();
  return { statement: ready, sql, slots: params.map(slotOf) };
}

function slotOf(param: unknown): Slot {
  if (is(param, Placeholder)) return { name: param.name, encode: (value) => value };
  if (is(param, Param) && is(param.value, Placeholder)) {
    const { encoder, value } = param;
    return { name: value.name, encode: (given) => encoder.mapToDriverValue(given) };
  }
  return { value: param };
}

/** Null is null in every column, as where Drizzle binds it itself. */
function bind(slot: Slot, values: Record<string, unknown>): unknown {
  if ("value" in slot) return slot.value;
  assert(slot.name in values, `a value is given for ${slot.name}`);
  const value = values[slot.name];
  return value === null ? null : slot.encode(value);
}
