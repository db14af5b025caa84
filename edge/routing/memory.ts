import { type Instant, SECOND_MS } from "../../shared/instant.ts";
import type { AccountPlan, NumberPlan } from "./model/plan.ts";

/**
 * What this isolate has read lately: the last resort when the database is silent, and for accounts a short cut.
 * Bounded; the oldest entry goes first.
 */
type Remembered<T> = { value: T; at: Instant };

const ENTRIES_MAX = 5_000;
/** A changed secret counts after this long at the latest; a new one at once, for a refusal reads again. */
const ACCOUNT_FRESH_MS = 5 * SECOND_MS;
/** A pause holds for calls that start 2 s later, so what an isolate has read is preferred to KV for less than that. */
const PLAN_FRESH_MS = SECOND_MS;

const PLAN_RECENT_MS = SECOND_MS;

const accounts = new Map<string, Remembered<AccountPlan>>();
const plans = new Map<string, Remembered<NumberPlan>>();

function remember<T>(memory: Map<string, Remembered<T>>, key: string, value: T, at: Instant): void {
  memory.delete(key);
  memory.set(key, { value, at });
  const oldest = memory.keys().next();
  if (memory.size > ENTRIES_MAX && !oldest.done) memory.delete(oldest.value);
}

function isYounger(entry: Remembered<unknown>, now: Instant, age_ms: number): boolean {
  return Math.abs(now - entry.at) <= age_ms;
}

export function rememberAccount(account: AccountPlan, now: Instant): void {
  remember(accounts, account.account_id, account, now);
}

/** What is remembered of an account, and whether it may be used without asking. */
export function rememberedAccount(
  account_id: string,
  now: Instant,
): { account: AccountPlan; fresh: boolean } | null {
  const entry = accounts.get(account_id);
  return entry ? { account: entry.value, fresh: isYounger(entry, now, ACCOUNT_FRESH_MS) } : null;
}

/** Answers whether this was news to the isolate. */
export function rememberPlan(plan: NumberPlan, now: Instant): boolean {
  const key = `${plan.account_id}/${plan.number.e164}`;
  const known = plans.get(key);
  remember(plans, key, plan, now);
  return known === undefined || JSON.stringify(known.value) !== JSON.stringify(plan);
}

/** What is remembered of a number, and whether it is so young that KV need not be asked. */
export function rememberedPlan(
  account_id: string,
  e164: string,
  now: Instant,
): { plan: NumberPlan; fresh: boolean } | null {
  const entry = plans.get(`${account_id}/${e164}`);
  return entry ? { plan: entry.value, fresh: isYounger(entry, now, PLAN_FRESH_MS) } : null;
}

/** What was read of a number a moment ago: no older than a pause may take to be heeded (2 s), and half of that. */
export function recentPlan(account_id: string, e164: string, now: Instant): NumberPlan | null {
  const entry = plans.get(`${account_id}/${e164}`);
  return entry && isYounger(entry, now, PLAN_RECENT_MS) ? entry.value : null;
}

/** Forgets everything: for tests, and for whoever changed something this isolate may have read. */
export function forgetPlans(): void {
  accounts.clear();
  plans.clear();
}
