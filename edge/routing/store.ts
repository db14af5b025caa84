import { and, asc, desc, eq, exists, gt, inArray, isNull, lte, or, type SQL } from "drizzle-orm";
import { ROUTING_DEFAULTS } from "../../shared/api/routing.ts";
import { given } from "../../shared/given.ts";
import type { Instant } from "../../shared/instant.ts";
import type { Db } from "../platform/db.ts";
import { prepared } from "../platform/prepared.ts";
import type { AccountPlan, CampaignPart, EnrollmentPart, NumberPlan } from "./model/plan.ts";
import type { Usage } from "./model/usage.ts";
import { accountPlans, campaignPlans, enrollmentPlans, numberPlans } from "./tables.ts";

export type PlanRow = typeof numberPlans.$inferSelect;
type CampaignPlanRow = typeof campaignPlans.$inferSelect;

/** How many keys one statement names; D1 binds at most 100 values. */
const KEYS_PER_STATEMENT = 90;

type PlanAt = { account_id: string; e164: string; at: Instant };
const planAt = prepared(["account_id", "e164", "at"], (db, { account_id, e164, at }: PlanAt) =>
  db
    .select()
    .from(numberPlans)
    .where(
      and(
        eq(numberPlans.telephony_account_id, account_id),
        eq(numberPlans.e164, e164),
        lte(numberPlans.from_at, at),
        or(isNull(numberPlans.to_at), gt(numberPlans.to_at, at)),
      ),
    )
    .orderBy(desc(numberPlans.number_key))
    .limit(1),
);

/**
 * The plan of an account's number with the assignment that was in force at `at`: at most one row, for `planOf`.
 * Un-awaited, so that it can share a round trip.
 */
export function selectPlanAt(db: Db, account_id: string, e164: string, at: Instant) {
  return planAt(db, { account_id, e164, at });
}

export type Assigned = { account_id: string; e164: string; from_at: Instant; at: Instant };

/** That at `at` the account's number was in the assignment that began at `from_at`. */
export function isAssigned(db: Db, { account_id, e164, from_at, at }: Assigned): SQL {
  return exists(
    db
      .select({ number_key: numberPlans.number_key })
      .from(numberPlans)
      .where(
        and(
          eq(numberPlans.telephony_account_id, account_id),
          eq(numberPlans.e164, e164),
          eq(numberPlans.from_at, from_at),
          or(isNull(numberPlans.to_at), gt(numberPlans.to_at, at)),
        ),
      ),
  );
}

export async function readPlanAt(
  db: Db,
  account_id: string,
  e164: string,
  at: Instant,
): Promise<NumberPlan | null> {
  const [[row]] = await db.batch([selectPlanAt(db, account_id, e164, at)]);
  return row ? planOf(row) : null;
}

/** The plan of a network's number as it was or will be at a moment, and how much of its caps is used now. */
export async function readPlanOfNumber(
  db: Db,
  network_id: string,
  e164: string,
  at: Instant,
): Promise<{ plan: NumberPlan; usage: Usage } | null> {
  const [row] = await db
    .select()
    .from(numberPlans)
    .where(
      and(
        eq(numberPlans.network_id, network_id),
        eq(numberPlans.e164, e164),
        lte(numberPlans.from_at, at),
        or(isNull(numberPlans.to_at), gt(numberPlans.to_at, at)),
      ),
    )
    .orderBy(desc(numberPlans.number_key))
    .limit(1);
  return row ? { plan: planOf(row), usage: usageOf(row) } : null;
}

/** An account that is not retired. */
export async function readAccount(db: Db, account_id: string): Promise<AccountPlan | null> {
  const [row] = await db
    .select()
    .from(accountPlans)
    .where(and(eq(accountPlans.account_id, account_id), isNull(accountPlans.retired_at)))
    .limit(1);
  if (!row) return null;
  const { retired_at: _, ...account } = row;
  return account;
}

/** The plans in force of these numbers. Numbers out of use have none. */
export async function plansOfNumbers(db: Db, number_keys: readonly number[]): Promise<NumberPlan[]> {
  const plans: NumberPlan[] = [];
  for (let start = 0; start < number_keys.length; start += KEYS_PER_STATEMENT) {
    const keys = number_keys.slice(start, start + KEYS_PER_STATEMENT);
    const rows = await db
      .select()
      .from(numberPlans)
      .where(and(inArray(numberPlans.number_key, keys), inForce()));
    plans.push(...rows.map(planOf));
  }
  return plans;
}

/** The plans in force of a network, a page at a time, by number key. */
export async function plansOfNetwork(
  db: Db,
  network_id: string,
  after: number,
  limit: number,
): Promise<NumberPlan[]> {
  const rows = await db
    .select()
    .from(numberPlans)
    .where(and(eq(numberPlans.network_id, network_id), gt(numberPlans.number_key, after), inForce()))
    .orderBy(asc(numberPlans.number_key))
    .limit(limit);
  return rows.map(planOf);
}

/** What a campaign's numbers share, and how much of its caps is used; null when the network has no such campaign. */
export async function readCampaignPlan(
  db: Db,
  network_id: string,
  campaign_id: string,
): Promise<{ campaign: CampaignPart; usage: Usage } | null> {
  const [row] = await db
    .select()
    .from(campaignPlans)
    .where(and(eq(campaignPlans.campaign_id, campaign_id), eq(campaignPlans.network_id, network_id)))
    .limit(1);
  return row ? { campaign: campaignOf(row), usage: usageOf(row) } : null;
}

/** A publisher's enrollment in a campaign, as its numbers' plans have it. */
export async function readEnrollmentPlan(
  db: Db,
  campaign_id: string,
  publisher_id: string,
): Promise<EnrollmentPart | null> {
  const [row] = await db
    .select()
    .from(enrollmentPlans)
    .where(and(eq(enrollmentPlans.campaign_id, campaign_id), eq(enrollmentPlans.publisher_id, publisher_id)))
    .limit(1);
  if (!row) return null;
  const { enrollment_id: id, paused_at, resume_at, versions } = row;
  return { id, paused_at, resume_at, versions };
}

export async function accountsOfNetwork(db: Db, network_id: string): Promise<AccountPlan[]> {
  const rows = await db
    .select()
    .from(accountPlans)
    .where(and(eq(accountPlans.network_id, network_id), isNull(accountPlans.retired_at)));
  return rows.map(({ retired_at: _, ...account }) => account);
}

/** Where these numbers are kept, in use or not: what has to be forgotten when they are given back. */
export async function addressesOfNumbers(
  db: Db,
  number_keys: readonly number[],
): Promise<{ account_id: string; e164: string }[]> {
  const addresses: { account_id: string; e164: string }[] = [];
  for (let start = 0; start < number_keys.length; start += KEYS_PER_STATEMENT) {
    const keys = number_keys.slice(start, start + KEYS_PER_STATEMENT);
    const rows = await db
      .selectDistinct({ account_id: numberPlans.telephony_account_id, e164: numberPlans.e164 })
      .from(numberPlans)
      .where(inArray(numberPlans.number_key, keys));
    addresses.push(...rows);
  }
  return addresses;
}

function inForce() {
  return and(isNull(numberPlans.to_at), isNull(numberPlans.number_retired_at));
}

export function planOf(row: PlanRow): NumberPlan {
  const { label, sub1, sub2, sub3, sub4, sub5, from_at, to_at, campaign_id, publisher_id, is_honeypot } = row;
  return {
    account_id: row.telephony_account_id,
    network_id: row.network_id,
    number: { key: row.number_key, e164: row.e164, label, subs: { sub1, sub2, sub3, sub4, sub5 } },
    pause: { paused_at: row.number_paused_at, resume_at: row.number_resume_at },
    assignment: { from_at, to_at, campaign_id, publisher_id, is_honeypot },
    pool: poolOf(row),
    enrollment: enrollmentOf(row),
    campaign: campaignOf({ ...row, retired_at: row.campaign_retired_at }),
  };
}

/** How much is used of what has caps in the row's campaign. Not of the plan: it changes with every call. */
export function usageOf({ usage }: Pick<PlanRow, "usage">): Usage {
  return new Map(usage.map((row) => [row.scope_id, row]));
}

function campaignOf(row: CampaignPlanRow): CampaignPart {
  return {
    id: row.campaign_id,
    advertiser_id: row.advertiser_id,
    currency: row.currency,
    timezone: row.timezone,
    destination_number: row.destination_number,
    overflow: row.overflow,
    test_callers: row.test_callers,
    paused_at: row.paused_at,
    resume_at: row.resume_at,
    retired_at: row.retired_at,
    targets: row.targets,
    groups: row.target_groups,
    routing: { ...ROUTING_DEFAULTS, ...given(row.routing ?? {}) },
    call_flow: row.call_flow,
    terms: row.terms,
  };
}

function enrollmentOf(row: PlanRow): EnrollmentPart | null {
  const { enrollment_id, enrollment_paused_at, enrollment_resume_at, enrollment_versions } = row;
  if (enrollment_id === null) return null;
  return {
    id: enrollment_id,
    paused_at: enrollment_paused_at,
    resume_at: enrollment_resume_at,
    versions: enrollment_versions ?? [],
  };
}

/** The columns of a pool come all together or, for a static number, not at all. */
function poolOf(row: PlanRow): NumberPlan["pool"] {
  const { pool_id, pool_key, lease_ttl_s, cooldown_s, late_window_s, assignment_version } = row;
  if (
    pool_id === null ||
    pool_key === null ||
    lease_ttl_s === null ||
    cooldown_s === null ||
    late_window_s === null ||
    assignment_version === null
  ) {
    return null;
  }
  return {
    pool_id,
    pool_key,
    network_id: row.network_id,
    lease_ttl_s,
    cooldown_s,
    late_window_s,
    assignment_version,
  };
}
