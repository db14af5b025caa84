import { HOUR_MS, type Instant, MINUTE_MS } from "../../shared/instant.ts";
import { err, ok, type Result } from "../../shared/result.ts";
import { answered, askAgain, callsToAsk, knownCalls } from "../calls/questions.ts";
import type { CallRow } from "../calls/store.ts";
import {
  type AccountApi,
  credentialsOf,
  listApis,
  ownNumbers,
  type SweepRow,
  saveSweep,
} from "../inventory/telephony-apis.ts";
import { write } from "../platform/db.ts";
import type { Services } from "../services.ts";
import type { ApiFailure, ListedCall, ProviderApi, ReadCall } from "../telephony/rest/port.ts";
import { readBack } from "./phone/read-back.ts";

/** What a run of reconciliation did. */
export type Reconciled = {
  /** Calls about which a provider was asked. */
  asked: number;
  /** Calls that changed by what it said. */
  completed: number;
  /** Calls that nobody had told us of. */
  imported: number;
};

const ACCOUNTS_MAX = 100;
/** Pages of one list in one run. */
const PAGES_MAX = 20;
/** So much of the list at a time. */
const WINDOW_MS = HOUR_MS;
const WINDOW_MIN_MS = 2 * MINUTE_MS;
/** Hours of it in one run, for an account that was silent. */
const WINDOWS_MAX = 6;
const SWEEP_EVERY_MS = 5 * MINUTE_MS;
/** A provider writes its record a little after the call; what ended later than this is looked at next time. */
const RECORD_LAG_MS = 2 * MINUTE_MS;
/** How far back an account's first sweep goes. */
const FIRST_SWEEP_MS = 24 * HOUR_MS;
const RETRY_MAX_MS = HOUR_MS;

/**
 * How many calls may still be asked for, and how many pages of lists: a call costs up to 20 of the 1,000 requests of an
 * invocation, a page one or two.
 */
export type Budget = { left: number; pages_left: number };
/** More than a list takes that has to be read by halves. */
export const PAGES_PER_RUN = 200;

/**
 * The part of a budget that calls which merely go on leave for the lists: a busy account has more of them than a run may
 * ask about, and only a list tells of a call that never reached us.
 */
const KEPT_FOR_LISTS = 1 / 4;

/** A run over one account; `kept` of its budget is for the lists. */
type Run = {
  services: Services;
  seen: AccountApi;
  api: ProviderApi;
  done: Reconciled;
  budget: Budget;
  kept: number;
};

/**
 * Reads calls back from the providers of a network's accounts: asks for ends and leg reports that are missing, confirms
 * calls of accounts whose word alone does not count, and goes through the provider's records for calls that never
 * reached us, such as those its own fallback took. Every event has a key of its own, so that doing it twice changes
 * nothing; what a run leaves the next one does. An account that fails is asked again later and stands in nobody's way.
 */
export async function reconcile(services: Services, network_id: string, budget: Budget): Promise<Reconciled> {
  const { db } = services.network(network_id);
  const done: Reconciled = { asked: 0, completed: 0, imported: 0 };
  const kept = Math.floor(budget.left * KEPT_FOR_LISTS);
  for (const seen of inTurn(services, await listApis(db, network_id, ACCOUNTS_MAX))) {
    if (budget.left <= 0) break;
    const credentials = await credentialsOf(services.vault, seen);
    const api = credentials && services.providerApi(credentials);
    const { sweep } = seen;
    const now = services.clock.now();
    // While its API is failing, the account waits in all things.
    if (!api || (sweep && sweep.failures > 0 && sweep.next_at > now)) continue;
    const run: Run = { services, seen, api, done, budget, kept };
    const failure =
      (await askOpenCalls(run)) ?? ((sweep?.next_at ?? now) <= now ? await sweepRecords(run) : null);
    if (failure) await noteFailure(run, failure);
  }
  return done;
}

/** Beginning with another account each minute: what a run may ask must not always go to the same. */
function inTurn(services: Services, accounts: AccountApi[]): AccountApi[] {
  const first = Math.floor(services.clock.now() / MINUTE_MS) % Math.max(1, accounts.length);
  return [...accounts.slice(first), ...accounts.slice(0, first)];
}

/** Asks for what is missing of calls we know. */
async function askOpenCalls(run: Run): Promise<ApiFailure | null> {
  const { services, seen } = run;
  const { id: account_id, network_id } = seen.account;
  const { db } = services.network(network_id);
  const room = Math.max(0, run.budget.left - run.kept);
  const calls = await callsToAsk(db, { network_id, account_id }, services.clock.now(), room);
  for (const call of calls) {
    const failure = await askOne(run, call);
    if (failure) return failure;
  }
  return null;
}

async function askOne(run: Run, call: CallRow): Promise<ApiFailure | null> {
  const { services, seen, done } = run;
  const { db } = services.network(call.network_id);
  run.budget.left -= 1;
  done.asked += 1;
  const record = await readRecord(run, call.provider_call_id);
  if (!record.ok) return record.error;
  const read = record.value && (await readBack(services, seen.account, record.value, run.api));
  if (read?.changed) done.completed += 1;
  await write(db, read?.complete ? answered(db, call.id) : askAgain(db, call, services.clock.now()));
  return null;
}

/**
 * A call's record; null where there is none, not yet, or where the provider will not tell of this call: that is said in
 * the log and holds up no other call. Errors: those that the whole account has.
 */
async function readRecord(
  { services, seen, api }: Run,
  provider_call_id: string,
): Promise<Result<ReadCall | null, ApiFailure>> {
  const record = await api.readCall(provider_call_id);
  if (record.ok || ["unauthorized", "rate_limited", "unreachable"].includes(record.error.kind)) return record;
  const { kind: failure } = record.error;
  const of = { telephony_account_id: seen.account.id, provider_call_id };
  services.log.error("provider's record not read", { ...of, failure });
  return ok(null);
}

/** Goes through the provider's list of calls from where the last sweep ended, an hour of it at a time. */
async function sweepRecords(run: Run): Promise<ApiFailure | null> {
  const { services, seen, done, budget } = run;
  const now = services.clock.now();
  const imported_before = done.imported;
  let since = seen.sweep?.read_through_at ?? Math.max(seen.account.created_at, now - FIRST_SWEEP_MS);
  let until = since;
  for (let windows = 0; windows < WINDOWS_MAX && until < now && budget.left > 0; windows++) {
    const read = await sweepNext(run, since, now);
    if (!read.ok) return read.error;
    until = read.value;
    since = Math.max(since, Math.min(until, now - RECORD_LAG_MS));
  }
  const isBehind = until < now;
  await noteSweep(run, {
    read_through_at: since,
    next_at: isBehind ? now : now + SWEEP_EVERY_MS,
    imported: done.imported - imported_before,
  });
  return null;
}

/**
 * Reads the next hour of the list, or half, a quarter … of it where that is too long for one run. Answers up to when
 * everything is known now: `since` when what may be asked for has run out.
 */
async function sweepNext(run: Run, since: Instant, now: Instant): Promise<Result<Instant, ApiFailure>> {
  let until = Math.min(now, since + WINDOW_MS);
  let read = await sweepWindow(run, since, until);
  while (read === "too_long" && until - since > WINDOW_MIN_MS) {
    until = since + Math.ceil((until - since) / 2);
    read = await sweepWindow(run, since, until);
  }
  if (typeof read === "object") return err(read);
  if (read === "too_long") {
    // Nobody could ever get past it; what is known of these calls is what their reports said.
    const telephony_account_id = run.seen.account.id;
    run.services.log.error("provider's list too long", { telephony_account_id, since, until });
  }
  return ok(read === "out_of_budget" ? since : until);
}

type Swept = "done" | "too_long" | "out_of_budget" | ApiFailure;

async function sweepWindow(run: Run, since: Instant, until: Instant): Promise<Swept> {
  let cursor: string | null = null;
  for (let pages = 0; pages < PAGES_MAX; pages++) {
    if (run.budget.pages_left <= 0) return "out_of_budget";
    run.budget.pages_left -= 1;
    const page = await run.api.listCalls({ since, until }, cursor);
    if (!page.ok) return page.error;
    const failure = await compare(run, page.value.items);
    if (failure) return failure;
    cursor = page.value.next;
    if (run.budget.left <= 0) return "out_of_budget";
    if (cursor === null) return "done";
  }
  return "too_long";
}

/** Completes or imports what differs from what we know. */
async function compare(run: Run, listed: readonly ListedCall[]): Promise<ApiFailure | null> {
  const { services, seen } = run;
  const { id: account_id, network_id } = seen.account;
  const { db } = services.network(network_id);
  const settled_by = services.clock.now() - RECORD_LAG_MS;
  const ours = await ownNumbers(db, account_id, [...new Set(listed.map((call) => call.to))]);
  const candidates = listed.filter((call) => ours.has(call.to));
  const ids = candidates.map((call) => call.provider_call_id);
  const known = await knownCalls(db, account_id, ids);
  for (const call of candidates) {
    const row = known.get(call.provider_call_id);
    const goes_on = call.ended_at === null || call.ended_at > settled_by;
    // A call that we know and that goes on is asked for when its time comes.
    if (row ? row.ended_at !== null || goes_on : call.started_at > settled_by) continue;
    if (run.budget.left <= 0) return null;
    const failure = row ? await askOne(run, row) : await importOne(run, call, goes_on);
    if (failure) return failure;
  }
  return null;
}

/**
 * A call that never reached us: the provider's own fallback took it, or every report of it was lost. One that goes on is
 * known from now on, and asked for as others are.
 */
async function importOne(run: Run, call: ListedCall, goes_on: boolean): Promise<ApiFailure | null> {
  run.budget.left -= 1;
  const begun = { ...call, ended_at: null, duration_s: null, legs: null };
  const record = goes_on ? ok(begun) : await readRecord(run, call.provider_call_id);
  if (!record.ok) return record.error;
  if (record.value && (await readBack(run.services, run.seen.account, record.value, run.api))?.changed) {
    run.done.imported += 1;
    run.services.log.error("call imported that never reached us", {
      telephony_account_id: run.seen.account.id,
      provider_call_id: call.provider_call_id,
    });
  }
  return null;
}

type Progress = Pick<SweepRow, "read_through_at" | "next_at" | "imported">;

async function noteSweep({ services, seen }: Run, progress: Progress): Promise<void> {
  const { id: telephony_account_id, network_id } = seen.account;
  const { db } = services.network(network_id);
  const swept_at = services.clock.now();
  await write(
    db,
    saveSweep(db, { telephony_account_id, network_id, ...progress, swept_at, failures: 0, failure: null }),
  );
}

/** Says what is wrong and waits longer each time; what was read through stays. */
async function noteFailure({ services, seen }: Run, failure: ApiFailure): Promise<void> {
  const { id: telephony_account_id, network_id, created_at } = seen.account;
  const { db } = services.network(network_id);
  const now = services.clock.now();
  const failures = (seen.sweep?.failures ?? 0) + 1;
  const wait_ms = Math.min(RETRY_MAX_MS, MINUTE_MS * 2 ** Math.min(failures - 1, 10));
  const asked_ms = failure.kind === "rate_limited" ? failure.retry_after_s * 1_000 : 0;
  services.log.error("provider's records not read", {
    telephony_account_id,
    failure: failure.kind,
    failures,
  });
  await write(
    db,
    saveSweep(db, {
      telephony_account_id,
      network_id,
      read_through_at: seen.sweep?.read_through_at ?? Math.max(created_at, now - FIRST_SWEEP_MS),
      next_at: now + Math.max(wait_ms, asked_ms),
      failures,
      failure: failure.kind,
      swept_at: seen.sweep?.swept_at ?? null,
      imported: 0,
    }),
  );
}
