import { and, eq, inArray, isNull, sql } from "drizzle-orm";
import type { Provider } from "../../shared/api/inventory.ts";
import type { TelephonyApi, TelephonyApiPatch } from "../../shared/api/telephony-apis.ts";
import type { Instant } from "../../shared/instant.ts";
import type { Change } from "../platform/change.ts";
import type { Vault } from "../platform/crypto.ts";
import type { Db, Statement } from "../platform/db.ts";
import { providerSweeps, telephonyApis } from "./api-tables.ts";
import { numbers, telephonyAccounts } from "./tables.ts";
import type { AccountGround, AccountRow } from "./telephony-accounts.ts";

export type ApiRow = typeof telephonyApis.$inferSelect;
export type SweepRow = typeof providerSweeps.$inferSelect;
export type AccountApi = { account: AccountRow; api: ApiRow | null; sweep: SweepRow | null };

/** D1 binds at most 100 values. */
const NUMBERS_PER_STATEMENT = 90;
/** Providers whose one secret both signs webhooks and opens the API. */
const ONE_SECRET: ReadonlySet<Provider> = new Set(["twilio", "plivo"]);

/** An account of the network with how its provider is asked; null when there is none in use. */
export async function findApi(db: Db, network_id: string, account_id: string): Promise<AccountApi | null> {
  const where = [eq(telephonyAccounts.network_id, network_id), eq(telephonyAccounts.id, account_id)];
  const [row] = await selectApis(db, where, 1);
  return row ?? null;
}

/** Every account of the network that is in use. */
export function listApis(db: Db, network_id: string, limit: number): Promise<AccountApi[]> {
  return selectApis(db, [eq(telephonyAccounts.network_id, network_id)], limit);
}

function selectApis(db: Db, where: ReturnType<typeof eq>[], limit: number): Promise<AccountApi[]> {
  return db
    .select({ account: telephonyAccounts, api: telephonyApis, sweep: providerSweeps })
    .from(telephonyAccounts)
    .leftJoin(telephonyApis, eq(telephonyApis.telephony_account_id, telephonyAccounts.id))
    .leftJoin(providerSweeps, eq(providerSweeps.telephony_account_id, telephonyAccounts.id))
    .where(and(isNull(telephonyAccounts.retired_at), ...where))
    .limit(limit);
}

/** The sealed secret that opens the provider's API; null while it has not been given. */
export function sealedToken({ account, api }: AccountApi): string | null {
  const sealed = api?.api_token_sealed ?? null;
  return sealed ?? (ONE_SECRET.has(account.provider) ? account.auth_token_sealed : null);
}

/** What an account's provider is asked with; null while something is missing. */
export async function credentialsOf(
  vault: Vault,
  seen: AccountApi,
): Promise<{ provider: Provider; account_sid: string; api_token: string; api_space: string | null } | null> {
  const sealed = sealedToken(seen);
  if (sealed === null || !canBeAsked(seen)) return null;
  const { provider, account_sid, id } = seen.account;
  return {
    provider,
    account_sid,
    api_token: await vault.open(sealed, id),
    api_space: seen.api?.api_space ?? null,
  };
}

function canBeAsked(seen: AccountApi): boolean {
  const { provider } = seen.account;
  if (provider === "sandbox" || sealedToken(seen) === null) return false;
  return provider !== "signalwire" || (seen.api?.api_space ?? null) !== null;
}

export function apiView(seen: AccountApi): TelephonyApi {
  const { account, api, sweep } = seen;
  return {
    telephony_account_id: account.id,
    organization_id: api?.organization_id ?? null,
    reports_pay: (api?.reports_pay_until ?? null) === null,
    has_api_token: sealedToken(seen) !== null,
    api_space: api?.api_space ?? null,
    fallback_url: api?.fallback_url ?? null,
    can_be_asked: canBeAsked(seen),
    sweep: sweep && {
      swept_at: sweep.swept_at,
      read_through_at: sweep.read_through_at,
      failures: sweep.failures,
      failure: sweep.failure,
      imported: sweep.imported,
    },
  };
}

/**
 * Changes how an account's provider is asked. An account that becomes another organization's pays nothing on its own
 * word unless told otherwise in the same breath.
 */
export async function changeApi(
  ground: AccountGround,
  seen: AccountApi,
  patch: TelephonyApiPatch,
): Promise<Change<TelephonyApi>> {
  const { account } = seen;
  const api = await patched(ground, seen, patch);
  const { telephony_account_id: _, ...set } = api;
  const { api_token, ...shown } = patch;
  return {
    result: apiView({ ...seen, api }),
    subject_id: account.id,
    statements: [
      ground.db
        .insert(telephonyApis)
        .values(api)
        .onConflictDoUpdate({ target: telephonyApis.telephony_account_id, set }),
      ...sweepAgain(ground, account.id),
    ],
    detail: { ...shown, api_token_changed: api_token !== undefined },
  };
}

async function patched(
  { vault, now }: AccountGround,
  { account, api }: AccountApi,
  patch: TelephonyApiPatch,
): Promise<ApiRow> {
  const before: ApiRow = api ?? {
    telephony_account_id: account.id,
    network_id: account.network_id,
    organization_id: null,
    reports_pay_until: null,
    api_token_sealed: null,
    api_space: null,
    fallback_url: null,
    changed_at: now,
  };
  const { api_token, api_space, fallback_url, organization_id } = patch;
  const next: ApiRow = { ...before, changed_at: now, reports_pay_until: payUntil(before, patch, now) };
  if (api_token !== undefined) {
    next.api_token_sealed = api_token === null ? null : await vault.seal(api_token, account.id);
  }
  if (api_space !== undefined) next.api_space = api_space;
  if (fallback_url !== undefined) next.fallback_url = fallback_url;
  if (organization_id !== undefined) next.organization_id = organization_id;
  return next;
}

/** What was paid on the account's word stays paid: a trust that is withdrawn ends now, never earlier. */
function payUntil(
  before: ApiRow,
  { organization_id, reports_pay }: TelephonyApiPatch,
  now: Instant,
): Instant | null {
  const isHandedOver = organization_id && organization_id !== before.organization_id;
  const pays = reports_pay ?? (isHandedOver ? false : before.reports_pay_until === null);
  if (pays) return null;
  return before.reports_pay_until ?? now;
}

/** Whoever changes how a provider is asked wants to know whether it works now. */
export function sweepAgain({ db, now }: AccountGround, account_id: string): Statement[] {
  return [
    db
      .update(providerSweeps)
      .set({ next_at: now, failures: 0 })
      .where(eq(providerSweeps.telephony_account_id, account_id)),
  ];
}

/** Until when calls of an account are paid on its reports alone; null when always. */
export async function reportsPayUntil(db: Db, account_id: string): Promise<Instant | null> {
  const [row] = await db
    .select({ until: telephonyApis.reports_pay_until })
    .from(telephonyApis)
    .where(eq(telephonyApis.telephony_account_id, account_id))
    .limit(1);
  return row?.until ?? null;
}

export function saveSweep(db: Db, sweep: SweepRow): Statement {
  const { telephony_account_id: _, imported: _total, ...set } = sweep;
  return db
    .insert(providerSweeps)
    .values(sweep)
    .onConflictDoUpdate({
      target: providerSweeps.telephony_account_id,
      set: { ...set, imported: sql`${providerSweeps.imported} + excluded.imported` },
    });
}

/** Which of these numbers are or were this account's here. */
export async function ownNumbers(db: Db, account_id: string, e164s: readonly string[]): Promise<Set<string>> {
  const own = new Set<string>();
  for (let from = 0; from < e164s.length; from += NUMBERS_PER_STATEMENT) {
    const rows = await db
      .selectDistinct({ e164: numbers.e164 })
      .from(numbers)
      .where(
        and(
          eq(numbers.telephony_account_id, account_id),
          inArray(numbers.e164, e164s.slice(from, from + NUMBERS_PER_STATEMENT)),
        ),
      );
    for (const { e164 } of rows) own.add(e164);
  }
  return own;
}

/** Which of these numbers are in use here, by E.164. */
export async function numberIds(
  db: Db,
  account_id: string,
  e164s: readonly string[],
): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (let from = 0; from < e164s.length; from += NUMBERS_PER_STATEMENT) {
    const rows = await db
      .select({ id: numbers.id, e164: numbers.e164 })
      .from(numbers)
      .where(
        and(
          eq(numbers.telephony_account_id, account_id),
          isNull(numbers.retired_at),
          inArray(numbers.e164, e164s.slice(from, from + NUMBERS_PER_STATEMENT)),
        ),
      );
    for (const { id, e164 } of rows) found.set(e164, id);
  }
  return found;
}
