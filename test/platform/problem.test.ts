import { describe, expect, it } from "vitest";
import { type Failure, problemResponse, toProblem } from "../../edge/platform/problem.ts";

const FAILURES: [Failure, number][] = [
  [{ kind: "malformed", detail: "d" }, 400],
  [{ kind: "invalid", faults: [{ pointer: "/name", detail: "is required" }] }, 422],
  [{ kind: "unauthenticated" }, 401],
  [{ kind: "forbidden", detail: "d" }, 403],
  [{ kind: "origin_not_allowed" }, 403],
  [{ kind: "bad_signature" }, 403],
  [{ kind: "not_found", what: "call" }, 404],
  [{ kind: "gone", detail: "d" }, 410],
  [{ kind: "conflict", detail: "d" }, 409],
  [{ kind: "idempotency_mismatch" }, 422],
  [{ kind: "too_large", limit_bytes: 10 }, 413],
  [{ kind: "unsupported_media_type", expected: "application/json" }, 415],
  [{ kind: "too_many_requests", retry_after_s: 3 }, 429],
  [{ kind: "unavailable", detail: "d" }, 503],
];

describe("problems (RFC 9457)", () => {
  it.each(FAILURES)("renders %o", async (failure, status) => {
    const response = problemResponse(failure, "req_1");
    expect(response.status).toBe(status);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    const body = (await response.json()) as Record<string, unknown>;
    expect(body).toMatchObject({ status, instance: "req_1" });
    for (const field of ["type", "title", "detail"]) expect(body[field]).toMatch(/\S/);
  });

  it("points at every fault of a body", () => {
    const faults = [{ pointer: "/terms/hold_s", detail: "must be whole seconds" }];
    expect(toProblem({ kind: "invalid", faults }).errors).toEqual(faults);
  });
});
