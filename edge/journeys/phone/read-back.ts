import { MINUTE_MS } from "../../../shared/instant.ts";
import { isE164 } from "../../../shared/phone-number.ts";
import type { CallEvent } from "../../calls/model/event.ts";
import { type CallHistory, readHistory } from "../../calls/store.ts";
import { readCallFlow } from "../../campaigns/call-flows.ts";
import type { AccountRow } from "../../inventory/telephony-accounts.ts";
import { readAccount } from "../../routing/store.ts";
import type { Services } from "../../services.ts";
import type { ProviderApi, ReadCall } from "../../telephony/rest/port.ts";
import { judgeIfReported } from "./judge.ts";
import { eventsOfRecord, neverRung } from "./read-events.ts";
import { recordEvents, routedTo } from "./record.ts";
import { replayBlindCall } from "./replay.ts";

/** Records that are only found by a number are all there by then. */
const RECORDS_LAG_MS = 10 * MINUTE_MS;

/** What came of a record: whether the call changed, and whether nothing of it is missing any more. */
export type ReadBack = { changed: boolean; complete: boolean };

/**
 * Adds what the provider's record says of a call, makes the call when nobody had told us of it, and has it judged. Null
 * when the account has no such number or the call is being changed by too many at once. Throws what D1 throws.
 */
export async function readBack(
  services: Services,
  account: AccountRow,
  record: ReadCall,
  api: ProviderApi,
): Promise<ReadBack | null> {
  const { id: account_id, network_id } = account;
  const { db } = services.network(network_id);
  const { provider_call_id } = record;
  const plan = await readAccount(db, account_id);
  if (!plan) return null;
  let history = await readHistory(db, account_id, provider_call_id);
  if (!history) {
    // What was answered blind is in the journal, with how it began.
    await replayBlindCall(services, { account_id, provider_call_id });
    history = await readHistory(db, account_id, provider_call_id);
  }
  const known = history?.events ?? [];
  const believed = (await mayMissLegs(services, api, record, history)) ? { ...record, legs: null } : record;
  const whole = await withPhonesBeside(api, believed, known);
  const events = eventsOfRecord(whole, known, services.clock.now());
  if (events.length === 0) return { changed: false, complete: false };
  const recorded = await recordEvents(services, {
    account: plan,
    provider_call_id,
    parties: { from: record.from, to: record.to },
    events,
    call_id: services.ids.next("call"),
    candidates: null,
    is_last_word: true,
  });
  if (!recorded.ok) return null;
  await judgeIfReported(services, recorded.value);
  const { changed, folded } = recorded.value;
  const isConfirmed = folded.confirmed_at !== null;
  return { changed, complete: isConfirmed || (folded.ended_at !== null && folded.leg_reported_at !== null) };
}

/**
 * True where a leg may be there though it was not found: it is not in the records yet, or its phone was shown a number of
 * the network's, which says nothing of whose leg it is. Better open than taken for a call that nobody answered.
 */
async function mayMissLegs(
  services: Services,
  api: ProviderApi,
  { legs, ended_at }: ReadCall,
  history: CallHistory | null,
): Promise<boolean> {
  if (!api.finds_legs_by_number || legs === null || ended_at === null) return false;
  const isWhole = legs.length > 0 && neverRung(history?.events ?? [], legs).length === 0;
  if (!isWhole && services.clock.now() - ended_at < RECORDS_LAG_MS) return true;
  if (!history || legs.length > 0) return false;
  const { row, events } = history;
  const campaign_id = routedTo(events)?.campaign_id ?? row.campaign_id;
  const version = events.flatMap((event) =>
    event.kind === "instructed" ? (event.flow_version ?? []) : [],
  )[0];
  if (campaign_id === null || version === undefined) return false;
  const flow = await readCallFlow(services.network(row.network_id).db, campaign_id, version);
  return isE164(flow?.caller_id ?? "");
}

/**
 * The record with the legs of phones that were rung beside the call: to the provider they are calls of their own. One
 * that cannot be read leaves it open which legs there were.
 */
async function withPhonesBeside(
  api: ProviderApi,
  record: ReadCall,
  known: readonly CallEvent[],
): Promise<ReadCall> {
  const beside = known.flatMap((event) => (event.kind === "called" ? event.target : []));
  const ids = known.flatMap((event) =>
    event.kind === "leg" && event.leg_id !== null && beside.includes(event.target ?? "") ? event.leg_id : [],
  );
  let legs = record.legs;
  for (const leg_id of new Set(ids)) {
    if (legs === null || legs.some((leg) => leg.leg_id === leg_id)) continue;
    const read = await api.readCall(leg_id);
    if (!read.ok || !read.value) legs = null;
    else {
      const { to: target, status, ended_at, duration_s } = read.value;
      const connected_s = ended_at === null ? null : status === "completed" ? duration_s : 0;
      legs = [...legs, { leg_id, target, status, connected_s, ended_at }];
    }
  }
  return { ...record, legs };
}
