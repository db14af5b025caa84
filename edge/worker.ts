import type { ExecutionContext, ScheduledController } from "@cloudflare/workers-types";
import { assert } from "../shared/assert.ts";
import type { Instant } from "../shared/instant.ts";
import { type AppBindings, createApp } from "./app.ts";
import { type Config, type Env, readConfig } from "./config.ts";
import { upkeep } from "./journeys/upkeep.ts";
import { poolsOf } from "./leasing/pool-client.ts";
import { faultyD1 } from "./local/faults.ts";
import { localZone } from "./local/zone.ts";
import { type Clock, fixedClock, headerClock, systemClock } from "./platform/clock.ts";
import { makeVault, type Vault } from "./platform/crypto.ts";
import { type Db, openDb } from "./platform/db.ts";
import { makeIds, secureBytes } from "./platform/ids.ts";
import { requestLog } from "./platform/log.ts";
import type { Services } from "./services.ts";

export { Pool } from "./leasing/pool/pool.ts";

/** Made once per isolate: parsing the environment and deriving keys is not work for each request. */
type Isolate = { config: Config; vault: Vault; db: Db };
let isolate: Isolate | null = null;

function openIsolate(env: Env): Isolate {
  if (isolate) return isolate;
  const config = readConfig(env, __LOCAL__);
  assert(config.ok, config.ok ? "" : `the environment is incomplete:\n  ${config.error.join("\n  ")}`);
  const database = __LOCAL__ ? faultyD1(env.DB) : env.DB;
  isolate = {
    config: config.value,
    vault: makeVault(config.value.master_key, secureBytes),
    db: openDb(database),
  };
  return isolate;
}

function servicesFor(env: Env, clock: Clock, later: (work: Promise<unknown>) => void): Services {
  const { config, vault, db } = openIsolate(env);
  const ids = makeIds(clock);
  const request_id = ids.next("request");
  return {
    config,
    clock,
    ids,
    vault,
    request_id,
    log: requestLog(request_id),
    directory: { db },
    network: () => ({ db }),
    pool: poolsOf(env.POOL),
    plans: env.PLANS,
    later,
  };
}

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
    return app.fetch(request, bindings, context as never);
  },

  async scheduled(_controller: ScheduledController, env: Env, context: ExecutionContext): Promise<void> {
    await upkeep(servicesFor(env, systemClock, (work) => context.waitUntil(work)));
  },
};
