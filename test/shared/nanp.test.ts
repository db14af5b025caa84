import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { assignedAreaCodes, regionOfAreaCode, regionOfNumber } from "../../shared/nanp.ts";
import { law } from "../support/laws.ts";

describe("regions by area code", () => {
  it("knows cities, overlays and provinces", () => {
    const known = {
      "212": "US-NY",
      "415": "US-CA",
      "512": "US-TX",
      "202": "US-DC",
      "907": "US-AK",
      "808": "US-HI",
      "787": "US-PR",
      "671": "US-GU",
      "416": "CA-ON",
      "514": "CA-QC",
      "604": "CA-BC",
      "902": "CA-NS",
      "771": "US-DC",
      "457": "US-LA",
      "257": "CA-BC",
    };
    for (const [code, region] of Object.entries(known))
      expect([code, regionOfAreaCode(code)]).toEqual([code, region]);
  });

  it("has no region for what is in no state or province, or in several", () => {
    const tollFree = ["800", "833", "844", "855", "866", "877", "888"];
    const elsewhere = ["242", "876", "809", "441", "867", "600", "500", "900", "911", "555"];
    for (const code of [...tollFree, ...elsewhere, "", "41", "4155", "constructor"]) {
      expect([code, regionOfAreaCode(code)]).toEqual([code, null]);
    }
  });

  it("covers all fifty states, the capital, five territories and ten provinces but one", () => {
    const regions = [...new Set(assignedAreaCodes().values())];
    expect(regions.filter((region) => region.startsWith("US-"))).toHaveLength(56);
    // Prince Edward Island shares its codes with Nova Scotia; the territories share one.
    expect(regions.filter((region) => region.startsWith("CA-"))).toHaveLength(9);
  });

  it("assigns only what the plan allows, each code once", () => {
    const codes = [...assignedAreaCodes().keys()];
    expect(codes.length).toBeGreaterThan(430);
    // N9X is kept for expansion, N11 for services, 37X and 96X for the unforeseen.
    for (const code of codes) expect(code).toMatch(/^(?!37|96)[2-9](?!11)[0-8]\d$/);
  });

  it("lists no code twice, which a map would hide", async () => {
    const { readFileSync } = await import("node:fs");
    const source = readFileSync(new URL("../../shared/nanp.ts", import.meta.url), "utf8");
    const table = source.slice(
      source.indexOf("{", source.indexOf("AREA_CODES_BY_REGION")),
      source.indexOf("};"),
    );
    const listed = table.match(/\b\d{3}\b/g) ?? [];
    expect(listed.length).toBe(assignedAreaCodes().size);
  });
});

describe("regions by number", () => {
  it("reads the area code of an E.164 number", () => {
    expect(regionOfNumber("+14155550132")).toBe("US-CA");
    expect(regionOfNumber("+18005550132")).toBe(null);
    expect(regionOfNumber("+442079460018")).toBe(null);
    expect(regionOfNumber("4155550132")).toBe(null);
    expect(regionOfNumber("+1415555013")).toBe(null);
  });

  it("takes any text", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(regionOfNumber(text)).toBe(null);
      }),
      law(200),
    );
  });
});
