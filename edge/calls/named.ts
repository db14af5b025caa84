import { type SQL, sql } from "drizzle-orm";
import type { Viewer } from "../accounts/viewer.ts";
import type { Db } from "../platform/db.ts";
import { calls } from "./tables.ts";

/** Calls as somebody outside names them, by our id or by their provider's. */
export type CallNames = { call_ids: readonly string[]; provider_call_ids: readonly string[] };
export type NamedCall = { id: string; provider_call_id: string };

/**
 * The calls of these names that a network or an advertiser may see; a publisher reports of none. A provider's id is
 * looked for in each of the network's accounts, so it may find several. Two statements at most, however many names.
 */
export async function callsNamed(
  db: Db,
  viewer: Viewer,
  { call_ids, provider_call_ids }: CallNames,
  account_ids: readonly string[],
): Promise<NamedCall[]> {
  const found = (where: SQL) =>
    db
      .select({ id: calls.id, provider_call_id: calls.provider_call_id })
      .from(calls)
      .where(sql`${where} AND ${seen(viewer)}`);
  const byId = await found(sql`${calls.id} IN ${listed(call_ids)}`);
  if (provider_call_ids.length === 0) return byId;
  const byProvider = await found(
    sql`${calls.telephony_account_id} IN ${listed(account_ids)} AND ${calls.provider_call_id} IN ${listed(provider_call_ids)}`,
  );
  return [...new Map([...byId, ...byProvider].map((call) => [call.id, call])).values()];
}

/** The plus keeps SQLite on the keys that the names are looked for by. */
function seen({ kind, network_id, organization_id }: Viewer): SQL {
  const own = sql`+${calls.network_id} = ${network_id}`;
  if (kind === "network") return own;
  return kind === "advertiser" ? sql`${own} AND +${calls.advertiser_id} = ${organization_id}` : sql`0`;
}

function listed(values: readonly string[]): SQL {
  return sql`(SELECT value FROM json_each(${JSON.stringify(values)}))`;
}
