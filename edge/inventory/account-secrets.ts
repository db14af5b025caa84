import { and, eq, isNull } from "drizzle-orm";
import type { Provider } from "../../shared/api/inventory.ts";
import type { Vault } from "../platform/crypto.ts";
import type { Db } from "../platform/db.ts";
import { telephonyAccounts } from "./tables.ts";

export type AccountSecrets = { provider: Provider; account_sid: string; auth_token: string };

/** The credentials by which a provider is asked in the account's name; null for one that is out of use. */
export async function readAccountSecrets(
  db: Db,
  vault: Vault,
  account_id: string,
): Promise<AccountSecrets | null> {
  const [row] = await db
    .select()
    .from(telephonyAccounts)
    .where(and(eq(telephonyAccounts.id, account_id), isNull(telephonyAccounts.retired_at)))
    .limit(1);
  if (!row) return null;
  const { provider, account_sid } = row;
  return { provider, account_sid, auth_token: await vault.open(row.auth_token_sealed, row.id) };
}
