import { describe, expect, it } from "vitest";
import { readNumberRows } from "../../edge/inventory/model/number-rows.ts";
import { csvLine } from "../../edge/platform/csv.ts";
import { readCsv } from "../../edge/platform/csv-read.ts";

const ACCOUNT = "tel_01M7ZBTBNSVCVX3ACSJZ31G5D9";
const POOL = "pol_01M37E98HAEFMGZDP02VRFH4K3";
const CAMPAIGN = "cmp_01M37E98HAEFMGZDP02VRFH4K3";

function rows(text: string) {
  const records = readCsv(text);
  if (!records.ok) throw new Error(records.error.detail);
  return readNumberRows(records.value, { telephony_account_id: ACCOUNT, pool_id: POOL });
}

const faultsOf = (text: string) => {
  const read = rows(text);
  return read.ok ? [] : read.error.map(({ pointer, detail }) => `${pointer} ${detail}`);
};

describe("a CSV text", () => {
  it("is read as spreadsheets write it", () => {
    const text = '\ufeffa,b\r\n"x, ""y""\nz",2\r\n\r\n\'=1+1,\n';
    expect(readCsv(text)).toEqual({
      ok: true,
      value: [
        { line: 1, cells: ["a", "b"] },
        { line: 2, cells: ['x, "y"\nz', "2"] },
        { line: 5, cells: ["=1+1", ""] },
      ],
    });
  });

  it("comes back from our own export", () => {
    const cells = ["+14155550101", "=SUM(A1)", 'He said "no", twice', "two\nlines", "-12"];
    const read = readCsv(csvLine(cells));
    expect(read.ok && read.value[0]?.cells).toEqual(cells);
  });

  it("is refused with its line when a quote stays open or text follows one", () => {
    expect(readCsv('a\n"b')).toMatchObject({ ok: false, error: { line: 2 } });
    expect(readCsv('a\n"b"c')).toMatchObject({ ok: false, error: { line: 2 } });
  });
});

describe("the lines of an import", () => {
  it("go where they say, else where all of them go", () => {
    const read = rows(`E164,Label,campaign_id\n+14155550101,Van,\n+14155550102,,${CAMPAIGN}\n`);
    expect(read.ok && read.value).toEqual([
      {
        line: 2,
        input: { telephony_account_id: ACCOUNT, e164: ["+14155550101"], pool_id: POOL, label: "Van" },
      },
      { line: 3, input: { telephony_account_id: ACCOUNT, e164: ["+14155550102"], campaign_id: CAMPAIGN } },
    ]);
  });

  it("may mark a honeypot, which is a campaign's and nobody's", () => {
    const text = `e164,campaign_id,honeypot\n+14155550101,${CAMPAIGN},TRUE\n+14155550102,${CAMPAIGN},false\n+14155550103,${CAMPAIGN},\n`;
    const read = rows(text);
    expect(read.ok && read.value.map(({ input }) => input.honeypot)).toEqual([true, false, undefined]);
    expect(faultsOf("e164,honeypot\n+14155550101,true\n+14155550102,maybe\n")).toEqual([
      "/2 a honeypot is a campaign's: give campaign_id alone",
      "/3/honeypot must be true or false",
    ]);
  });

  it("are refused all at once, each fault with its line", () => {
    const faults = faultsOf("e164,sub1\n4155550101,a\n+14155550102,b,c\n+14155550103,\n+14155550103,\n");
    expect(faults.map((fault) => fault.split(" ")[0])).toEqual(["/2/e164", "/3", "/5/e164"]);
    expect(faults[2]).toContain("stands in line 4 already");
  });

  it("need a header that names what is known, and a number", () => {
    expect(faultsOf("+14155550101\n")).toEqual(["/1 the first line must name the columns, e164 among them"]);
    expect(faultsOf("e164,colour\n+14155550101,red\n")).toEqual(["/1 has unknown columns: colour"]);
    expect(faultsOf("e164,e164\n+14155550101,\n")).toEqual(["/1 names a column twice"]);
    expect(faultsOf("e164\n")).toEqual(["/1 no number follows the header"]);
    expect(faultsOf("")).toEqual(["/1 the first line must name the columns, e164 among them"]);
  });
});
