import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { D1Database, KVNamespace } from "@cloudflare/workers-types";
import { afterEach, beforeEach } from "vitest";
import type { PoolPort } from "../../edge/leasing/pool-port.ts";
import { fixedClock } from "../../edge/platform/clock.ts";
import { fromBase64Url, makeVault } from "../../edge/platform/crypto.ts";
import { openDb } from "../../edge/platform/db.ts";
import { stretchDeadlines } from "../../edge/platform/deadline.ts";
import { makeIds, secureBytes } from "../../edge/platform/ids.ts";
import type { Services } from "../../edge/services.ts";
import type { ProviderApi } from "../../edge/telephony/rest/port.ts";
import { DEADLINE_FACTOR } from "../support/world.ts";
import type { Stage } from "./inbound-stage.ts";

/** The journeys in the test's own process, on the stage's D1 and KV: with faults that cannot be had from outside. */
export type InProcess = { kv: KVNamespace; services(faults?: Faults): Services & { logged: string[] } };

export type Faults = { database?: D1Database; pool?: PoolPort; api?: ProviderApi };

const IDLE_POOL = {
  candidates: async () => ({ sessions: [], renew_after_s: 900, leases_per_s: 0.01, numbers: 5 }),
} as unknown as PoolPort;

/** For a file: the deadlines of its own process lie further off meanwhile, as those of the product do. */
export function unhurried(): void {
  beforeEach(() => stretchDeadlines(DEADLINE_FACTOR));
  afterEach(() => stretchDeadlines(1));
}

export async function inProcess(stage: Pick<Stage, "world">): Promise<InProcess> {
  const text = await readFile(join(stage.world.data_dir, "master-key"), "utf8");
  const master_key = fromBase64Url(text.trim());
  const kv = (await stage.world.miniflare.getKVNamespace("PLANS")) as unknown as KVNamespace;
  return {
    kv,
    services({ database, pool, api } = {}) {
      const clock = fixedClock(stage.world.at);
      const db = openDb(database ?? (stage.world.d1 as unknown as D1Database));
      const logged: string[] = [];
      const { url: public_url } = stage.world;
      return {
        config: {
          public_url,
          master_key,
          proxy_token: null,
          clock: "header",
          demo: false,
          provider_apis: new Map(),
        },
        clock,
        ids: makeIds(clock),
        log: { info: () => {}, error: (message) => logged.push(message) },
        vault: makeVault(master_key, secureBytes),
        request_id: "req_test",
        directory: { db },
        network: () => ({ db, first_pool_key: 0 }),
        ofPoolKey: () => ({ db }),
        pool: () => pool ?? IDLE_POOL,
        plans: kv,
        lease_rate: null,
        archive: null,
        providerApi: () => api ?? null,
        send: fetch,
        later: () => {},
        logged,
      };
    },
  };
}

type Loses = (nth: number) => boolean;

/** D1 whose connection is lost: before the n-th batch took effect, or after it did and nobody knows. */
export function losingD1(stage: Stage, when: "before" | "after", loses: Loses): D1Database {
  let nth = 0;
  const real = stage.world.d1 as unknown as D1Database;
  return new Proxy(real, {
    get(target, name) {
      if (name === "batch") {
        return async (statements: Parameters<D1Database["batch"]>[0]) => {
          nth += 1;
          const isLost = loses(nth);
          if (isLost && when === "before") throw new Error("D1_ERROR: Network connection lost.");
          const done = await target.batch(statements);
          if (isLost) throw new Error("D1_ERROR: Network connection lost.");
          return done;
        };
      }
      const member: unknown = Reflect.get(target, name);
      return typeof member === "function" ? member.bind(target) : member;
    },
  });
}
