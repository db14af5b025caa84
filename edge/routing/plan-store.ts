import type { KVNamespace } from "@cloudflare/workers-types";
import type { Db } from "../platform/db.ts";
import { forgetPlans } from "./memory.ts";
import type { AccountPlan, CampaignPart, EnrollmentPart, NumberPart, NumberPlan } from "./model/plan.ts";
import {
  accountsOfNetwork,
  addressesOfNumbers,
  plansOfNetwork,
  plansOfNumbers,
  readAccount,
  readCampaignPlan,
  readEnrollmentPlan,
} from "./store.ts";

export { forgetPlans } from "./memory.ts";

/**
 * Copies of the plans in KV, from which calls are answered while the database is silent. Whoever changes an account,
 * a number or a campaign calls one of the `write…` functions after the change is committed; `repairPlans` finds
 * what was missed. The database stays the record: a copy is never read while it answers.
 *
 *   account/{account}        AccountPlan (secrets sealed)
 *   plan/{account}/{e164}    NumberPart
 *   campaign/{campaign}      CampaignPart
 *   enrollment/{campaign}/{publisher}  EnrollmentPart
 *   repair/{network}         the last number key that a repair has looked at
 */
const FORMAT = 3;

/** Cloudflare allows 1,000 KV operations in one invocation; what is left over is upkeep's to repair. */
const WRITES_MAX = 900;
const AT_ONCE = 50;
/** Small, for upkeep runs every minute and reads of KV are paid for. */
const REPAIR_PAGE = 50;

const accountKey = (account_id: string) => `account/${account_id}`;
const planKey = (account_id: string, e164: string) => `plan/${account_id}/${e164}`;
const campaignKey = (campaign_id: string) => `campaign/${campaign_id}`;
const enrollmentKey = (campaign_id: string, publisher_id: string) =>
  `enrollment/${campaign_id}/${publisher_id}`;
const repairKey = (network_id: string) => `repair/${network_id}`;

type Entry = { key: string; text: string };

const entry = (key: string, value: unknown): Entry => ({
  key,
  text: JSON.stringify({ format: FORMAT, value }),
});
const accountEntry = (account: AccountPlan) => entry(accountKey(account.account_id), account);
const campaignEntry = (campaign: CampaignPart) => entry(campaignKey(campaign.id), campaign);
const numberEntry = ({ campaign: _, enrollment: __, ...part }: NumberPlan) =>
  entry(planKey(part.account_id, part.number.e164), part);
/** None for a number that proves no publisher. */
const enrollmentEntries = ({ assignment, enrollment }: NumberPlan): Entry[] =>
  enrollment && assignment.publisher_id !== null
    ? [entry(enrollmentKey(assignment.campaign_id, assignment.publisher_id), enrollment)]
    : [];

/** The copy of an account, or null. */
export async function keptAccount(kv: KVNamespace, account_id: string): Promise<AccountPlan | null> {
  return (await kept(kv, accountKey(account_id))) as AccountPlan | null;
}

/** The copy of a number's plan, or null when a part of it is missing. */
export async function keptPlan(
  kv: KVNamespace,
  account_id: string,
  e164: string,
): Promise<NumberPlan | null> {
  const part = (await kept(kv, planKey(account_id, e164))) as NumberPart | null;
  if (!part) return null;
  const { campaign_id, publisher_id } = part.assignment;
  const [campaign, enrollment] = await Promise.all([
    keptCampaign(kv, campaign_id),
    publisher_id === null ? null : kept(kv, enrollmentKey(campaign_id, publisher_id)),
  ]);
  return campaign && { ...part, campaign, enrollment: enrollment as EnrollmentPart | null };
}

/** The copy of what a campaign's numbers share, or null. */
export async function keptCampaign(kv: KVNamespace, campaign_id: string): Promise<CampaignPart | null> {
  return (await kept(kv, campaignKey(campaign_id))) as CampaignPart | null;
}

/** An entry of another format was written by another version of the Worker: as good as none. */
async function kept(kv: KVNamespace, key: string): Promise<unknown> {
  const text = await kv.get(key);
  if (text === null) return null;
  const { format, value } = JSON.parse(text) as { format: number; value: unknown };
  return format === FORMAT ? value : null;
}

/** Rewrites the copy of an account, or drops it when the account is retired. */
export async function writeAccount(db: Db, kv: KVNamespace, account_id: string): Promise<void> {
  forgetPlans();
  const account = await readAccount(db, account_id);
  if (!account) return kv.delete(accountKey(account_id));
  const { key, text } = accountEntry(account);
  await kv.put(key, text);
}

/** Rewrites what a campaign's numbers share: targets, terms, a pause. One write, however many numbers it has. */
export async function writePlansOfCampaign(
  db: Db,
  kv: KVNamespace,
  network_id: string,
  campaign_id: string,
): Promise<void> {
  forgetPlans();
  const plan = await readCampaignPlan(db, network_id, campaign_id);
  if (!plan) return kv.delete(campaignKey(campaign_id));
  const { key, text } = campaignEntry(plan.campaign);
  await kv.put(key, text);
}

/** Rewrites what all numbers share that prove a publisher in a campaign. */
export async function writePlanOfEnrollment(
  db: Db,
  kv: KVNamespace,
  campaign_id: string,
  publisher_id: string,
): Promise<void> {
  forgetPlans();
  const enrollment = await readEnrollmentPlan(db, campaign_id, publisher_id);
  const key = enrollmentKey(campaign_id, publisher_id);
  if (!enrollment) return kv.delete(key);
  await kv.put(key, entry(key, enrollment).text);
}

/** Rewrites the copies of numbers by their keys, and drops those of numbers that are out of use. */
export async function writePlansOfNumbers(
  db: Db,
  kv: KVNamespace,
  number_keys: readonly number[],
): Promise<void> {
  forgetPlans();
  const plans = await plansOfNumbers(db, number_keys);
  const entries = [...entriesOf(plans), ...plans.map(numberEntry)].slice(0, WRITES_MAX);
  await inTurns(entries, ({ key, text }) => kv.put(key, text));

  const inUse = new Set(plans.map((plan) => planKey(plan.account_id, plan.number.e164)));
  const addresses = await addressesOfNumbers(db, number_keys);
  const unused = addresses
    .map(({ account_id, e164 }) => planKey(account_id, e164))
    .filter((key) => !inUse.has(key));
  await inTurns(unused.slice(0, WRITES_MAX - entries.length), (key) => kv.delete(key));
}

/** Rewrites the copies behind one plan that was just read, where they differ. */
export async function refreshPlans(
  kv: KVNamespace,
  account: AccountPlan,
  plan: NumberPlan | null,
): Promise<void> {
  const entries = plan ? [campaignEntry(plan.campaign), ...enrollmentEntries(plan), numberEntry(plan)] : [];
  await inTurns([accountEntry(account), ...entries], (one) => putIfOther(kv, one));
}

export type Repair = { checked: number; rewritten: number };

/** Compares the next page of a network's copies with the database and rewrites those that differ. */
export async function repairPlans(db: Db, kv: KVNamespace, network_id: string): Promise<Repair> {
  const after = Number((await kv.get(repairKey(network_id))) ?? "0");
  const plans = await plansOfNetwork(db, network_id, Number.isSafeInteger(after) ? after : 0, REPAIR_PAGE);
  const accounts = await accountsOfNetwork(db, network_id);
  const entries = [...accounts.map(accountEntry), ...entriesOf(plans), ...plans.map(numberEntry)];
  const rewritten = await inTurns(entries.slice(0, WRITES_MAX / 2), (one) => putIfOther(kv, one));
  // From the top again once the end is reached.
  const last = plans.length < REPAIR_PAGE ? 0 : (plans.at(-1)?.number.key ?? 0);
  if (last !== after) await kv.put(repairKey(network_id), String(last));
  return { checked: entries.length, rewritten: rewritten.filter(Boolean).length };
}

/** The campaigns and enrollments of these plans, each once. */
function entriesOf(plans: readonly NumberPlan[]): Entry[] {
  const campaigns = new Map(plans.map((plan) => [plan.campaign.id, plan.campaign]));
  const enrollments = new Map(plans.flatMap(enrollmentEntries).map((one) => [one.key, one]));
  return [...Array.from(campaigns.values(), campaignEntry), ...enrollments.values()];
}

/** Reading costs a tenth of writing. Answers whether it wrote. */
async function putIfOther(kv: KVNamespace, { key, text }: Entry): Promise<boolean> {
  if ((await kv.get(key)) === text) return false;
  await kv.put(key, text);
  return true;
}

async function inTurns<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const done: R[] = [];
  for (let start = 0; start < items.length; start += AT_ONCE) {
    done.push(...(await Promise.all(items.slice(start, start + AT_ONCE).map(work))));
  }
  return done;
}
