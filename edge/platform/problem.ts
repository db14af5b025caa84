import { unreachable } from "../../shared/assert.ts";

/** One fault in a request: an RFC 6901 pointer into its body (or `?name` for a query parameter) and what is wrong. */
export type Fault = { pointer: string; detail: string };

/** Everything that can be answered instead of a result. Rooms and journeys return these, `http/` renders them. */
export type Failure =
  | { kind: "malformed"; detail: string }
  | { kind: "invalid"; faults: Fault[] }
  | { kind: "unauthenticated" }
  | { kind: "forbidden"; detail: string }
  | { kind: "origin_not_allowed" }
  | { kind: "bad_signature" }
  /** With a `pointer`: what that field of the body names. */
  | { kind: "not_found"; what: string; pointer?: string }
  | { kind: "gone"; detail: string }
  | { kind: "conflict"; detail: string }
  | { kind: "idempotency_mismatch" }
  | { kind: "too_large"; limit_bytes: number }
  | { kind: "unsupported_media_type"; expected: string }
  | { kind: "too_many_requests"; retry_after_s: number }
  | { kind: "unavailable"; detail: string };

/** RFC 9457 problem details. `type` is a relative reference to the page that explains the kind. */
export type Problem = {
  type: string;
  title: string;
  status: number;
  detail: string;
  instance?: string;
  errors?: Fault[];
};

/** The one table from kinds to problems. */
export function toProblem(failure: Failure): Problem {
  const problem = (status: number, title: string, detail: string): Problem => ({
    type: `/docs/problems#${failure.kind.replaceAll("_", "-")}`,
    title,
    status,
    detail,
  });
  switch (failure.kind) {
    case "malformed":
      return problem(400, "Malformed request", failure.detail);
    case "invalid": {
      const detail = failure.faults.map((f) => `${f.pointer || "/"}: ${f.detail}`).join("; ");
      return { ...problem(422, "Invalid request", detail.slice(0, 1_000)), errors: failure.faults };
    }
    case "unauthenticated":
      return problem(401, "Not authenticated", "Send `Authorization: Bearer KEY`, or sign in.");
    case "forbidden":
      return problem(403, "Not allowed", failure.detail);
    case "origin_not_allowed":
      return problem(403, "Origin not allowed", "This site is not served to the page's origin.");
    case "bad_signature":
      return problem(403, "Bad signature", "The request is not signed by this account's secret.");
    case "not_found": {
      const { what, pointer } = failure;
      const errors = pointer === undefined ? null : [{ pointer, detail: `there is no such ${what}` }];
      return { ...problem(404, "Not found", `There is no such ${what}.`), ...(errors && { errors }) };
    }
    case "gone":
      return problem(410, "Gone", failure.detail);
    case "conflict":
      return problem(409, "Conflict", failure.detail);
    case "idempotency_mismatch":
      return problem(422, "Idempotency key reused", "This Idempotency-Key came with another request before.");
    case "too_large":
      return problem(413, "Body too large", `At most ${failure.limit_bytes} bytes are read.`);
    case "unsupported_media_type":
      return problem(415, "Unsupported media type", `Send the body as ${failure.expected}.`);
    case "too_many_requests":
      return problem(429, "Too many requests", `Try again in ${failure.retry_after_s} s.`);
    case "unavailable":
      return problem(503, "Temporarily unavailable", failure.detail);
    default:
      return unreachable(failure);
  }
}

/** Renders a failure as `application/problem+json`; the request id goes along, so that a report can name it. */
export function problemResponse(failure: Failure, request_id: string): Response {
  const problem = { ...toProblem(failure), instance: request_id };
  const headers: Record<string, string> = {
    "content-type": "application/problem+json",
    "cache-control": "no-store",
  };
  if (failure.kind === "too_many_requests") headers["retry-after"] = String(failure.retry_after_s);
  if (failure.kind === "unauthenticated") headers["www-authenticate"] = 'Bearer realm="ringtrail"';
  return new Response(JSON.stringify(problem), { status: problem.status, headers });
}
