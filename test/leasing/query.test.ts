import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  clean,
  cut,
  decodeComponent,
  parseQuery,
  splitUrl,
  urlParameters,
} from "../../edge/leasing/model/query.ts";
import { redactUrl } from "../../edge/leasing/model/redact.ts";
import { law } from "../support/laws.ts";

describe("splitting a URL", () => {
  it("finds its parts as written, and its host in lower case without user and port", () => {
    expect(splitUrl("HTTPS://Ann:secret@WWW.Example.COM.:8443/A/b;c?x=1&y=?#/r?z=2")).toEqual({
      scheme: "https",
      host: "www.example.com",
      path: "/A/b;c",
      query: "x=1&y=?",
      fragment: "/r?z=2",
    });
    expect(splitUrl("https://[::1]:8787/")?.host).toBe("[::1]");
    expect(splitUrl("android-app://com.google.android.gm/")?.host).toBe("com.google.android.gm");
  });

  it("is null for what has no host", () => {
    for (const text of [
      "",
      "/path",
      "example.com",
      "mailto:a@b.c",
      "javascript:alert(1)",
      "https://",
      "https:///x",
    ]) {
      expect([text, splitUrl(text)]).toEqual([text, null]);
    }
  });

  it("agrees with the platform on every web URL", () => {
    fc.assert(
      fc.property(fc.webUrl({ withQueryParameters: true, withFragments: true }), (text) => {
        const platform = new URL(text);
        const parts = splitUrl(platform.href);
        expect(parts?.path).toBe(platform.pathname);
        expect(parts?.host).toBe(platform.hostname);
        expect(`${parts?.query === "" ? "" : "?"}${parts?.query}`).toBe(platform.search);
      }),
      law(300),
    );
  });
});

describe("parsing parameters", () => {
  it("decodes as a form does and keeps the first value that is not empty", () => {
    const parameters = parseQuery("a=&A=one+two&a=three&q=caf%C3%A9&UTM_Source=News%26Co&empty=&=x&bare");
    expect([...parameters]).toEqual([
      ["a", "one two"],
      ["q", "café"],
      ["utm_source", "News&Co"],
    ]);
  });

  it("keeps escapes that are not UTF-8, but not the separator behind one", () => {
    expect(decodeComponent("%E4%F6%FC")).toBe("%E4%F6%FC");
    expect(decodeComponent("100%")).toBe("100%");
    expect(decodeComponent("%zz%41")).toBe("%zzA");
    expect(decodeComponent("%FF%26rt_click%3D1")).toBe("%FF&rt_click=1");
  });

  it("holds names that are dangerous in an object as what they are", () => {
    const parameters = parseQuery("__proto__=x&constructor=y&toString=z");
    expect(parameters.get("__proto__")).toBe("x");
    expect(({} as Record<string, unknown>).x).toBe(undefined);
    expect(parameters.get("hasownproperty")).toBe(undefined);
  });

  it("reads at most 200 parameters, and a value's first 2,048 characters", () => {
    const many = Array.from({ length: 1_000 }, (_, i) => `p${i}=${i}`).join("&");
    expect(parseQuery(many).size).toBe(200);
    expect(parseQuery(`a=${"x".repeat(10_000)}`).get("a")).toHaveLength(2_048);
    expect(parseQuery(`${"n".repeat(65)}=1`).size).toBe(0);
  });

  it("adds what only the fragment has", () => {
    const read = (text: string) => Object.fromEntries(urlParameters(splitUrl(text) as never));
    expect(read("https://a.example/?a=1#a=2&b=3")).toEqual({ a: "1", b: "3" });
    expect(read("https://a.example/#/route?gclid=Xy")).toEqual({ gclid: "Xy" });
    expect(read("https://a.example/#section-2")).toEqual({});
  });

  it("agrees with the platform on well-formed queries", () => {
    const name = fc.stringMatching(/^[a-z_]{1,12}$/);
    const value = fc
      .string({ unit: "grapheme", minLength: 1, maxLength: 40 })
      .filter((text) => text.trim() === text);
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(name, value), { selector: ([key]) => key, maxLength: 20 }),
        (pairs) => {
          const text = new URLSearchParams(pairs).toString();
          expect([...parseQuery(text)]).toEqual(pairs.filter(([, kept]) => kept !== ""));
        },
      ),
      law(300),
    );
  });
});

describe("bounding text", () => {
  it("never leaves half a character", () => {
    expect(cut("ab😀", 3)).toBe("ab");
    expect(cut("ab😀", 4)).toBe("ab😀");
    expect(clean("a\u0000b\tc\ud800d")).toBe("abc\uFFFDd");
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.nat({ max: 20 }), (text, length) => {
        const bounded = cut(clean(text), length);
        expect(bounded.length).toBeLessThanOrEqual(length);
        expect(bounded.isWellFormed()).toBe(true);
      }),
      law(300),
    );
  });
});

describe("URLs as they are stored", () => {
  const stored = (text: string, gpc = false) => redactUrl(text, { gpc });

  it("never hold a click token, wherever it stands", () => {
    const cases = {
      "https://a.example/?a=1&rt_click=TOKEN&b=2": "https://a.example/?a=1&b=2",
      "https://a.example/?rt_click=TOKEN": "https://a.example/",
      "https://a.example/?RT_Click=TOKEN#top": "https://a.example/#top",
      "https://a.example/?rt%5fclick=TOKEN&b": "https://a.example/?b",
      "https://a.example/?rt_click[]=TOKEN": "https://a.example/",
      "https://a.example/?a=1;rt_click=TOKEN&b=2": "https://a.example/?b=2",
      "https://a.example/#rt_click=TOKEN&x=1": "https://a.example/#x=1",
      "https://a.example/#/route?rt_click=TOKEN": "https://a.example/#/route",
      "https://a.example/?to=https%3A%2F%2Fb.example%2F%3Frt_click%3DTOKEN&k=v": "https://a.example/?k=v",
      "https://a.example/?to=%252Fx%253Fa%253D1%2526rt_click%253DTOKEN": "https://a.example/",
      "https://a.example/go/https%3A%2F%2Fb.example%3Frt_click%3DTOKEN/x": "https://a.example/go//x",
    };
    for (const [raw, kept] of Object.entries(cases)) expect(stored(raw)).toBe(kept);
  });

  it("keep everything else byte for byte", () => {
    const raw = "https://a.example/Path/%7Euser?A=%zz&b=x+y&c=%E4&gclid=Abc&not_rt_click=1#s?q";
    expect(stored(raw)).toBe(raw);
  });

  it("hold no click id under Global Privacy Control", () => {
    const raw = "https://a.example/?utm_source=x&gclid=G&fbclid=F&ScCid=S&next=%2F%3Fmsclkid%3DM#wbraid=W";
    expect(stored(raw, true)).toBe("https://a.example/?utm_source=x");
    expect(stored(raw, false)).toBe(raw);
  });

  it("hold no password", () => {
    expect(stored("https://ann:secret@a.example/x@y")).toBe("https://a.example/x@y");
  });

  it("are cut after the token is cut out, to 2,048 characters", () => {
    const long = `https://a.example/?rt_click=${"T".repeat(3_000)}&a=${"x".repeat(3_000)}`;
    expect(stored(long)).toHaveLength(2_048);
    expect(stored(long)).not.toContain("T");
  });

  it("hold no token hidden by any mix of encodings, and take any text", () => {
    const junk = fc.string({
      unit: fc.constantFrom("a", "=", "&", "?", "#", "%", "2", "6", "/", ";", "+", "é"),
      maxLength: 12,
    });
    const encoded = fc.nat({ max: 6 }).map((times) => {
      let token = "?rt_click=SECRET";
      for (let i = 0; i < times; i++) token = encodeURIComponent(token);
      return token;
    });
    fc.assert(
      fc.property(junk, encoded, junk, fc.boolean(), (before, token, after, gpc) => {
        expect(stored(`https://a.example/?x=${before}${token}${after}`, gpc)).not.toContain("SECRET");
        expect(stored(`https://a.example/#${before}${token}${after}`, gpc)).not.toContain("SECRET");
      }),
      law(500),
    );
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.boolean(), (text, gpc) => {
        const once = stored(text, gpc);
        expect(stored(once, gpc)).toBe(once);
      }),
      law(300),
    );
  });
});
