import { hmacBase64, importSecret } from "./hmac.ts";
import type { RawRequest } from "./port.ts";
import { bodyHashAgrees, isSignedOver } from "./twilio-signature.ts";
import { valuesByName, withoutPort, withPort } from "./url-spelling.ts";

/** Its own header first; the second is the one that Twilio's users had. */
const HEADERS = ["x-signalwire-signature", "x-twilio-signature"];
const BODY_HASH = "bodySHA256";

/**
 * True when the request is signed by one of these signing keys (developer.signalwire.com/guides/webhook-security):
 * Base64(HMAC-SHA1(key, URL + each parameter's name and values, by name)). Like Twilio's, but that values of one
 * name are neither deduplicated nor sorted, and that no other spelling of the URL counts than without and with its
 * port. Accepts what the official compatibility SDK accepts, but for an empty key, which signs nothing.
 */
export async function isSignedBySignalwire(
  request: RawRequest,
  signing_keys: readonly string[],
): Promise<boolean> {
  const signature = HEADERS.map((name) => request.headers.get(name)).find((text) => text) ?? "";
  const hashed = request.url.includes(BODY_HASH);
  if (hashed && !(await bodyHashAgrees(request))) return false;
  const parameters = hashed ? "" : signedParameters(request.body);
  const texts = [withoutPort(request.url), withPort(request.url)].map((url) => url + parameters);
  return isSignedOver(texts, signature, signing_keys);
}

/** What SignalWire puts in `x-signalwire-signature`; a test or a simulator signs with it. */
export async function signalwireSignature(url: string, body: string, signing_key: string): Promise<string> {
  const parameters = url.includes(BODY_HASH) ? "" : signedParameters(body);
  return hmacBase64(await importSecret(signing_key, "SHA-1"), url + parameters);
}

function signedParameters(form: string): string {
  return Array.from(valuesByName(form))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, values]) => values.map((value) => name + value))
    .join("");
}
