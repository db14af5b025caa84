import { expect, it } from "vitest";
import { monthStanding, payingWords } from "../../dashboard/parts/manage/statement-words.ts";
import type { StatementMonth, StatementUnpaid } from "../../shared/api/statements.ts";

const LEFT: StatementUnpaid = {
  calls: 2,
  amount_micros: 90_000_000,
  held_calls: 1,
  held_micros: 45_000_000,
  overpaid_calls: 0,
  overpaid_micros: 0,
};
const month = (left: Partial<StatementUnpaid>): StatementMonth => ({
  period: "2026-11",
  currency: "USD",
  total_micros: 45_000_000,
  line_count: 4,
  unpaid: { ...LEFT, ...left },
});
/** No-break spaces read as spaces here. */
const plain = (text: string) => text.replaceAll("\u00a0", " ");
const OWED_BACK = { overpaid_calls: 1, overpaid_micros: 45_000_000 };
const NOTHING_LEFT = { calls: 0, amount_micros: 0, held_calls: 0, held_micros: 0 };

it("a month stands by what is left to pay of it, and by what was paid that is not due any more", () => {
  const words = (left: Partial<StatementUnpaid>) => plain(monthStanding(month(left)).words);
  expect(words({})).toBe("2 calls not paid");
  expect(words(OWED_BACK)).toBe("2 calls not paid, 45.00 USD owed back");
  expect(words({ ...NOTHING_LEFT, ...OWED_BACK })).toBe("Nothing left to pay, 45.00 USD owed back");
});

it("whoever pays a month is told what is owed back before", () => {
  expect(plain(payingWords(month({})))).not.toContain("owed back");
  expect(plain(payingWords(month(OWED_BACK)))).toContain(
    "45.00 USD that was paid before for 1 call is not due any more: it is owed back, and is not taken off here.",
  );
});
