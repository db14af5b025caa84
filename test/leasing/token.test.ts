import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeSessionId, encodeSessionId } from "../../edge/leasing/session-id.ts";
import { type LeaseToken, signLease, verifyLease } from "../../edge/leasing/token.ts";
import { makeVault } from "../../edge/platform/crypto.ts";
import { isId } from "../../shared/id.ts";
import { law } from "../support/laws.ts";

const bytes = (fill: number) => new Uint8Array(32).fill(fill);
const vault = makeVault(bytes(7), (count) => new Uint8Array(count));
const other = makeVault(bytes(8), (count) => new Uint8Array(count));

const key = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const moment = fc.integer({ min: 946_684_800_000, max: 4_102_444_800_000 - 1 });
const token: fc.Arbitrary<LeaseToken> = fc.record({ pool_key: key, number_key: key, leased_at: moment });

describe("a lease token", () => {
  it("says what was signed, in at most 64 characters, as an id", async () => {
    await fc.assert(
      fc.asyncProperty(token, async (said) => {
        const text = await signLease(vault, said);
        expect(await verifyLease(vault, text)).toEqual(said);
        expect(text.length).toBeLessThanOrEqual(64);
        expect(isId("lease", text)).toBe(true);
      }),
      law(200),
    );
  });

  it("is refused when one character of it was changed, or another key signed it", async () => {
    const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const place = fc.record({ at: fc.nat(39), by: fc.integer({ min: 1, max: 63 }) });
    await fc.assert(
      fc.asyncProperty(token, place, async (said, { at, by }) => {
        const text = await signLease(vault, said);
        const body = [...text.slice(4)];
        body[at] = alphabet[(alphabet.indexOf(body[at] ?? "") + by) % 64] ?? "";
        expect(await verifyLease(vault, `lse_${body.join("")}`)).toBeNull();
        expect(await verifyLease(other, text)).toBeNull();
      }),
      law(200),
    );
  });

  it("is refused when it is any other text", async () => {
    const long = "a".repeat(100_000);
    for (const text of [
      "",
      "lse_",
      `lse_${"A".repeat(40)}`,
      `lse_${"=".repeat(40)}`,
      "ses_AAAAAAAAAAAAAA",
      long,
    ]) {
      expect(await verifyLease(vault, text)).toBeNull();
    }
  });
});

describe("a session id", () => {
  it("names a number and a moment, and only one text does", () => {
    fc.assert(
      fc.property(key, moment, (number_key, leased_at) => {
        const id = encodeSessionId({ number_key, leased_at });
        expect(decodeSessionId(id)).toEqual({ number_key, leased_at });
        expect(isId("session", id)).toBe(true);
        // The last character carries four bits that say nothing: every other spelling of them is no id.
        const twin = `${id.slice(0, -1)}${id.endsWith("A") ? "B" : "A"}`;
        const named = decodeSessionId(twin);
        expect(named === null || encodeSessionId(named) === twin).toBe(true);
      }),
      law(300),
    );
    for (const text of ["ses_", "ses_!!!!!!!!!!!!!!", "lse_AAAAAAAAAAAAAA", "ses_AAAAAAAAAAAAAB"]) {
      expect(decodeSessionId(text)).toBeNull();
    }
  });
});
