import {
  type DecisionInput,
  DISPUTE_WINDOW_DAYS,
  type Dispute,
  type DisputeInput,
} from "../../shared/api/disputes.ts";
import { assert } from "../../shared/assert.ts";
import { DAY_MS } from "../../shared/instant.ts";
import { err, ok, type Result } from "../../shared/result.ts";
import { aliasesOf } from "../accounts/store.ts";
import type { Viewer } from "../accounts/viewer.ts";
import type { CallEvent } from "../calls/model/event.ts";
import { findCall } from "../calls/read.ts";
import { type CallRow, readCall } from "../calls/store.ts";
import type { Change, Ground } from "../platform/change.ts";
import type { Statement } from "../platform/db.ts";
import type { Failure } from "../platform/problem.ts";
import type { Services } from "../services.ts";
import { disputeView } from "../settlement/dispute-views.ts";
import {
  addDecision,
  addDispute,
  type DecisionRow,
  type DisputeRow,
  disputesOf,
  factOf,
  readDispute,
  type StoredDispute,
  unchangedSince,
} from "../settlement/disputes.ts";
import {
  amountsBound,
  amountsOf,
  type Claimed,
  claimOf,
  NO_AMOUNTS,
} from "../settlement/model/dispute-ask.ts";
import type { DisputeFacts } from "../settlement/model/disputes.ts";
import type { Side } from "../settlement/model/facts.ts";
import { type Judgements, judgeCall } from "../settlement/model/judge.ts";
import { type Gathered, gather } from "./judgement/gather.ts";
import { statementsFor } from "./judgement/record.ts";
import { settleCall } from "./settle.ts";
import { sightOf } from "./show-calls.ts";

/** A dispute, or its decision, and the call it is of: what has to be judged again after the write. */
type Disputed = Result<Change<Dispute>, Failure>;

/**
 * What is owed or earned for a call is disputed: by the advertiser what it owes, by a publisher a payout that it did
 * not get, by the network either. The dispute and the verdict by which the side's money is held are one write, under
 * the call's lock: from then on nothing is paid out.
 */
export async function openDispute(
  services: Services,
  ground: Ground,
  viewer: Viewer,
  call_id: string,
  input: DisputeInput,
): Promise<Disputed> {
  const { db, ids, now } = ground;
  const row = await findCall(db, viewer, call_id);
  if (!row) return err({ kind: "not_found", what: "call" });
  const side = sideOf(viewer, input);
  if (!side.ok) return side;
  const gathered = await gather(services, row);
  const judged = judgeCall(gathered.facts);
  const claimed = claimOf(judged, side.value, viewer);
  if ("refused" in claimed) return conflict(claimed.refused);
  const standing = await standsAgainst(ground, row, side.value, claimed, viewer);
  if (standing) return conflict(standing);
  const { advertiser_id, currency } = row;
  assert(
    advertiser_id !== null && currency !== null,
    "money that is judged is an advertiser's, in a currency",
  );
  const dispute: DisputeRow = {
    id: ids.next("dispute"),
    network_id: viewer.network_id,
    call_id,
    side: side.value,
    claim: claimed.claim,
    opened_by: viewer.kind,
    organization_id: viewer.organization_id,
    advertiser_id,
    publisher_id: side.value === "payout" ? claimed.publisher_id : null,
    currency,
    revenue_micros: judged.revenue.amount_micros,
    payout_micros: claimed.payout_micros,
    reason: input.reason,
    detail: input.detail,
    actor: viewer.actor_id,
    opened_at: now,
  };
  const stored = { dispute, decision: null };
  return ok({
    result: await viewOf(services, viewer, row, stored),
    subject_id: dispute.id,
    statements: [...judgedWith(services, row, gathered, stored), addDispute(db, dispute)],
    detail: { call_id, side: dispute.side, claim: dispute.claim, reason: input.reason },
  });
}

/**
 * The network decides. What follows for money is judged and booked in the same write: a reversal of all that is booked,
 * an adjustment beside it, or nothing.
 */
export async function decideDispute(
  services: Services,
  ground: Ground,
  viewer: Viewer,
  dispute_id: string,
  input: DecisionInput,
): Promise<Disputed> {
  const { db, now } = ground;
  const found = await readDispute(db, viewer.network_id, dispute_id);
  if (!found) return err({ kind: "not_found", what: "dispute" });
  if (found.decision) return conflict(`This dispute is decided: ${found.decision.decision}.`);
  const row = await readCall(db, viewer.network_id, found.dispute.call_id);
  assert(row, "a dispute is of a call");
  const gathered = await gather(services, row);
  const [judged, upheld] = [judgeCall(gathered.facts), upheldIn(gathered, found, now)];
  const amounts = amountsOf(found.dispute, input, amountsBound(factOf(found), row, judged, upheld));
  if ("field" in amounts) {
    return err({ kind: "invalid", faults: [{ pointer: `/${amounts.field}`, detail: amounts.detail }] });
  }
  const decision: DecisionRow = {
    dispute_id,
    network_id: viewer.network_id,
    decision: input.decision,
    ...amounts,
    note: input.note,
    actor: viewer.actor_id,
    decided_at: now,
  };
  const stored = { ...found, decision };
  return ok({
    result: await viewOf(services, viewer, row, stored),
    subject_id: dispute_id,
    statements: [...judgedWith(services, row, gathered, stored), addDecision(db, decision)],
    detail: { call_id: row.id, decision: input.decision, ...amounts },
  });
}

/** Judges again what follows for others: a call that is due no longer stands in no repeat's way. */
export async function settleDispute(services: Services, viewer: Viewer, call_id: string): Promise<void> {
  await settleCall(services, {
    network_id: viewer.network_id,
    call_id,
    reason: "a dispute was opened or decided",
  });
}

/** Each of the two sides disputes its own money. */
function sideOf({ kind }: Viewer, { side }: DisputeInput): Result<Side, Failure> {
  const own = kind === "publisher" ? "payout" : "revenue";
  if (kind === "network") return ok(side ?? own);
  if (side === undefined || side === own) return ok(own);
  return err({
    kind: "invalid",
    faults: [{ pointer: "/side", detail: `must be ${own}: that is your side` }],
  });
}

/** Why this side is not to be disputed now though there is something to dispute; null for nothing. */
async function standsAgainst(
  { db, now }: Ground,
  row: CallRow,
  side: Side,
  { publisher_id }: Claimed,
  { kind, organization_id }: Viewer,
): Promise<string | null> {
  const own = (await disputesOf(db, row.id)).filter(({ dispute }) => dispute.side === side);
  if (own.some(({ decision }) => decision === null)) return "A dispute about this is open already.";
  // The network speaks for either side, also for who came in time and wrote a letter.
  if (kind === "network") return null;
  const since = (await unchangedSince(db, row.id, side, publisher_id)) ?? now;
  const was_decided = own.some(
    ({ dispute, decision }) =>
      dispute.organization_id === organization_id && decision !== null && decision.decided_at >= since,
  );
  if (was_decided) return "Your dispute about this is decided, and nothing has changed since.";
  if (now - since > DISPUTE_WINDOW_DAYS * DAY_MS) {
    return `What has stood for ${DISPUTE_WINDOW_DAYS} days is not disputed any more: write to the network.`;
  }
  return null;
}

/** How the call would be judged if the dispute were accepted. */
function upheldIn({ facts }: Gathered, stored: StoredDispute, decided_at: number): Judgements {
  const decision = { decision: "accepted" as const, ...NO_AMOUNTS, decided_at };
  return judgeCall(withFact(facts, { ...factOf(stored), decision }));
}

function withFact(facts: Gathered["facts"], fact: DisputeFacts): Gathered["facts"] {
  return { ...facts, disputes: [...facts.disputes.filter(({ id }) => id !== fact.id), fact] };
}

/** The call as it is judged with this dispute, or its decision, among the facts; the event of it is the lock. */
function judgedWith(
  services: Services,
  row: CallRow,
  gathered: Gathered,
  stored: StoredDispute,
): Statement[] {
  const facts = withFact(gathered.facts, factOf(stored));
  const event = eventOf(stored, services.clock.now());
  const cause = { reason: "a dispute was opened or decided", event };
  return statementsFor(services, row, { ...gathered, facts }, judgeCall(facts), cause);
}

function eventOf({ dispute, decision }: StoredDispute, received_at: number): CallEvent {
  const { id: dispute_id, side, opened_by, advertiser_id, publisher_id } = dispute;
  return {
    kind: "disputed",
    event_key: `${decision ? "decided" : "disputed"}/${dispute_id}`,
    received_at,
    provider_at: null,
    dispute_id,
    side,
    opened_by,
    advertiser_id,
    publisher_id,
    decision: decision?.decision ?? null,
  };
}

async function viewOf(
  services: Services,
  viewer: Viewer,
  call: CallRow,
  stored: StoredDispute,
): Promise<Dispute> {
  const { db } = services.network(viewer.network_id);
  const publisher_id = stored.dispute.publisher_id ?? call.publisher_id;
  const aliases = await aliasesOf(db, viewer.network_id, publisher_id === null ? [] : [publisher_id]);
  const { shows } = await sightOf(services, viewer);
  const publisher_alias = publisher_id === null ? null : (aliases.get(publisher_id) ?? null);
  const file = { ...stored, call, publisher_alias };
  return disputeView(file, { ...viewer, sees_publishers: shows.publishers });
}

function conflict(detail: string): { ok: false; error: Failure } {
  return err({ kind: "conflict", detail });
}
