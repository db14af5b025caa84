import { createHash, createHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hmacSha256, sha256 } from "../../edge/platform/hmac.ts";
import { law } from "../support/laws.ts";

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
const text = (value: string) => new TextEncoder().encode(value);

describe("HMAC-SHA-256 in JavaScript", () => {
  it("answers RFC 4231's test cases", () => {
    expect(hex(hmacSha256(new Uint8Array(20).fill(0x0b))(text("Hi There")))).toBe(
      "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
    );
    expect(hex(hmacSha256(text("Jefe"))(text("what do ya want for nothing?")))).toBe(
      "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
    );
    const long = text("Test Using Larger Than Block-Size Key - Hash Key First");
    expect(hex(hmacSha256(new Uint8Array(131).fill(0xaa))(long))).toBe(
      "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
    );
  });

  it("is what OpenSSL answers, for keys and messages around every block's edge", () => {
    const bytes = fc.uint8Array({ maxLength: 200 });
    fc.assert(
      fc.property(bytes, bytes, (key, message) => {
        expect(hex(hmacSha256(key)(message))).toBe(createHmac("sha256", key).update(message).digest("hex"));
        expect(hex(sha256(message))).toBe(createHash("sha256").update(message).digest("hex"));
      }),
      law(500),
    );
  });
});
