import type { CallRow } from "../../calls/store.ts";
import type { Services } from "../../services.ts";
import { settleCall } from "../settle.ts";
import { accountOfRow } from "./owner.ts";
import { callIdOr, recordEvents } from "./record.ts";

/**
 * Closes a call whose end was never reported: it is said to have failed, and every later report of the provider
 * outranks that. Nothing is booked by it, for money waits for the dialled leg's own report. Throws when the call is
 * being changed by too many at once.
 */
export async function closeLostCall(services: Services, row: CallRow): Promise<void> {
  const { id, network_id, provider_call_id } = row;
  const recorded = await recordEvents(services, {
    account: accountOfRow(row),
    provider_call_id,
    parties: null,
    events: [
      {
        event_key: `lost/${id}`,
        received_at: services.clock.now(),
        provider_at: null,
        kind: "progress",
        status: "failed",
        duration_s: null,
      },
    ],
    call_id: callIdOr(services, id),
    candidates: null,
  });
  if (!recorded.ok) throw new Error(`a lost call was not closed: ${recorded.error.kind}`);
  await settleCall(services, { network_id, call_id: id, reason: "its end was never reported" });
}
