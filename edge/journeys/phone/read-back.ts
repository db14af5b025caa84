import type { CallEvent } from "../../calls/model/event.ts";
import { readHistory } from "../../calls/store.ts";
import type { AccountRow } from "../../inventory/telephony-accounts.ts";
import { readAccount } from "../../routing/store.ts";
import type { Services } from "../../services.ts";
import type { ProviderApi, ReadCall } from "../../telephony/rest/port.ts";
import { judgeIfReported } from "./judge.ts";
import { eventsOfRecord } from "./read-events.ts";
import { recordEvents } from "./record.ts";
import { replayBlindCall } from "./replay.ts";

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
  const whole = await withPhonesBeside(api, record, known);
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
