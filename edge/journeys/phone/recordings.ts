import type { CallFlow } from "../../../shared/api/ivr.ts";
import { DAY_MS } from "../../../shared/instant.ts";
import { ok, type Result } from "../../../shared/result.ts";
import type { CallEvent } from "../../calls/model/event.ts";
import { expireRecording } from "../../calls/recording-expiries.ts";
import { recordingKey } from "../../calls/recordings.ts";
import { type CallHistory, readHistory } from "../../calls/store.ts";
import { lastCallFlow } from "../../campaigns/call-flows.ts";
import { findApi, sealedToken } from "../../inventory/telephony-apis.ts";
import { write } from "../../platform/db.ts";
import { within } from "../../platform/deadline.ts";
import { errorFields } from "../../platform/log.ts";
import type { Failure } from "../../platform/problem.ts";
import type { Services } from "../../services.ts";
import type { RawRequest, Rendered } from "../../telephony/port.ts";
import { recordingSource } from "../../telephony/recording-source.ts";
import { letIn, type Visitor } from "./door.ts";
import { callIdOr, recordEvents } from "./record.ts";

/** A provider waits 15 s in all; what is not stored by then it shall send again. */
const PATIENCE_MS = 10_000;
/** Four hours of telephone sound; more is not copied, only played from where it is. */
const COPY_BYTES_MAX = 64 * 1024 * 1024;

/**
 * A provider says that a recording is ready: noted on the call, with who may listen, and copied to the archive where
 * there is one, because some providers keep it for minutes only. The same report again changes nothing.
 * Errors: those of `letIn`; `malformed`; `unavailable` while the call is not known or the database fails, so that the
 * provider sends it again.
 */
export async function recordingReady(
  services: Services,
  account_id: string,
  request: RawRequest,
): Promise<Result<Rendered, Failure>> {
  const visitor = await letIn(services, account_id, request);
  if (!visitor.ok) return visitor;
  const report = visitor.value.provider.parseRecording(request);
  if (!report.ok) return report;
  const noted = await within(PATIENCE_MS, note(services, visitor.value, report.value));
  if (noted.kind === "failed") services.log.error("recording not noted", errorFields(noted.error));
  if (noted.kind !== "done" || !noted.value) {
    return { ok: false, error: { kind: "unavailable", detail: "Please send the report again." } };
  }
  return ok(visitor.value.provider.render({ action: "end" }, null));
}

type Report = { provider_call_id: string; recording_id: string; url: string; duration_s: number | null };

/** False while the call is not known: its beginning may be under way. */
async function note(services: Services, { account }: Visitor, report: Report): Promise<boolean> {
  const { db } = services.network(account.network_id);
  const { provider_call_id, recording_id, url, duration_s } = report;
  const history = await readHistory(db, account.account_id, provider_call_id);
  if (!history) return false;
  const call_id = callIdOr(services, history.row.id);
  const flow = await flowOf(services, history);
  const received_at = services.clock.now();
  const event: CallEvent = {
    event_key: `${provider_call_id}:recorded:${recording_id}`,
    received_at,
    provider_at: null,
    kind: "recorded",
    recording_id,
    of: isVoicemail(history) ? "voicemail" : "call",
    url_sealed: await services.vault.seal(url, call_id),
    duration_s,
    heard_by: flow?.recording?.heard_by ?? [],
  };
  const news = { account, provider_call_id, parties: null, events: [event], call_id, candidates: null };
  const recorded = await recordEvents(services, news, { history, plan: null });
  if (recorded.ok && flow?.recordings_kept_days !== undefined) {
    const expires_at = received_at + flow.recordings_kept_days * DAY_MS;
    await write(
      db,
      expireRecording(db, { call_id, recording_id, network_id: account.network_id, expires_at }),
    );
  }
  if (recorded.ok && recorded.value.changed) services.later(copy(services, history, report));
  return recorded.ok;
}

/** A message was taken when that is the last thing we told the call to do. */
function isVoicemail({ events }: CallHistory): boolean {
  return events.findLast((event) => event.kind === "instructed")?.action === "voicemail";
}

/** The call flow in force; who may listen besides the network, and how long, is frozen with the recording. */
async function flowOf(services: Services, { row }: CallHistory): Promise<CallFlow | null> {
  if (row.campaign_id === null) return null;
  const inForce = await lastCallFlow(services.network(row.network_id).db, row.campaign_id);
  return inForce?.flow ?? null;
}

/** Best effort: what is not copied is played from the provider, as long as it keeps it. */
async function copy(services: Services, { row }: CallHistory, { recording_id, url }: Report): Promise<void> {
  const { archive, log } = services;
  if (!archive) return;
  try {
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
