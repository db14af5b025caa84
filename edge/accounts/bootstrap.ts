import { eq } from "drizzle-orm";
import type { Clock } from "../platform/clock.ts";
import { sha256Hex } from "../platform/crypto.ts";
import { type Db, isConflict, write } from "../platform/db.ts";
import type { Ids } from "../platform/ids.ts";
import { keyPrefix } from "./api-keys.ts";
import { apiKeys, organizations } from "./tables.ts";

/** The part of the services that a first network is made with. */
type Founding = {
  clock: Clock;
  ids: Ids;
  directory: { db: Db };
  network(network_id: string): { db: Db };
};

/**
 * Makes one network and its first admin key, whose text is given: how a fresh installation begins.
 * Idempotent: a key that exists already answers with its network, and nothing is changed.
 */
export async function bootstrapNetwork(
  services: Founding,
  input: { name: string; api_key: string },
): Promise<{ network_id: string }> {
  const { clock, ids, directory } = services;
  const hash = await sha256Hex(input.api_key);
  const existing = async () => {
    const [key] = await directory.db.select().from(apiKeys).where(eq(apiKeys.hash, hash)).limit(1);
    return key ? { network_id: key.network_id } : null;
  };
  const found = await existing();
  if (found) return found;

  const network_id = ids.next("organization");
  const created_at = clock.now();
  const { db } = services.network(network_id);
  const organization = db.insert(organizations).values({
    id: network_id,
    network_id,
    kind: "network",
    name: input.name,
    alias: "N-1000",
    timezone: "UTC",
    created_at,
  });
  const key = db.insert(apiKeys).values({
    id: ids.next("api_key"),
    network_id,
    organization_id: network_id,
    organization_kind: "network",
    role: "admin",
    name: "Bootstrap key",
    prefix: keyPrefix(input.api_key),
    hash,
    created_at,
  });
  try {
    await write(db, organization, key);
    return { network_id };
  } catch (error) {
    // Another start with the same key was first.
    const first = isConflict(error) ? await existing() : null;
    if (!first) throw error;
    return first;
  }
}
