import { and, asc, eq, gt, isNull, type SQL, sql } from "drizzle-orm";
import type {
  TelephonyAccount,
  TelephonyAccountInput,
  TelephonyAccountPatch,
} from "../../shared/api/telephony-accounts.ts";
import type { Viewer } from "../accounts/viewer.ts";
import type { Change, Ground } from "../platform/change.ts";
import { utcDay } from "../platform/clock.ts";
import type { Vault } from "../platform/crypto.ts";
import type { Db } from "../platform/db.ts";
import type { PageAsk } from "../platform/paging.ts";
import { providerSweeps } from "./api-tables.ts";
import { REFUSALS_TO_ALARM, refusedOfLate } from "./refusals.ts";
import { signatureRefusals, telephonyAccounts } from "./tables.ts";
import { sweepAgain } from "./telephony-apis.ts";

export type AccountRow = typeof telephonyAccounts.$inferSelect;
/**
 * An account with how many webhooks were refused for their signature on the UTC day of the question, and of late: on
 * that day and the one before, and how often in a row its provider's records could not be read.
 */
export type SeenAccount = {
  account: AccountRow;
  refused_today: number;
  refused_of_late: number;
  unread: number;
};
/** Once is a hiccup of the provider's. */
const UNREAD_TO_ALARM = 3;

/** What is needed to keep and to show an account: the vault for its secrets, the origin of its webhooks. */
export type AccountGround = Ground & { vault: Vault; public_url: string };

function select(ground: Ground, where: SQL[], limit: number): Promise<SeenAccount[]> {
  return ground.db
    .select({
      account: telephonyAccounts,
      refused_today: sql<number>`coalesce(${signatureRefusals.refused}, 0)`,
      refused_of_late: refusedOfLate(ground.now),
      unread: sql<number>`coalesce(${providerSweeps.failures}, 0)`,
    })
    .from(telephonyAccounts)
    .leftJoin(
      signatureRefusals,
      and(
        eq(signatureRefusals.telephony_account_id, telephonyAccounts.id),
        eq(signatureRefusals.day, utcDay(ground.now)),
      ),
    )
    .leftJoin(providerSweeps, eq(providerSweeps.telephony_account_id, telephonyAccounts.id))
    .where(and(...where))
    .orderBy(asc(telephonyAccounts.id))
    .limit(limit);
}

export async function findAccount(ground: Ground, viewer: Viewer, id: string): Promise<SeenAccount | null> {
  const where = [eq(telephonyAccounts.network_id, viewer.network_id), eq(telephonyAccounts.id, id)];
  const [row] = await select(ground, where, 1);
  return row ?? null;
}

export function listAccounts(ground: Ground, viewer: Viewer, page: PageAsk): Promise<SeenAccount[]> {
  const where = [eq(telephonyAccounts.network_id, viewer.network_id)];
  if (page.after !== null) where.push(gt(telephonyAccounts.id, page.after));
  if (!page.retired) where.push(isNull(telephonyAccounts.retired_at));
  return select(ground, where, page.limit + 1);
}

/** The ids of all accounts that this network has or had. */
export async function accountIds(db: Db, network_id: string): Promise<string[]> {
  const rows = await db
    .select({ id: telephonyAccounts.id })
    .from(telephonyAccounts)
    .where(eq(telephonyAccounts.network_id, network_id));
  return rows.map(({ id }) => id);
}

/** An account as its network sees it: never a secret, and where the provider is to send its webhooks. */
export function accountView(public_url: string, seen: SeenAccount): TelephonyAccount {
  const { account, refused_today } = seen;
  const { id, provider, name, account_sid, created_at, retired_at } = account;
  const base = `${public_url}/v1/telephony/${id}`;
  return {
    id,
    provider,
    name,
    account_sid,
    has_next_auth_token: account.next_auth_token_sealed !== null,
    webhook_urls: { voice: `${base}/voice`, status: `${base}/status`, recording: `${base}/recording` },
    refused_today,
    alarms: alarmsOf(seen),
    created_at,
    retired_at,
  };
}

function alarmsOf({ refused_of_late, unread }: SeenAccount): TelephonyAccount["alarms"] {
  const alarms: TelephonyAccount["alarms"] = [];
  if (refused_of_late >= REFUSALS_TO_ALARM) alarms.push("signatures_refused");
  if (unread >= UNREAD_TO_ALARM) alarms.push("records_not_read");
  return alarms;
}

/** A new account; its secrets are sealed for it alone: copied to another row they do not open. */
export async function createAccount(
  ground: AccountGround,
  viewer: Viewer,
  input: TelephonyAccountInput,
): Promise<Change<TelephonyAccount>> {
  const { db, ids, now, vault } = ground;
  const { provider, name, account_sid } = input;
  const id = ids.next("telephony_account");
  const account: AccountRow = {
    id,
    network_id: viewer.network_id,
    provider,
    name,
    account_sid,
    auth_token_sealed: await vault.seal(input.auth_token, id),
    next_auth_token_sealed:
      input.next_auth_token === undefined ? null : await vault.seal(input.next_auth_token, id),
    created_at: now,
    retired_at: null,
  };
  return {
    result: accountView(ground.public_url, { account, refused_today: 0, refused_of_late: 0, unread: 0 }),
    subject_id: id,
    statements: [db.insert(telephonyAccounts).values(account)],
    detail: { provider, name, account_sid },
  };
}

/**
 * Changes the name or the secrets. A rotation is: give `next_auth_token`, change it at the provider, give it as
 * `auth_token` with `next_auth_token: null`; webhooks are accepted under both in between.
 */
export async function changeAccount(
  ground: AccountGround,
  seen: SeenAccount,
  patch: TelephonyAccountPatch,
): Promise<Change<TelephonyAccount>> {
  const { account } = seen;
  const next: AccountRow = { ...account, name: patch.name ?? account.name };
  if (patch.auth_token !== undefined) {
    next.auth_token_sealed = await ground.vault.seal(patch.auth_token, account.id);
  }
  if (patch.next_auth_token === null) next.next_auth_token_sealed = null;
  else if (patch.next_auth_token !== undefined) {
    next.next_auth_token_sealed = await ground.vault.seal(patch.next_auth_token, account.id);
  }
  const { name, auth_token_sealed, next_auth_token_sealed } = next;
  return {
    result: accountView(ground.public_url, { ...seen, account: next }),
    subject_id: account.id,
    statements: [
      ground.db
        .update(telephonyAccounts)
        .set({ name, auth_token_sealed, next_auth_token_sealed })
        .where(eq(telephonyAccounts.id, account.id)),
      ...(patch.auth_token === undefined ? [] : sweepAgain(ground, account.id)),
    ],
    detail: { changed: Object.keys(patch) },
  };
}

/** Takes an account out of use: its webhooks are refused from now on. */
export function retireAccount(ground: Ground, { account }: SeenAccount): Change<null> {
  const retired_at = account.retired_at ?? ground.now;
  const retired = ground.db
    .update(telephonyAccounts)
    .set({ retired_at })
    .where(eq(telephonyAccounts.id, account.id));
  return { result: null, subject_id: account.id, statements: [retired], detail: {} };
}
