import { auditRow } from "../accounts/store.ts";
import type { Viewer } from "../accounts/viewer.ts";
import { findCall } from "../calls/read.ts";
import { recordingKey, recordingsFor } from "../calls/recordings.ts";
import { selectEvents } from "../calls/store.ts";
import { write } from "../platform/db.ts";
import type { Services } from "../services.ts";
import { fetchRecording } from "./phone/note-recording.ts";

export type Sound = { body: ReadableStream | null; content_type: string };

/**
 * A recording to listen to, for who may: from our copy, else from the provider. Who listened is written to the audit
 * log before a byte is heard. Null for a call or recording that the viewer may not hear, or that is kept no more.
 */
export async function playRecording(
  services: Services,
  viewer: Viewer,
  call_id: string,
  recording_id: string,
): Promise<Sound | null> {
  const { db } = services.network(viewer.network_id);
  const row = await findCall(db, viewer, call_id);
  if (!row) return null;
  const events = await selectEvents(db, row.telephony_account_id, row.provider_call_id);
  const heard = recordingsFor(
    events.map(({ event }) => event),
    viewer.kind,
  ).find((event) => event.recording_id === recording_id);
  if (!heard) return null;
  const entry = auditRow(db, viewer, {
    id: services.ids.next("audit"),
    at: services.clock.now(),
    action: "recordings.play",
    subject_id: row.id,
    detail: { recording_id },
    request_id: services.request_id,
  });
  await write(db, entry);

  const copy = await services.archive?.get(recordingKey(row, recording_id));
  if (copy) {
    const content_type = copy.httpMetadata?.contentType ?? "audio/mpeg";
    return { body: copy.body as unknown as ReadableStream, content_type };
  }
  const response = await fetchRecording(services, row, await services.vault.open(heard.url_sealed, row.id));
  return (
    response && { body: response.body, content_type: response.headers.get("content-type") ?? "audio/mpeg" }
  );
}
