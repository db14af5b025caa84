import type { ReplayChange } from "../../../shared/api/replays.ts";
import type { Instant } from "../../../shared/instant.ts";
import type { Decision } from "../../attribution/decide.ts";
import type { TriedStep } from "../../attribution/memory-store.ts";
import type { Parameters } from "../../attribution/model/parameters.ts";
import { callsOfCaller } from "../../calls/callers.ts";
import type { CallRow } from "../../calls/store.ts";
import type { Db } from "../../platform/db.ts";
import type { Services } from "../../services.ts";
import { comparePlace } from "../../settlement/model/dedupe.ts";
import type { EarlierCall, EnrollmentFacts, Facts, Side, TermsFacts } from "../../settlement/model/facts.ts";
import { isDue, type Judgements, judgeCall } from "../../settlement/model/judge.ts";
import { placeOf } from "./attribute.ts";
import { correctionOf } from "./correct.ts";
import { gather } from "./gather.ts";
import { outcomeOf, outcomeOfRow } from "./outcome.ts";
import { earlierCalls } from "./terms-facts.ts";

/** What is tried instead of what is in force, on calls that began at `from` or later. */
export type PreviewAsk = {
  from: Instant;
  /** Whose calls are asked about, as they stand; null for all. */
  campaign_id: string | null;
  terms: TermsFacts | null;
  parameters: Parameters | null;
};

/** Calls of one caller that a preview takes into account, the earliest since `from`. */
const CALLER_CALLS_MAX = 50;

/** `row` is the call as it would be corrected. */
type Previewed = { row: CallRow; change: ReplayChange; judgements: Judgements };

/**
 * Judges calls without writing anything; the calls of a range are to be handed in their order. What a call's attribution
 * and its repeats depend on is taken as previewed of the calls handed before it and of the same caller's since `from`,
 * and as it stands of all others.
 */
export function startPreview(services: Services, ask: PreviewAsk) {
  const known = new Map<string, Previewed>();
  const steps = new Map<string, TriedStep | null>();

  const preview = async (before: CallRow): Promise<Previewed> => {
    const seen = known.get(before.id);
    if (seen) return seen;
    const { row, reasons, instead } = await tried(before);
    // First, for what they leave is part of what this call is attributed by.
    const others = await callersOthers(row);
    const gathered = await gather(services, row, instead);
    // What stays as it was is remembered as it was.
    if (gathered.decision) steps.set(row.id, stepOf(row, gathered.decision));
    const { db } = services.network(row.network_id);
    const judgements = judgeCall(await amongOthers(db, row, gathered.facts, ask.from, others));
    const previewed: Previewed = {
      row,
      judgements,
      change: {
        call_id: row.id,
        started_at: row.started_at,
        currency: row.currency,
        reasons,
        before: outcomeOfRow(before),
        after: outcomeOf(row, gathered, judgements),
      },
    };
    known.set(row.id, previewed);
    return previewed;
  };

  /** A call that is not asked about is neither corrected nor attributed again: it is judged among those that are. */
  const tried = async (before: CallRow) => {
    if (ask.campaign_id !== null && before.campaign_id !== ask.campaign_id)
      return { row: before, reasons: [], instead: { steps } };
    const { row, stored, reasons } = await correctionOf(services, before);
    const { terms, parameters } = ask;
    return { row, reasons, instead: { reconsider: true, stored, terms, parameters, steps } };
  };

  /** The same caller's calls of the range before this one, on pages before as well, whoever's they were. */
  const callersOthers = async (row: CallRow): Promise<Previewed[]> => {
    if (row.from_hash === null || row.is_test) return [];
    const { db } = services.network(row.network_id);
    const previewed: Previewed[] = [];
    for (const other of await callsOfCaller(db, row, ask.from, CALLER_CALLS_MAX)) {
      if (comparePlace(other, row) < 0) previewed.push(await preview(other));
    }
    return previewed;
  };

  return { changeOf: async (row: CallRow): Promise<ReplayChange> => (await preview(row)).change };
}

/** The facts of a call with the same caller's earlier calls, those since `from` as they are previewed. */
async function amongOthers(
  db: Db,
  row: CallRow,
  facts: Facts,
  from: Instant,
  previewed: readonly Previewed[],
): Promise<Facts> {
  // Just before the first call of the range, so that only what stands outside of it is found.
  const edge = { started_at: from, provider_call_id: "", telephony_account_id: "" };
  const inRange = (side: Side) =>
    previewed.map((one): EarlierCall => ({ ...one.row, is_due: isDue(one.judgements[side].status) }));
  const earlierBy = async (enrollment: EnrollmentFacts | null): Promise<Facts["earlier"]> => {
    const { revenue, payout } = await earlierCalls(db, row, facts.terms?.terms ?? null, enrollment, edge);
    return {
      revenue: [...revenue, ...inRange("revenue")],
      payout: [...payout, ...inRange("payout")],
    };
  };
  const sharers = facts.sharers.map(async (sharer) => {
    const { payout: earlier } = await earlierBy(sharer.enrollment);
    return { ...sharer, earlier };
  });
  return { ...facts, earlier: await earlierBy(facts.enrollment), sharers: await Promise.all(sharers) };
}

/** What later calls would remember of this one; null for a test call, and for one that no pool's number received. */
function stepOf(row: CallRow, { step }: Decision): TriedStep | null {
  const place = placeOf(row);
  return place === null || step === null || row.is_test
    ? null
    : { ...place, none: step.none, touches: step.touches };
}
