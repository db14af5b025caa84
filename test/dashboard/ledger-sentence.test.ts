import { describe, expect, it } from "vitest";
import { ledgerSentence } from "../../dashboard/pages/ledger-sentence.ts";
import type { LedgerEntry } from "../../shared/api/ledger.ts";

const plain = (text: string) => text.replaceAll("\u00a0", " ");

const entry = (account: LedgerEntry["account"], units: number, currency = "USD"): LedgerEntry => ({
  transaction_id: "txn_1",
  account,
  organization_id: "org_1",
  amount_micros: units * 1_000_000,
  currency,
  call_id: "cal_1",
  kind: "charge",
  reason: "held",
  posted_at: 0,
});
const BOOKED = [
  entry("receivable", 70),
  entry("margin", -70),
  entry("margin", 45),
  entry("payable", -45),
  entry("receivable", 140),
  entry("margin", -140),
];

describe("the ledger's sentence", () => {
  it("says to a network who owes whom, and what stays", () => {
    expect(plain(ledgerSentence("network", BOOKED, { of: "range" }))).toBe(
      "In this range advertisers were charged 210.00 USD, publishers earned 45.00 USD, 165.00 USD stays with you.",
    );
  });

  it("tells each side of its own account, and of which entries", () => {
    const own = BOOKED.filter(({ account }) => account === "payable");
    expect(plain(ledgerSentence("publisher", own, { of: "call" }))).toBe(
      "For this call you earned 45.00 USD.",
    );
    const due = BOOKED.filter(({ account }) => account === "receivable");
    expect(plain(ledgerSentence("advertiser", due, { of: "newest", entries: 200 }))).toBe(
      "By the newest 200 entries you were charged 210.00 USD.",
    );
  });

  it("adds no currencies, and has no minus at nothing", () => {
    const mixed = [entry("receivable", 70), entry("receivable", -70), entry("payable", -45, "EUR")];
    expect(plain(ledgerSentence("publisher", mixed, { of: "all" }))).toBe(
      "In all you earned 0.00 USD. In all you earned 45.00 EUR.",
    );
  });
});
