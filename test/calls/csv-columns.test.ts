import { describe, expect, it } from "vitest";
import { chooseColumns, csvColumns } from "../../edge/calls/csv.ts";

const names = (kind: "network" | "advertiser" | "publisher", publishers = false) =>
  csvColumns(kind, { publishers }).map(({ name }) => name);

describe("the columns of an export", () => {
  it("are those asked for, in the order asked", () => {
    const chosen = chooseColumns(csvColumns("network", { publishers: true }), [
      "source",
      "started_at",
      "payout_micros",
    ]);
    expect(chosen.ok && chosen.columns.map(({ name }) => name)).toEqual([
      "source",
      "started_at",
      "payout_micros",
    ]);
  });

  it("cannot be asked for by who may not see them", () => {
    const forbidden = {
      advertiser: ["payout_micros", "margin_micros", "publisher_id"],
      publisher: ["revenue_micros", "margin_micros", "target"],
    };
    for (const kind of ["advertiser", "publisher"] as const) {
      for (const name of forbidden[kind]) {
        expect(names(kind)).not.toContain(name);
        expect(chooseColumns(csvColumns(kind, { publishers: false }), ["id", name])).toEqual({
          ok: false,
          unknown: name,
        });
      }
    }
    expect(names("advertiser", true)).toContain("publisher_id");
  });
});
