import { admittedCalls } from "../calls/admitted.ts";
import { write } from "../platform/db.ts";
import { errorFields } from "../platform/log.ts";
import { businessClock } from "../routing/model/business-clock.ts";
import { takesSlots } from "../routing/model/gates.ts";
import { hasSlots, takeEarlierSlots } from "../routing/slots-store.ts";
import { readCampaignPlan, readEnrollmentPlan } from "../routing/store.ts";
import type { Services } from "../services.ts";

/** No month is longer, whatever its clock does. */
const MONTH_MS_MAX = 32 * 86_400_000;
/** Calls counted at once, and in all: a cap above that has no use for them. */
const PAGE = 1_000;
const PAGES_MAX = 20;

/** Whose caps: a campaign's terms, or those of one publisher's enrollment in it. */
export type Capped = { campaign_id: string; publisher_id: string | null };

/**
 * A version with caps was made where none was before: the month's calls that were let in so far take their slots
 * afterwards, so that a cap that is set at noon or in mid-month knows the time before. Done again it changes nothing.
 * A failure is logged: then the cap counts from now on.
 */
export async function countEarlierCalls(services: Services, network_id: string, of: Capped): Promise<void> {
  try {
    await count(services, network_id, of);
  } catch (error) {
    services.log.error("earlier calls not counted", { campaign_id: of.campaign_id, ...errorFields(error) });
  }
}

async function count(services: Services, network_id: string, of: Capped): Promise<void> {
  const { db } = services.network(network_id);
  const { campaign_id, publisher_id } = of;
  const [plan, enrollment] = await Promise.all([
    readCampaignPlan(db, network_id, campaign_id),
    publisher_id === null ? null : readEnrollmentPlan(db, campaign_id, publisher_id),
  ]);
  if (!plan) return;
  const kind = publisher_id === null ? "campaign" : "enrollment";
  const scope_id = publisher_id === null ? campaign_id : enrollment?.id;
  if (scope_id === undefined || !takesSlots(plan.campaign, enrollment, kind)) return;
  if (await hasSlots(db, scope_id)) return;

  const { timezone } = plan.campaign;
  const now = services.clock.now();
  const { month } = businessClock(timezone, now);
  let after = { started_at: now - MONTH_MS_MAX, id: "" };
  for (let page = 0; page < PAGES_MAX; page++) {
    const calls = await admittedCalls(db, { network_id, campaign_id, publisher_id }, after, PAGE);
    const counted = calls.flatMap(({ id: call_id, started_at: taken_at, is_open }) => {
      const { hour_at, day, month: its_month } = businessClock(timezone, taken_at);
      return its_month === month ? [{ call_id, taken_at, hour_at, day, month, is_open }] : [];
    });
    await write(db, ...takeEarlierSlots(db, { network_id, campaign_id, scope_id, kind }, counted));
    const last = calls.at(-1);
    if (!last || calls.length < PAGE) return;
    after = last;
  }
}
