import type { ReplayChange } from "../../../shared/api/replays.ts";
import { type Instant, SECOND_MS } from "../../../shared/instant.ts";
import type { Decision } from "../../attribution/decide.ts";
import type { TriedStep } from "../../attribution/memory-store.ts";
import type { Parameters } from "../../attribution/model/parameters.ts";
import { laterCalls, selectAnchor } from "../../calls/callers.ts";
import type { CallRow } from "../../calls/store.ts";
import type { Services } from "../../services.ts";
import { comparePlace } from "../../settlement/model/dedupe.ts";
import type { EarlierCall, Facts, Side, TermsFacts } from "../../settlement/model/facts.ts";
import { isDue, type Judgements, judgeCall } from "../../settlement/model/judge.ts";
import { effectiveTerms } from "../../settlement/model/terms.ts";
import { placeOf } from "./attribute.ts";
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
 * Judges calls without writing anything; the calls of a range are to be handed in their order. What a call's attribution
 * and its repeats depend on is taken as previewed of the calls handed before it and of the same caller's since `from`,
 * and as it stands of all others.
 */
export function startPreview(services: Services, ask: PreviewAsk) {
  const known = new Map<string, Previewed>();
  const steps = new Map<string, TriedStep | null>();

  const preview = async (row: CallRow): Promise<Previewed> => {
    const seen = known.get(row.id);
    if (seen) return seen;
    const corrected = await correctionOf(services, row);
    // First, for what they leave is part of what this call is attributed by.
    const others = await callersOthers(corrected.row);
    const { stored } = corrected;
    const { terms, parameters } = ask;
    const instead = { reconsider: true, stored, terms, parameters, steps };
    const gathered = await gather(services, corrected.row, instead);
    // What stays as it was is remembered as it was.
    if (gathered.decision) steps.set(row.id, stepOf(corrected.row, gathered.decision));
    const facts = { ...gathered.facts, earlier: await earlierOf(corrected.row, gathered.facts, others) };
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

  /** The same caller's calls of the range before this one, on pages before as well. */
  const callersOthers = async (row: CallRow): Promise<[CallRow, Judgements][]> => {
    if (row.from_hash === null || row.is_test) return [];
    const { db } = services.network(row.network_id);
    const previewed: [CallRow, Judgements][] = [];
    for (const other of await laterCalls(db, row, ask.from, CALLER_CALLS_MAX)) {
      if (comparePlace(other, row) < 0) previewed.push([other, (await preview(other)).judgements]);
    }
    return previewed;
  };

  const earlierOf = async (
    row: CallRow,
    facts: Facts,
    previewed: readonly [CallRow, Judgements][],
  ): Promise<Facts["earlier"]> => {
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
    const inRange = (side: Side) =>
      previewed.map(([other, judged]): EarlierCall => ({ ...other, is_due: isDue(judged[side].status) }));
    return {
      revenue: [...revenue, ...inRange("revenue")],
      payout: [...payout, ...inRange("payout")],
    };
  };

  return { changeOf: async (row: CallRow): Promise<ReplayChange> => (await preview(row)).change };
}

/** What later calls would remember of this one; null for a test call, and for one that no pool's number received. */
function stepOf(row: CallRow, { step }: Decision): TriedStep | null {
  const place = placeOf(row);
  return place === null || step === null || row.is_test
    ? null
    : { ...place, none: step.none, touches: step.touches };
}
