import { HOUR_MS } from "../../shared/instant.ts";
import { type Dependent, dependentsOf } from "../attribution/memory-store.ts";
import { comparePlaces } from "../attribution/model/order.ts";
import { markedCalls } from "../calls/callers.ts";
import { ATTRIBUTE_AGAIN, clearMarks } from "../calls/due.ts";
import { type CallRow, readCall } from "../calls/store.ts";
import { isConflict, isRefusal, write } from "../platform/db.ts";
import type { Services } from "../services.ts";
import { judgeCall } from "../settlement/model/judge.ts";
import { gather } from "./judgement/gather.ts";
import { reviewAt, statementsFor } from "./judgement/record.ts";

export type SettleAsk = {
  network_id: string;
  call_id: string;
  /** Why it is judged now, for the call's timeline: 'a report came late', 'the hold is over'. */
  reason: string;
  /** Attribute it again: a fact that its attribution is made of came late. */
  reconsider?: boolean;
};

/** Conflicts and looks again, together. */
const PASSES_MAX = 8;
/** Repeats judged again at once; upkeep does the others. Each costs 15 to 30 of the 1,000 queries a request has in D1. */
const REPEATS_MAX = 20;
/** Calls attributed again at once because one before them was; upkeep does the others. */
const DEPENDENTS_MAX = 20;
/** By how much a call's start may move at most when its voice hook arrives after other reports. */
const MOVED_MS = HOUR_MS;

/**
 * Brings a call's attribution, both judgements, the ledger and the copies in its row into line with the facts, in one
 * atomic write; the same write marks the calls that depend on what it changes, and they are judged again then. The same
 * facts again change nothing, so it may be repeated at any time. Does nothing for a call that is not there.
 * Throws what D1 throws, or when others changed the call during every one of its passes; what is marked stays so.
 */
export async function settleCall(services: Services, ask: SettleAsk): Promise<void> {
  const settled = await settleOne(services, ask);
  if (!settled) return;
  await settleRepeats(services, settled.after);
  await attributeDependents(services, ask.network_id, await readersOf(services, settled));
}

/**
 * The same for a call of upkeep's, alone: what its write marks, upkeep finds by looking again. So a run takes on as many
 * calls as it says, however many depend on one another.
 */
export async function settleAlone(services: Services, ask: SettleAsk): Promise<void> {
  await settleOne(services, ask);
}

/**
 * Attributes calls again, in the order in which calls are decided, and whatever calls follow from theirs: what an
 * earlier call says of its visitors, its caller and its number is part of what theirs are made of. Those that are too
 * many for now stay marked, and upkeep comes to them.
 */
async function attributeDependents(
  services: Services,
  network_id: string,
  first: readonly Dependent[],
): Promise<void> {
  const due = new Map(first.map((one) => [one.call_id, one]));
  for (let done = 0; done < DEPENDENTS_MAX && due.size > 0; done++) {
    const [next] = [...due.values()].sort(comparePlaces);
    if (!next) break;
    due.delete(next.call_id);
    const { call_id } = next;
    const reason = "an earlier call was attributed";
    const settled = await settleOne(services, { network_id, call_id, reason, reconsider: true });
    if (!settled) continue;
    await settleRepeats(services, settled.after);
    for (const reader of await readersOf(services, settled)) due.set(reader.call_id, reader);
  }
}

/** Later calls that read of this one what it says no longer, or what it says now; none when that is the same. */
async function readersOf(services: Services, { before, after, readers }: Settled): Promise<Dependent[]> {
  if (before.attribution_version === after.attribution_version) return [];
  const { db } = services.network(after.network_id);
  return [...readers, ...(await dependentsOf(db, after.id))];
}

type Settled = {
  before: CallRow;
  after: CallRow;
  /** Calls that read what its attribution said before. */
  readers: Dependent[];
};

/**
 * Judges until a pass finds nothing to change: what is read after a write shows what others wrote meanwhile, so of
 * two calls of one caller that are settled at once, whoever looks last sees both.
 */
async function settleOne(services: Services, ask: SettleAsk): Promise<Settled | null> {
  const { db } = services.network(ask.network_id);
  let before: CallRow | null = null;
  const readers: Dependent[] = [];
  for (let pass = 1; pass <= PASSES_MAX; pass++) {
    const row = await readCall(db, ask.network_id, ask.call_id);
    if (!row) return null;
    before ??= row;
    const reconsider = ask.reconsider === true || row.held_until === ATTRIBUTE_AGAIN;
    const gathered = await gather(services, row, { reconsider });
    const judgements = judgeCall(gathered.facts);
    const statements = statementsFor(services, row, gathered, judgements, ask);
    if (statements.length === 0) {
      const review_at = reviewAt(gathered, judgements);
      if (row.held_until !== review_at) await write(db, clearMarks(db, row, review_at));
      return { before, after: row, readers };
    }
    if (gathered.decision && gathered.attribution) readers.push(...(await dependentsOf(db, row.id)));
    try {
      await write(db, ...statements);
    } catch (error) {
      if (!isConflict(error) && !isRefusal(error, "this call is booked already")) throw error;
    }
  }
  throw new Error(`call ${ask.call_id} was changed by others during ${PASSES_MAX} passes`);
}

/**
 * Judges the caller's calls again that are marked, by this call or by whoever broke off before coming to them. In the
 * order in which verdicts are decided, so that each sees the final verdicts of those before it; what that marks is
 * looked for again.
 */
async function settleRepeats(services: Services, call: CallRow): Promise<void> {
  if (call.from_hash === null) return;
  const { db } = services.network(call.network_id);
  const since = { from: call.started_at - MOVED_MS, now: services.clock.now() };
  for (let left = REPEATS_MAX; left > 0; ) {
    const repeats = await markedCalls(db, call, since, left);
    if (repeats.length === 0) return;
    for (const { id, network_id } of repeats) {
      await settleOne(services, { network_id, call_id: id, reason: "another call of the caller was judged" });
    }
    left -= repeats.length;
  }
}
