import { PROVIDERS } from "../../../shared/api/inventory.ts";
import { assert } from "../../../shared/assert.ts";
import type { Instant } from "../../../shared/instant.ts";
import type { CallOwner } from "../../calls/corrections.ts";
import { callerNumber } from "../../calls/model/caller.ts";
import type { CallRow } from "../../calls/store.ts";
import type { AccountPlan, NumberPlan } from "../../routing/model/plan.ts";
import { readPlanAt } from "../../routing/store.ts";
import type { Services } from "../../services.ts";
import type { Parties } from "../../telephony/port.ts";

/** What a call's row says of whose call it is. */
export function ownerOfRow(row: CallRow): CallOwner {
  const { number_key, campaign_id, advertiser_id, pool_id, label, currency, is_test, is_honeypot } = row;
  const { sub1, sub2, sub3, sub4, sub5 } = row;
  return {
    number_key,
    campaign_id,
    advertiser_id,
    pool_id,
    label,
    sub1,
    sub2,
    sub3,
    sub4,
    sub5,
    currency,
    is_test,
    is_honeypot,
  };
}

/** The account of a call, for what no webhook told of: no secret is needed then. It may be retired by now. */
export function accountOfRow(row: CallRow): AccountPlan {
  const provider = PROVIDERS.find((name) => name === row.provider);
  assert(provider, "a call has a provider");
  return {
    account_id: row.telephony_account_id,
    network_id: row.network_id,
    provider,
    auth_token_sealed: "",
    next_auth_token_sealed: null,
    self_reported: row.self_reported,
  };
}

/** Both ends of a call, as they were stored at its ring; a hidden caller's is empty. */
export async function partiesOfRow(
  services: Services,
  { id, from_sealed, to_e164 }: Pick<CallRow, "id" | "from_sealed" | "to_e164">,
): Promise<Parties> {
  return { from: from_sealed === null ? "" : await services.vault.open(from_sealed, id), to: to_e164 };
}

type Whose = { to: string; at: Instant; planAtHand: NumberPlan | null; row: CallRow | null };

/** Whose call it is: the number's assignment at its start decides. Nobody's when the account has no such number. */
export async function ownerAt(
  services: Services,
  { account, parties }: { account: AccountPlan; parties: Parties | null },
  whose: Whose,
): Promise<CallOwner> {
  const { to, at, planAtHand, row } = whose;
  const { db } = services.network(account.network_id);
  const plan = planAtHand ?? (await readPlanAt(db, account.account_id, to, at));
  const owner = plan ? ownerOfPlan(plan) : NOBODY;
  return { ...owner, is_test: isTest(plan, parties) ?? row?.is_test ?? false };
}

const NOBODY: Omit<CallOwner, "is_test"> = {
  number_key: null,
  campaign_id: null,
  advertiser_id: null,
  pool_id: null,
  label: null,
  sub1: null,
  sub2: null,
  sub3: null,
  sub4: null,
  sub5: null,
  currency: null,
  is_honeypot: false,
};

/** What a call's row repeats of its number's plan. */
export function ownerOfPlan({ number, assignment, campaign, pool }: NumberPlan): Omit<CallOwner, "is_test"> {
  const { sub1, sub2, sub3, sub4, sub5 } = number.subs;
  return {
    number_key: number.key,
    campaign_id: campaign.id,
    advertiser_id: campaign.advertiser_id,
    pool_id: pool?.pool_id ?? null,
    label: number.label,
    sub1,
    sub2,
    sub3,
    sub4,
    sub5,
    currency: campaign.currency,
    is_honeypot: assignment.is_honeypot,
  };
}

/** Whether the caller is one of the campaign's test callers; null when the report does not say who called. */
export function isTest(plan: NumberPlan | null, parties: Parties | null): boolean | null {
  if (!parties) return null;
  const from = callerNumber(parties.from);
  return from !== null && (plan?.campaign.test_callers.includes(from) ?? false);
}
