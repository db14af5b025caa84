import { ok, type Result } from "../../../shared/result.ts";
import { within } from "../../platform/deadline.ts";
import { errorFields } from "../../platform/log.ts";
import type { Failure } from "../../platform/problem.ts";
import type { Services } from "../../services.ts";
import type { RawRequest, Rendered } from "../../telephony/port.ts";
import { letIn, type Visitor } from "./door.ts";
import { writeRecordingDown } from "./journal.ts";
import { noteRecording, type Ready } from "./note-recording.ts";
import { replayBlindCall } from "./replay.ts";

/** A provider waits 15 s in all, and some of them send nothing again. */
const PATIENCE_MS = 8_000;
const JOURNAL_PATIENCE_MS = 3_000;

/**
 * A provider says that a recording is ready: noted on the call, with who may listen, and copied to the archive where
 * there is one, because some providers keep it for minutes only. While the database is silent, or the call is not known
 * yet, it is journaled and noted later. The same report again changes nothing.
 * Errors: those of `letIn`; `malformed`; `unavailable` when the journal fails, too.
 */
export async function recordingReady(
  services: Services,
  account_id: string,
  request: RawRequest,
): Promise<Result<Rendered, Failure>> {
  const visitor = await letIn(services, account_id, request);
  if (!visitor.ok) return visitor;
  const { account, provider } = visitor.value;
  const report = provider.parseRecording(request);
  if (!report.ok) return report;
  const ready = { account, report: report.value, received_at: services.clock.now() };
  if (
    !(await noteInTime(services, visitor.value, ready)) &&
    !(await writeRecordingDown(services, ready, JOURNAL_PATIENCE_MS))
  ) {
    return { ok: false, error: { kind: "unavailable", detail: "Please send the report again." } };
  }
  return ok(provider.render({ action: "end" }, null));
}

async function noteInTime(services: Services, visitor: Visitor, ready: Ready): Promise<boolean> {
  if (visitor.database_is_silent) return false;
  const noted = await within(PATIENCE_MS, note(services, ready));
  if (noted.kind === "failed") services.log.error("recording not noted", errorFields(noted.error));
  return noted.kind === "done" && noted.value;
}

/** False while the call is not known. One that was answered blind is replayed from the journal first. */
async function note(services: Services, ready: Ready): Promise<boolean> {
  const { account, report } = ready;
  const of = { account_id: account.account_id, provider_call_id: report.provider_call_id };
  let copy = await noteRecording(services, ready);
  if (!copy && (await replayBlindCall(services, of)).replayed > 0)
    copy = await noteRecording(services, ready);
  if (copy) services.later(copy());
  return copy !== null;
}
