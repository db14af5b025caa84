import * as v from "valibot";
import { Lifetime, Name } from "./common.ts";
import { PROVIDERS } from "./inventory.ts";

/** What may be wrong with an account at a phone provider. */
export const ACCOUNT_ALARMS = ["signatures_refused", "records_not_read"] as const;

/** A secret as the provider gave it: its form is the provider's, but nobody's is empty. */
const secret = v.pipe(
  v.string("must be text"),
  v.trim(),
  v.minLength(1, "must not be empty"),
  v.maxLength(500, "must have at most 500 characters"),
);

export const TelephonyAccountInput = v.strictObject({
  provider: v.picklist(PROVIDERS, `must be one of ${PROVIDERS.join(", ")}`),
  name: Name,
  account_sid: Name,
  auth_token: secret,
  next_auth_token: v.optional(secret),
});
export type TelephonyAccountInput = v.InferOutput<typeof TelephonyAccountInput>;

/** `next_auth_token: null` forgets the next secret; giving `auth_token` replaces the current one. */
export const TelephonyAccountPatch = v.strictObject({
  name: v.optional(Name),
  auth_token: v.optional(secret),
  next_auth_token: v.optional(v.nullable(secret)),
});
export type TelephonyAccountPatch = v.InferOutput<typeof TelephonyAccountPatch>;

/**
 * Secrets are never shown again; `has_next_auth_token` says whether a rotation is under way. An alarm stands while its
 * reason does: `signatures_refused` after three webhooks whose signature was refused, today or yesterday (UTC),
 * `records_not_read` after the provider's API could not be read three times in a row.
 */
export const TelephonyAccount = v.object({
  id: v.string(),
  provider: v.picklist(PROVIDERS),
  name: v.string(),
  account_sid: v.string(),
  has_next_auth_token: v.boolean(),
  webhook_urls: v.object({ voice: v.string(), status: v.string(), recording: v.string() }),
  refused_today: v.number(),
  alarms: v.array(v.picklist(ACCOUNT_ALARMS)),
  ...Lifetime,
});
export type TelephonyAccount = v.InferOutput<typeof TelephonyAccount>;
