import { type CallId, isId } from "../../../shared/id.ts";
import { DAY_MS, SECOND_MS } from "../../../shared/instant.ts";
import type { CallEvent } from "../../calls/model/event.ts";
import { within } from "../../platform/deadline.ts";
import { errorFields } from "../../platform/log.ts";
import type { AccountPlan } from "../../routing/model/plan.ts";
import type { Services } from "../../services.ts";
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
};

/** A journal entry as it is kept. */
export type Journaled = { key: string; news: News };

/** Far longer than any outage; an entry that nobody could replay is not kept for ever. */
const KEPT_S = (30 * DAY_MS) / SECOND_MS;

/** Writes news down and waits at most `patience_ms` for it; the write itself goes on after the answer. */
export async function writeDown(services: Services, news: News, patience_ms: number): Promise<void> {
  const written = journal(services, news).catch((error: unknown) => {
    services.log.error("not journaled", { ...errorFields(error), provider_call_id: news.provider_call_id });
  });
  services.later(written);
  await within(patience_ms, written);
}

async function journal(services: Services, news: News): Promise<void> {
  const { account, provider_call_id, call_id, parties, events } = news;
  const [first] = events;
  if (!first) return;
  const { account_id, network_id, provider, self_reported } = account;
  const entry: Entry = {
    format: 1,
    account: { account_id, network_id, provider, self_reported },
    provider_call_id,
    call_id,
    to: parties?.to ?? null,
    from_sealed: parties ? await services.vault.seal(parties.from, call_id) : null,
    events,
  };
  const key = `${prefixOf(account_id, provider_call_id)}${first.event_key}`;
  await services.plans.put(key, JSON.stringify(entry), { expirationTtl: KEPT_S });
}

function prefixOf(account_id: string, provider_call_id: string): string {
  return `blind/${account_id}/${provider_call_id}/`;
}

/** The entries of one call, or the first `limit` of all accounts. */
export async function readJournal(
  services: Services,
  of: { account_id: string; provider_call_id: string } | "all",
  limit: number,
): Promise<Journaled[]> {
  const prefix = of === "all" ? "blind/" : prefixOf(of.account_id, of.provider_call_id);
  const { keys } = await services.plans.list({ prefix, limit });
  const entries = await Promise.all(keys.map(({ name }) => readEntry(services, name)));
  return entries.filter((entry) => entry !== null);
}

export async function forgetEntry(services: Services, key: string): Promise<void> {
  await services.plans.delete(key);
}

async function readEntry(services: Services, key: string): Promise<Journaled | null> {
  const text = await services.plans.get(key);
  if (text === null) return null;
  const { account, provider_call_id, call_id, to, from_sealed, events } = JSON.parse(text) as Entry;
  if (!isId("call", call_id)) return null;
  const from = from_sealed === null ? "" : await services.vault.open(from_sealed, call_id);
  // The secrets are not needed to replay: what is in the journal was verified when it came.
  const whole = { ...account, auth_token_sealed: "", next_auth_token_sealed: null };
  const parties = to === null ? null : { from, to };
  return { key, news: { account: whole, provider_call_id, parties, events, call_id, candidates: null } };
}
