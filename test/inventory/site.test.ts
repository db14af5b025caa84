import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SITE_KEY_BYTES, siteKey } from "../../edge/inventory/model/site-key.ts";
import { siteWarnings } from "../../edge/inventory/model/site-warnings.ts";
import { law } from "../support/laws.ts";

describe("a site's key", () => {
  const usable = fc.uint8Array({ minLength: SITE_KEY_BYTES, maxLength: SITE_KEY_BYTES, max: 247 });

  it("has 12 characters of base62", () => {
    fc.assert(
      fc.property(usable, (bytes) => {
        expect(siteKey(bytes)).toMatch(/^[0-9A-Za-z]{12}$/);
      }),
      law(200),
    );
  });

  it("gives every character the same chance", () => {
    const counts = new Map<string, number>();
    // Every value a byte can have, once in each place: 248 of them count, four for each of 62 characters.
    for (let value = 0; value < 256; value++) {
      const rest = new Uint8Array(SITE_KEY_BYTES).fill(0);
      rest[0] = value;
      const first = siteKey(rest).charAt(0);
      if (value < 248) counts.set(first, (counts.get(first) ?? 0) + 1);
    }
    expect(counts.size).toBe(62);
    expect(new Set(counts.values())).toEqual(new Set([4]));
  });

  it("is not made of too little chance", () => {
    expect(() => siteKey(new Uint8Array(SITE_KEY_BYTES).fill(255))).toThrow(/random/);
  });
});

describe("a site's warnings", () => {
  const fine = { publisher_id: "org_p", pool_publisher_id: "org_p", pool_numbers: 5, static_numbers: 1 };

  it("are none when all is well", () => {
    expect(siteWarnings(fine)).toEqual([]);
    expect(siteWarnings({ ...fine, publisher_id: null, pool_publisher_id: null, static_numbers: 0 })).toEqual(
      [],
    );
  });

  it("name each thing that is missing, and only that", () => {
    const cases = [
      [{ pool_numbers: 0 }, /no numbers yet/],
      [{ static_numbers: 0 }, /no static number/],
      [{ pool_publisher_id: null }, /shared/],
    ] as const;
    for (const [change, text] of cases) {
      const warnings = siteWarnings({ ...fine, ...change });
      expect(warnings).toHaveLength(1);
      expect(warnings[0]).toMatch(text);
    }
  });
});
