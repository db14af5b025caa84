import * as v from "valibot";

/**
 * One version of what was learned of a pool's calls. It is never changed: `sha256` is of its parameters and of what they
 * came from, and `version` begins with it. In force for calls that begin 15 minutes after `fitted_at` or later, until
 * the next.
 */
export const PoolModel = v.object({
  version: v.string(),
  fitted_at: v.number(),
  /** The calls that it was learned from: so many, begun in `[from_at, to_at)`. */
  calls: v.number(),
  from_at: v.number(),
  to_at: v.number(),
  /** What its rates were shrunk towards: a version that is shipped, or a sister pool's. */
  start_version: v.string(),
  sha256: v.string(),
});
export type PoolModel = v.InferOutput<typeof PoolModel>;
