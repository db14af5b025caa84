import type { TermsInput } from "../../../shared/api/campaigns.ts";
import { TextField } from "../../parts/form/fields.tsx";

type Props = {
  /** `""` for both sides, `revenue/` or `payout/` for one. */
  of: "" | "revenue/" | "payout/";
  value: TermsInput["requires_keypress"];
};

/** What the caller must have pressed at a question of the call flow. */
export function KeypressFields({ of, value }: Props) {
  return (
    <>
      <TextField
        name={`${of}requires_keypress/question`}
        label="Requires a key at the question"
        optional
        value={value?.question}
        placeholder="reason"
        hint="The step's name in the call flow."
      />
      <TextField
        name={`${of}requires_keypress/keys`}
        label="One of these keys"
        optional
        value={value?.keys.join(", ")}
        placeholder="1, 2"
        maxLength={700}
      />
    </>
  );
}
