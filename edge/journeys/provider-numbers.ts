import type { TelephonyApi } from "../../shared/api/telephony-apis.ts";
import type { E164 } from "../../shared/phone-number.ts";
import { err, ok, type Result } from "../../shared/result.ts";
import { type AccountApi, credentialsOf, findApi, numberIds } from "../inventory/telephony-apis.ts";
import type { Failure } from "../platform/problem.ts";
import type { Services } from "../services.ts";
import type {
  ApiFailure,
  AvailableNumber,
  NumberHooks,
  OwnedNumber,
  Page,
  ProviderApi,
} from "../telephony/rest/port.ts";

/** Numbers where they are rented: at the account's provider, through its API. */

/** An account whose provider can be asked, and where its numbers' calls are to go. */
export type OpenAccount = { seen: AccountApi; api: ProviderApi; hooks: NumberHooks };

/** A number as the provider has it, with our id while it serves a pool or campaign here. */
export type NumberThere = OwnedNumber & { number_id: string | null };

/** Errors: `not_found`; `conflict` while something is missing that the provider's API needs. */
export async function openAccount(
  services: Services,
  network_id: string,
  account_id: string,
): Promise<Result<OpenAccount, Failure>> {
  const { db } = services.network(network_id);
  const seen = await findApi(db, network_id, account_id);
  if (!seen) return err({ kind: "not_found", what: "telephony account" });
  const credentials = await credentialsOf(services.vault, seen);
  const api = credentials && services.providerApi(credentials);
  if (!api) return err({ kind: "conflict", detail: whatIsMissing(seen) });
  const base = `${services.config.public_url}/v1/telephony/${account_id}`;
  const fallback_url = seen.api?.fallback_url ?? null;
  return ok({ seen, api, hooks: { voice_url: `${base}/voice`, status_url: `${base}/status`, fallback_url } });
}

function whatIsMissing({ account, api }: AccountApi): string {
  if (account.provider === "sandbox") return "The sandbox has no numbers to buy.";
  if (account.provider === "signalwire" && !api?.api_space) return "Give the account's api_space first.";
  return "Give the account's api_token first.";
}

export async function numbersForSale(
  { api }: OpenAccount,
  ask: { country: string; area_code: string | null; limit: number },
): Promise<Result<AvailableNumber[], Failure>> {
  return shown(await api.searchNumbers(ask));
}

/** What the account has at its provider, a page at a time. */
export async function numbersThere(
  services: Services,
  { seen, api }: OpenAccount,
  cursor: string | null,
): Promise<Result<Page<NumberThere>, Failure>> {
  const page = shown(await api.listNumbers(cursor));
  if (!page.ok) return page;
  const { items, next } = page.value;
  const ids = await idsOf(services, seen, items);
  return ok({ items: items.map((one) => ({ ...one, number_id: ids.get(one.e164) ?? null })), next });
}

/** Buys a number, or finds that the account has it, and sends its calls to us. */
export async function buyThere(
  services: Services,
  { seen, api, hooks }: OpenAccount,
  e164: E164,
): Promise<Result<NumberThere, Failure>> {
  const bought = shown(await api.buyNumber(e164, hooks));
  return bought.ok ? ok(await withId(services, seen, bought.value)) : bought;
}

/** Sends the calls of a number that the account has to us. Errors: `not_found` when it has not. */
export async function configureThere(
  services: Services,
  { seen, api, hooks }: OpenAccount,
  e164: E164,
): Promise<Result<NumberThere, Failure>> {
  const owned = shown(await api.findNumber(e164));
  if (!owned.ok) return owned;
  if (!owned.value) return err({ kind: "not_found", what: "number at the provider" });
  const configured = shown(await api.configureNumber(owned.value, hooks));
  return configured.ok ? ok(await withId(services, seen, configured.value)) : configured;
}

/** Gives a number back to the provider. Errors: `conflict` while it is in use here; `not_found`. */
export async function releaseThere(
  services: Services,
  { seen, api }: OpenAccount,
  e164: E164,
): Promise<Result<null, Failure>> {
  const { id, network_id } = seen.account;
  const inUse = await numberIds(services.network(network_id).db, id, [e164]);
  if (inUse.size > 0) return err({ kind: "conflict", detail: "Retire the number first: it is in use." });
  const owned = shown(await api.findNumber(e164));
  if (!owned.ok) return owned;
  if (!owned.value) return err({ kind: "not_found", what: "number at the provider" });
  return shown(await api.releaseNumber(owned.value));
}

async function withId(services: Services, seen: AccountApi, number: OwnedNumber): Promise<NumberThere> {
  const ids = await idsOf(services, seen, [number]);
  return { ...number, number_id: ids.get(number.e164) ?? null };
}

function idsOf(services: Services, { account }: AccountApi, items: readonly OwnedNumber[]) {
  const { db } = services.network(account.network_id);
  return numberIds(
    db,
    account.id,
    items.map(({ e164 }) => e164),
  );
}

/** What the API's refusals are to whoever asked us. */
function shown<T>(answer: Result<T, ApiFailure>): Result<T, Failure> {
  if (answer.ok) return answer;
  const failure = answer.error;
  switch (failure.kind) {
    case "unauthorized":
      return err({
        kind: "conflict",
        detail: "The provider does not accept the account's id and API token.",
      });
    case "not_found":
      return err({ kind: "not_found", what: "number at the provider" });
    case "not_available":
      return err({ kind: "conflict", detail: `The number is not for sale: ${failure.detail}` });
    case "refused":
      return err({ kind: "conflict", detail: `The provider refused: ${failure.detail}` });
    case "rate_limited":
      return err({ kind: "too_many_requests", retry_after_s: failure.retry_after_s });
    case "unreachable":
      return err({ kind: "unavailable", detail: `The provider cannot be asked now: ${failure.detail}.` });
  }
}

/** True when a change of these settings lets calls count that were waiting. */
export function isVouchedFor(before: TelephonyApi, after: TelephonyApi): boolean {
  return !before.reports_pay && after.reports_pay;
}
