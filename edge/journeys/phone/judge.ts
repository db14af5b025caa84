import type { Services } from "../../services.ts";
import { settleCall } from "../settle.ts";
import { tellSoon } from "../webhooks/run.ts";

import { followTargets } from "./after-report.ts";
import type { Recorded } from "./record.ts";

/**
 * Follows what a report says of the targets, and has the call judged once the end of its dialled leg is known, or that
 * it has none: before, nothing may be booked. A report that comes again has it judged again too, which changes nothing
 * unless the first time ended half-way: the events are stored by then, so whoever reports again finishes the work.
 * Whoever wants to know is told afterwards. Throws what D1 throws.
 */
export async function judgeIfReported(services: Services, recorded: Recorded): Promise<void> {
  const { call, folded, judged } = recorded;
  await followTargets(services, recorded);
  if (folded.leg_reported_at !== null) {
    const first = folded.target === null ? "nobody was dialled" : "the end of its leg was reported";
    const reason = judged ? "a report came late" : first;
    await settleCall(services, { network_id: call.network_id, call_id: call.id, reason });
  }
  tellSoon(services, call.network_id);
}
