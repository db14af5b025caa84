import type { ReplayChange } from "../../../shared/api/replays.ts";
import { type Instant, SECOND_MS } from "../../../shared/instant.ts";
import type { Parameters } from "../../attribution/model/parameters.ts";
import { laterCalls, selectAnchor } from "../../calls/callers.ts";
import type { CallRow } from "../../calls/store.ts";
import type { Services } from "../../services.ts";
import { comparePlace } from "../../settlement/model/dedupe.ts";
import type { EarlierCall, Facts, Side, TermsFacts } from "../../settlement/model/facts.ts";
import { isDue, type Judgements, judgeCall } from "../../settlement/model/judge.ts";
import { effectiveTerms } from "../../settlement/model/terms.ts";
import { correctionOf } from "./correct.ts";
import { gather } from "./gather.ts";
import { outcomeOf, outcomeOfRow } from "./outcome.ts";

/** What is tried instead of what is in force, on calls that began at `from` or later. */
export type PreviewAsk = {
  from: Instant;
  terms: TermsFacts | null;
  parameters: Parameters | null;
};

/** Calls of one caller that a preview takes into account, the earliest since `from`. */
const CALLER_CALLS_MAX = 50;

type Previewed = { change: ReplayChange; judgements: Judgements };

/**
 * Judges calls without writing anything. A call's repeats depend on the verdicts of the same caller's calls before
 * it: those that began before `from` count as they stand, later ones as they are previewed themselves.
 */
export function startPreview(services: Services, ask: PreviewAsk) {
  const known = new Map<string, Previewed>();

  const preview = async (row: CallRow): Promise<Previewed> => {
    const seen = known.get(row.id);
    if (seen) return seen;
    const corrected = await correctionOf(services, row);
    const { stored } = corrected;
    const { terms, parameters } = ask;
    const instead = { reconsider: true, stored, terms, parameters };
    const gathered = await gather(services, corrected.row, instead);
    const facts = { ...gathered.facts, earlier: await earlierOf(corrected.row, gathered.facts) };
    const judgements = judgeCall(facts);
    const previewed: Previewed = {
      judgements,
      change: {
        call_id: row.id,
        started_at: row.started_at,
        currency: corrected.row.currency,
        reasons: corrected.reasons,
        before: outcomeOfRow(row),
        after: outcomeOf(corrected.row, gathered, judgements),
      },
    };
    known.set(row.id, previewed);
    return previewed;
  };

  const earlierOf = async (row: CallRow, facts: Facts): Promise<Facts["earlier"]> => {
    const { terms, enrollment } = facts;
    if (!terms || row.from_hash === null || row.is_test) return { revenue: [], payout: [] };
    const { db } = services.network(row.network_id);
    // Just before the first call of the range, so that only what stands outside of it is found.
    const edge = { ...row, started_at: ask.from, provider_call_id: "", telephony_account_id: "" };
    const anchor = (side: Side) => {
      const bound = effectiveTerms(terms.terms, side, enrollment?.payout_terms ?? null);
      const since = row.started_at - bound.dedupe_window_s * SECOND_MS;
      return selectAnchor(db, edge, { side, scope: bound.dedupe_scope, since });
    };
    const [revenue, payout] = await db.batch([anchor("revenue"), anchor("payout")]);
    const others = (await laterCalls(db, row, ask.from, CALLER_CALLS_MAX)).filter(
      (other) => comparePlace(other, row) < 0,
    );
    const previewed: [CallRow, Judgements][] = [];
    for (const other of others) previewed.push([other, (await preview(other)).judgements]);
    const inRange = (side: Side) =>
      previewed.map(([other, judged]): EarlierCall => ({ ...other, is_due: isDue(judged[side].status) }));
    return {
      revenue: [...revenue, ...inRange("revenue")],
      payout: [...payout, ...inRange("payout")],
    };
  };

  return { changeOf: async (row: CallRow): Promise<ReplayChange> => (await preview(row)).change };
}
