import type { LedgerEntry } from "../../shared/api/ledger.ts";
import type { OrganizationKind } from "../../shared/api/organizations.ts";
import { sumMicros } from "../../shared/money.ts";
import { moneyIn } from "../format.ts";

/** Which entries are summed, in words that begin a sentence: "In this range". */
export type LedgerSpan = { of: "call" | "range" | "all" } | { of: "newest"; entries: number };

function spanWords(span: LedgerSpan): string {
  if (span.of === "newest") return `By the newest ${span.entries} entries`;
  return { call: "For this call", range: "In this range", all: "In all" }[span.of];
}

/**
 * Who was charged and who earned by these entries, paid since or not, one sentence a currency: "In this range
 * advertisers were charged 70.00 USD, publishers earned 45.00 USD, 25.00 USD stays with you." A side sees its own
 * account only, and is told of that.
 */
export function ledgerSentence(
  kind: OrganizationKind,
  entries: readonly LedgerEntry[],
  span: LedgerSpan,
): string {
  const currencies = [...new Set(entries.map(({ currency }) => currency))];
  const sentences = currencies.map((currency) => {
    const stands = (account: LedgerEntry["account"]) =>
      sumMicros(
        entries
          .filter((entry) => entry.account === account && entry.currency === currency)
          .map(({ amount_micros }) => amount_micros),
      );
    const credited = (amount: number) => moneyIn(amount === 0 ? 0 : -amount, currency);
    const due = moneyIn(stands("receivable"), currency);
    if (kind === "advertiser") return `${spanWords(span)} you were charged ${due}.`;
    if (kind === "publisher") return `${spanWords(span)} you earned ${credited(stands("payable"))}.`;
    return `${spanWords(span)} advertisers were charged ${due}, publishers earned ${credited(stands("payable"))}, ${credited(stands("margin"))} stays with you.`;
  });
  return sentences.join(" ");
}
