import * as v from "valibot";
import { Lifetime, Name, TimeZone } from "./common.ts";

export const ORGANIZATION_KINDS = ["network", "advertiser", "publisher"] as const;
export type OrganizationKind = (typeof ORGANIZATION_KINDS)[number];

export const ROLES = ["owner", "admin", "billing", "analyst", "viewer"] as const;
export type Role = (typeof ROLES)[number];

export const OrganizationInput = v.strictObject({ name: Name });
export const OrganizationPatch = v.strictObject({ name: v.optional(Name) });

/** An advertiser or a publisher as its network sees it. */
export const Organization = v.object({
  id: v.string(),
  kind: v.picklist(ORGANIZATION_KINDS),
  name: v.string(),
  alias: v.string(),
  ...Lifetime,
});
export type Organization = v.InferOutput<typeof Organization>;

/** Who is asking, as `GET /me` tells. */
export const Me = v.object({
  organization: v.object({
    id: v.string(),
    kind: v.picklist(ORGANIZATION_KINDS),
    name: v.string(),
    timezone: v.string(),
  }),
  network: v.object({ id: v.string(), name: v.string(), timezone: v.string() }),
  role: v.picklist(ROLES),
  /** `api_key` or `user`. */
  via: v.picklist(["api_key", "user"]),
  user: v.nullable(v.object({ id: v.string(), name: v.string(), email: v.string() })),
  /** Every organization this login may switch to; one for a key. */
  organizations: v.array(
    v.object({ id: v.string(), kind: v.picklist(ORGANIZATION_KINDS), name: v.string() }),
  ),
  demo: v.boolean(),
});
export type Me = v.InferOutput<typeof Me>;

/** A network's own settings: its days, and how much the two sides see of each other. */
export const Network = v.object({
  id: v.string(),
  name: v.string(),
  /** Days, months and statements are in this time zone. */
  timezone: v.string(),
  /** Publishers see whole caller numbers. */
  shows_callers: v.boolean(),
  /** Advertisers see publishers' names instead of aliases. */
  shows_publishers: v.boolean(),
  created_at: v.number(),
});
export type Network = v.InferOutput<typeof Network>;

export const NetworkPatch = v.strictObject({
  name: v.optional(Name),
  timezone: v.optional(TimeZone),
  shows_callers: v.optional(v.boolean("must be true or false")),
  shows_publishers: v.optional(v.boolean("must be true or false")),
});
export type NetworkPatch = v.InferOutput<typeof NetworkPatch>;
