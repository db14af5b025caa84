import type { D1Database } from "@cloudflare/workers-types";
import { err, ok, type Result } from "../../shared/result.ts";

/**
 * Which D1 a network lives in. `DB` is the directory and everybody's home; a network that has outgrown it has a
 * database of its own, bound as `DB_1`, `DB_2` … and named in `NETWORK_DATABASES`, a JSON object from network to
 * binding. A binding comes with a deployment, and so does the map: finding a database is one look, never a read.
 */
export type DatabaseEnv = { DB: D1Database; NETWORK_DATABASES?: string };

/** A database with the first short key of its pools: keys tell databases apart, for a lease token names its pool by one. */
export type Home = { database: D1Database; first_pool_key: number };

export type Databases = {
  directory: D1Database;
  of(network_id: string): Home;
  ofPoolKey(pool_key: number): D1Database;
};

/** A token has 32 bits for a pool's key: 8 for its database, 24 for the pool within. */
const KEYS_PER_DATABASE = 2 ** 24;
const BINDING = /^DB_([1-9]\d?|1\d\d|2[0-4]\d|25[0-5])$/;

/** Opens the databases that the environment names; every fault is told. */
export function openDatabases(env: DatabaseEnv): Result<Databases, string[]> {
  const named = readMap(env.NETWORK_DATABASES ?? "{}");
  if (named === null) return err(["NETWORK_DATABASES: is a JSON object from network ids to bindings"]);
  const faults: string[] = [];
  const homes = new Map<string, Home>();
  const byOrdinal = new Map<number, D1Database>([[0, env.DB]]);
  for (const [network_id, binding] of Object.entries(named)) {
    const ordinal = Number(BINDING.exec(binding)?.[1] ?? 0);
    const database = (env as unknown as Record<string, D1Database | undefined>)[binding];
    if (ordinal === 0 || !database) {
      faults.push(`NETWORK_DATABASES: ${network_id} names ${binding}, which is not a bound DB_1 … DB_255`);
      continue;
    }
    byOrdinal.set(ordinal, database);
    homes.set(network_id, { database, first_pool_key: ordinal * KEYS_PER_DATABASE });
  }
  if (faults.length > 0) return err(faults);
  const home: Home = { database: env.DB, first_pool_key: 0 };
  return ok({
    directory: env.DB,
    of: (network_id) => homes.get(network_id) ?? home,
    ofPoolKey: (pool_key) => byOrdinal.get(Math.floor(pool_key / KEYS_PER_DATABASE)) ?? env.DB,
  });
}

function readMap(text: string): Record<string, string> | null {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null || Array.isArray(value)) return null;
    return Object.values(value).every((name) => typeof name === "string")
      ? (value as Record<string, string>)
      : null;
  } catch {
    return null;
  }
}
