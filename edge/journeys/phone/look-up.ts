import type { Instant } from "../../../shared/instant.ts";
import { callerNumber } from "../../calls/model/caller.ts";
import { historyOf, selectCall, selectEvents } from "../../calls/store.ts";
import { before, type Deadline, within } from "../../platform/deadline.ts";
import { errorFields } from "../../platform/log.ts";
import { readCallerType } from "../../routing/caller-types.ts";
import { recentPlan, rememberedPlan, rememberPlan } from "../../routing/memory.ts";
import { isDecidedByPlan } from "../../routing/model/alone.ts";
import type { AccountPlan, NumberPlan } from "../../routing/model/plan.ts";
import { keptPlan, refreshPlans } from "../../routing/plan-store.ts";
import { selectPastCalls } from "../../routing/slots-store.ts";
import { type PlanRow, planOf, selectPlanAt, usageOf } from "../../routing/store.ts";
import type { Services } from "../../services.ts";
import { type Line, rangAt } from "./line.ts";

const COPY_PATIENCE_MS = 150;

/**
 * A line with everything that its answer depends on: from the database in time, else from the copy of the number's plan,
 * without caps and past; null when neither knows the number. The plan is that of the assignment when the call rang.
 */
export async function openLine(services: Services, line: Line, deadline: Deadline): Promise<Line | null> {
  const known = line.visitor.database_is_silent ? null : await lookUp(services, line, deadline);
  return known ?? fromCopy(services, line);
}

/**
 * The line of a ring whose answer follows from a plan that was read a second ago at most: a number that rings often is
 * read once a second, not at every ring. Whether it is still the number's is seen when the ring is stored. Null when
 * the database has to be asked.
 */
export function recallLine({ visitor, parties, at, ...ring }: Line): Line | null {
  const plan = visitor.database_is_silent ? null : recentPlan(visitor.account.account_id, parties.to, at);
  if (!plan || !isDecidedByPlan(plan)) return null;
  return { ...ring, visitor, parties, at, plan, usage: new Map(), is_recalled: true };
}

async function lookUp(services: Services, ring: Line, deadline: Deadline): Promise<Line | null> {
  const outcome = await before(deadline, readLine(services, ring));
  if (outcome.kind === "failed") services.log.error("number not read", errorFields(outcome.error));
  if (outcome.kind !== "done") return null;
  const { plan } = outcome.value;
  const { account } = ring.visitor;
  // A call may have rung before its number was moved or retired: nobody else is led by what the number was then.
  if (plan && isInForce(plan, ring.at) && rememberPlan(plan, ring.at))
    services.later(refreshCopies(services, account, plan));
  return outcome.value;
}

function isInForce({ assignment: { to_at } }: NumberPlan, at: Instant): boolean {
  return to_at === null || at < to_at;
}

/**
 * The plan of the number with what its caps have used, the call, should it be known already, and the caller's past.
 */
async function readLine(services: Services, ring: Line): Promise<Line> {
  const { account } = ring.visitor;
  const { account_id, network_id } = account;
  const { db } = services.network(network_id);
  const { provider_call_id, parties } = ring;
  const caller = callerNumber(parties.from);
  const plan = selectPlanAt(db, account_id, parties.to, rangAt(ring));
  const call = selectCall(db, account_id, provider_call_id);
  const events = selectEvents(db, account_id, provider_call_id);
  if (caller === null) {
    const [plans, calls, told] = await db.batch([plan, call, events]);
    return { ...ring, ...planned(plans[0]), history: historyOf(calls[0], told) };
  }
  const hash = await services.vault.fingerprint(caller, network_id);
  const [plans, calls, told, past] = await db.batch([
    plan,
    call,
    events,
    selectPastCalls(db, network_id, hash),
  ]);
  const line = { ...ring, ...planned(plans[0]), history: historyOf(calls[0], told), past };
  if (!line.plan?.campaign.routing.look_up_callers) return line;
  return { ...line, looked_up: await readCallerType(db, network_id, hash) };
}

function planned(row: PlanRow | undefined): Pick<Line, "plan" | "usage"> {
  return row ? { plan: planOf(row), usage: usageOf(row) } : { plan: null, usage: new Map() };
}

/** What this isolate had not read before may be missing in KV, too. */
async function refreshCopies(services: Services, account: AccountPlan, plan: NumberPlan): Promise<void> {
  await refreshPlans(services.plans, account, plan).catch((error: unknown) => {
    services.log.error("copies not refreshed", errorFields(error));
  });
}

/** Without the database: the plan as this isolate read it a moment ago, else as KV has it, else whatever is remembered. */
async function fromCopy(services: Services, ring: Line): Promise<Line | null> {
  const { account_id } = ring.visitor.account;
  const { to } = ring.parties;
  const remembered = rememberedPlan(account_id, to, ring.at);
  if (remembered?.fresh) return { ...ring, plan: remembered.plan };
  const copy = await within(COPY_PATIENCE_MS, keptPlan(services.plans, account_id, to));
  const plan = (copy.kind === "done" ? copy.value : null) ?? remembered?.plan ?? null;
  return plan && { ...ring, plan };
}
