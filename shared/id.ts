/**
 * Prefixed ids. An id is its kind's three letters, `_`, and 26 characters of ULID (sortable by creation),
 * except for the two that name a moment on a number: `lse_…` is a signed token, `ses_…` encodes
 * `(number_key, leased_at)`; both are made in `edge/leasing`.
 */
export const ID_PREFIXES = {
  organization: "org",
  telephony_account: "tel",
  number: "num",
  assignment: "asg",
  pool: "pol",
  site: "sit",
  tracking_link: "lnk",
  campaign: "cmp",
  terms: "trm",
  enrollment: "enr",
  enrollment_version: "env",
  target: "tgt",
  target_group: "tgg",
  call_flow: "flw",
  call: "cal",
  call_event: "evt",
  attribution: "atr",
  verdict: "vrd",
  transaction: "txn",
  signal: "sig",
  dispute: "dsp",
  api_key: "key",
  invitation: "inv",
  webhook: "whk",
  delivery: "dlv",
  audit: "aud",
  request: "req",
  job: "job",
  lease: "lse",
  session: "ses",
} as const;

export type IdKind = keyof typeof ID_PREFIXES;

/** A string that is known to be an id of this kind. */
export type Id<K extends IdKind> = `${(typeof ID_PREFIXES)[K]}_${string}`;

export type OrganizationId = Id<"organization">;
export type TelephonyAccountId = Id<"telephony_account">;
export type NumberId = Id<"number">;
export type PoolId = Id<"pool">;
export type SiteId = Id<"site">;
export type CampaignId = Id<"campaign">;
export type CallId = Id<"call">;
export type SessionId = Id<"session">;
export type LeaseId = Id<"lease">;

/** What an id of this kind looks like. */
export function idPattern(kind: IdKind): RegExp {
  const rest = kind === "lease" || kind === "session" ? "[A-Za-z0-9_-]{8,60}" : "[0-9A-HJKMNP-TV-Z]{26}";
  return new RegExp(`^${ID_PREFIXES[kind]}_${rest}$`);
}

/** True when `text` has the shape of an id of this kind (it need not exist). */
export function isId<K extends IdKind>(kind: K, text: string): text is Id<K> {
  return idPattern(kind).test(text);
}

/** Puts the kind's prefix before a ULID. */
export function makeId<K extends IdKind>(kind: K, ulid: string): Id<K> {
  return `${ID_PREFIXES[kind]}_${ulid}` as Id<K>;
}

const CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/**
 * When an id was made, in ms since the epoch: the first ten characters of its ULID, 48 bits (github.com/ulid/spec).
 * Not of a lease or a session, which are no ULIDs.
 */
export function madeAt(id: Id<Exclude<IdKind, "lease" | "session">>): number {
  const time = id.slice(id.indexOf("_") + 1).slice(0, 10);
  return Array.from(time).reduce((ms, character) => ms * 32 + CROCKFORD.indexOf(character), 0);
}
