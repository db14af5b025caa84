import { equalInConstantTime, sha256Hex } from "../platform/crypto.ts";
import { hmacBase64, importSecret } from "./hmac.ts";
import type { RawRequest } from "./port.ts";
import { valuesByName, withoutPort, withPort } from "./url-spelling.ts";

const HEADER = "x-twilio-signature";
const BODY_HASH = "bodySHA256";

/**
 * True when the request is signed by one of these auth tokens (twilio.com/docs/usage/security): the header is
 * Base64(HMAC-SHA1(token, URL + each parameter's name and values, by name)), values of one name being
 * deduplicated and sorted. A body that is no form is signed by its SHA-256 in the URL's `bodySHA256`.
 * Accepts what the official Node SDK accepts, but for an empty token, which signs nothing.
 */
export async function isSignedByTwilio(request: RawRequest, tokens: readonly string[]): Promise<boolean> {
  const signature = request.headers.get(HEADER) ?? "";
  const hashed = request.url.includes(BODY_HASH);
  if (hashed && !(await bodyHashAgrees(request))) return false;
  const parameters = hashed ? "" : signedParameters(request.body);
  return isSignedOver(
    Array.from(signableUrls(request.url), (url) => url + parameters),
    signature,
    tokens,
  );
}

/** What Twilio puts in `x-twilio-signature`; the sandbox of a test or a simulator signs with it. */
export async function twilioSignature(url: string, body: string, token: string): Promise<string> {
  const parameters = url.includes(BODY_HASH) ? "" : signedParameters(body);
  return hmacBase64(await importSecret(token, "SHA-1"), url + parameters);
}

/** True when one of the tokens gives this signature for one of the texts. An empty token signs nothing. */
export async function isSignedOver(
  texts: readonly string[],
  signature: string,
  tokens: readonly string[],
): Promise<boolean> {
  for (const token of tokens) {
    if (token === "") continue;
    const key = await importSecret(token, "SHA-1");
    for (const text of texts) {
      if (equalInConstantTime(await hmacBase64(key, text), signature)) return true;
    }
  }
  return false;
}

/** True when the URL's `bodySHA256` is the SHA-256 of the body, in hex. */
export async function bodyHashAgrees(request: RawRequest): Promise<boolean> {
  const claimed = new URL(request.url).searchParams.get(BODY_HASH) ?? "";
  return equalInConstantTime(await sha256Hex(request.body), claimed);
}

function signedParameters(form: string): string {
  return Array.from(valuesByName(form))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, values]) =>
      Array.from(new Set(values))
        .sort()
        .map((value) => name + value),
    )
    .join("");
}

/**
 * The spellings of one address that Twilio may have signed: as received and as the URL standard writes it, each
 * without and with its port, and with the query encoded anew (a runtime that normalises `'` to `%27` hides which
 * of the two was sent).
 */
function signableUrls(url: string): Set<string> {
  const normalized = new URL(url).toString();
  const plain = [withoutPort(url), withPort(url), withoutPort(normalized), withPort(normalized)];
  const requoted = [withoutPort(normalized), withPort(normalized)].map(withQueryEncodedAnew);
  return new Set([...plain, ...requoted]);
}

function withQueryEncodedAnew(url: string): string {
  const start = url.indexOf("?");
  if (start === -1 || start === url.length - 1) return url;
  const query = Array.from(valuesByName(url.slice(start + 1)), ([name, values]) =>
    values.map((value) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join("&"),
  );
  return `${url.slice(0, start)}?${query.join("&")}`;
}
