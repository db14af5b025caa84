import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { equalInConstantTime, fromBase64Url, makeVault, toBase64Url } from "../../edge/platform/crypto.ts";
import { secureBytes } from "../../edge/platform/ids.ts";
import { law } from "../support/laws.ts";

const vault = makeVault(secureBytes(32), secureBytes);

describe("the vault", () => {
  it("opens what it sealed, for the same owner only", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string(), fc.string(), async (text, owner) => {
        const sealed = await vault.seal(text, owner);
        expect(await vault.open(sealed, owner)).toBe(text);
        await expect(vault.open(sealed, `${owner}x`)).rejects.toThrow();
      }),
      law(30),
    );
  });

  it("seals the same text differently each time and never shows it", async () => {
    const [one, two] = await Promise.all([vault.seal("+14155550177", "a"), vault.seal("+14155550177", "a")]);
    expect(one).not.toBe(two);
    expect(one).not.toContain("4155550177");
  });

  it("refuses a text whose every single bit may have been changed", async () => {
    const sealed = await vault.seal("secret", "owner");
    const [key, nonce, text] = sealed.split(".") as [string, string, string];
    const bytes = fromBase64Url(text);
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const changed = Uint8Array.from(bytes);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      await expect(vault.open(`${key}.${nonce}.${toBase64Url(changed)}`, "owner")).rejects.toThrow();
    }
  });

  it("knows a caller again within a scope, and not across scopes or keys", async () => {
    const other = makeVault(secureBytes(32), secureBytes);
    const print = await vault.fingerprint("+14155550177", "org_a");
    expect(await vault.fingerprint("+14155550177", "org_a")).toBe(print);
    expect(await vault.fingerprint("+14155550177", "org_b")).not.toBe(print);
    expect(await other.fingerprint("+14155550177", "org_a")).not.toBe(print);
    expect(print).toHaveLength(22);
  });
});

describe("comparing and encoding", () => {
  it("says what === says", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        expect(equalInConstantTime(a, b)).toBe(a === b);
        expect(equalInConstantTime(a, a)).toBe(true);
      }),
      law(200),
    );
  });

  it("gives back the bytes of base64url, which needs no escaping in a URL", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        const text = toBase64Url(bytes);
        expect(text).toMatch(/^[A-Za-z0-9_-]*$/);
        expect([...fromBase64Url(text)]).toEqual([...bytes]);
      }),
      law(200),
    );
  });
});
