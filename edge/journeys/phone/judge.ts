import { hasSnapshot, insertSnapshot } from "../../calls/store.ts";
import { write } from "../../platform/db.ts";
import { readPlanAt } from "../../routing/store.ts";
import type { Services } from "../../services.ts";
import { settleCall } from "../settle.ts";
import { askCandidates } from "./candidates.ts";
import type { Recorded } from "./record.ts";

/**
 * Has a call judged once the end of its dialled leg is known: before, nothing may be booked. A call that is judged
 * already is judged again only by news. Throws when the pool or D1 fails: the events are stored, so whoever
 * reports again finishes the work.
 */
export async function judgeIfReported(services: Services, recorded: Recorded): Promise<void> {
  const { call, folded, changed, judged } = recorded;
  const isOurs = call.campaign_id !== null && call.campaign_id !== undefined;
  if (folded.leg_reported_at === null || !isOurs || (judged && !changed)) return;
  await ensureCandidates(services, recorded);
  const reason = judged ? "a report came late" : "first";
  await settleCall(services, { network_id: call.network_id, call_id: call.id, reason });
}

/** Asks the pool after the fact, as of the call's start, when it was not asked at the ring; the snapshot says so. */
async function ensureCandidates(services: Services, { call, folded }: Recorded): Promise<void> {
  const { id: call_id, network_id, telephony_account_id, to_e164 } = call;
  const { db } = services.network(network_id);
  if (!call.pool_id || (await hasSnapshot(db, call_id))) return;
  const at = folded.started_at;
  const plan = await readPlanAt(db, telephony_account_id, to_e164, at);
  const frozen =
    plan && (await askCandidates(services, { plan, caller_region: call.from_region ?? null, at }));
  if (!frozen) return;
  const { snapshot, sessions } = frozen;
  const taken_at = services.clock.now();
  await write(
    db,
    insertSnapshot(db, { call_id, network_id, taken_at, asked_later: true, snapshot, sessions }),
  );
}
