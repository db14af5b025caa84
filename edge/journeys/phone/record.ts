import { type CallId, isId } from "../../../shared/id.ts";
import { regionOfAreaCode } from "../../../shared/nanp.ts";
import { areaCodeOf } from "../../../shared/phone-number.ts";
import { err, ok, type Result } from "../../../shared/result.ts";
import { markRepeats } from "../../calls/callers.ts";
import { markForReview } from "../../calls/due.ts";
import { callerNumber, countryOfCode } from "../../calls/model/caller.ts";
import type { CallEvent } from "../../calls/model/event.ts";
import { type FoldedCall, foldCall } from "../../calls/model/fold.ts";
import { expireRecording, type RecordingExpiry } from "../../calls/recording-expiries.ts";
import {
  CALL_REFUSED,
  type CallHistory,
  type CallRow,
  insertEvents,
  insertSnapshot,
  type NewCallRow,
  readHistory,
  refuseUnless,
  upsertCall,
} from "../../calls/store.ts";
import { type Db, isConflict, isRefusal, type Statement, write } from "../../platform/db.ts";
import { prepared } from "../../platform/prepared.ts";
import type { Failure } from "../../platform/problem.ts";
import { forgetPlans } from "../../routing/memory.ts";
import type { AccountPlan, NumberPlan } from "../../routing/model/plan.ts";
import { takeSlots } from "../../routing/slots-store.ts";
import { type Assigned, isAssigned } from "../../routing/store.ts";
import type { Services } from "../../services.ts";
import type { Parties } from "../../telephony/port.ts";
import type { FrozenCandidates } from "./candidates.ts";
import { ownerAt, ownerOfRow } from "./owner.ts";

/** What became known of a call at once. */
export type News = {
  account: AccountPlan;
  provider_call_id: string;
  /** Null when the report does not say: then the call must be known already. */
  parties: Parties | null;
  events: readonly CallEvent[];
  /** The id that a new call gets; chosen before, where an answer already names it. */
  call_id: CallId;
  /** What the pool knew when it rang, if it was asked. */
  candidates: FrozenCandidates | null;
  /** Nobody sends this again: should its judgement fail, upkeep judges the call. */
  is_last_word?: boolean;
  /** When the recording among the events is to be erased. */
  expiry?: Pick<RecordingExpiry, "recording_id" | "expires_at"> | null;
};

/** What was read before, so that the first try reads nothing twice. */
export type Known = {
  history: CallHistory | null;
  plan: NumberPlan | null;
  /** The plan was not read for this call: it is compared with the database's along with the write. */
  is_recalled?: boolean;
};

export type Recorded = {
  call: NewCallRow & { id: string };
  folded: FoldedCall;
  events: readonly CallEvent[];
  /** False when every event was known already. */
  changed: boolean;
  /** False while nobody has judged the call. */
  judged: boolean;
};

const TRIES = 5;

/**
 * Appends events to their call and folds it again, in one atomic write. Events that are stored already are passed
 * over; of two who append at once, one reads again. Throws what D1 throws. Errors: `not_found` for a call that is
 * not known, when its parties are not named or the number is not the account's; `unavailable` after five conflicts.
 * Throws, too, when a cap has become full that an answer among the events counts under (`isCapReached`).
 */
export async function recordEvents(
  services: Services,
  news: News,
  known: Known | null = null,
): Promise<Result<Recorded, Failure>> {
  const { db } = services.network(news.account.network_id);
  const { account_id } = news.account;
  for (let tries = 0; tries < TRIES; tries++) {
    const first = tries === 0 ? known : null;
    const history = first ? first.history : await readHistory(db, account_id, news.provider_call_id);
    const told = new Set(history?.events.map((event) => event.event_key));
    const fresh = news.events.filter((event) => !told.has(event.event_key));
    if (history && fresh.length === 0) return ok(unchanged(history));
    const next = await fold(services, news, history, fresh, first?.plan ?? null);
    if (!next.ok) return next;
    try {
      await write(
        db,
        ...statementsFor(services, news, history, fresh, next.value),
        ...guards(db, first, next.value),
      );
      return next;
    } catch (error) {
      if (isRefusal(error, CALL_REFUSED)) {
        // Another's number by now: the plan is read again, and the pool asked later.
        forgetPlans();
        return recordEvents(services, { ...news, candidates: null });
      }
      if (!isConflict(error)) throw error;
    }
  }
  return err({ kind: "unavailable", detail: "The call is being changed by too many at once." });
}

/** Nothing is stored by a plan from memory that is not the number's any more. */
function guards(db: Db, known: Known | null, { call, folded }: Recorded): Statement[] {
  if (!known?.is_recalled || !known.plan) return [];
  const { account_id, number, assignment } = known.plan;
  const { from_at } = assignment;
  return [
    stillAssigned(db, { call_id: call.id, account_id, e164: number.e164, from_at, at: folded.started_at }),
  ];
}

const stillAssigned = prepared(
  ["call_id", "account_id", "e164", "from_at", "at"],
  (db, { call_id, ...assigned }: Assigned & { call_id: string }) =>
    refuseUnless(db, call_id, isAssigned(db, assigned)),
);

function unchanged(history: CallHistory): Recorded {
  const { row: call, events } = history;
  return { call, folded: foldCall(events), events, changed: false, judged: call.attribution_version > 0 };
}

/** The call with the fresh events: what happened, whose number it was at its start, who called. */
async function fold(
  services: Services,
  news: News,
  history: CallHistory | null,
  fresh: readonly CallEvent[],
  planAtHand: NumberPlan | null,
): Promise<Result<Recorded, Failure>> {
  const { account, parties, provider_call_id } = news;
  const events = [...(history?.events ?? []), ...fresh];
  const folded = foldCall(events);
  const row = history?.row ?? null;
  const to = row?.to_e164 ?? parties?.to;
  if (to === undefined) return err({ kind: "not_found", what: "call" });

  const caller = row ? null : await sealCaller(services, news);
  const owner =
    row && row.started_at === folded.started_at
      ? ownerOfRow(row)
      : await ownerAt(services, news, { to, at: folded.started_at, planAtHand, row });
  // A stranger's number makes a call only when we were asked what to do with it.
  if (!row && owner.number_key === null && !folded.has_voice_hook)
    return err({ kind: "not_found", what: "call" });

  const { has_voice_hook: _, ...what } = folded;
  const sent_on = routedTo(events);
  const call = {
    ...(row ?? { ...caller, to_e164: to, self_reported: account.self_reported }),
    id: row?.id ?? news.call_id,
    network_id: account.network_id,
    telephony_account_id: account.account_id,
    provider: account.provider,
    provider_call_id,
    to_e164: to,
    seq: (history?.seq ?? 0) + fresh.length,
    ...what,
    ...owner,
    ...sent_on,
  };
  return ok({ call, folded, events, changed: true, judged: (row?.attribution_version ?? 0) > 0 });
}

/** The campaign that a filter or a suspension sent the call on to: its own from then on. */
export function routedTo(events: readonly CallEvent[]) {
  return events.flatMap((event) => (event.kind === "instructed" ? (event.routed_to ?? []) : []))[0] ?? null;
}

/** Places under caps that the call's answers took. What was answered blind counts, and is refused by no cap. */
function slotStatements(db: Db, call: NewCallRow, fresh: readonly CallEvent[]) {
  return fresh.flatMap((event) =>
    event.kind === "instructed"
      ? takeSlots(
          db,
          call,
          (event.slots ?? []).map((slot) => (event.blind ? { ...slot, caps: null } : slot)),
        )
      : [],
  );
}

function statementsFor(
  services: Services,
  news: News,
  history: CallHistory | null,
  fresh: readonly CallEvent[],
  { call, folded }: Recorded,
): Statement[] {
  const { db } = services.network(news.account.network_id);
  const events = fresh.map((event) => ({ id: services.ids.next("call_event"), event }));
  const statements = [
    insertEvents(db, call, history?.seq ?? 0, events),
    upsertCall(db, call),
    ...slotStatements(db, call, fresh),
  ];
  if (news.expiry)
    statements.push(expireRecording(db, { ...news.expiry, call_id: call.id, network_id: call.network_id }));
  const repeats = history ? repeatsOfMoved(services, history.row, call) : [];
  statements.push(...repeats);
  // Not every provider sends a report again whose answer failed, as it does where the judgement that follows fails.
  if (news.is_last_word || folded.leg_reported_at !== null || repeats.length > 0)
    statements.push(markForReview(db, call.id, services.clock.now()));
  if (news.candidates) {
    const { snapshot, sessions } = news.candidates;
    const of = { call_id: call.id, network_id: call.network_id };
    const taken_at = folded.started_at;
    statements.push(insertSnapshot(db, { ...of, taken_at, asked_later: false, snapshot, sessions }));
  }
  return statements;
}

/** A call that is due and turns out to have begun at another time, or to be another's, moves among its caller's. */
function repeatsOfMoved(services: Services, before: CallRow, call: NewCallRow): Statement[] {
  const { db } = services.network(before.network_id);
  const { started_at, campaign_id = null, advertiser_id = null, is_test = false } = call;
  const after = { ...before, started_at, campaign_id, advertiser_id, is_test };
  return markRepeats(db, before, after, services.clock.now());
}

/** The caller, sealed for this call and fingerprinted for its network; nothing of a hidden one. */
async function sealCaller(services: Services, news: News) {
  const number = callerNumber(news.parties?.from ?? "");
  if (number === null) {
    return {
      from_sealed: null,
      from_hash: null,
      from_country: null,
      from_area_code: null,
      from_region: null,
    };
  }
  const area_code = areaCodeOf(number);
  const region = area_code === null ? null : regionOfAreaCode(area_code);
  const { vault } = services;
  return {
    from_sealed: await vault.seal(number, news.call_id),
    from_hash: await vault.fingerprint(number, news.account.network_id),
    from_country: region === null ? countryOfCode(number) : region.slice(0, 2),
    from_area_code: area_code,
    from_region: region,
  };
}

/** Our id in an answer's address, or a new one: an address is signed, but was made by an earlier version of us. */
export function callIdOr(services: Services, text: string): CallId {
  return isId("call", text) ? text : services.ids.next("call");
}
