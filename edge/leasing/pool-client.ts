import type { DurableObjectNamespace } from "@cloudflare/workers-types";
import type { Pool } from "./pool/pool.ts";
import type { PoolPort } from "./pool-port.ts";

/** The platform's stub of a `Pool`; its own types do not survive a class of ours. */
type Stub = PoolPort & Pick<Pool, "leaseText">;

/** How a request reaches the objects of its pools. */
export function poolsOf(namespace: DurableObjectNamespace): (pool_id: string) => PoolPort {
  return (pool_id) => {
    const stub = namespace.get(namespace.idFromName(pool_id)) as unknown as Stub;
    return {
      lease: (ask) => stub.leaseText(JSON.stringify(ask)),
      renew: (ask) => stub.renew(ask),
      note: (ask) => stub.note(ask),
      candidates: (ask) => stub.candidates(ask),
      occupancy: (ask) => stub.occupancy(ask),
      flush: (ask) => stub.flush(ask),
    };
  };
}
