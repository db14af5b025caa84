import type { CallFlow } from "../../../shared/api/ivr.ts";
import { DAY_MS, type Instant } from "../../../shared/instant.ts";
import type { CallEvent } from "../../calls/model/event.ts";
import { lastPlainTold } from "../../calls/model/hand-over.ts";
import { isOver, recordingKey } from "../../calls/recordings.ts";
import { type CallHistory, readHistory } from "../../calls/store.ts";
import { callFlowAt } from "../../campaigns/call-flows.ts";
import { findApi, sealedToken } from "../../inventory/telephony-apis.ts";
import { errorFields } from "../../platform/log.ts";
import type { AccountPlan } from "../../routing/model/plan.ts";
import type { Services } from "../../services.ts";
import type { RecordingReport } from "../../telephony/port.ts";
import { recordingSource } from "../../telephony/recording-source.ts";
import { tellSoon } from "../webhooks/run.ts";
import { callIdOr, recordEvents } from "./record.ts";

/** A recording that a provider has reported. */
export type Ready = { account: AccountPlan; report: RecordingReport; received_at: Instant };

type CopiedOf = Pick<CallHistory["row"], "id" | "network_id" | "telephony_account_id">;

/** Four hours of telephone sound; more is not copied, only played from where it is. */
const COPY_BYTES_MAX = 64 * 1024 * 1024;

/**
 * Notes a recording on its call, with who may listen and when it is to be erased, in one write, and answers what copies
 * it to the archive. Null while the call is not known. Done again it changes nothing, and copies what is not there; what
 * was erased stays erased. Throws what D1 throws.
 */
export async function noteRecording(
  services: Services,
  { account, report, received_at }: Ready,
): Promise<(() => Promise<void>) | null> {
  const { provider_call_id, recording_id, url, duration_s } = report;
  const { db } = services.network(account.network_id);
  const history = await readHistory(db, account.account_id, provider_call_id);
  if (!history) return null;
  const call_id = callIdOr(services, history.row.id);
  const flow = await flowAt(services, history, received_at);
  const event: CallEvent = {
    event_key: recordedKey(report),
    received_at,
    provider_at: null,
    kind: "recorded",
    recording_id,
    of: isVoicemail(history) ? "voicemail" : "call",
    url_sealed: await services.vault.seal(url, call_id),
    duration_s,
    heard_by: flow?.recording?.heard_by ?? [],
  };
  const kept_days = flow?.recordings_kept_days;
  const expiry =
    kept_days === undefined ? null : { recording_id, expires_at: received_at + kept_days * DAY_MS };
  const events = [event];
  const news = { account, provider_call_id, parties: null, events, call_id, candidates: null, expiry };
  const recorded = await recordEvents(services, news, { history, plan: null });
  if (!recorded.ok) return null;
  tellSoon(services, account.network_id);
  const { events: known } = recorded.value;
  return async () => {
    if (!isOver(known, recording_id)) await copy(services, history.row, report);
  };
}

export function recordedKey({ provider_call_id, recording_id }: RecordingReport): string {
  return `${provider_call_id}:recorded:${recording_id}`;
}

/** A message was taken when that is the last thing we told the call to do. */
function isVoicemail({ events }: CallHistory): boolean {
  return lastPlainTold(events)?.action === "voicemail";
}

/** The call flow in force then; who may listen besides the network, and how long, is frozen with the recording. */
async function flowAt(services: Services, { row }: CallHistory, at: Instant): Promise<CallFlow | null> {
  const { network_id, campaign_id } = row;
  return campaign_id === null ? null : callFlowAt(services.network(network_id).db, campaign_id, at);
}

/** Best effort, once: what is not copied is played from the provider, as long as it keeps it. */
async function copy(
  services: Services,
  row: CopiedOf,
  { recording_id, url }: RecordingReport,
): Promise<void> {
  const { archive, log } = services;
  if (!archive) return;
  try {
    if (await archive.head(recordingKey(row, recording_id))) return;
    const response = await fetchRecording(services, row, url);
    if (!response) return;
    const sound = await response.arrayBuffer();
    if (sound.byteLength > COPY_BYTES_MAX) return;
    const contentType = response.headers.get("content-type") ?? "audio/mpeg";
    await archive.put(recordingKey(row, recording_id), sound, { httpMetadata: { contentType } });
  } catch (error) {
    log.error("recording not copied", { call_id: row.id, ...errorFields(error) });
  }
}

/**
 * A recording from where its provider keeps it; null when it is not one of the provider's addresses, or is not there.
 */
export async function fetchRecording(
  services: Services,
  call: Pick<CallHistory["row"], "network_id" | "telephony_account_id">,
  url: string,
): Promise<Response | null> {
  const { db } = services.network(call.network_id);
  const seen = await findApi(db, call.network_id, call.telephony_account_id);
  if (!seen) return null;
  const { id, provider, account_sid } = seen.account;
  const sealed = sealedToken(seen);
  const api_token = sealed === null ? null : await services.vault.open(sealed, id);
  const source = recordingSource(provider, url, { account_sid, api_token });
  if (!source) return null;
  const response = await fetch(source.url, { headers: source.headers });
  const length = Number(response.headers.get("content-length") ?? "0");
  if (response.ok && length <= COPY_BYTES_MAX) return response;
  await response.body?.cancel();
  return null;
}
