import { and, eq, isNull } from "drizzle-orm";
import type { ApiKey, ApiKeyInput, NewApiKey } from "../../shared/api/api-keys.ts";
import type { Change, Ground } from "../platform/change.ts";
import { sha256Hex, toBase64Url } from "../platform/crypto.ts";
import type { ApiKeyRow, OrganizationRow } from "./store.ts";
import { apiKeys } from "./tables.ts";

const KEY_BYTES = 32;
const PREFIX_LENGTH = 12;

export function apiKeyView(row: ApiKeyRow): ApiKey {
  const { id, organization_id, name, role, prefix, created_at, last_used_at, revoked_at } = row;
  return { id, organization_id, name, role, prefix, created_at, last_used_at, revoked_at };
}

/** The beginning of a key, by which people recognise it; never more than a third of its text. */
export function keyPrefix(key: string): string {
  return key.slice(0, Math.min(PREFIX_LENGTH, Math.floor(key.length / 3)));
}

/**
 * A new key for this organization. Its text is in the result only: it is stored as a SHA-256, and the answer
 * kept for an `Idempotency-Key` is without it.
 */
export async function createApiKey(
  ground: Ground,
  owner: OrganizationRow,
  input: ApiKeyInput,
): Promise<Change<NewApiKey>> {
  const key = `rt_live_${toBase64Url(ground.ids.bytes(KEY_BYTES))}`;
  const row: ApiKeyRow = {
    id: ground.ids.next("api_key"),
    network_id: owner.network_id,
    organization_id: owner.id,
    organization_kind: owner.kind,
    role: input.role,
    name: input.name,
    prefix: keyPrefix(key),
    hash: await sha256Hex(key),
    created_at: ground.now,
    last_used_at: null,
    revoked_at: null,
  };
  const view = apiKeyView(row);
  return {
    result: { ...view, key },
    kept: view,
    subject_id: row.id,
    statements: [],
    directory: [ground.db.insert(apiKeys).values(row)],
    detail: { name: input.name, role: input.role, organization_id: owner.id },
  };
}

/** Refuses the key from this write on. A key that was revoked before keeps its moment. */
export function revokeApiKey(ground: Ground, row: ApiKeyRow): Change<null> {
  const revoked = ground.db
    .update(apiKeys)
    .set({ revoked_at: ground.now })
    .where(and(eq(apiKeys.id, row.id), isNull(apiKeys.revoked_at)));
  return {
    result: null,
    subject_id: row.id,
    statements: [],
    directory: [revoked],
    detail: { name: row.name },
  };
}
