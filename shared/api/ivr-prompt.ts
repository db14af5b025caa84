import * as v from "valibot";

const TEXT_LENGTH_MAX = 500;

/** A text that is read out, or a sound file that is played. */
export const PromptSchema = v.union(
  [
    v.strictObject({
      say: v.pipe(
        v.string("must be text"),
        v.trim(),
        v.minLength(1, "must not be empty"),
        v.maxLength(TEXT_LENGTH_MAX, `must have at most ${TEXT_LENGTH_MAX} characters`),
      ),
    }),
    v.strictObject({
      play: v.pipe(
        v.string("must be text"),
        v.maxLength(TEXT_LENGTH_MAX, `must have at most ${TEXT_LENGTH_MAX} characters`),
        v.regex(
          /^https:\/\/[A-Za-z0-9.-]+(:\d{1,5})?\/[^\s"<>]*$/,
          "must be the https address of a sound file",
        ),
      ),
    }),
  ],
  "must be { say } or { play }",
);
export type FlowPrompt = v.InferOutput<typeof PromptSchema>;
