import { type CallId, isId } from "../../../shared/id.ts";
import { DAY_MS, type Instant, SECOND_MS } from "../../../shared/instant.ts";
import type { CallEvent } from "../../calls/model/event.ts";
import { within } from "../../platform/deadline.ts";
import { errorFields } from "../../platform/log.ts";
import type { AccountPlan } from "../../routing/model/plan.ts";
import type { Services } from "../../services.ts";
import { type Ready, recordedKey } from "./note-recording.ts";
import type { News } from "./record.ts";

/**
 * What happened while the database was silent, in KV under `blind/{account}/{provider_call_id}/{event_key}`:
 * written down at the moment, replayed into the database when it is back. The caller's number is sealed.
 */
type Entry = {
  format: 1;
  account: Pick<AccountPlan, "account_id" | "network_id" | "provider" | "self_reported">;
  provider_call_id: string;
  call_id: CallId;
  to: string | null;
  /** Sealed for `call_id`. */
  from_sealed: string | null;
  events: readonly CallEvent[];
  /** Of a recording, which becomes an event when its call can be read. Its address is sealed for `call_id`. */
  recording?: { recording_id: string; url_sealed: string; duration_s: number | null; received_at: Instant };
};

/** A journal entry as it is kept. */
export type Journaled = { key: string } & ({ news: News } | { recording: Ready });

const PREFIX = "blind/";

/** Far longer than any outage; an entry that nobody could replay is not kept for ever. */
const KEPT_S = (30 * DAY_MS) / SECOND_MS;

/** Writes news down and waits at most `patience_ms` for it; the write itself goes on after the answer. */
export async function writeDown(services: Services, news: News, patience_ms: number): Promise<void> {
  await inTime(services, news, journal(services, news), patience_ms);
}

/** Writes a recording down; false when it is not sure that it was. */
export async function writeRecordingDown(
  services: Services,
  ready: Ready,
  patience_ms: number,
): Promise<boolean> {
  return inTime(services, ready.report, journalRecording(services, ready), patience_ms);
}

async function inTime(
  services: Services,
  { provider_call_id }: { provider_call_id: string },
  writing: Promise<void>,
  patience_ms: number,
): Promise<boolean> {
  const written = writing.then(
    () => true,
    (error: unknown) => {
      services.log.error("not journaled", { ...errorFields(error), provider_call_id });
      return false;
    },
  );
  services.later(written);
  const outcome = await within(patience_ms, written);
  return outcome.kind === "done" && outcome.value;
}

async function journal(services: Services, news: News): Promise<void> {
  const { account, provider_call_id, call_id, parties, events } = news;
  const [first] = events;
  if (!first) return;
  const to = parties?.to ?? null;
  const from_sealed = parties ? await services.vault.seal(parties.from, call_id) : null;
  const entry = { provider_call_id, call_id, to, from_sealed, events };
  await put(services, account, first.event_key, entry);
}

async function journalRecording(services: Services, { account, report, received_at }: Ready): Promise<void> {
  const { provider_call_id, recording_id, url, duration_s } = report;
  // The call's own id may not be known; this one only seals the address.
  const call_id = services.ids.next("call");
  const url_sealed = await services.vault.seal(url, call_id);
  const recording = { recording_id, url_sealed, duration_s, received_at };
  const entry = { provider_call_id, call_id, to: null, from_sealed: null, events: [], recording };
  await put(services, account, recordedKey(report), entry);
}

async function put(
  services: Services,
  { account_id, network_id, provider, self_reported }: AccountPlan,
  event_key: string,
  entry: Omit<Entry, "format" | "account">,
): Promise<void> {
  const whole: Entry = {
    format: 1,
    account: { account_id, network_id, provider, self_reported },
    ...entry,
  };
  const key = `${prefixOf(account_id, entry.provider_call_id)}${event_key}`;
  await services.plans.put(key, JSON.stringify(whole), { expirationTtl: KEPT_S });
}

function prefixOf(account_id: string, provider_call_id: string): string {
  return `${PREFIX}${account_id}/${provider_call_id}/`;
}

/** The entries of one call. */
export async function entriesOfCall(
  services: Services,
  { account_id, provider_call_id }: { account_id: string; provider_call_id: string },
  limit: number,
): Promise<Journaled[]> {
  const { keys } = await services.plans.list({ prefix: prefixOf(account_id, provider_call_id), limit });
  return readEntries(services, keys);
}

/** Where the last run ended: behind entries that cannot be replayed now, there may be others. */
const CURSOR_KEY = "replay/cursor";

/** The next entries of all accounts, from where the last run ended; from the top again once the end is reached. */
export async function nextEntries(services: Services, limit: number): Promise<Journaled[]> {
  const { plans } = services;
  const cursor = await plans.get(CURSOR_KEY);
  const behind =
    cursor === null ? null : await plans.list({ prefix: PREFIX, limit, cursor }).catch(() => null);
  const page = behind && behind.keys.length > 0 ? behind : await plans.list({ prefix: PREFIX, limit });
  const next = page.list_complete ? null : page.cursor;
  if (next !== null) await plans.put(CURSOR_KEY, next);
  else if (cursor !== null) await plans.delete(CURSOR_KEY);
  return readEntries(services, page.keys);
}

/** One that cannot be read stands in the way of no other. */
async function readEntries(services: Services, keys: readonly { name: string }[]): Promise<Journaled[]> {
  const entries = await Promise.all(
    keys.map(({ name }) =>
      readEntry(services, name).catch((error: unknown) => {
        services.log.error("journal entry not replayed", { ...errorFields(error), key: name });
        return null;
      }),
    ),
  );
  return entries.filter((entry) => entry !== null);
}

export async function forgetEntry(services: Services, key: string): Promise<void> {
  await services.plans.delete(key);
}

async function readEntry(services: Services, key: string): Promise<Journaled | null> {
  const text = await services.plans.get(key);
  if (text === null) return null;
  const { account, provider_call_id, call_id, to, from_sealed, events, recording } = JSON.parse(
    text,
  ) as Entry;
  if (!isId("call", call_id)) return null;
  // The secrets are not needed to replay: what is in the journal was verified when it came.
  const whole = { ...account, auth_token_sealed: "", next_auth_token_sealed: null };
  if (recording) {
    const { recording_id, url_sealed, duration_s, received_at } = recording;
    const url = await services.vault.open(url_sealed, call_id);
    const report = { provider_call_id, recording_id, url, duration_s };
    return { key, recording: { account: whole, report, received_at } };
  }
  const from = from_sealed === null ? "" : await services.vault.open(from_sealed, call_id);
  const parties = to === null ? null : { from, to };
  return { key, news: { account: whole, provider_call_id, parties, events, call_id, candidates: null } };
}
