import type { Outcome } from "../../../shared/api/replays.ts";
import type { CallRow } from "../../calls/store.ts";
import type { Judgements } from "../../settlement/model/judge.ts";
import type { Gathered } from "./gather.ts";

/** What a call comes to as its row says. */
export function outcomeOfRow(row: CallRow): Outcome {
  const { campaign_id, currency, publisher_id, method, confidence, publisher_confidence } = row;
  const { revenue_status, revenue_micros, payout_status, payout_micros } = row;
  return {
    campaign_id,
    currency,
    publisher_id,
    method,
    confidence,
    publisher_confidence,
    revenue_status,
    revenue_micros,
    payout_status,
    payout_micros,
  };
}

/** What a call would come to by these judgements. */
export function outcomeOf(row: CallRow, { decision }: Gathered, { revenue, payout }: Judgements): Outcome {
  const before = outcomeOfRow(row);
  return {
    ...before,
    ...(decision && {
      publisher_id: decision.publisher_id,
      method: decision.attribution.method,
      confidence: decision.attribution.confidence,
      publisher_confidence: decision.attribution.publisher_confidence,
    }),
    revenue_status: revenue.status,
    revenue_micros: revenue.amount_micros,
    payout_status: payout.status,
    payout_micros: payout.amount_micros,
  };
}
