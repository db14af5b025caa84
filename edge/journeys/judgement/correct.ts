import { DAY_MS, SECOND_MS } from "../../../shared/instant.ts";
import type { CandidateLease, Snapshot } from "../../attribution/model/candidate.ts";
import { CANDIDATES_KEPT } from "../../attribution/model/lump.ts";
import { markRepeats } from "../../calls/callers.ts";
import {
  type CallOwner,
  correctOwner,
  correctSnapshot,
  readSnapshot,
  type StoredSnapshot,
} from "../../calls/corrections.ts";
import { type CallRow, insertEvents, selectEvents } from "../../calls/store.ts";
import { sessionsOfNumber } from "../../leasing/late-sessions.ts";
import type { CandidateSession, PoolSettings } from "../../leasing/pool-port.ts";
import type { Statement } from "../../platform/db.ts";
import type { NumberPlan } from "../../routing/model/plan.ts";
import { readPlanAt } from "../../routing/store.ts";
import type { Services } from "../../services.ts";
import { backgroundOf, candidatesOfSessions } from "../phone/candidates.ts";
import { isTest, ownerOfPlan, ownerOfRow, partiesOfRow } from "../phone/owner.ts";
import { routedTo } from "../phone/record.ts";

/** A call as it is with the facts that came late, and what they were. Nothing is written yet. */
export type Correction = {
  row: CallRow;
  stored: StoredSnapshot | null;
  /** Empty when everything was known in time. */
  reasons: string[];
};

const WINDOW_MAX_MS = 30 * DAY_MS;
const ASSIGNMENT = "the number's assignment was corrected";
const LATE_VISIT = "a visit was stored only after the call";
const OTHERS_VISIT = "a visit of before was found in its rightful pool";

/**
 * What a call looks like with every fact there is now: whose number it was when it began, as assignments say today,
 * and every visit of that number that the frozen snapshot should have held. A snapshot only ever grows by what was
 * missing: what the pool knew then is not asked again.
 */
export async function correctionOf(services: Services, row: CallRow): Promise<Correction> {
  const { db } = services.network(row.network_id);
  const [plan, frozen] = await Promise.all([
    readPlanAt(db, row.telephony_account_id, row.to_e164, row.started_at),
    row.number_key === null ? null : readSnapshot(db, row.id),
  ]);
  const reasons: string[] = [];
  const moved = plan !== null && differs(row, ownerOfPlan(plan)) && !(await wasSentOn(services, row));
  if (moved) reasons.push(ASSIGNMENT);
  const corrected = moved ? { ...row, ...(await ownerBy(services, row, plan)) } : row;
  if (!frozen || !plan?.pool || corrected.pool_id === null) return { row: corrected, stored: null, reasons };

  const owned = moved ? await withPool(services, withOwner(frozen, plan), plan.pool) : frozen;
  // Who saw the number in the pool that it is said to have been in, and in the one that it was in.
  const pools = new Set([row.pool_id, corrected.pool_id].filter((id) => id !== null));
  const stored = await withMissingVisits(services, row, { ...plan.pool, pools }, owned);
  if (stored !== owned) reasons.push(moved ? OTHERS_VISIT : LATE_VISIT);
  return { row: corrected, stored, reasons };
}

/**
 * Writes the correction down: the call's owner, the next version of its snapshot, and why; and that the call is to be
 * judged again, and the caller's later ones, at the advertiser it leaves as well. Nothing without reasons.
 */
export function correctionStatements(
  services: Services,
  before: CallRow,
  { row, stored, reasons }: Correction,
): Statement[] {
  if (reasons.length === 0) return [];
  const { db } = services.network(row.network_id);
  const at = services.clock.now();
  const seq = before.seq + 1;
  const reason = reasons.join("; ");
  const event = {
    event_key: `corrected/${row.id}/${seq}`,
    received_at: at,
    provider_at: null,
    kind: "judged_again" as const,
    reason,
  };
  const statements = [
    insertEvents(db, before, before.seq, [{ id: services.ids.next("call_event"), event }]),
    correctOwner(db, row.id, seq, ownerOfRow(row)),
    ...markRepeats(db, before, row, at),
  ];
  if (stored) statements.push(correctSnapshot(db, row, stored, { reason, at }));
  return statements;
}

/** A call that a filter sent on to another campaign belongs there, whatever its number's assignment says. */
async function wasSentOn(services: Services, row: CallRow): Promise<boolean> {
  const { db } = services.network(row.network_id);
  const events = await selectEvents(db, row.telephony_account_id, row.provider_call_id);
  return (
    routedTo(events.map(({ event }) => event))?.campaign_id === row.campaign_id && row.campaign_id !== null
  );
}

/** Whose call it is by this plan. Who tests is each campaign's own affair; within one nothing is asked again. */
async function ownerBy(services: Services, row: CallRow, plan: NumberPlan): Promise<CallOwner> {
  const stays = row.campaign_id === plan.campaign.id;
  const is_test = stays ? row.is_test : isTest(plan, await partiesOfRow(services, row));
  return { ...ownerOfPlan(plan), is_test: is_test ?? row.is_test };
}

/** Labels are copied when the phone rings and may change later: only whose call it is counts as a correction. */
function differs(row: CallRow, owner: ReturnType<typeof ownerOfPlan>): boolean {
  return (
    row.number_key !== owner.number_key ||
    row.campaign_id !== owner.campaign_id ||
    row.pool_id !== owner.pool_id
  );
}

/** How often a number of its rightful pool is called by chance, as far as that is known: the other's says nothing of it. */
async function withPool(
  services: Services,
  stored: StoredSnapshot,
  pool: PoolSettings,
): Promise<StoredSnapshot> {
  const snapshot = stored.snapshot as Snapshot;
  const background = await backgroundOf(services, pool, snapshot);
  return { ...stored, snapshot: { ...snapshot, ...background } satisfies Snapshot };
}

type Proven = Pick<CandidateLease, "publisher_id" | "proof">;

/** Whoever was shown the number is proven by it to be its rightful publisher's; of nobody's number the site remains. */
function withOwner(stored: StoredSnapshot, plan: NumberPlan): StoredSnapshot {
  const snapshot = stored.snapshot as Snapshot;
  const { publisher_id } = plan.assignment;
  const proven = (seen: Proven): Proven =>
    publisher_id === null ? withoutNumber(seen) : { publisher_id, proof: "number" };
  return {
    ...stored,
    snapshot: {
      ...snapshot,
      own_pool_publisher_id: publisher_id,
      candidates: snapshot.candidates.map((one) => ({ ...one, ...proven(asSeen(one, stored)) })),
      lumps: snapshot.lumps.map((one) => ({ ...one, ...proven(one) })),
    } satisfies Snapshot,
  };
}

/** Whom a visit proved when the page was viewed, however often its number was corrected since. */
function asSeen({ session_id, publisher_id, proof }: CandidateLease, { sessions }: StoredSnapshot): Proven {
  const visit = sessions[session_id];
  return visit ? { publisher_id: visit.publisher_id, proof: visit.publisher_proof } : { publisher_id, proof };
}

/** A publisher's own numbers are shown on its own sites only. */
function withoutNumber({ publisher_id, proof }: Proven): Proven {
  return { publisher_id, proof: proof === "number" ? "site" : proof };
}

/** The snapshot with the visits that began before the ring and are not in it; itself when there are none. */
async function withMissingVisits(
  services: Services,
  row: CallRow,
  {
    pools,
    pool_key,
    late_window_s,
  }: Pick<PoolSettings, "pool_key" | "late_window_s"> & { pools: Set<string> },
  stored: StoredSnapshot,
): Promise<StoredSnapshot> {
  const { db } = services.network(row.network_id);
  const snapshot = stored.snapshot as Snapshot;
  const { candidates, number_key, at } = snapshot;
  const over_from = at - Math.min(WINDOW_MAX_MS, late_window_s * SECOND_MS);
  const within = { from: keptFrom(snapshot), over_from };
  const known = new Set(candidates.map(({ session_id }) => session_id));
  const missing: CandidateSession[] = [];
  // Pool by pool, each with its latest: a call that is corrected by now has one pool, and is to find no more of it.
  for (const pool_id of pools) {
    const sessions = await sessionsOfNumber(db, { number_key, pool_id }, within, at, CANDIDATES_KEPT);
    missing.push(...sessions.filter(({ id }) => !known.has(id)));
  }
  if (missing.length === 0) return stored;
  const more = await candidatesOfSessions(services, pool_key, missing);
  return {
    ...stored,
    snapshot: { ...snapshot, candidates: [...candidates, ...more.candidates] } satisfies Snapshot,
    sessions: { ...stored.sessions, ...more.sessions },
  };
}

/** From when on every visit is kept one by one: null for all of them, or the 64 latest when older ones are lumped. */
function keptFrom({ candidates, lumps, at }: Snapshot): number | null {
  if (lumps.length === 0) return null;
  const latest = candidates.map(({ leased_at }) => leased_at).sort((a, b) => b - a);
  return latest[Math.min(CANDIDATES_KEPT, latest.length) - 1] ?? at;
}
