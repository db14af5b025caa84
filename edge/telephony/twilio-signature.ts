import { equalInConstantTime, sha256Hex, utf8 } from "../platform/crypto.ts";
import type { RawRequest } from "./port.ts";

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
  for (const token of tokens) {
    if (token === "") continue;
    const key = await importToken(token);
    for (const url of signableUrls(request.url)) {
      if (equalInConstantTime(await hmacBase64(key, url + parameters), signature)) return true;
    }
  }
  return false;
}

/** What Twilio puts in `x-twilio-signature`; the sandbox of a test or a simulator signs with it. */
export async function twilioSignature(url: string, body: string, token: string): Promise<string> {
  const parameters = url.includes(BODY_HASH) ? "" : signedParameters(body);
  return hmacBase64(await importToken(token), url + parameters);
}

async function bodyHashAgrees(request: RawRequest): Promise<boolean> {
  const claimed = new URL(request.url).searchParams.get(BODY_HASH) ?? "";
  return equalInConstantTime(await sha256Hex(request.body), claimed);
}

function signedParameters(form: string): string {
  const values = new Map<string, Set<string>>();
  for (const [name, value] of new URLSearchParams(form)) {
    values.set(name, (values.get(name) ?? new Set()).add(value));
  }
  return Array.from(values.keys())
    .sort()
    .flatMap((name) =>
      Array.from(values.get(name) ?? [], (value) => value)
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

type UrlParts = { scheme: string; host: string; port: string; rest: string };

/** Cuts a URL without normalising it; our public origin carries no user name. */
function cut(url: string): UrlParts | null {
  const match = /^([a-z][a-z0-9+.-]*:\/\/)(\[[^\]]*\]|[^/?#:]*)(:\d*)?(.*)$/is.exec(url);
  if (!match) return null;
  return { scheme: match[1] ?? "", host: match[2] ?? "", port: match[3] ?? "", rest: match[4] ?? "" };
}

function withoutPort(url: string): string {
  const parts = cut(url);
  return parts ? parts.scheme + parts.host + parts.rest : url;
}

function withPort(url: string): string {
  const parts = cut(url);
  if (parts?.port !== "") return url;
  const port = parts.scheme.toLowerCase() === "https://" ? ":443" : ":80";
  return parts.scheme + parts.host + port + parts.rest;
}

function withQueryEncodedAnew(url: string): string {
  const start = url.indexOf("?");
  if (start === -1 || start === url.length - 1) return url;
  const pairs = new Map<string, string[]>();
  for (const [name, value] of new URLSearchParams(url.slice(start + 1))) {
    pairs.set(name, [...(pairs.get(name) ?? []), value]);
  }
  const query = Array.from(pairs, ([name, values]) =>
    values.map((value) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join("&"),
  );
  return `${url.slice(0, start)}?${query.join("&")}`;
}

/** HMAC is Twilio's choice of SHA-1: forging a MAC does not follow from finding collisions. */
function importToken(token: string): Promise<CryptoKey> {
  return crypto.subtle.importKey("raw", utf8(token), { name: "HMAC", hash: "SHA-1" }, false, ["sign"]);
}

async function hmacBase64(key: CryptoKey, text: string): Promise<string> {
  const mac = new Uint8Array(await crypto.subtle.sign("HMAC", key, utf8(text)));
  return btoa(String.fromCharCode(...mac));
}
