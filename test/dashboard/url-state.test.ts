import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { queryString } from "../../dashboard/api.ts";
import { readFilters } from "../../dashboard/parts/filters.tsx";
import { readSort, sortRows, writeSort } from "../../dashboard/parts/table.tsx";
import { pageAt } from "../../dashboard/routes.ts";
import { fromTheStart, patchSearch, safeNext } from "../../dashboard/url-state.ts";
import { law } from "../support/laws.ts";

describe("the query string", () => {
  it("takes a patch and keeps the rest", () => {
    expect(patchSearch("?range=7d&campaign_id=a", { campaign_id: "b" })).toBe("?range=7d&campaign_id=b");
    expect(patchSearch("?range=7d", { range: null })).toBe("");
    expect(patchSearch("", { q: "+1 415 & more" })).toBe("?q=%2B1+415+%26+more");
  });

  it("reads back whatever was set", () => {
    const name = fc.stringMatching(/^[a-z_]{1,8}$/);
    fc.assert(
      fc.property(fc.dictionary(name, fc.string({ minLength: 1, unit: "grapheme" })), (patch) => {
        const params = new URLSearchParams(patchSearch("?kept=1", patch));
        for (const [key, value] of Object.entries(patch)) expect(params.get(key)).toBe(value);
      }),
      law(100),
    );
  });

  it("goes back to the first page and closes the drawer when a filter changes", () => {
    const search = patchSearch("?cursor=abc&call=cal_1&range=7d", fromTheStart({ publisher_id: "org_1" }));
    expect(search).toBe("?range=7d&publisher_id=org_1");
  });

  it("leaves out what is not asked", () => {
    expect(queryString({ q: null, limit: 50, cursor: undefined, empty: "" })).toBe("?limit=50");
    expect(queryString({})).toBe("");
  });

  it("holds only filters that the page knows", () => {
    const params = new URLSearchParams("campaign_id=cmp_1&evil=1&source=");
    expect(
      readFilters(params, [
        { name: "campaign_id", label: "campaign" },
        { name: "source", label: "source" },
      ]),
    ).toEqual({
      campaign_id: "cmp_1",
    });
  });
});

describe("where to go after signing in", () => {
  it("is a page of ours, never another origin", () => {
    expect(safeNext("?next=%2Fcalls%3Fstatus%3Dringing")).toBe("/calls?status=ringing");
    for (const evil of [
      "//evil.example",
      "/\\evil.example",
      "https://evil.example",
      "javascript:alert(1)",
      "/sign-in",
    ]) {
      expect(safeNext(`?next=${encodeURIComponent(evil)}`)).toBe("/");
    }
  });
});

describe("a table's order", () => {
  const rows = [
    { id: "a", calls: 3 },
    { id: "b", calls: null },
    { id: "c", calls: 7 },
    { id: "d", calls: 3 },
  ];
  const read = (row: (typeof rows)[number], by: string) => (by === "calls" ? row.calls : row.id);
  const ids = (text: string) =>
    sortRows(rows, readSort(text, ["id", "calls"], { by: "id", descending: false }), read).map(
      ({ id }) => id,
    );

  it("is stable, with missing values last either way", () => {
    expect(ids("-calls").join("")).toBe("cadb");
    expect(ids("calls").join("")).toBe("adcb");
  });

  it("falls back where the URL names no column", () => {
    expect(ids("-password").join("")).toBe("abcd");
    expect(writeSort(readSort("-calls", ["calls"], { by: "id", descending: false }))).toBe("-calls");
  });
});

describe("the page at an address", () => {
  it("is the one whose parts it has, an id in its place", () => {
    const at = (path: string) => pageAt(path)?.path;
    expect(at("/")).toBe("/");
    expect(at("/calls")).toBe("/calls");
    expect(at("/calls/cal_01KA7Q9M2X")).toBe("/calls/:id");
    expect(at("/campaigns/cmp_1/flow")).toBe("/campaigns/:id/flow");
    expect(at("/campaigns/cmp_1/nothing")).toBeUndefined();
    expect(at("/nowhere")).toBeUndefined();
  });
});
