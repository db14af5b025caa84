import * as v from "valibot";
import { CallSession } from "./calls.ts";

/** A visit that was shown a number of its own. A live lease's id is shown to the network only. */
export const Session = v.object({
  ...CallSession.entries,
  lease_id: v.optional(v.nullable(v.string())),
  number_id: v.optional(v.nullable(v.string())),
  pool_id: v.string(),
  visitor: v.optional(v.nullable(v.string())),
  country: v.nullable(v.string()),
  held_until: v.number(),
});
export type Session = v.InferOutput<typeof Session>;
