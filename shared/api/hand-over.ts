import * as v from "valibot";

/** A buyer's phone that rings while the qualifier talks to the caller. */
export const HandOver = v.object({
  call_id: v.string(),
  /** The phone that rings, and the target it belongs to; null for a destination number. */
  target: v.string(),
  target_id: v.nullable(v.string()),
});
export type HandOver = v.InferOutput<typeof HandOver>;
