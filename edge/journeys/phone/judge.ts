import type { Services } from "../../services.ts";
import { settleCall } from "../settle.ts";
import type { Recorded } from "./record.ts";

/**
 * Has a call judged once the end of its dialled leg is known: before, nothing may be booked. A call that is judged
 * already is judged again only by news. Throws what D1 throws: the events are stored by then, so whoever reports
 * again finishes the work.
 */
export async function judgeIfReported(services: Services, recorded: Recorded): Promise<void> {
  const { call, folded, changed, judged } = recorded;
  const isOurs = call.campaign_id !== null && call.campaign_id !== undefined;
  if (folded.leg_reported_at === null || !isOurs || (judged && !changed)) return;
  const reason = judged ? "a report came late" : "first";
  await settleCall(services, { network_id: call.network_id, call_id: call.id, reason });
}
