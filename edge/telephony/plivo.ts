import { ok, type Result } from "../../shared/result.ts";
import type { Failure } from "../platform/problem.ts";
import {
  attestation,
  callOf,
  type Fields,
  formFields,
  malformed,
  pressedKeys,
  providerId,
  roundOf,
  seconds,
} from "./fields.ts";
import { isSignedByPlivo } from "./plivo-signature.ts";
import { RECORDED, renderPlivoXml, SCREENED } from "./plivo-xml.ts";
import {
  type DialReport,
  type GatherReport,
  isFinal,
  type RawRequest,
  type RecordingReport,
  type Reported,
  type ReportedStatus,
  type StatusReport,
  type StirLevel,
  type TelephonyProvider,
  type VoiceReport,
} from "./port.ts";

/**
 * Plivo: form bodies, `X-Plivo-Signature-V3`, Plivo XML. Its numbers come without a plus. Its times come in the zone
 * that the account's console is set to, which no request names, so no report has a stamp.
 */
export const plivo: TelephonyProvider = {
  name: "plivo",
  trust: "signature",
  screens_itself: true,
  begins_recording: "request",
  verify: isSignedByPlivo,
  parseVoice,
  parseStatus,
  parseDial,
  parseGather,
  parseRecording,
  render: renderPlivoXml,
};

/** `CallStatus` and `DialStatus` (plivo.com/docs/voice/use-cases/dial-status-reporting). */
const STATUSES: ReadonlyMap<string, ReportedStatus> = new Map([
  ["ringing", "ringing"],
  ["in-progress", "answered"],
  ["completed", "completed"],
  ["no-answer", "no_answer"],
  ["timeout", "no_answer"],
  ["busy", "busy"],
  ["failed", "failed"],
  ["cancel", "canceled"],
]);

/** Why a leg that nobody took ended (plivo.com/docs/voice/concepts/hangup-causes); any other cause is a failure. */
const CAUSES: ReadonlyMap<string, ReportedStatus> = new Map([
  ["NO_ANSWER", "no_answer"],
  ["NO_USER_RESPONSE", "no_answer"],
  ["ALLOTTED_TIMEOUT", "no_answer"],
  ["USER_BUSY", "busy"],
  ["CALL_REJECTED", "busy"],
  ["ORIGINATOR_CANCEL", "canceled"],
  ["LOSE_RACE", "canceled"],
]);

function parseVoice({ body }: RawRequest): Result<VoiceReport, Failure> {
  const fields = formFields(body);
  const provider_call_id = providerId(fields.get("CallUUID"));
  const parties = partiesOf(fields);
  if (provider_call_id === null || parties === null) return malformed("A voice hook has CallUUID and To.");
  const event_key = `${provider_call_id}:voice`;
  return ok({ provider_call_id, event_key, parties, provider_at: null, stir: stirLevel(fields) });
}

/** `STIRVerification` alone says "Verified" for A and "Not Verified" for B, C and none: the level must be named. */
function stirLevel(fields: Fields): StirLevel | null {
  const level = attestation(fields.get("STIRAttestation"));
  if (level !== null) return level;
  return fields.get("STIRVerification") === "Verified" ? "A" : null;
}

/** The hangup URL: of the caller's call. A `<Dial>`'s `callbackUrl`: of a dialled leg (`DialAction`). */
function parseStatus({ url, body }: RawRequest): Result<StatusReport, Failure> {
  const fields = formFields(body);
  if (fields.has("DialAction") || fields.has("DialBLegStatus")) return legReport(fields, url);
  const provider_call_id = providerId(fields.get("CallUUID"));
  const status = STATUSES.get(fields.get("CallStatus") ?? "");
  if (provider_call_id === null || status === undefined) {
    return malformed("A hangup has CallUUID and CallStatus.");
  }
  const duration_s = isFinal(status) ? seconds(fields.get("Duration")) : null;
  const caller = callOf(url);
  if (caller !== null) return besideReport(fields, { caller, leg_id: provider_call_id, status, duration_s });
  return ok({
    provider_call_id,
    parties: partiesOf(fields),
    provider_at: null,
    events: [
      {
        event_key: `${provider_call_id}:status:${status}`,
        reported: { kind: "progress", status, duration_s },
      },
    ],
  });
}

/** The hangup URL of a phone that was rung beside a call, which our address names. Its length is from its answer. */
function besideReport(
  fields: Fields,
  beside: { caller: string; leg_id: string; status: ReportedStatus; duration_s: number | null },
): Result<StatusReport, Failure> {
  const { caller, leg_id, status, duration_s } = beside;
  const final = isFinal(status);
  const connected_s = final ? (status === "completed" ? duration_s : 0) : null;
  const target = e164(fields.get("To")) || null;
  return ok({
    provider_call_id: caller,
    parties: null,
    provider_at: null,
    events: [
      {
        event_key: `${caller}:leg:${leg_id}:${status}`,
        reported: { kind: "leg", leg_id, target, role: "buyer", status, connected_s, final },
      },
    ],
  });
}

/**
 * The leg was answered, was joined with the caller, or ended. Where a key is asked for, being joined is its being
 * pressed. The length is the leg's own, from its answer.
 */
function legReport(fields: Fields, url: string): Result<StatusReport, Failure> {
  const provider_call_id = providerId(fields.get("DialALegUUID")) ?? providerId(fields.get("CallUUID"));
  const leg_id = providerId(fields.get("DialBLegUUID"));
  const action = fields.get("DialAction") ?? fields.get("DialBLegStatus") ?? "";
  if (provider_call_id === null || leg_id === null) {
    return malformed("A dial's callback has CallUUID and DialBLegUUID.");
  }
  const target = e164(fields.get("DialBLegTo")) || null;
  const leg = { kind: "leg", leg_id, target, role: "buyer" } as const;
  const key = `${provider_call_id}:leg:${leg_id}:${action}`;
  const report = (...events: { event_key: string; reported: Reported }[]) =>
    ok({ provider_call_id, parties: null, provider_at: null, events });
  const marks = new URL(url).searchParams;
  const answered: Reported = { ...leg, status: "answered", connected_s: null, final: false };
  const is_screened = marks.has(SCREENED);
  switch (action) {
    case "answer":
      return is_screened
        ? report(
            { event_key: key, reported: answered },
            { event_key: `${key}:screened`, reported: { kind: "screened", leg_id, target } },
          )
        : report({ event_key: key, reported: answered });
    case "connected":
    case "digits": {
      const accepted: Reported = { kind: "accepted", leg_id, target, is_accepted: true };
      const joined = report({ event_key: key, reported: is_screened ? accepted : answered });
      const records = action === "connected" && marks.has(RECORDED);
      return records ? ok({ ...joined.value, joined_leg_id: leg_id }) : joined;
    }
    case "hangup":
      return report({ event_key: key, reported: { ...leg, ...endOf(fields), final: true } });
    default:
      return malformed("A dial's callback has a DialAction: answer, connected, digits or hangup.");
  }
}

/** A leg that was taken has a length; of a leg that ended without one only the cause says how. */
function endOf(fields: Fields): { status: ReportedStatus; connected_s: number | null } {
  const length_s = seconds(fields.get("DialBLegDuration"));
  if (length_s !== null && length_s > 0) return { status: "completed", connected_s: length_s };
  const cause = fields.get("DialBLegHangupCause") ?? "";
  if (cause === "NORMAL_CLEARING") return { status: "completed", connected_s: length_s };
  return { status: CAUSES.get(cause) ?? "failed", connected_s: 0 };
}

/**
 * The request to a `<Dial>`'s `action`: how the dial ended, and never how long it was. One that somebody took is
 * therefore not the leg's final report: that comes to the `callbackUrl`.
 */
function parseDial({ url, body }: RawRequest): Result<DialReport, Failure> {
  const fields = formFields(body);
  const provider_call_id = providerId(fields.get("CallUUID")) ?? providerId(fields.get("DialALegUUID"));
  const status = STATUSES.get(fields.get("DialStatus") ?? "");
  if (provider_call_id === null || status === undefined || !isFinal(status)) {
    return malformed("The end of a dial has CallUUID and DialStatus.");
  }
  const leg_id = providerId(fields.get("DialBLegUUID"));
  const final = status !== "completed";
  const caller = STATUSES.get(fields.get("CallStatus") ?? "");
  return ok({
    provider_call_id,
    parties: partiesOf(fields),
    provider_at: null,
    events: [
      {
        event_key: `${provider_call_id}:dial:${leg_id ?? roundOf(url)}:${status}`,
        reported: {
          kind: "leg",
          leg_id,
          target: null,
          role: "buyer",
          status,
          connected_s: final ? 0 : null,
          final,
        },
      },
    ],
    caller_is_gone: status === "canceled" || (caller !== undefined && isFinal(caller)),
  });
}

/** A `<GetDigits>`' `action`, the redirect behind it, or a `<Dial>`'s `confirmSound`, whose address names the call. */
function parseGather({ url, body }: RawRequest): Result<GatherReport, Failure> {
  const fields = formFields(body);
  const named = callOf(url) ?? providerId(fields.get("DialALegUUID"));
  const provider_call_id = named ?? providerId(fields.get("CallUUID"));
  if (provider_call_id === null) return malformed("Keys have CallUUID.");
  // A phone that was rung beside the call is a call of its own.
  const own = callOf(url) === null ? null : providerId(fields.get("CallUUID"));
  const beside = own !== null && own !== provider_call_id && !fields.has("DialBLegUUID") ? own : null;
  const leg_id = providerId(fields.get("DialBLegUUID")) ?? beside;
  const is_agent = callOf(url) !== null || leg_id !== null;
  const target = fields.get(beside === null ? "DialBLegTo" : "To");
  return ok({
    provider_call_id,
    digits: pressedKeys(fields.get("Digits")),
    parties: is_agent ? null : partiesOf(fields),
    leg: is_agent ? { leg_id, target: e164(target) || null } : null,
    provider_at: null,
  });
}

/**
 * A `<Record>`'s `callbackUrl`, whose length is -1 while the recording is not ready, or that of a recording that was
 * begun by the API, whose fields are written otherwise (plivo.com/docs/api/call/record).
 */
function parseRecording({ body }: RawRequest): Result<RecordingReport, Failure> {
  const fields = formFields(body);
  const provider_call_id = providerId(fields.get("CallUUID") ?? fields.get("call_uuid"));
  const recording_id = providerId(fields.get("RecordingID") ?? fields.get("recording_id"));
  const url = fields.get("RecordUrl") ?? fields.get("record_url");
  if (provider_call_id === null || recording_id === null || !url) {
    return malformed("A recording has CallUUID, RecordingID and RecordUrl.");
  }
  const duration_s = seconds(fields.get("RecordingDuration") ?? fields.get("recording_duration"));
  return ok({ provider_call_id, recording_id, url, duration_s });
}

function partiesOf(fields: Fields): StatusReport["parties"] {
  const to = e164(fields.get("To"));
  return to === "" ? null : { from: e164(fields.get("From")), to };
}

/** Plivo writes a number as its digits, with the country's code; anything else stays as it is. */
function e164(text: string | undefined): string {
  return text !== undefined && /^[1-9]\d{6,14}$/.test(text) ? `+${text}` : (text ?? "");
}
