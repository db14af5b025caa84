import { and, eq, isNull } from "drizzle-orm";
import { type Instant, MINUTE_MS } from "../../shared/instant.ts";
import { sha256Hex } from "../platform/crypto.ts";
import type { Db, Statement } from "../platform/db.ts";
import { apiKeys } from "./tables.ts";
import type { Viewer } from "./viewer.ts";

const BEARER_LENGTH_MAX = 500;

/** A viewer known by an API key; `use_is_due` says that a minute has gone since the key's use was noted. */
export type KeyHolder = Viewer & { use_is_due: boolean };

/**
 * Who holds this API key, or null when there is no such key or it was revoked. One read by unique index on
 * every request, never cached: a revocation counts from its answer on.
 * `db` is the directory's. The key is found by its SHA-256, so a copy of the database opens nothing.
 */
export async function authenticate(db: Db, bearer: string, now: Instant): Promise<KeyHolder | null> {
  if (bearer === "" || bearer.length > BEARER_LENGTH_MAX) return null;
  const [key] = await db
    .select()
    .from(apiKeys)
    .where(and(eq(apiKeys.hash, await sha256Hex(bearer)), isNull(apiKeys.revoked_at)))
    .limit(1);
  if (!key) return null;
  return {
    network_id: key.network_id,
    organization_id: key.organization_id,
    kind: key.organization_kind,
    role: key.role,
    actor_id: key.id,
    via: "api_key",
    use_is_due: key.last_used_at === null || now - key.last_used_at >= MINUTE_MS,
  };
}

/** Notes that a key was used. For `services.later`: the answer does not wait for it. */
export function noteUse(db: Db, key_id: string, now: Instant): Statement {
  return db.update(apiKeys).set({ last_used_at: now }).where(eq(apiKeys.id, key_id));
}
