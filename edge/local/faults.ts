import type { D1Database, D1PreparedStatement } from "@cloudflare/workers-types";

/** How the local D1 misbehaves on request, for tests of what happens when the real one does. */
export type D1Fault = "none" | "throw" | "hang" | "slow";
export const D1_FAULTS: readonly D1Fault[] = ["none", "throw", "hang", "slow"];

const SLOW_MS = 5_000;
let fault: D1Fault = "none";
let statements = 0;

/** How many statements, a batch counting as one, the Worker has sent to D1 since it started. */
export function d1Statements(): number {
  return statements;
}

export function setD1Fault(next: D1Fault): void {
  fault = next;
}

async function misbehave(): Promise<void> {
  statements += 1;
  // The text is one that D1 documents for a lost connection.
  if (fault === "throw") throw new Error("D1_ERROR: Network connection lost.");
  if (fault === "hang") await new Promise(() => {});
  if (fault === "slow") await scheduler.wait(SLOW_MS);
}

const STATEMENT_CALLS = new Set(["run", "all", "first", "raw"]);

function faultyStatement(statement: D1PreparedStatement): D1PreparedStatement {
  return new Proxy(statement, {
    get(target, name) {
      if (name === "bind") return (...values: unknown[]) => faultyStatement(target.bind(...values));
      if (name === "unwrapped") return target;
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== "function") return member;
      return async (...args: unknown[]) => {
        if (STATEMENT_CALLS.has(String(name))) await misbehave();
        return member.apply(target, args);
      };
    },
  });
}

/** The same database, which misbehaves as `setD1Fault` says. */
export function faultyD1(database: D1Database): D1Database {
  return new Proxy(database, {
    get(target, name) {
      if (name === "prepare") return (sql: string) => faultyStatement(target.prepare(sql));
      if (name === "batch") {
        return async (statements: (D1PreparedStatement & { unwrapped?: D1PreparedStatement })[]) => {
          await misbehave();
          return target.batch(statements.map((statement) => statement.unwrapped ?? statement));
        };
      }
      const member: unknown = Reflect.get(target, name);
      return typeof member === "function" ? member.bind(target) : member;
    },
  });
}
