import type { ApiKeyInput } from "../../../shared/api/api-keys.ts";
import { PROVIDERS } from "../../../shared/api/inventory.ts";
import { type NetworkPatch, ROLES } from "../../../shared/api/organizations.ts";
import type { TelephonyAccountInput, TelephonyAccountPatch } from "../../../shared/api/telephony-accounts.ts";
import type { TelephonyApiPatch } from "../../../shared/api/telephony-apis.ts";
import { type Draft, Reading, type Values } from "../../parts/form/reading.ts";

export function readNetworkPatch(values: Values): Draft<NetworkPatch> {
  const read = new Reading(values);
  return read.body({
    name: read.required("name", "Give it a name."),
    timezone: read.required("timezone"),
    shows_callers: read.checked("shows_callers"),
    shows_publishers: read.checked("shows_publishers"),
  });
}

export function readApiKeyInput(values: Values): Draft<ApiKeyInput> {
  const read = new Reading(values);
  return read.body({
    name: read.required("name", "Say what it is for."),
    role: read.choice("role", ROLES),
    organization_id: read.text("organization_id") || undefined,
  });
}

export function readAccountInput(values: Values): Draft<TelephonyAccountInput> {
  const read = new Reading(values);
  return read.body({
    provider: read.choice("provider", PROVIDERS),
    name: read.required("name", "Give it a name."),
    account_sid: read.required("account_sid", "Copy it from the provider's console."),
    auth_token: read.required("auth_token", "Copy it from the provider's console."),
  });
}

/** How a provider is asked; a token that is left empty stays as it is. */
export function readTelephonyApi(values: Values): Draft<TelephonyApiPatch> {
  const read = new Reading(values);
  const space = values.api_space === undefined ? undefined : read.text("api_space") || null;
  return read.body({
    api_token: read.text("api_token") || undefined,
    api_space: space,
    fallback_url: read.text("fallback_url") || null,
    organization_id: read.text("organization_id") || null,
    reports_pay: read.checked("reports_pay"),
  });
}

/** A new secret beside the current one: webhooks signed with either are accepted until the rotation ends. */
export function readNextSecret(values: Values): Draft<TelephonyAccountPatch> {
  const read = new Reading(values);
  return read.body({
    next_auth_token: read.required("next_auth_token", "Copy it from the provider's console."),
  });
}

/** The rotation's end: the new secret, typed once more because nobody can read it back, becomes the only one. */
export function readOnlySecret(values: Values): Draft<TelephonyAccountPatch> {
  const read = new Reading(values);
  return read.body({
    auth_token: read.required("auth_token", "The new secret once more."),
    next_auth_token: null,
  });
}
