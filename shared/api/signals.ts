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

export const IMPORT_STATUSES = ["running", "done", "failed"] as const;

/** What an import of many outcomes may hold. */
export const IMPORT_LIMITS = { bytes: 8 * 1024 * 1024, lines: 20_000, errors: 500 } as const;

const importFields = {
  id: v.string(),
  organization_id: v.pipe(v.string(), v.description("Who sent it")),
  status: v.picklist(IMPORT_STATUSES),
  accepted: v.pipe(v.number(), v.description("Lines whose outcome is stored, now or before")),
  rejected: v.pipe(
    v.number(),
    v.description("All lines that were refused, also those that errors does not name"),
  ),
  created_at: v.number(),
  ended_at: v.nullable(v.number()),
};

/** An import of outcomes without its rejected lines, as lists show it. */
export const SignalImportSummary = v.object(importFields);
export type SignalImportSummary = v.InferOutput<typeof SignalImportSummary>;

/** How far an import of outcomes has come. */
export const SignalImport = v.object({
  ...importFields,
  errors: v.pipe(
    v.array(v.object({ line: v.number(), detail: v.string() })),
    v.description(
      `The first ${IMPORT_LIMITS.errors} rejected lines, the header being line 1; of a failed import the last one says where it broke off`,
    ),
  ),
});
export type SignalImport = v.InferOutput<typeof SignalImport>;
