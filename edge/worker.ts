import type { D1Database, ExecutionContext, ScheduledController } from "@cloudflare/workers-types";
import { assert } from "../shared/assert.ts";
import type { Instant } from "../shared/instant.ts";
import { type AppBindings, createApp, shortWay } from "./app.ts";
import { type Config, type Env, readConfig } from "./config.ts";
import { upkeep } from "./journeys/upkeep.ts";
import { poolsOf } from "./leasing/pool-client.ts";
import { faultyD1 } from "./local/faults.ts";
import { localZone } from "./local/zone.ts";
import { type Clock, fixedClock, headerClock, systemClock } from "./platform/clock.ts";
import { makeVault, type Vault } from "./platform/crypto.ts";
import { type Databases, openDatabases } from "./platform/databases.ts";
import { type Db, openDb } from "./platform/db.ts";
import { type Ids, makeIds, secureBytes } from "./platform/ids.ts";
import { requestLog } from "./platform/log.ts";
import type { Services } from "./services.ts";
import { apiBase, apiOf } from "./telephony/rest/apis.ts";

export { Pool } from "./leasing/pool/pool.ts";

/** Made once per isolate: parsing the environment and deriving keys is not work for each request. */
type Isolate = {
  config: Config;
  vault: Vault;
  databases: Databases;
  opened: Map<D1Database, Db>;
  pools: Services["pool"];
  request_ids: Ids;
};
let isolate: Isolate | null = null;

function openIsolate(env: Env): Isolate {
  if (isolate) return isolate;
  const config = readConfig(env, __LOCAL__);
  assert(config.ok, config.ok ? "" : `the environment is incomplete:\n  ${config.error.join("\n  ")}`);
  const databases = openDatabases(env);
  assert(databases.ok, databases.ok ? "" : databases.error.join("\n  "));
  isolate = {
    config: config.value,
    vault: makeVault(config.value.master_key, secureBytes),
    databases: databases.value,
    opened: new Map(),
    pools: poolsOf(env.POOL),
    request_ids: makeIds(systemClock),
  };
  return isolate;
}

/** One handle for each database, so that two networks of one database are known to share it. */
function handleOf({ opened }: Isolate, database: D1Database): Db {
  const known = opened.get(database);
  if (known) return known;
  const db = openDb(__LOCAL__ ? faultyD1(database) : database);
  opened.set(database, db);
  return db;
}

function servicesFor(env: Env, clock: Clock, later: (work: Promise<unknown>) => void): Services {
  const opened = openIsolate(env);
  const { config, vault, databases, pools, request_ids } = opened;
  const ids = makeIds(clock);
  const request_id = request_ids.next("request");
  return {
    config,
    clock,
    ids,
    vault,
    request_id,
    log: requestLog(request_id),
    directory: { db: handleOf(opened, databases.directory) },
    network(network_id) {
      const { database, first_pool_key } = databases.of(network_id);
      return { db: handleOf(opened, database), first_pool_key };
    },
    ofPoolKey: (pool_key) => ({ db: handleOf(opened, databases.ofPoolKey(pool_key)) }),
    pool: pools,
    plans: env.PLANS,
    lease_rate: env.LEASE_RATE ?? null,
    archive: env.ARCHIVE ?? null,
    providerApi({ api_space, ...account }) {
      // A local run asks no provider unless it is told where: its accounts are made up.
      const told = config.provider_apis.get(account.provider) ?? null;
      const api_base = __LOCAL__ ? told : apiBase(account.provider, api_space);
      const surroundings = { fetch: sendRequest, sleep, chance: () => chanceOf(ids), clock };
      return api_base === null ? null : apiOf({ ...account, api_base }, surroundings);
    },
    send: sendRequest,
    later,
  };
}

const sendRequest = (url: string, init: RequestInit): Promise<Response> => fetch(url, init);
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
/** A fraction in [0, 1). */
const chanceOf = (ids: Ids): number => (ids.bytes(1)[0] ?? 0) / 256;

const app = createApp(__LOCAL__ ? localZone(appAt) : null);

/** For the demo: the whole app, as it answers a request that arrives at another time. */
function appAt(services: Services) {
  return async (request: Request, at: Instant): Promise<Response> => {
    const clock = fixedClock(at);
    const then: Services = { ...services, clock, ids: makeIds(clock, services.ids.bytes) };
    return app.fetch(request, { services: then, assets: null });
  };
}

export default {
  async fetch(request: Request, env: Env, context: ExecutionContext): Promise<Response> {
    const clock = openIsolate(env).config.clock === "header" ? headerClock(request.headers) : systemClock;
    const assets = env.ASSETS;
    const bindings: AppBindings = {
      services: servicesFor(env, clock, (work) => context.waitUntil(work)),
      assets: assets ? (asked) => assets.fetch(asked as never) as unknown as Promise<Response> : null,
    };
    return shortWay(request, bindings.services) ?? app.fetch(request, bindings, context as never);
  },

  async scheduled(_controller: ScheduledController, env: Env, context: ExecutionContext): Promise<void> {
    await upkeep(servicesFor(env, systemClock, (work) => context.waitUntil(work)));
  },
};
