import type { KVNamespace, R2Bucket, RateLimit } from "@cloudflare/workers-types";
import type { Config } from "./config.ts";
import type { PoolPort } from "./leasing/pool-port.ts";
import type { Clock } from "./platform/clock.ts";
import type { Vault } from "./platform/crypto.ts";
import type { Db } from "./platform/db.ts";
import type { Ids } from "./platform/ids.ts";
import type { Log } from "./platform/log.ts";
import type { ApiAccount, ProviderApi } from "./telephony/rest/port.ts";

/**
 * What a journey may touch; made afresh for each request by `worker.ts`.
 * `directory` answers whose a key, an account or a site is; `network(id)` is that network's own database.
 * They are one D1 until a network moves into a database of its own (platform/databases.ts).
 */
export type Services = {
  config: Config;
  clock: Clock;
  ids: Ids;
  log: Log;
  vault: Vault;
  request_id: string;
  directory: { db: Db };
  network(network_id: string): { db: Db; first_pool_key: number };
  /** The database of the pool that a lease token names by its short key. */
  ofPoolKey(pool_key: number): { db: Db };
  pool(pool_id: string): PoolPort;
  /** Routing plans that outlive an outage of D1; and earlier tags, which pages have pinned. */
  plans: KVNamespace;
  /**
   * The platform's rough count of each address's page views, a filter before a pool is asked at all: the quotas that
   * are exact are the pool's own. Null where none is bound.
   */
  lease_rate: RateLimit | null;
  /** Where old months are copied to; null where none is bound. */
  archive: R2Bucket | null;
  /** A provider's own API, asked in an account's name; null where it has none or its address is not known. */
  providerApi(account: Omit<ApiAccount, "api_base"> & { api_space: string | null }): ProviderApi | null;
  /** A request to a server that somebody else named (webhooks). Throws when there is no answer. */
  send(url: string, init: RequestInit): Promise<Response>;
  /** Work that may end after the answer is sent. Never money. */
  later(work: Promise<unknown>): void;
};
