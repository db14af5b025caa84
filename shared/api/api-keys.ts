import * as v from "valibot";
import { IdSchema, Name } from "./common.ts";
import { ROLES } from "./organizations.ts";

export const ApiKeyInput = v.strictObject({
  name: Name,
  role: v.picklist(ROLES, `must be one of ${ROLES.join(", ")}`),
  organization_id: v.optional(IdSchema("organization")),
});
export type ApiKeyInput = v.InferOutput<typeof ApiKeyInput>;

export const ApiKey = v.object({
  id: v.string(),
  organization_id: v.string(),
  name: v.string(),
  role: v.picklist(ROLES),
  prefix: v.string(),
  created_at: v.number(),
  last_used_at: v.nullable(v.number()),
  revoked_at: v.nullable(v.number()),
});
export type ApiKey = v.InferOutput<typeof ApiKey>;

/** As answered to the POST that made it: the only time the key itself is shown. */
export const NewApiKey = v.object({ ...ApiKey.entries, key: v.string() });
export type NewApiKey = v.InferOutput<typeof NewApiKey>;
