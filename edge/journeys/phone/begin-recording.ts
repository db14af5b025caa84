import type { CallEvent } from "../../calls/model/event.ts";
import { readHistory } from "../../calls/store.ts";
import { errorFields } from "../../platform/log.ts";
import type { AccountPlan } from "../../routing/model/plan.ts";
import type { Services } from "../../services.ts";
import { apiOfAccount } from "./account-api.ts";
import { callIdOr, recordEvents } from "./record.ts";

/** A leg that was joined with its caller, on a call that is to be recorded from then on. */
export type Joined = { provider_call_id: string; leg_id: string | null };

/**
 * Has the provider record both sides from now on, where its own documents would begin before the agent was told. Asked
 * once for each leg, and for none while an earlier agent's recording runs: it is of the caller's leg, to its end. Nobody
 * waits for it. Whatever fails, the call goes on unrecorded, which its history and the log
 * say: nothing is recorded of a side that may not have been told. Never throws.
 */
export async function beginRecording(
  services: Services,
  account: AccountPlan,
  joined: Joined,
): Promise<void> {
  const { provider_call_id, leg_id } = joined;
  try {
    const { db } = services.network(account.network_id);
    const history = await readHistory(db, account.account_id, provider_call_id);
    const event_key = `${provider_call_id}:recording:${leg_id ?? ""}`;
    if (!history || history.events.some((event) => event.event_key === event_key)) return;
    if (isRecording(history.events)) return;
    const failure = wasTold(history.events, leg_id)
      ? await ask(services, account, provider_call_id)
      : "the agent may not have been told";
    if (failure !== null) services.log.error("recording not begun", { provider_call_id, failure });
    const event: CallEvent = {
      event_key,
      received_at: services.clock.now(),
      provider_at: null,
      kind: "recording",
      leg_id,
      is_on: failure === null,
      failure,
    };
    const call_id = callIdOr(services, history.row.id);
    await recordEvents(services, {
      account,
      provider_call_id,
      parties: null,
      events: [event],
      call_id,
      candidates: null,
    });
  } catch (error) {
    services.log.error("recording not begun", { provider_call_id, ...errorFields(error) });
  }
}

/** True when a recording was begun and has not been reported as ready since. */
function isRecording(events: readonly CallEvent[]): boolean {
  const begun = events.findLast((event) => event.kind === "recording" && event.is_on);
  if (!begun) return false;
  return !events.some(
    (event) => event.kind === "recorded" && event.of === "call" && event.received_at >= begun.received_at,
  );
}

/**
 * True when this agent's phone has fetched the notice. One whose requests name no leg is taken for the one that was told
 * since the last phones were rung.
 */
function wasTold(events: readonly CallEvent[], leg_id: string | null): boolean {
  const rung_at = events.findLast(({ kind }) => kind === "instructed")?.received_at ?? 0;
  return events.some(
    (event) =>
      event.kind === "announced" &&
      event.received_at >= rung_at &&
      (event.leg_id === null || leg_id === null || event.leg_id === leg_id),
  );
}

/** Null when the recording has begun, else why not. */
async function ask(
  services: Services,
  account: AccountPlan,
  provider_call_id: string,
): Promise<string | null> {
  const api = await apiOfAccount(services, account);
  if (!api) return "the account's API cannot be asked";
  const callback = `${services.config.public_url}/v1/telephony/${account.account_id}/recording`;
  const begun = await api.startRecording(provider_call_id, callback);
  return begun.ok ? null : begun.error.kind;
}
