import { Pool } from "../../edge/leasing/pool/pool.ts";
import { type D1Fault, faultyD1, setD1Fault } from "../../edge/local/faults.ts";

/** A Worker around nothing but the Pool: steps come as JSON, run inside, and answer with what they cost. */
type Env = { DB: D1Database; POOL: DurableObjectNamespace<CountedPool> };
type Step = {
  method: "lease" | "renew" | "note" | "candidates" | "occupancy" | "flush" | "ring" | "tables" | "tamper";
  ask: unknown;
};
type Run = { pool: string; steps: Step[]; together?: boolean; fault?: D1Fault };

/** What one run was billed: rows of the object's own SQLite, alarms set (a row each), D1's rows and statements. */
export type Cost = {
  pool_written: number;
  pool_read: number;
  alarms: number;
  d1_written: number;
  d1_read: number;
  d1_statements: number;
};

const FREE: Cost = {
  pool_written: 0,
  pool_read: 0,
  alarms: 0,
  d1_written: 0,
  d1_read: 0,
  d1_statements: 0,
};
const cost: Cost = { ...FREE };

export class CountedPool extends Pool {
  constructor(ctx: DurableObjectState, env: { DB: D1Database }) {
    super(counted(ctx), { DB: faultyD1(countedD1(env.DB) as never) });
  }

  /** What the platform does when the alarm is due. */
  ring(): Promise<void> {
    return this.alarm();
  }

  /** Runs SQL behind the object's back. */
  tamper(sql: string): void {
    this.ctx.storage.sql.exec(sql);
  }

  tables(): string[] {
    const rows = this.ctx.storage.sql.exec<{ name: string }>(
      "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name",
    );
    return rows.toArray().map((row) => row.name);
  }
}

/** The same state, whose SQL is counted. */
function counted(ctx: DurableObjectState): DurableObjectState {
  const real = ctx.storage;
  const sql = {
    exec(query: string, ...values: unknown[]) {
      const cursor = real.sql.exec(query, ...values);
      const rows = cursor.toArray();
      cost.pool_written += cursor.rowsWritten;
      cost.pool_read += cursor.rowsRead;
      return { toArray: () => rows, [Symbol.iterator]: () => rows[Symbol.iterator]() };
    },
  };
  const storage = {
    sql,
    transactionSync: <T>(closure: () => T) => real.transactionSync(closure),
    sync: () => real.sync(),
    getAlarm: () => real.getAlarm(),
    setAlarm: (at: number) => {
      cost.alarms += 1;
      return real.setAlarm(at);
    },
  };
  Object.defineProperty(ctx, "storage", { value: storage });
  return ctx;
}

function countedD1(database: D1Database): D1Database {
  const statement = (inner: D1PreparedStatement): D1PreparedStatement =>
    ({
      bind: (...values: unknown[]) => statement(inner.bind(...values)),
      run: async () => noted(await inner.run()),
      all: async () => noted(await inner.all()),
    }) as unknown as D1PreparedStatement;
  return { prepare: (sql: string) => statement(database.prepare(sql)) } as unknown as D1Database;
}

function noted<T extends D1Result<unknown>>(result: T): T {
  cost.d1_statements += 1;
  cost.d1_written += result.meta.rows_written;
  cost.d1_read += result.meta.rows_read;
  return result;
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    const { pool, steps, together, fault } = (await request.json()) as Run;
    if (fault) setD1Fault(fault);
    Object.assign(cost, FREE);
    const remote = env.POOL.get(env.POOL.idFromName(pool)) as unknown as Record<
      string,
      (ask: unknown) => Promise<unknown>
    >;
    const one = async (step: Step) => {
      try {
        return await remote[step.method]!(step.ask);
      } catch (error) {
        return { kind: "threw", message: String(error) };
      }
    };
    const answers: unknown[] = [];
    if (together) answers.push(...(await Promise.all(steps.map(one))));
    else for (const step of steps) answers.push(await one(step));
    return Response.json({ answers, cost });
  },
};
