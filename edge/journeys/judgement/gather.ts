import type { CallSession } from "../../../shared/api/calls.ts";
import type { CampaignSettings, Decision, Rung } from "../../attribution/decide.ts";
import type { Snapshot } from "../../attribution/model/candidate.ts";
import { type AttributionRow, attributionOf } from "../../attribution/store.ts";
import { readSnapshot, type StoredSnapshot } from "../../calls/corrections.ts";
import { paymentsOf } from "../../calls/payments.ts";
import { type CallRow, insertSnapshot } from "../../calls/store.ts";
import { type CampaignRow, readCampaign, termsInForce } from "../../campaigns/store.ts";
import { reportsPayUntil } from "../../inventory/telephony-apis.ts";
import type { Db, Statement } from "../../platform/db.ts";
import { errorFields } from "../../platform/log.ts";
import { readPlanAt } from "../../routing/store.ts";
import type { Services } from "../../services.ts";
import { disputesOf, factOf } from "../../settlement/disputes.ts";
import type { CampaignFacts, Facts, Side, SourceFacts, TermsFacts } from "../../settlement/model/facts.ts";
import type { SideLedger } from "../../settlement/model/postings.ts";
import { partsOf } from "../../settlement/model/split.ts";
import { ledgerOf, type VerdictPair, verdictsOf } from "../../settlement/store.ts";
import { isMet } from "../../signals/model/value.ts";
import { signalsOf } from "../../signals/store.ts";
import { askCandidates } from "../phone/candidates.ts";
import { type Attributed, attribute, type Basis, isAsBefore, type Tried } from "./attribute.ts";
import { proveClicks, withClicks } from "./clicks.ts";
import { earlierCalls, enrollmentOf, sharersOf } from "./terms-facts.ts";

/** Everything a judgement is made of, and what is stored of earlier ones. */
export type Gathered = {
  facts: Facts;
  /** Made now; null when one is in force already or the pool could not be asked. */
  decision: Decision | null;
  attribution: AttributionRow | null;
  verdicts: VerdictPair;
  ledger: Record<Side, SideLedger>;
  /** To be written along: candidates that were asked for only now. */
  statements: Statement[];
};

/** What a judgement is made with instead of what is in force. */
export type Instead = {
  /** Attribute a call again that is attributed; that is a decision only if what it is made of has changed. */
  reconsider?: boolean;
  /** A corrected snapshot that is not stored yet. */
  stored?: StoredSnapshot | null;
  terms?: TermsFacts | null;
} & Tried;

/** Reads the facts of a call. The row must have been read before: its `seq` is the lock. */
export async function gather(services: Services, row: CallRow, instead: Instead = {}): Promise<Gathered> {
  const { db } = services.network(row.network_id);
  const [campaign, inForce, attribution, verdicts, ledger, payments, signals, disputes] = await Promise.all([
    row.campaign_id === null ? null : readCampaign(db, row.network_id, row.campaign_id),
    row.campaign_id === null ? null : termsInForce(db, row.campaign_id, row.started_at),
    attributionOf(db, row.id),
    verdictsOf(db, [row.id]),
    ledgerOf(db, row.id),
    paymentsOf(db, [row.id]),
    signalsOf(db, [row.id]),
    disputesOf(db, row.id),
  ]);
  const terms = instead.terms ?? (inForce && { version: inForce.version, terms: inForce.terms });
  const isOpen = attribution === null || instead.reconsider;
  const rung = isOpen && campaign ? await rungOf(services, row, instead.stored ?? null) : null;
  const settings = settingsOf(campaign, attribution);
  const basis: Basis = { ...instead, before: attribution?.model_version ?? null };
  const decided = rung && settings ? await decideOwned(services, row, rung.rung, settings, basis) : null;
  const news = decided && !isAsBefore(decided.decision, attribution) ? decided : null;
  const decision = news?.decision ?? null;
  const source = decision
    ? sourceOf(decision)
    : attribution
      ? sourceOf({ attribution: attribution.attribution, publisher_id: row.publisher_id })
      : null;
  const enrollment = await enrollmentOf(db, row, source?.publisher_id ?? null);
  const earlier = await earlierCalls(db, row, terms?.terms ?? null, enrollment);
  const facts: Facts = {
    now: services.clock.now(),
    call: { ...row, caller: row.from_hash, credence: await credenceOf(db, row) },
    campaign: settings,
    terms,
    enrollment,
    source,
    earlier,
    sharers: await sharersOf(
      db,
      row,
      terms?.terms ?? null,
      partsOf(source, settings),
      ledger.payout.booked_to,
    ),
    signals: (signals.get(row.id) ?? []).map(({ name, value }) => ({ name, is_met: isMet(value) })),
    was_posted: { revenue: ledger.revenue.booked_count > 0, payout: ledger.payout.booked_count > 0 },
    payments: payments.get(row.id) ?? [],
    disputes: disputes.map(factOf),
  };
  return {
    facts,
    decision,
    attribution,
    verdicts: verdicts.get(row.id) ?? { revenue: null, payout: null },
    ledger,
    statements: [...(rung?.statements ?? []), ...(news?.statements ?? [])],
  };
}

/** An account is asked about only where its word alone would not do. */
async function credenceOf(db: Db, row: CallRow): Promise<Facts["call"]["credence"]> {
  if (!row.self_reported) return "own_account";
  if (row.confirmed_at !== null) return "confirmed";
  const until = await reportsPayUntil(db, row.telephony_account_id);
  return until === null || row.started_at < until ? "vouched_for" : "awaited";
}

/** The decision over whom the visits prove; null while a visit's click token cannot be judged yet. */
async function decideOwned(
  services: Services,
  row: CallRow,
  rung: Rung,
  settings: CampaignSettings,
  basis: Basis,
): Promise<Attributed | null> {
  const { db } = services.network(row.network_id);
  if (rung.kind === "static") return attribute(db, row, rung, settings, basis);
  const proven = await proveClicks(services, row, rung);
  if (!proven) return null;
  const { decision, statements } = await attribute(db, row, proven.rung, settings, basis);
  return { decision: await withClicks(db, decision, proven.clicks), statements };
}

type Settings = CampaignFacts & { campaign_id: string };

/**
 * As they were when the call was attributed: a floor that is raised later rejects no call of before. What another
 * campaign said, whose the call was until it was corrected, does not bind this one.
 */
function settingsOf(campaign: CampaignRow | null, attributed: AttributionRow | null): Settings | null {
  if (!campaign) return null;
  const { id: campaign_id, attribution_floor, bill_own_traffic, uncertain_payout } = campaign;
  const kept = attributed?.attribution;
  if (!kept || (kept.campaign_id ?? campaign_id) !== campaign_id)
    return { campaign_id, attribution_floor, bill_own_traffic, uncertain_payout };
  return {
    campaign_id,
    attribution_floor: kept.attribution_floor ?? attribution_floor,
    bill_own_traffic: kept.bill_own_traffic ?? bill_own_traffic,
    // A call that was judged before this was kept was judged by what every campaign said then.
    uncertain_payout: kept.uncertain_payout ?? "withhold",
  };
}

function sourceOf({
  attribution,
  publisher_id,
}: Pick<Decision, "attribution" | "publisher_id">): SourceFacts {
  const { publisher_confidence, publisher_proof, publishers } = attribution;
  const proven = publishers.flatMap((one) =>
    typeof one.publisher_id === "string" && one.proof !== "none"
      ? [{ publisher_id: one.publisher_id, probability: one.probability }]
      : [],
  );
  return { publisher_id, publisher_confidence, publisher_proof, proven };
}

type Asked = { rung: Rung; statements: Statement[] };

/**
 * What was frozen when it rang. Without it the pool is asked now, as of the call's start, and the snapshot says so;
 * null when the pool does not answer, so that the call is looked at again.
 */
async function rungOf(
  services: Services,
  row: CallRow,
  corrected: StoredSnapshot | null,
): Promise<Asked | null> {
  const { db } = services.network(row.network_id);
  const stored = corrected ?? (row.pool_id === null ? null : await readSnapshot(db, row.id));
  if (stored) return { rung: poolRung(stored), statements: [] };
  const plan = await readPlanAt(db, row.telephony_account_id, row.to_e164, row.started_at);
  if (!plan) return null;
  if (!plan.pool)
    return { rung: { kind: "static", publisher_id: plan.assignment.publisher_id }, statements: [] };
  const frozen = await askCandidates(services, {
    plan,
    caller: row.from_hash,
    caller_region: row.from_region,
    at: row.started_at,
  }).catch((error: unknown) => {
    services.log.error("pool not asked for a call", { call_id: row.id, ...errorFields(error) });
    return null;
  });
  if (!frozen) return null;
  const asked = { ...frozen, asked_later: true };
  const snapshot = insertSnapshot(db, {
    call_id: row.id,
    network_id: row.network_id,
    taken_at: services.clock.now(),
    ...asked,
  });
  return { rung: { kind: "pool", ...asked }, statements: [snapshot] };
}

/** A snapshot's column is JSON that only `askCandidates` writes. */
function poolRung(stored: {
  snapshot: unknown;
  sessions: Record<string, CallSession>;
  asked_later: boolean;
}): Rung {
  const { sessions, asked_later } = stored;
  return { kind: "pool", snapshot: stored.snapshot as Snapshot, sessions, asked_later };
}
