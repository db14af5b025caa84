import { describe, expect, it } from "vitest";
import { readHeader, readLine, withoutRepeats } from "../../edge/signals/model/import-lines.ts";
import { callFinder } from "../../edge/signals/model/named-call.ts";

describe("a line of an import", () => {
  it("is read by its header, whatever the order, and may end early", () => {
    const columns = readHeader(["Value", " NAME ", "call_id", "occurred_at"]);
    if (!columns.ok) throw new Error(columns.error);
    expect(readLine(columns.value, ["TRUE", " sold ", "cal_1"])).toEqual({
      ok: true,
      value: {
        ...{ call_id: "cal_1", provider_call_id: null, name: "sold", value: true },
        ...{ revenue_micros: null, occurred_at: null },
      },
    });
    for (const occurred_at of ["1e12", "0x1", "1795000000000.5", "99999999999999999999"]) {
      expect(readLine(columns.value, ["1", "sold", "cal_1", occurred_at])).toMatchObject({ ok: false });
    }
  });

  it("without a moment is the same as one before it that says the same", () => {
    const line = (id: number, value: number, occurred_at: number | null, call_id = "cal_1") => {
      return { id, call_id, name: "sold", value, occurred_at };
    };
    const rows = [
      line(1, 1, null),
      line(2, 1, 5),
      line(3, 1, null),
      line(4, 2, null),
      line(5, 1, 5),
      line(6, 1, null, "cal_2"),
    ];
    expect(withoutRepeats(rows).map(({ id }) => id)).toEqual([1, 2, 4, 5, 6]);
  });
});

describe("the call that a line names", () => {
  const find = callFinder([
    { id: "cal_1", provider_call_id: "CA1" },
    { id: "cal_2", provider_call_id: "CA2" },
    { id: "cal_3", provider_call_id: "CA2" },
    // Whoever names calls at a provider may take any name.
    { id: "cal_4", provider_call_id: "cal_1" },
  ]);
  const found = (call_id: string | null, provider_call_id: string | null) => {
    const call = find({ call_id, provider_call_id });
    return call.ok ? call.value.id : call.error;
  };

  it("is found by one name of its two, or by both", () => {
    expect(found("cal_1", null)).toBe("cal_1");
    expect(found(null, "CA1")).toBe("cal_1");
    expect(found(null, "cal_1")).toBe("cal_4");
    expect(found("cal_2", "CA2")).toBe("cal_2");
  });

  it("is none where there is none, or more than one", () => {
    expect(found("CA1", null)).toBe("there is no such call");
    expect(found(null, "CA9")).toBe("there is no such call");
    expect(found(null, "CA2")).toContain("several telephony accounts");
    expect(found("cal_1", "CA2")).toBe("call_id and provider_call_id name two calls");
  });
});
