import { type Instant, MINUTE_MS } from "../../../shared/instant.ts";
import type { Decision } from "../../attribution/decide.ts";
import { dependentIds } from "../../attribution/memory-store.ts";
import { addAttribution } from "../../attribution/store.ts";
import { markRepeats } from "../../calls/callers.ts";
import { type CallCopies, copyInto, isStale } from "../../calls/copies.ts";
import { markForAttribution } from "../../calls/due.ts";
import type { CallEvent } from "../../calls/model/event.ts";
import { type CallRow, insertEvents } from "../../calls/store.ts";
import { splitUrl } from "../../leasing/model/query.ts";
import type { Db, Statement } from "../../platform/db.ts";
import type { Services } from "../../services.ts";
import { SIDES, type Side } from "../../settlement/model/facts.ts";
import { type Judgement, type Judgements, rejectReason } from "../../settlement/model/judge.ts";
import { postingsFor } from "../../settlement/model/postings.ts";
import { addVerdict, isSameVerdict, post } from "../../settlement/store.ts";
import type { Gathered } from "./gather.ts";
import { shareStatements } from "./shares.ts";

/** How soon a call is looked at again whose pool could not be asked. */
const ASK_AGAIN_MS = MINUTE_MS;

/** Why a call is judged; `event` is a fact of its own that it is judged with, and is written whatever it changes. */
export type Cause = { reason: string; event?: CallEvent };

/**
 * What has to be written so that a call says what was judged, and so that every call that has to be judged again for it
 * is marked: nothing when it says so already. All of it belongs into one atomic write; the event that comes first
 * takes the call's next `seq` and so is the lock.
 */
export function statementsFor(
  services: Services,
  row: CallRow,
  gathered: Gathered,
  judgements: Judgements,
  cause: Cause,
): Statement[] {
  const { db } = services.network(row.network_id);
  const { reason } = cause;
  const copies = { ...attributionCopies(gathered), ...judgementCopies(judgements) };
  const news = [
    ...gathered.statements,
    ...attributionStatements(services, db, row, gathered, reason),
    ...shareStatements(db, row, gathered, judgements),
    ...SIDES.flatMap((side) => sideStatements(services, db, row, gathered, judgements[side])),
  ];
  if (news.length === 0 && !isStale(row, copies) && !cause.event) return [];
  const now = services.clock.now();
  const event = cause.event ?? {
    event_key: `judged/${row.id}/${row.seq + 1}`,
    received_at: now,
    provider_at: null,
    kind: "judged_again" as const,
    reason,
  };
  return [
    insertEvents(db, row, row.seq, [{ id: services.ids.next("call_event"), event }]),
    copyInto(db, row, copies, { review_at: reviewAt(gathered, judgements), at: now }),
    ...readersOfBefore(db, row, gathered),
    ...news,
    ...readersOfNow(db, row, gathered),
    ...markRepeats(db, row, { ...row, ...copies }, now),
  ];
}

/** Later calls that read what is remembered of this one: marked before it is forgotten, and once it is there anew. */
function readersOfBefore(db: Db, row: CallRow, { decision, attribution }: Gathered): Statement[] {
  return decision && attribution ? [markForAttribution(db, dependentIds(row.id))] : [];
}

function readersOfNow(db: Db, row: CallRow, { decision }: Gathered): Statement[] {
  return decision && row.pool_id !== null ? [markForAttribution(db, dependentIds(row.id))] : [];
}

function attributionStatements(
  services: Services,
  db: Db,
  row: CallRow,
  { decision, attribution }: Gathered,
  reason: string,
): Statement[] {
  if (!decision) return [];
  return [
    addAttribution(db, {
      id: services.ids.next("attribution"),
      network_id: row.network_id,
      call_id: row.id,
      corrects: attribution,
      reason: attribution ? reason : "first",
      attribution: decision.attribution,
      inputs: decision.inputs,
      created_at: services.clock.now(),
    }),
  ];
}

function sideStatements(
  services: Services,
  db: Db,
  row: CallRow,
  { verdicts, ledger }: Gathered,
  judgement: Judgement,
): Statement[] {
  const side: Side = judgement.side;
  const statements: Statement[] = [];
  if (!isSameVerdict(verdicts[side], judgement)) {
    const version = (verdicts[side]?.version ?? 0) + 1;
    const created_at = services.clock.now();
    statements.push(
      addVerdict(db, row, judgement, { id: services.ids.next("verdict"), version, created_at }),
    );
  }
  const postings = postingsFor(row, judgement, ledger[side]);
  return [...statements, ...post(db, row, postings, { ids: services.ids, at: services.clock.now() })];
}

function attributionCopies({ decision, attribution }: Gathered): CallCopies {
  if (!decision) return {};
  const { method, lease_id, confidence, publisher_confidence, publisher_proof } = decision.attribution;
  return {
    attribution_version: (attribution?.version ?? 0) + 1,
    method,
    lease_id,
    confidence,
    publisher_id: decision.publisher_id,
    publisher_confidence,
    publisher_proof,
    ...sessionCopies(decision.session),
  };
}

function sessionCopies(session: Decision["session"]): CallCopies {
  return {
    session_id: session?.id ?? null,
    site_id: session?.site_id ?? null,
    source: session?.source ?? null,
    medium: session?.medium ?? null,
    campaign: session?.campaign ?? null,
    term: session?.term ?? null,
    content: session?.content ?? null,
    channel: session?.channel ?? null,
    landing_path: session ? (splitUrl(session.landing_url)?.path ?? "") : null,
    session,
  };
}

/** When the clock alone may change these judgements; null for never. */
export function reviewAt({ facts }: Gathered, { revenue, payout }: Judgements): Instant | null {
  const reviews = [revenue.review_at, payout.review_at].filter((at) => at !== null);
  if (facts.campaign && !facts.source) reviews.push(facts.now + ASK_AGAIN_MS);
  return reviews.length === 0 ? null : Math.min(...reviews);
}

function judgementCopies({ revenue, payout }: Judgements) {
  return {
    revenue_status: revenue.status,
    revenue_micros: revenue.amount_micros,
    payout_status: payout.status,
    payout_micros: payout.amount_micros,
    reject_reason: rejectReason(payout) ?? rejectReason(revenue),
    is_duplicate: revenue.is_repeat || payout.is_repeat,
  } satisfies CallCopies;
}
