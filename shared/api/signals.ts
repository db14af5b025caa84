import * as v from "valibot";
import { AmountMicros, InstantSchema, Name, ShortText } from "./common.ts";

const value = v.union(
  [ShortText, v.pipe(v.number(), v.finite()), v.boolean()],
  "must be text of at most 200 characters, a number, true or false",
);

/** An outcome of a call. `occurred_at` is the moment of the report when it is left out. */
export const SignalInput = v.strictObject({
  name: Name,
  value,
  revenue_micros: v.optional(AmountMicros),
  occurred_at: v.optional(InstantSchema),
});
export type SignalInput = v.InferOutput<typeof SignalInput>;
