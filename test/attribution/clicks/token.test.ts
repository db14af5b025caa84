import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { signClickToken, verifyClickToken } from "../../../edge/attribution/clicks/token.ts";
import {
  CLICK_TOKEN_LIFE_MS,
  type ClickToken,
  clickedAt,
  clickNonce,
} from "../../../edge/attribution/model/click-token.ts";
import { makeVault } from "../../../edge/platform/crypto.ts";
import { law } from "../../support/laws.ts";

const bytes = (fill: number) => new Uint8Array(32).fill(fill);
const vault = makeVault(bytes(7), (count) => new Uint8Array(count));
const other = makeVault(bytes(8), (count) => new Uint8Array(count));
const NETWORK = "org_01JD0000000000000000000000";

const ulid = fc.stringMatching(/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/);
const moment = fc.integer({ min: 946_684_800_000, max: 4_102_444_800_000 - 1 });
const token = fc
  .record({ link: ulid, publisher: ulid, at: moment, random: fc.stringMatching(/^[A-Za-z0-9_-]{11}$/) })
  .map(
    ({ link, publisher, at, random }): ClickToken => ({
      link_id: `lnk_${link}`,
      publisher_id: `org_${publisher}`,
      nonce: clickNonce(at, random),
    }),
  );

describe("a click token", () => {
  it("says what was signed, and needs no escaping in a URL", async () => {
    await fc.assert(
      fc.asyncProperty(token, async (said) => {
        const text = await signClickToken(vault, NETWORK, said);
        const at = clickedAt(said.nonce);
        expect(await verifyClickToken(vault, NETWORK, text, at)).toEqual({ ...said, expired: false });
        expect(encodeURIComponent(text)).toBe(text);
        expect(text.length).toBeLessThanOrEqual(128);
      }),
      law(100),
    );
  });

  it("is refused when a character was changed, by another key and in another network", async () => {
    await fc.assert(
      fc.asyncProperty(token, fc.nat(), fc.constantFrom(..."09AZaz-_."), async (said, place, by) => {
        const text = await signClickToken(vault, NETWORK, said);
        const at = place % text.length;
        const changed = `${text.slice(0, at)}${by}${text.slice(at + 1)}`;
        const now = clickedAt(said.nonce);
        if (changed !== text) expect(await verifyClickToken(vault, NETWORK, changed, now)).toBeNull();
        expect(await verifyClickToken(other, NETWORK, text, now)).toBeNull();
        expect(await verifyClickToken(vault, `${NETWORK}X`, text, now)).toBeNull();
      }),
      law(200),
    );
  });

  it("lives for 30 days from its click, half-open", async () => {
    await fc.assert(
      fc.asyncProperty(token, async (said) => {
        const text = await signClickToken(vault, NETWORK, said);
        const clicked_at = clickedAt(said.nonce);
        const expiredAt = async (now: number) => (await verifyClickToken(vault, NETWORK, text, now))?.expired;
        expect(await expiredAt(clicked_at + CLICK_TOKEN_LIFE_MS - 1)).toBe(false);
        expect(await expiredAt(clicked_at + CLICK_TOKEN_LIFE_MS)).toBe(true);
        expect(await expiredAt(clicked_at - 1)).toBe(true);
      }),
      law(50),
    );
  });

  it("is no other text", async () => {
    for (const text of ["", "1.", "1....", "lse_AAAA", "1".repeat(100_000), "%00", "1.A.B.c-d.e"]) {
      expect(await verifyClickToken(vault, NETWORK, text, 0)).toBeNull();
    }
  });
});
