import { randomBytes } from "node:crypto";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { stockUp } from "../support/inventory.ts";
import { startWorld, type World } from "../support/world.ts";
import type { Figure } from "./figure.ts";
import { LARGE_POOL, leaseRequests } from "./lease.ts";
import { compare, type Load } from "./load.ts";

/** Past sessions in the pool that is measured; `BENCH_SESSIONS` takes another number. */
const SESSIONS = Number(process.env.BENCH_SESSIONS ?? "5000000");
const STEP_MS = 4;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** New leases of a pool with millions of past sessions against one that has just begun: what growth costs a visitor. */
export async function benchHistory(): Promise<Figure[]> {
  const old_dir = await mkdtemp(join(tmpdir(), "ringtrail-history-"));
  const key = `rt_test_${randomBytes(16).toString("hex")}`;
  const begun = await startWorld({ data_dir: old_dir, key });
  const stock = await stockUp(begun, LARGE_POOL).finally(() => begun.stop());
  const worlds: World[] = [];
  try {
    await withPast(old_dir, stock.site_key, key, begun.at);
    const old = await startWorld({ data_dir: old_dir, key, reference: true });
    worlds.push(old);
    const fresh = await startWorld({ reference: true });
    worlds.push(fresh);
    const name = `new lease, ${SESSIONS.toLocaleString("en")} past sessions against none`;
    const { site_key } = await stockUp(fresh, LARGE_POOL);
    return [await compare(name, await loadOf(old, stock.site_key), await loadOf(fresh, site_key), 10)];
  } finally {
    for (const world of worlds) await world.stop();
    await rm(old_dir, { recursive: true, force: true });
  }
}

async function loadOf(world: World, site_key: string): Promise<Load> {
  const url = (await world.miniflare.unsafeGetDirectURL("ringtrail")).origin;
  // Later than the one lease that made the tables: nobody holds a number any more.
  return { url, status: 201, next: leaseRequests({ at: world.at + DAY_MS }, site_key, STEP_MS) };
}

/** Makes one lease, so that the object has its tables, and then writes the past into its file while nothing runs. */
async function withPast(data_dir: string, site_key: string, key: string, now: number): Promise<void> {
  const world = await startWorld({ data_dir, key });
  try {
    const { path, headers, body } = leaseRequests(world, site_key, STEP_MS)();
    const made = await fetch(`${world.url}${path}`, { method: "POST", headers, body });
    if (made.status !== 201) throw new Error(`no lease: ${made.status}`);
    await world.json("/api/v1/sessions?limit=1");
  } finally {
    await world.stop();
  }
  writePast(new DatabaseSync(await poolFile(data_dir)), now - 10 * DAY_MS);
}

/** A session a minute of each number, from `from`: ended, flushed, and as short as a row can be. */
function writePast(sqlite: DatabaseSync, from: number): void {
  sqlite.exec("PRAGMA synchronous = OFF");
  const made = sqlite.prepare("SELECT name FROM sqlite_master WHERE name GLOB 'session_[0-9]*'").get();
  const keys = sqlite.prepare("SELECT number_key FROM number ORDER BY number_key").all();
  const insert = sqlite.prepare(
    `WITH RECURSIVE i(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM i WHERE i < CAST(? AS INTEGER))
     INSERT INTO ${String(made?.name)}
     SELECT CAST(? AS INTEGER), CAST(? AS INTEGER) + i * ${MINUTE_MS}, 0,
       json_set(s.state, '$.expires_at', 0, '$.held_until', 0),
       json_set(s.facts, '$.visitor', NULL, '$.visit', json_object('site_id', s.facts ->> '$.visit.site_id'))
     FROM i CROSS JOIN (SELECT state, facts FROM ${String(made?.name)} LIMIT 1) s`,
  );
  for (const { number_key } of keys) insert.run(Math.ceil(SESSIONS / keys.length), Number(number_key), from);
  sqlite.close();
}

/** The file of the one Pool object that has leased. */
async function poolFile(data_dir: string): Promise<string> {
  for (const name of await readdir(data_dir, { recursive: true })) {
    if (!/ringtrail-Pool.*[0-9a-f]{64}\.sqlite$/.test(name)) continue;
    const path = join(data_dir, name);
    const sqlite = new DatabaseSync(path, { readOnly: true });
    const has_sessions = sqlite.prepare("SELECT 1 FROM sqlite_master WHERE name GLOB 'session_[0-9]*'").get();
    sqlite.close();
    if (has_sessions) return path;
  }
  throw new Error("no Pool object has leased");
}
