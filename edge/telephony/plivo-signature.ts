import { equalInConstantTime } from "../platform/crypto.ts";
import { hmacBase64, importSecret } from "./hmac.ts";
import type { RawRequest } from "./port.ts";
import { cutUrl, valuesByName } from "./url-spelling.ts";

/**
 * Signed by the token of the account or subaccount that owns the number, and by the main account's. Of several active
 * tokens the header holds a list, by commas.
 */
const SIGNATURE_HEADERS = ["x-plivo-signature-v3", "x-plivo-signature-ma-v3"];
const NONCE_HEADER = "x-plivo-signature-v3-nonce";

/**
 * True when the request is signed by one of these auth tokens (plivo.com/docs/voice/concepts/signature-validation, as
 * its SDK does it): Base64(HMAC-SHA256(token, address + sorted query + sorted parameters + "." + nonce)). Accepts what
 * the official Node SDK accepts, but for an empty token, which signs nothing, and for a request without a nonce.
 */
export async function isSignedByPlivo(request: RawRequest, tokens: readonly string[]): Promise<boolean> {
  const nonce = request.headers.get(NONCE_HEADER);
  if (nonce === null) return false;
  const signatures = SIGNATURE_HEADERS.flatMap((name) => request.headers.get(name)?.split(",") ?? []);
  if (signatures.length === 0) return false;
  for (const token of tokens) {
    if (token === "") continue;
    const expected = await plivoSignature(request.url, request.body, nonce, token);
    if (signatures.some((signature) => equalInConstantTime(expected, signature))) return true;
  }
  return false;
}

/** What Plivo puts in `x-plivo-signature-v3` of a POST; a test or a simulator signs with it. */
export async function plivoSignature(
  url: string,
  body: string,
  nonce: string,
  token: string,
): Promise<string> {
  return hmacBase64(await importSecret(token, "SHA-256"), `${signedText(url, body)}.${nonce}`);
}

/** With parameters a `?` stands in front of them even where there is no query, and a `.` behind one that there is. */
function signedText(url: string, form: string): string {
  const { scheme, host, port, rest } = cutUrl(url) ?? { scheme: "", host: "", port: "", rest: url };
  const [, path = "", query = ""] = /^([^?#]*)\??([^#]*)/.exec(rest) ?? [];
  const address = `${scheme}${host}${port === ":" ? "" : port}${path}`;
  const sorted_query = sortedPairs(query, "=").join("&");
  if (valuesByName(form).size === 0) return sorted_query === "" ? address : `${address}?${sorted_query}`;
  const parameters = sortedPairs(form, "").join("");
  return sorted_query === "" ? `${address}?${parameters}` : `${address}?${sorted_query}.${parameters}`;
}

function sortedPairs(form: string, between: string): string[] {
  return Array.from(valuesByName(form))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, values]) => values.sort().map((value) => name + between + value));
}
