import * as v from "valibot";
import { IdSchema, ListQuery } from "./common.ts";
import { ROLES } from "./organizations.ts";

const EMAIL_LENGTH_MAX = 254;
/** No wider than what people's sign-in takes: whoever is invited must be able to sign up. */
const EMAIL = /^[a-z0-9_+-]+(?:\.[a-z0-9_+-]+)*@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/;

/** An address is the same in capitals and small letters. */
export const Email = v.pipe(
  v.string("must be text"),
  v.trim(),
  v.toLowerCase(),
  v.maxLength(EMAIL_LENGTH_MAX, `must have at most ${EMAIL_LENGTH_MAX} characters`),
  v.regex(EMAIL, "must be an email address such as pat@example.com"),
);

const RoleGiven = v.picklist(ROLES, `must be one of ${ROLES.join(", ")}`);

export const UserInput = v.strictObject({
  email: Email,
  role: RoleGiven,
  organization_id: v.optional(IdSchema("organization")),
});
export type UserInput = v.InferOutput<typeof UserInput>;

export const UserPatch = v.strictObject({ role: RoleGiven });
export type UserPatch = v.InferOutput<typeof UserPatch>;

/** Whose people: the viewer's own organization's unless told. */
export const UserQuery = v.strictObject({ organization_id: v.optional(IdSchema("organization")) });
export const UserListQuery = v.strictObject({ ...ListQuery, ...UserQuery.entries });

/** Somebody who belongs to an organization, or is invited to. */
export const User = v.object({
  /** A person's, the same in every organization; while invited the invitation's. */
  id: v.string(),
  organization_id: v.string(),
  status: v.picklist(["active", "invited", "expired"]),
  email: v.string(),
  /** As the person gave it when signing up; null while invited. */
  name: v.nullable(v.string()),
  role: v.picklist(ROLES),
  /** When the person joined, or was invited. */
  created_at: v.number(),
  /** Until when the link of an invitation opens. */
  expires_at: v.nullable(v.number()),
});
export type User = v.InferOutput<typeof User>;

/** As answered to the POST that invited: the only time the link is shown. */
export const NewUser = v.object({ ...User.entries, link: v.string() });
export type NewUser = v.InferOutput<typeof NewUser>;

/** What whoever holds the link is told of it. Never whether the address has a login already. */
export type InvitationSeen = {
  organization: { id: string; kind: "network" | "advertiser" | "publisher"; name: string };
  network: { name: string };
  email: string;
  role: (typeof ROLES)[number];
  expires_at: number;
  /** The address of who is signed in here, or null. */
  signed_in_as: string | null;
};
