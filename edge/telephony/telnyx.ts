import { compatibleProvider } from "./compatible.ts";
import { attestation, type Fields, stamp } from "./fields.ts";
import type { StirLevel } from "./port.ts";
import { isSignedByTelnyx } from "./telnyx-signature.ts";
import { TEXML } from "./twiml.ts";

/** Telnyx by its TeXML applications: form bodies, Ed25519 over the raw body, TeXML. Its secret is a public key. */
export const telnyx = compatibleProvider({
  name: "telnyx",
  verify: isSignedByTelnyx,
  stirOf: stirLevel,
  stampOf: (fields) => stamp(fields.get("Timestamp")),
  dialect: TEXML,
});

/** `ShakenStirAttestation`, which counts for nothing when `ShakenStirValidated` says that its signature fails. */
function stirLevel(fields: Fields): StirLevel | null {
  const level = attestation(fields.get("ShakenStirAttestation"));
  if (level === null) return null;
  return fields.get("ShakenStirValidated")?.toLowerCase() === "false" ? "failed" : level;
}
