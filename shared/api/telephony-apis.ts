import * as v from "valibot";
import { E164Schema, IdSchema } from "./common.ts";

const token = v.pipe(
  v.string("must be text"),
  v.trim(),
  v.minLength(1, "must not be empty"),
  v.maxLength(500, "must have at most 500 characters"),
);

/** A SignalWire space; nobody else's host is asked with the account's token. */
const space = v.pipe(
  v.string("must be text"),
  v.regex(
    /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.signalwire\.com$/,
    "must be a SignalWire space such as example.signalwire.com",
  ),
);

const fallback = v.pipe(
  v.string("must be text"),
  v.maxLength(500, "must have at most 500 characters"),
  v.regex(/^https:\/\/[^\s]+$/, "must be an https:// address"),
);

/**
 * `organization_id` is whose account it is, null for the network's own. `reports_pay: true` says that calls are paid on
 * the account's reports alone; `false` holds calls that begin from now on until the provider's records confirm them.
 */
export const TelephonyApiPatch = v.strictObject({
  api_token: v.optional(v.nullable(token)),
  api_space: v.optional(v.nullable(space)),
  fallback_url: v.optional(v.nullable(fallback)),
  organization_id: v.optional(v.nullable(IdSchema("organization"))),
  reports_pay: v.optional(v.boolean("must be true or false")),
});
export type TelephonyApiPatch = v.InferOutput<typeof TelephonyApiPatch>;

/** How the provider of an account is asked, never with the token, and how the last sweep of its records went. */
export const TelephonyApi = v.object({
  telephony_account_id: v.string(),
  organization_id: v.nullable(v.string()),
  reports_pay: v.boolean(),
  has_api_token: v.boolean(),
  api_space: v.nullable(v.string()),
  fallback_url: v.nullable(v.string()),
  /** False while something is missing that the provider's API needs: calls are not read back, numbers not bought. */
  can_be_asked: v.boolean(),
  sweep: v.nullable(
    v.object({
      swept_at: v.nullable(v.number()),
      read_through_at: v.number(),
      failures: v.number(),
      failure: v.nullable(v.string()),
      imported: v.number(),
    }),
  ),
});
export type TelephonyApi = v.InferOutput<typeof TelephonyApi>;

export const AvailableNumbers = v.object({
  data: v.array(
    v.object({ e164: v.string(), region: v.nullable(v.string()), locality: v.nullable(v.string()) }),
  ),
});

export const ProviderNumberInput = v.strictObject({ e164: E164Schema });

/** A number at the provider; `number_id` is null while it serves no pool or campaign here. */
export const ProviderNumber = v.object({
  e164: v.string(),
  provider_number_id: v.string(),
  voice_url: v.nullable(v.string()),
  number_id: v.nullable(v.string()),
});
export type ProviderNumber = v.InferOutput<typeof ProviderNumber>;
