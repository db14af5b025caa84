import { HOUR_MS } from "../../shared/instant.ts";
import type { CallEvent } from "../calls/model/event.ts";
import {
  dueRecordings,
  endExpiry,
  postponeErasure,
  type RecordingExpiry,
} from "../calls/recording-expiries.ts";
import { recordingKey } from "../calls/recordings.ts";
import { type CallRow, readCall } from "../calls/store.ts";
import { write } from "../platform/db.ts";
import { errorFields } from "../platform/log.ts";
import { readAccount } from "../routing/store.ts";
import type { Services } from "../services.ts";
import { apiOfAccount } from "./phone/account-api.ts";
import { accountOfRow } from "./phone/owner.ts";
import { callIdOr, recordEvents } from "./phone/record.ts";

/** A run asks a provider once for each; what is left is due in the next. */
const ERASED_PER_RUN = 10;

/**
 * Erases the recordings of a network whose time has come: our copy, the provider's own, and from then on the call shows
 * none. What the provider could not be asked for is tried again an hour later, and heard by nobody meanwhile. Answers
 * how many were erased. Throws what D1 throws.
 */
export async function eraseRecordings(services: Services, network_id: string): Promise<number> {
  const { db } = services.network(network_id);
  let erased = 0;
  for (const expiry of await dueRecordings(db, network_id, services.clock.now(), ERASED_PER_RUN)) {
    const row = await readCall(db, network_id, expiry.call_id);
    if (row && !(await eraseEverywhere(services, row, expiry))) {
      await write(db, postponeErasure(db, expiry, services.clock.now() + HOUR_MS));
      continue;
    }
    await write(db, endExpiry(db, expiry));
    erased += 1;
  }
  return erased;
}

async function eraseEverywhere(
  services: Services,
  row: CallRow,
  { recording_id }: RecordingExpiry,
): Promise<boolean> {
  const { network_id, telephony_account_id: account_id, provider_call_id } = row;
  await services.archive?.delete(recordingKey(row, recording_id));
  const account = await readAccount(services.network(network_id).db, account_id);
  // An account that is retired cannot be asked any more; what it keeps, its provider's own rules end.
  if (!account) return note(services, row, { kind: "withdrawn", recording_id });
  const failure = await eraseThere(services, account, recording_id);
  if (failure === null) return note(services, row, { kind: "erased", recording_id });
  services.log.error("recording not erased", { provider_call_id, recording_id, failure });
  await note(services, row, { kind: "withdrawn", recording_id });
  return false;
}

/** Says on the call that a recording's time has come; said once. */
async function note(
  services: Services,
  row: CallRow,
  body: { kind: "withdrawn" | "erased"; recording_id: string },
): Promise<boolean> {
  const { id, provider_call_id } = row;
  const event: CallEvent = {
    event_key: `${provider_call_id}:${body.kind}:${body.recording_id}`,
    received_at: services.clock.now(),
    provider_at: null,
    ...body,
  };
  const recorded = await recordEvents(services, {
    account: accountOfRow(row),
    provider_call_id,
    parties: null,
    events: [event],
    call_id: callIdOr(services, id),
    candidates: null,
  });
  return recorded.ok;
}

/** Null when the provider keeps it no more; else why not. The sandbox keeps nothing. */
async function eraseThere(
  services: Services,
  account: { network_id: string; account_id: string; provider: string },
  recording_id: string,
): Promise<string | null> {
  if (account.provider === "sandbox") return null;
  try {
    const api = await apiOfAccount(services, account);
    if (!api) return "the account's API cannot be asked";
    const erased = await api.eraseRecording(recording_id);
    return erased.ok ? null : erased.error.kind;
  } catch (error) {
    return String(errorFields(error).error);
  }
}
