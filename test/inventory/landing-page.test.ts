import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { liesOn, passedOn, subIdsOf, withParameters } from "../../edge/inventory/model/landing-page.ts";
import { law } from "../support/laws.ts";

describe("a landing page", () => {
  it("gets the visitor's parameters behind its own and before its fragment, which stay as they are", () => {
    const cases: [string, string[], string][] = [
      ["https://a.example", ["x=1"], "https://a.example?x=1"],
      ["https://a.example/p?own=1", ["x=1", "y=2"], "https://a.example/p?own=1&x=1&y=2"],
      ["https://a.example/p?", ["x=1"], "https://a.example/p?x=1"],
      ["https://a.example/#/route?z=%zz", ["x=1"], "https://a.example/?x=1#/route?z=%zz"],
      ["https://a.example/p?own=1#f", ["", ""], "https://a.example/p?own=1#f"],
    ];
    for (const [page, queries, expected] of cases) expect(withParameters(page, ...queries)).toBe(expected);
  });

  it("lies on a site by its host alone, also below a wildcard", () => {
    const origins = ["https://www.pub.example", "https://*.leads.example:8443"];
    for (const url of [
      "http://www.pub.example/offer",
      "https://WWW.PUB.EXAMPLE.:444/",
      "https://a.leads.example",
    ]) {
      expect(liesOn(url, origins)).toBe(true);
    }
    for (const url of ["https://pub.example", "https://leads.example", "https://xleads.example", "about:x"]) {
      expect(liesOn(url, origins)).toBe(false);
    }
  });
});

describe("a visitor's own query", () => {
  it("is passed on byte for byte, but for a click token of its own", () => {
    const query = "?gclid=Ab%2Fc&rt_click=forged&utm_source=x+y&%72T_click=1&+rt_click=2&sub1=q&empty";
    expect(passedOn(query)).toBe("gclid=Ab%2Fc&utm_source=x+y&sub1=q&empty");
  });

  it("keeps whole parameters, and not more than the limit", () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-z]{1,8}=[A-Za-z0-9%]{0,900}$/)), (pairs) => {
        const kept = passedOn(pairs.join("&"));
        expect(kept.length).toBeLessThanOrEqual(4_000);
        const parts = kept === "" ? [] : kept.split("&");
        expect(parts).toEqual(pairs.slice(0, parts.length));
      }),
      law(100),
    );
  });

  it("brings sub ids, the first of each name", () => {
    expect(subIdsOf("sub1=a%20b&SUB2=c+d&sub1=no&sub6=no&sub3=&sub4=%zz&sub5=%00x")).toEqual({
      sub1: "a b",
      sub2: "c d",
      sub4: "%zz",
      sub5: "x",
    });
    expect(subIdsOf(`sub1=${"ä".repeat(500)}`).sub1).toHaveLength(200);
  });
});
