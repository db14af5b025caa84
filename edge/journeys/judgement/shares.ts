import { type CallShare, replaceShares, SHARE_SEEN } from "../../calls/copies.ts";
import type { CallRow } from "../../calls/store.ts";
import type { Db, Statement } from "../../platform/db.ts";
import { SIDES } from "../../settlement/model/facts.ts";
import { type Judgements, rejectReason } from "../../settlement/model/judge.ts";
import { divide } from "../../settlement/model/split.ts";
import { isSameVerdict } from "../../settlement/store.ts";
import type { Gathered } from "./gather.ts";

/**
 * Which publishers see the call, and what its verdicts say of the parts of a payout that they share: written anew with
 * each attribution, and with each verdict on what is or was shared.
 */
export function shareStatements(
  db: Db,
  row: CallRow,
  { decision, attribution, verdicts }: Gathered,
  judgements: Judgements,
): Statement[] {
  const inForce = decision?.attribution ?? attribution?.attribution;
  if (!inForce) return [];
  const isShared = judgements.payout.shares.length > 0 || (verdicts.payout?.shares ?? []).length > 0;
  const isJudgedAnew = SIDES.some((side) => !isSameVerdict(verdicts[side], judgements[side]));
  if (!decision && !(isShared && isJudgedAnew)) return [];
  const parts = partsOf(judgements);
  const shares = inForce.publishers.flatMap(({ publisher_id, probability }): CallShare[] => {
    if (typeof publisher_id !== "string") return [];
    const part = parts.get(publisher_id);
    return part || probability >= SHARE_SEEN ? [{ publisher_id, share: probability, ...part }] : [];
  });
  return replaceShares(db, row, shares);
}

type PartCopies = Omit<CallShare, "publisher_id" | "share">;

/** By publisher. What the advertiser owes is divided like the payout, so that a report by publisher adds up to it. */
function partsOf({ revenue, payout }: Judgements): Map<string, PartCopies> {
  const owed = divide(
    revenue.amount_micros,
    payout.shares.map(({ part }) => part),
  );
  return new Map(
    payout.shares.map((share, i) => [
      share.organization_id,
      {
        payout_status: share.status,
        payout_micros: share.amount_micros,
        revenue_micros: owed[i] ?? 0,
        reject_reason: rejectReason(share),
      },
    ]),
  );
}
