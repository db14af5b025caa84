import * as v from "valibot";
import { E164Schema, InstantSchema } from "./common.ts";
import { CallFlowInput } from "./ivr.ts";
import { PromptSchema } from "./ivr-prompt.ts";

/** A call flow tried out: what would be heard and asked, and where the keys that were pressed lead. Nobody is rung. */
export const FlowTrialInput = v.strictObject({
  /** A draft; without it the version in force is tried. */
  flow: v.optional(CallFlowInput),
  /**
   * The answers so far, one for each question: keys, "" for none pressed, "unanswered" where nobody took the call,
   * "qualified" where a qualifier has talked to the caller.
   */
  answers: v.optional(
    v.pipe(
      v.array(
        v.pipe(
          v.string("must be text"),
          v.regex(
            /^([0-9*#]{0,12}|unanswered|qualified)$/,
            'must be keys of a phone, "", "unanswered" or "qualified"',
          ),
        ),
      ),
      v.maxLength(60, "at most 60 answers"),
    ),
    () => [],
  ),
  /** When it would ring; now, unless told. */
  at: v.optional(InstantSchema),
  /** Who would call; without it the number is hidden. */
  from: v.optional(E164Schema),
});
export type FlowTrialInput = v.InferOutput<typeof FlowTrialInput>;

/** A step on the way, with what came of it in words. */
export const FlowPassed = v.object({
  node: v.nullable(v.string()),
  kind: v.string(),
  /** What was pressed; null where nothing was asked. */
  keys: v.nullable(v.string()),
  detail: v.string(),
});
export type FlowPassed = v.InferOutput<typeof FlowPassed>;

export const FlowTrial = v.object({
  passed: v.array(FlowPassed),
  /** What happens now: a question that waits for keys, or how it ends. */
  now: v.object({
    kind: v.picklist(["ask", "connect", "voicemail", "hang_up"]),
    node: v.nullable(v.string()),
    heard: v.array(PromptSchema),
    /** The question's own prompt, said again on each try. */
    prompt: v.nullable(PromptSchema),
    keys: v.array(v.string()),
    digits_max: v.nullable(v.number()),
    timeout_s: v.nullable(v.number()),
    /** Among whom is chosen who is rung; both null: among all of the campaign's targets. */
    target_ids: v.nullable(v.array(v.string())),
    group_id: v.nullable(v.string()),
    /** True where the phones that are rung hand the caller on. */
    is_qualifier: v.boolean(),
    is_recorded: v.boolean(),
    whisper: v.nullable(PromptSchema),
    accept_key: v.nullable(v.string()),
    /** True when answers were left over after the end. */
    has_more_answers: v.boolean(),
  }),
});
export type FlowTrial = v.InferOutput<typeof FlowTrial>;
