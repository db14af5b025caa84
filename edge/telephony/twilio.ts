import { compatibleProvider } from "./compatible.ts";
import { attestation, type Fields, stamp } from "./fields.ts";
import type { StirLevel } from "./port.ts";
import { isSignedByTwilio } from "./twilio-signature.ts";
import { TWIML } from "./twiml.ts";

/** Twilio Programmable Voice: form bodies, `X-Twilio-Signature`, TwiML. */
export const twilio = compatibleProvider({
  name: "twilio",
  verify: isSignedByTwilio,
  stirOf: stirLevel,
  stampOf: (fields) => stamp(fields.get("Timestamp")),
  dialect: TWIML,
});

/**
 * `TN-Validation-Passed-A`, with `-Diverted` or `-Passthrough` behind it, or `TN-Validation-Failed…`
 * (twilio.com/docs/voice/trusted-calling-with-shakenstir).
 */
export function stirLevel(fields: Fields): StirLevel | null {
  const text = fields.get("StirVerstat") ?? "";
  const passed = attestation(/^TN-Validation-Passed-([ABC])/.exec(text)?.[1]);
  if (passed !== null) return passed;
  return text.startsWith("TN-Validation-Failed") ? "failed" : null;
}
