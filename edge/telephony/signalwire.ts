import { compatibleProvider } from "./compatible.ts";
import { isSignedBySignalwire } from "./signalwire-signature.ts";
import { stirLevel } from "./twilio.ts";
import { CXML } from "./twiml.ts";

/**
 * SignalWire by its compatibility API: form bodies, `X-SignalWire-Signature`, cXML. Its secret is the project's
 * signing key. Its `Timestamp` is when the call was created, whatever the callback tells of, so no report has a stamp
 * (signalwire.com/docs/compatibility-api, Incoming call status callback).
 */
export const signalwire = compatibleProvider({
  name: "signalwire",
  verify: isSignedBySignalwire,
  stirOf: stirLevel,
  stampOf: () => null,
  dialect: CXML,
});
