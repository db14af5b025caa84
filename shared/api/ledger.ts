import * as v from "valibot";

export const LEDGER_ACCOUNTS = ["receivable", "payable", "margin", "clearing"] as const;
export const TRANSACTION_KINDS = ["charge", "payout", "reversal", "adjustment"] as const;

/** One line of a balanced transaction; debit positive. */
export const LedgerEntry = v.object({
  transaction_id: v.string(),
  account: v.picklist(LEDGER_ACCOUNTS),
  organization_id: v.string(),
  amount_micros: v.number(),
  currency: v.string(),
  call_id: v.nullable(v.string()),
  kind: v.picklist(TRANSACTION_KINDS),
  reason: v.string(),
  posted_at: v.number(),
});
export type LedgerEntry = v.InferOutput<typeof LedgerEntry>;
