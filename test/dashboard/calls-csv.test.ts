import { describe, expect, it } from "vitest";
import { csvColumnsOf } from "../../dashboard/pages/calls-csv.ts";
import { chooseColumns, csvColumns } from "../../edge/calls/csv.ts";

const EVERY =
  "started caller campaign publisher source connected trail why payout revenue margin to target advertiser site term utm_campaign content channel region method confidence signals id";
const seen = {
  network: EVERY.split(" "),
  advertiser: EVERY.split(" ").filter((id) => !["payout", "margin", "advertiser", "site"].includes(id)),
  publisher: EVERY.split(" ").filter(
    (id) => !["revenue", "margin", "target", "advertiser", "site"].includes(id),
  ),
};

describe("the export of the call log", () => {
  it("asks for what is shown, in its order, with the id first", () => {
    const shown = ["started", "source", "payout", "margin"].map((id) => ({ id }));
    expect(csvColumnsOf("network", shown)).toBe(
      "id,started_at,source,medium,payout_micros,currency,margin_micros",
    );
  });

  it.each(["network", "advertiser", "publisher"] as const)(
    "asks a %s's API only for columns it has",
    (kind) => {
      const asked = csvColumnsOf(
        kind,
        seen[kind].map((id) => ({ id })),
      ).split(",");
      expect(chooseColumns(csvColumns(kind, { publishers: false }), asked)).toMatchObject({ ok: true });
    },
  );
});
