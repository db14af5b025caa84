import { Hono } from "hono";
import { html } from "hono/html";
import type { Failure } from "../platform/problem.ts";
import type { HttpEnv } from "./support/context.ts";

/** What each kind of problem means and what to do about it; a problem's `type` leads here. */
const MEANINGS: Record<Failure["kind"], { status: number; meaning: string }> = {
  malformed: {
    status: 400,
    meaning: "The body is not what the content type says, or no JSON object. Nothing was read from it.",
  },
  invalid: {
    status: 422,
    meaning: "Single fields are wrong; `errors` names each by a JSON pointer. Nothing was stored.",
  },
  unauthenticated: {
    status: 401,
    meaning: "No key, a revoked one, or no session. Send Authorization: Bearer KEY.",
  },
  forbidden: { status: 403, meaning: "The key or user is known, its role may not do this." },
  origin_not_allowed: {
    status: 403,
    meaning: "The page's origin is not one of the site's. Add it to the site's origins.",
  },
  bad_signature: {
    status: 403,
    meaning: "The webhook is not signed by this account's current or next secret.",
  },
  not_found: {
    status: 404,
    meaning:
      "What the path, or the field that errors points to, names is not there or belongs to somebody else; the two are not told apart.",
  },
  gone: {
    status: 410,
    meaning: "The lease has ended, and the tag asks for a new one; or the invitation, and its sender can.",
  },
  conflict: { status: 409, meaning: "The thing exists already, or is in use elsewhere." },
  idempotency_mismatch: {
    status: 422,
    meaning: "The Idempotency-Key was used with another request within 24 hours. Take a new key.",
  },
  too_large: { status: 413, meaning: "The body is larger than is read here." },
  unsupported_media_type: { status: 415, meaning: "The content type is not the one this path reads." },
  too_many_requests: { status: 429, meaning: "Too many requests; Retry-After says when to come back." },
  unavailable: {
    status: 503,
    meaning: "Something on our side failed. Nothing was changed; try again with the same Idempotency-Key.",
  },
};

/** `GET /docs/problems`. */
export const problems = new Hono<HttpEnv>().get("/docs/problems", (c) =>
  c.html(html`<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Problems · Ringtrail API</title>
<style>:root{color-scheme:light dark}body{font:16px/1.6 system-ui,sans-serif;max-width:44rem;margin:3rem auto;padding:0 1rem}
h2{font:600 1rem ui-monospace,monospace;margin:2rem 0 .2rem}p{margin:0}</style></head><body>
<h1>Problems</h1><p>Every error is RFC 9457 problem details. Its <code>type</code> names one of these; <code>instance</code> is the request id to quote.</p>
${Object.entries(MEANINGS).map(
  ([kind, { status, meaning }]) =>
    html`<h2 id="${kind.replaceAll("_", "-")}">${kind.replaceAll("_", " ")} (${status})</h2><p>${meaning}</p>`,
)}
</body></html>`),
);
