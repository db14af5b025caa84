import { HOUR_MS, type Instant, MINUTE_MS } from "../../shared/instant.ts";
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
import type { ApiFailure, ListedCall, ProviderApi } from "../telephony/rest/port.ts";
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
/** Each costs two or three requests of the 1,000 that an invocation may send. */
const ASKS_PER_RUN = 20;
const PAGES_PER_RUN = 5;
const SWEEP_EVERY_MS = 5 * MINUTE_MS;
/** A provider writes its record a little after the call; what ended later than this is looked at next time. */
const RECORD_LAG_MS = 2 * MINUTE_MS;
/** How far back an account's first sweep goes, and how long an unfinished call may hold a sweep back. */
const FIRST_SWEEP_MS = 24 * HOUR_MS;
const UNFINISHED_MS = 6 * HOUR_MS;
const RETRY_MAX_MS = HOUR_MS;

/** A run over one account. */
type Run = { services: Services; seen: AccountApi; api: ProviderApi; done: Reconciled; left: number };

/**
 * Reads calls back from the providers of a network's accounts: asks for ends and leg reports that are missing, confirms
 * calls of accounts whose word alone does not count, and goes through the provider's records for calls that never
 * reached us, such as those its own fallback took. Every event has a key of its own, so that doing it twice changes
 * nothing; what a run leaves the next one does. An account that fails is asked again later and stands in nobody's way.
 */
export async function reconcile(services: Services, network_id: string): Promise<Reconciled> {
  const { db } = services.network(network_id);
  const done: Reconciled = { asked: 0, completed: 0, imported: 0 };
  for (const seen of await listApis(db, network_id, ACCOUNTS_MAX)) {
    const credentials = await credentialsOf(services.vault, seen);
    const api = credentials && services.providerApi(credentials);
    const { sweep } = seen;
    const now = services.clock.now();
    // While its API is failing, the account waits in all things.
    if (!api || (sweep && sweep.failures > 0 && sweep.next_at > now)) continue;
    const run: Run = { services, seen, api, done, left: ASKS_PER_RUN };
    const failure =
      (await askOpenCalls(run)) ?? ((sweep?.next_at ?? now) <= now ? await sweepRecords(run) : null);
    if (failure) await noteFailure(run, failure);
  }
  return done;
}

/** Asks for what is missing of calls we know. */
async function askOpenCalls(run: Run): Promise<ApiFailure | null> {
  const { services, seen } = run;
  const { id: account_id, network_id } = seen.account;
  const { db } = services.network(network_id);
  const calls = await callsToAsk(db, { network_id, account_id }, services.clock.now(), run.left);
  for (const call of calls) {
    const failure = await askOne(run, call);
    if (failure) return failure;
  }
  return null;
}

async function askOne(run: Run, call: CallRow): Promise<ApiFailure | null> {
  const { services, seen, done } = run;
  const { db } = services.network(call.network_id);
  run.left -= 1;
  done.asked += 1;
  const record = await run.api.readCall(call.provider_call_id);
  if (!record.ok) return record.error;
  const read = record.value && (await readBack(services, seen.account, record.value));
  if (read?.changed) done.completed += 1;
  await write(db, read?.complete ? answered(db, call.id) : askAgain(db, call, services.clock.now()));
  return null;
}

/** Goes through the provider's records from where the last sweep ended. */
async function sweepRecords(run: Run): Promise<ApiFailure | null> {
  const { services, seen, done } = run;
  const now = services.clock.now();
  const since = seen.sweep?.read_through_at ?? Math.max(seen.account.created_at, now - FIRST_SWEEP_MS);
  const imported_before = done.imported;
  let through = now - RECORD_LAG_MS;
  let cursor: string | null = null;
  for (let pages = 1; ; pages++) {
    const page = await run.api.listCalls(since, cursor);
    if (!page.ok) return page.error;
    const left = await compare(run, page.value.items);
    if (!left.ok) return left.failure;
    through = Math.min(through, left.through);
    cursor = page.value.next;
    if (cursor === null) break;
    // The rest of a long list comes again next time: nothing of it counts as read.
    if (pages === PAGES_PER_RUN || run.left <= 0) through = since;
    if (through === since) break;
  }
  await noteSweep(run, {
    read_through_at: Math.max(since, through),
    next_at: run.left <= 0 ? now : now + SWEEP_EVERY_MS,
    imported: done.imported - imported_before,
  });
  return null;
}

type Compared = { ok: true; through: Instant } | { ok: false; failure: ApiFailure };

/** Completes or imports what differs; answers up to when everything on the page is known now. */
async function compare(run: Run, listed: readonly ListedCall[]): Promise<Compared> {
  const { services, seen } = run;
  const { id: account_id, network_id } = seen.account;
  const { db } = services.network(network_id);
  const now = services.clock.now();
  const ours = await ownNumbers(db, account_id, [...new Set(listed.map((call) => call.to))]);
  const candidates = listed.filter((call) => ours.has(call.to));
  const known = await knownCalls(
    db,
    account_id,
    candidates.map((call) => call.provider_call_id),
  );
  let through = Number.POSITIVE_INFINITY;
  for (const call of candidates) {
    const row = known.get(call.provider_call_id);
    if (row && row.ended_at !== null) continue;
    if (call.ended_at === null || call.ended_at > now - RECORD_LAG_MS || run.left <= 0) {
      // A call that we know is asked for when its time comes; one that we do not must be seen again.
      if (!row && call.started_at > now - UNFINISHED_MS) through = Math.min(through, call.started_at);
      continue;
    }
    const failure = row ? await askOne(run, row) : await importOne(run, call);
    if (failure) return { ok: false, failure };
  }
  return { ok: true, through };
}

/** A call that never reached us: the provider's own fallback took it, or every report of it was lost. */
async function importOne(run: Run, call: ListedCall): Promise<ApiFailure | null> {
  run.left -= 1;
  const record = await run.api.readCall(call.provider_call_id);
  if (!record.ok) return record.error;
  if (record.value && (await readBack(run.services, run.seen.account, record.value))?.changed) {
    run.done.imported += 1;
    run.services.log.error("call imported that never reached us", {
      telephony_account_id: run.seen.account.id,
      provider_call_id: call.provider_call_id,
    });
  }
  return null;
}

type Swept = Pick<SweepRow, "read_through_at" | "next_at" | "imported">;

async function noteSweep({ services, seen }: Run, swept: Swept): Promise<void> {
  const { id: telephony_account_id, network_id } = seen.account;
  const { db } = services.network(network_id);
  const swept_at = services.clock.now();
  await write(
    db,
    saveSweep(db, { telephony_account_id, network_id, ...swept, swept_at, failures: 0, failure: null }),
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
