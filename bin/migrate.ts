import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { ROOT } from "./paths.ts";

/** The part of a D1 binding that migrating needs. */
type Database = {
  prepare(sql: string): Prepared;
  batch(statements: Prepared[]): Promise<unknown>;
};
type Prepared = {
  bind(...values: unknown[]): Prepared;
  run(): Promise<unknown>;
  all(): Promise<{ results: unknown[] }>;
};

const MIGRATIONS = join(ROOT, "edge/migrations");

/**
 * Applies the migrations that a local D1 does not have yet, in order, and remembers them in `d1_migrations` as
 * `wrangler d1 migrations apply` does, so that the two can take turns on one database. Each is one batch, applied
 * whole or not at all.
 */
export async function migrate(database: Database): Promise<string[]> {
  await database
    .prepare(
      "CREATE TABLE IF NOT EXISTS d1_migrations(id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE, applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL)",
    )
    .run();
  const known = await database.prepare("SELECT name FROM d1_migrations").all();
  const applied = new Set(known.results.map((row) => (row as { name: string }).name));
  const files = (await readdir(MIGRATIONS)).filter((name) => name.endsWith(".sql")).sort();
  const pending = files.filter((name) => !applied.has(name));
  for (const name of pending) {
    const statements = splitStatements(await readFile(join(MIGRATIONS, name), "utf8"));
    await database.batch([
      ...statements.map((sql) => database.prepare(sql)),
      database.prepare("INSERT INTO d1_migrations (name) VALUES (?)").bind(name),
    ]);
  }
  return pending;
}

/** Cuts a migration into statements; the semicolons inside a trigger's BEGIN … END do not end it. */
export function splitStatements(sql: string): string[] {
  const statements: string[] = [];
  let current = "";
  for (const line of sql.split("\n")) {
    const code = line.replace(/--.*$/, "").trimEnd();
    if (code === "" && current === "") continue;
    current += `${code}\n`;
    const inTrigger = /^\s*CREATE\s+TRIGGER/i.test(current);
    const ended = inTrigger ? /\bEND;\s*$/i.test(current) : /;\s*$/.test(current);
    if (ended) {
      statements.push(current.trim().replace(/;$/, ""));
      current = "";
    }
  }
  if (current.trim()) statements.push(current.trim());
  return statements;
}
