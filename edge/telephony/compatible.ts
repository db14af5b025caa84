import type { Provider } from "../../shared/api/inventory.ts";
import type { Instant } from "../../shared/instant.ts";
import { ok, type Result } from "../../shared/result.ts";
import type { Failure } from "../platform/problem.ts";
import { CALL_STATUSES } from "./call-statuses.ts";
import {
  callOf,
  type Fields,
  formFields,
  jsonFields,
  malformed,
  pressedKeys,
  providerId,
  roundOf,
  seconds,
} from "./fields.ts";
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
import { renderTwiml, type TwimlDialect } from "./twiml.ts";

/** In what a provider differs from the others who speak Twilio's language. */
export type CompatibleProvider = {
  name: Provider;
  verify: TelephonyProvider["verify"];
  /** How far the caller's network vouched for the number, by the voice hook. */
  stirOf(fields: Fields): StirLevel | null;
  /** When what a report tells of happened; null where the provider's stamp means something else. */
  stampOf(fields: Fields): Instant | null;
  dialect: TwimlDialect;
};

/**
 * A provider with Twilio's parameters and verbs: Twilio itself, Telnyx's TeXML, SignalWire's cXML. Bodies are forms;
 * JSON of the same names is read, too.
 */
export function compatibleProvider(provider: CompatibleProvider): TelephonyProvider {
  const reading =
    <T>(read: (fields: Fields, provider: CompatibleProvider, url: string) => Result<T, Failure>) =>
    (request: RawRequest) =>
      read(fieldsOf(request), provider, request.url);
  return {
    name: provider.name,
    trust: "signature",
    screens_itself: false,
    begins_recording: provider.dialect.starts_recording ? "document" : "request",
    verify: provider.verify,
    parseVoice: reading(voiceReport),
    parseStatus: reading(statusReport),
    parseDial: reading(dialReport),
    parseGather: reading(gatherReport),
    parseRecording: reading(recordingReport),
    render: (instruction) => renderTwiml(instruction, provider.dialect),
  };
}

function fieldsOf({ headers, body }: RawRequest): Fields {
  const isJson = (headers.get("content-type") ?? "").toLowerCase().includes("json");
  return (isJson ? jsonFields(body) : formFields(body)) ?? new Map();
}

function voiceReport(fields: Fields, provider: CompatibleProvider): Result<VoiceReport, Failure> {
  const provider_call_id = providerId(fields.get("CallSid"));
  const to = fields.get("To");
  if (provider_call_id === null || !to) return malformed("A voice hook has CallSid and To.");
  return ok({
    provider_call_id,
    event_key: `${provider_call_id}:voice`,
    parties: { from: fields.get("From") ?? "", to },
    provider_at: provider.stampOf(fields),
    stir: provider.stirOf(fields),
  });
}

/**
 * A status callback: of the caller's call, or, when it names a `ParentCallSid`, of a leg dialled for that call, or, when
 * our address names the call, of a phone that was rung beside it. The callbacks of a call are numbered; the number is
 * part of the key, the unsigned idempotency header is not.
 */
function statusReport(
  fields: Fields,
  provider: CompatibleProvider,
  url: string,
): Result<StatusReport, Failure> {
  const call_sid = providerId(fields.get("CallSid"));
  const status = CALL_STATUSES.get(fields.get("CallStatus") ?? "");
  if (call_sid === null || status === undefined)
    return malformed("A status callback has CallSid and CallStatus.");
  const parent = providerId(fields.get("ParentCallSid")) ?? callOf(url);
  const provider_at = provider.stampOf(fields);
  const sequence = /^\d{1,6}$/.exec(fields.get("SequenceNumber") ?? "")?.[0] ?? "";
  const length_s = seconds(fields.get("CallDuration"));
  if (parent === null) {
    const event_key = `${call_sid}:status:${status}:${sequence}`;
    const reported: Reported = { kind: "progress", status, duration_s: isFinal(status) ? length_s : null };
    return ok({
      provider_call_id: call_sid,
      parties: partiesOf(fields),
      provider_at,
      events: [{ event_key, reported }],
    });
  }
  const event_key = `${parent}:leg:${call_sid}:${status}:${sequence}`;
  const target = fields.get("To") ?? null;
  const reported = legReport(call_sid, target, status, length_s);
  return ok({ provider_call_id: parent, parties: null, provider_at, events: [{ event_key, reported }] });
}

/** The request to a `<Dial>`'s `action`: `DialCallStatus`, and `DialCallDuration` if somebody answered. */
function dialReport(fields: Fields, provider: CompatibleProvider, url: string): Result<DialReport, Failure> {
  const provider_call_id = providerId(fields.get("CallSid"));
  const status = CALL_STATUSES.get(fields.get("DialCallStatus") ?? "");
  if (provider_call_id === null || status === undefined) {
    return malformed("The end of a dial has CallSid and DialCallStatus.");
  }
  const leg_id = providerId(fields.get("DialCallSid"));
  // "answered" is said of a dial that ended after somebody had answered.
  const ended = isFinal(status) ? status : "completed";
  // An agent who picked up and did not take the call was never connected with the caller, whatever the leg itself tells
  // of the time in which the agent was alone.
  const refused = ended === "completed" && fields.get("DialBridged") === "false";
  const reported = refused
    ? legReport(leg_id, null, "no_answer", null)
    : legReport(leg_id, null, ended, seconds(fields.get("DialCallDuration")));
  const event_key = `${provider_call_id}:dial:${leg_id ?? roundOf(url)}:${ended}`;
  const caller = CALL_STATUSES.get(fields.get("CallStatus") ?? "");
  return ok({
    provider_call_id,
    parties: partiesOf(fields),
    provider_at: provider.stampOf(fields),
    events: [
      { event_key, reported },
      ...(refused && leg_id !== null
        ? [{ event_key: `${event_key}:alone`, reported: notTaken(leg_id) }]
        : []),
    ],
    caller_is_gone: ended === "canceled" || (caller !== undefined && isFinal(caller)),
  });
}

/**
 * A `<Gather>`'s `action`, or the `url` of a dialled number, which is asked by the leg: it names its call by
 * `ParentCallSid`, or our address does.
 */
function gatherReport(
  fields: Fields,
  provider: CompatibleProvider,
  url: string,
): Result<GatherReport, Failure> {
  const call_sid = providerId(fields.get("CallSid"));
  if (call_sid === null) return malformed("A gather has CallSid.");
  const parent = providerId(fields.get("ParentCallSid")) ?? callOf(url);
  return ok({
    provider_call_id: parent ?? call_sid,
    digits: pressedKeys(fields.get("Digits")),
    parties: parent === null ? partiesOf(fields) : null,
    leg: parent === null ? null : { leg_id: call_sid, target: fields.get("To") ?? null },
    provider_at: provider.stampOf(fields),
  });
}

/**
 * A `recordingStatusCallback` (twilio.com/docs/voice/api/recording#recordingstatuscallback). One that an agent's phone
 * began may name the agent's leg: then our address names the call.
 */
function recordingReport(
  fields: Fields,
  _: CompatibleProvider,
  hook: string,
): Result<RecordingReport, Failure> {
  const provider_call_id = callOf(hook) ?? providerId(fields.get("CallSid"));
  const recording_id = providerId(fields.get("RecordingSid"));
  const url = fields.get("RecordingUrl");
  if (provider_call_id === null || recording_id === null || !url) {
    return malformed("A recording has CallSid, RecordingSid and RecordingUrl.");
  }
  return ok({ provider_call_id, recording_id, url, duration_s: seconds(fields.get("RecordingDuration")) });
}

/** A leg that nobody answered was connected for 0 s; of one that was, only a reported length counts. */
function legReport(
  leg_id: string | null,
  target: string | null,
  status: ReportedStatus,
  length_s: number | null,
): Reported {
  const final = isFinal(status);
  const unanswered = final && status !== "completed";
  const connected_s = unanswered ? 0 : final ? length_s : null;
  return { kind: "leg", leg_id, target, role: "buyer", status, connected_s, final };
}

function notTaken(leg_id: string): Reported {
  return { kind: "accepted", leg_id, target: null, is_accepted: false };
}

function partiesOf(fields: Fields): StatusReport["parties"] {
  const to = fields.get("To");
  return to ? { from: fields.get("From") ?? "", to } : null;
}
