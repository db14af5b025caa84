import { isId } from "../../../shared/id.ts";
import { err, ok, type Result } from "../../../shared/result.ts";
import { authenticate } from "../../accounts/authenticate.ts";
import { networkOf } from "../../accounts/directory.ts";
import { countRefusal } from "../../inventory/refusals.ts";
import { sha256Hex } from "../../platform/crypto.ts";
import { within } from "../../platform/deadline.ts";
import { errorFields } from "../../platform/log.ts";
import type { Failure } from "../../platform/problem.ts";
import { rememberAccount, rememberedAccount } from "../../routing/memory.ts";
import type { AccountPlan } from "../../routing/model/plan.ts";
import { keptAccount } from "../../routing/plan-store.ts";
import { readAccount } from "../../routing/store.ts";
import type { Services } from "../../services.ts";
import type { RawRequest, TelephonyProvider } from "../../telephony/port.ts";
import { providerOf } from "../../telephony/providers.ts";

/** A webhook that was let in: whose it is, and whether the database answered on the way. */
export type Visitor = { account: AccountPlan; provider: TelephonyProvider; database_is_silent: boolean };

/** How long the account is asked for in the database before its copy is used. */
const ACCOUNT_PATIENCE_MS = 350;
const COPY_PATIENCE_MS = 250;
const COUNT_PATIENCE_MS = 1_000;

/** Where an account was found: only a copy can be out of date. */
type Found = { account: AccountPlan; from: "database" | "memory" | "copy"; database_is_silent: boolean };

/**
 * Lets a webhook in when it is signed by one of the account's secrets (sandbox: asked for with an API key of its
 * network). The account is the one in the path, never one that the body names. While the database is silent its
 * copy will do. Errors: `not_found`, `bad_signature` (counted by day, nothing else is kept), `unauthenticated`,
 * `unavailable` when the account is nowhere to be read.
 */
export async function letIn(
  services: Services,
  account_id: string,
  request: RawRequest,
): Promise<Result<Visitor, Failure>> {
  const found = await findAccount(services, account_id);
  if (!found.ok) return found;
  const { account, from, database_is_silent } = found.value;
  const provider = providerOf(account.provider);
  if (!provider) return err({ kind: "not_found", what: "webhook" });
  if (__LOCAL__ && provider.trust === "api_key") {
    const failure = await keyFailure(services, account, request);
    return failure ? err(failure) : ok({ account, provider, database_is_silent });
  }
  if (await isSigned(services, provider, account, request))
    return ok({ account, provider, database_is_silent });
  // A secret that was changed a moment ago: look again before refusing.
  const current = from === "memory" ? await askDatabase(services, account_id) : null;
  if (current?.kind === "done" && current.value) {
    rememberAccount(current.value, services.clock.now());
    if (await isSigned(services, provider, current.value, request)) {
      return ok({ account: current.value, provider, database_is_silent });
    }
  }
  await noteRefusal(services, account);
  return err({ kind: "bad_signature" });
}

async function findAccount(services: Services, account_id: string): Promise<Result<Found, Failure>> {
  const unknown = err<Failure>({ kind: "not_found", what: "telephony account" });
  if (!isId("telephony_account", account_id)) return unknown;
  const now = services.clock.now();
  const remembered = rememberedAccount(account_id, now);
  if (remembered?.fresh)
    return ok({ account: remembered.account, from: "memory", database_is_silent: false });

  const asked = await askDatabase(services, account_id);
  if (asked.kind === "done") {
    if (!asked.value) return unknown;
    rememberAccount(asked.value, now);
    return ok({ account: asked.value, from: "database", database_is_silent: false });
  }
  const account = (await copyOf(services, account_id)) ?? remembered?.account;
  if (!account) return err({ kind: "unavailable", detail: "The account cannot be read now." });
  return ok({ account, from: "copy", database_is_silent: true });
}

/** The account as the database has it: in time, null when there is none. */
async function askDatabase(services: Services, account_id: string) {
  const read = async (): Promise<AccountPlan | null> => {
    const network_id = await networkOf(services.directory.db, "telephony_account", account_id);
    return network_id === null ? null : readAccount(services.network(network_id).db, account_id);
  };
  return within(ACCOUNT_PATIENCE_MS, read());
}

async function copyOf(services: Services, account_id: string): Promise<AccountPlan | null> {
  const copy = await within(COPY_PATIENCE_MS, keptAccount(services.plans, account_id));
  return copy.kind === "done" ? copy.value : null;
}

async function isSigned(
  services: Services,
  provider: TelephonyProvider,
  account: AccountPlan,
  request: RawRequest,
): Promise<boolean> {
  const sealed = [account.auth_token_sealed, account.next_auth_token_sealed].filter((text) => text !== null);
  const secrets = await Promise.all(sealed.map((text) => services.vault.open(text, account.account_id)));
  return provider.verify(request, secrets, services.clock.now());
}

/** A refusal that cannot be counted is a refusal all the same. The third of a day is an alarm. */
async function noteRefusal(services: Services, account: AccountPlan): Promise<void> {
  const { account_id, provider } = account;
  const { db } = services.network(account.network_id);
  const counted = await within(COUNT_PATIENCE_MS, countRefusal(db, account_id, services.clock.now()));
  if (counted.kind === "failed") services.log.error("refusal not counted", errorFields(counted.error));
  if (counted.kind === "done" && counted.value.is_alarm) {
    services.log.error("alarm: webhooks refused for their signature", { account_id, provider });
  }
}

/** Keys that were good lately, by hash: the sandbox, too, can place a call while the database is silent. */
const goodKeys = new Map<string, string>();
const GOOD_KEYS_MAX = 100;

/** Local runs only: an API key of the account's own network. */
async function keyFailure(
  services: Services,
  account: AccountPlan,
  request: RawRequest,
): Promise<Failure | null> {
  const bearer = /^Bearer\s+(\S+)$/i.exec(request.headers.get("authorization") ?? "")?.[1] ?? "";
  if (bearer === "") return { kind: "unauthenticated" };
  const hash = await sha256Hex(bearer);
  const asked = await within(
    ACCOUNT_PATIENCE_MS,
    authenticate(services.directory.db, bearer, services.clock.now()),
  );
  if (asked.kind !== "done") {
    return goodKeys.get(hash) === account.network_id
      ? null
      : { kind: "unavailable", detail: "The key cannot be checked now." };
  }
  if (!asked.value) return { kind: "unauthenticated" };
  if (asked.value.kind !== "network" || asked.value.network_id !== account.network_id) {
    return { kind: "not_found", what: "telephony account" };
  }
  if (goodKeys.size >= GOOD_KEYS_MAX) goodKeys.clear();
  goodKeys.set(hash, account.network_id);
  return null;
}
