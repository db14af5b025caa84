import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CHANNELS } from "../../edge/leasing/model/channel.ts";
import { CLICK_ID_NAMES } from "../../edge/leasing/model/click-ids.ts";
import { redactUrl } from "../../edge/leasing/model/redact.ts";
import { classifyVisit } from "../../edge/leasing/model/source.ts";
import { law } from "../support/laws.ts";

const PAGE = "https://www.plumber.example/repair";

function visit(query: string, referrer = "", gpc = false) {
  return classifyVisit({ url: `${PAGE}${query}`, referrer, gpc });
}

describe("any input", () => {
  const hostile = fc.oneof(
    fc.string({ unit: "binary", maxLength: 300 }),
    fc.webUrl({ withQueryParameters: true, withFragments: true }),
    fc
      .array(
        fc.tuple(
          fc.constantFrom(
            "utm_source",
            "gclid",
            "__proto__",
            "constructor",
            "rt_click",
            "keyword",
            "%E0%A4%A",
            "=",
            "",
          ),
          fc.string({ unit: "binary", maxLength: 20 }),
        ),
        { maxLength: 12 },
      )
      .map((pairs) => `https://a.example/?${pairs.map(([name, value]) => `${name}=${value}`).join("&")}`),
  );

  // A fragment makes the redaction look at every part of the URL; without one most are let through at a glance.
  it("is redacted alike, whether it is looked at as a whole or in parts", () => {
    fc.assert(
      fc.property(hostile, fc.boolean(), (text, gpc) => {
        const url = text.split("#", 1)[0] ?? "";
        expect(redactUrl(`${url}#part`, { gpc })).toBe(`${redactUrl(url, { gpc })}#part`);
      }),
      law(300),
    );
  });

  it("gives a bounded visit of known shape, and never throws", () => {
    fc.assert(
      fc.property(hostile, hostile, fc.boolean(), (url, referrer, gpc) => {
        const found = classifyVisit({ url, referrer, gpc });
        expect(CHANNELS).toContain(found.channel);
        expect(found.source).not.toBe("");
        expect(found.medium).not.toBe("");
        for (const text of [found.source, found.medium, found.campaign, found.term, found.content]) {
          expect(text.length).toBeLessThanOrEqual(256);
          expect(text.isWellFormed()).toBe(true);
        }
        for (const name of Object.keys(found.click_ids)) expect(CLICK_ID_NAMES).toContain(name);
        expect(found.landing_url).toMatch(/^$|^https?:\/\//i);
        expect(found.landing_url.length).toBeLessThanOrEqual(2_048);
        expect(classifyVisit({ url, referrer, gpc })).toEqual(found);
      }),
      law(500),
    );
    expect(({} as Record<string, unknown>).polluted).toBe(undefined);
  });

  it("takes a parameter named __proto__ like every other", () => {
    const found = visit(
      "?__proto__=polluted&__proto__[polluted]=1&utm_source=__proto__&utm_medium=constructor",
    );
    expect(found).toMatchObject({ source: "__proto__", medium: "constructor", channel: "other" });
    expect(({} as Record<string, unknown>).polluted).toBe(undefined);
  });

  it("is read in time linear in its length", () => {
    const started = performance.now();
    for (const piece of ["%", "%41", "a=", "&", "?", "#", "/", "//", "@", "%2525", "rt_click", ".", "{"]) {
      const url = `https://a.example/?x=${piece.repeat(20_000)}`;
      classifyVisit({ url, referrer: url, gpc: true });
    }
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});
