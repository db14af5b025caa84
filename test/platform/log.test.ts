import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import { errorFields, requestLog } from "../../edge/platform/log.ts";
import { law } from "../support/laws.ts";

afterEach(() => vi.restoreAllMocks());

describe("a log line", () => {
  it("is one JSON object that names its request", () => {
    const line = vi.spyOn(console, "error").mockImplementation(() => {});
    requestLog("req_1").error("call not read", { call_id: "cal_1", error: "two\nlines" });
    const [text] = line.mock.calls[0] as [string];
    expect(text).not.toContain("\n");
    expect(JSON.parse(text)).toEqual({
      level: "error",
      message: "call not read",
      request_id: "req_1",
      call_id: "cal_1",
      error: "two\nlines",
    });
  });
});

describe("what is logged of an error", () => {
  it("is its innermost cause: a failed query's own message has its parameters in it", () => {
    const cause = new TypeError("D1_ERROR: no such column");
    const error = new Error("Failed query: insert …\nparams: Ann Smith,203.0.113.7", { cause });
    expect(errorFields(error)).toEqual({ error: "TypeError", reason: "D1_ERROR: no such column" });
    expect(errorFields("plain")).toEqual({ error: "string", reason: "plain" });
  });

  it("has no phone number in it and an end, whatever the message", () => {
    const number = fc.stringMatching(/^\+[1-9]\d{6,14}$/);
    fc.assert(
      fc.property(fc.string({ maxLength: 400 }), number, fc.string(), (before, caller, after) => {
        const { reason } = errorFields(new Error(`${before} ${caller} ${after}`));
        expect(String(reason)).not.toContain(caller);
        expect(String(reason).length).toBeLessThanOrEqual(300);
      }),
      law(200),
    );
  });
});
