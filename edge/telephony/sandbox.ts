import { unreachable } from "../../shared/assert.ts";
import { ok, type Result } from "../../shared/result.ts";
import type { Failure } from "../platform/problem.ts";
import { type Fields, jsonFields, malformed, pressedKeys, providerId, roundOf, seconds } from "./fields.ts";
import {
  type DialReport,
  type GatherReport,
  type Instruction,
  isFinal,
  type RawRequest,
  type RecordingReport,
  type Rendered,
  type Reported,
  type ReportedStatus,
  type StatusReport,
  type StirLevel,
  type TelephonyProvider,
  type VoiceReport,
} from "./port.ts";

/**
 * The provider that is no provider: JSON, local runs only, so that a call can be placed with nothing but `curl`.
 * An API key of the account's network stands where others have a signature.
 */
export const sandbox: TelephonyProvider = {
  name: "sandbox",
  trust: "api_key",
  screens_itself: false,
  begins_recording: "document",
  verify: async () => false,
  parseVoice,
  parseStatus,
  parseDial,
  parseGather,
  parseRecording,
  render,
};

const STIR_LEVELS: readonly StirLevel[] = ["A", "B", "C", "failed"];

const STATUSES: readonly ReportedStatus[] = [
  "ringing",
  "answered",
  "completed",
  "no_answer",
  "busy",
  "failed",
];

function parseVoice(request: RawRequest): Result<VoiceReport, Failure> {
  const fields = jsonFields(request.body);
  const provider_call_id = providerId(fields?.get("call_id"));
  const to = fields?.get("to");
  if (!fields || provider_call_id === null || !to) return malformed("A call is { call_id, from, to }.");
  return ok({
    provider_call_id,
    event_key: `${provider_call_id}:voice`,
    parties: { from: fields.get("from") ?? "", to },
    provider_at: null,
    stir: STIR_LEVELS.find((level) => level === fields.get("stir")) ?? null,
  });
}

/** `{ call_id, digits? }` of a caller; with `target` it is that agent's phone that asks. */
function parseGather(request: RawRequest): Result<GatherReport, Failure> {
  const fields = jsonFields(request.body);
  const provider_call_id = providerId(fields?.get("call_id"));
  if (!fields || provider_call_id === null) return malformed("Keys are { call_id, digits? }.");
  const target = fields.get("target") ?? null;
  return ok({
    provider_call_id,
    digits: pressedKeys(fields.get("digits")),
    parties: target === null ? partiesOf(fields) : null,
    leg: target === null ? null : { leg_id: null, target },
    provider_at: null,
  });
}

function parseRecording(request: RawRequest): Result<RecordingReport, Failure> {
  const fields = jsonFields(request.body);
  const provider_call_id = providerId(fields?.get("call_id"));
  const recording_id = providerId(fields?.get("recording_id"));
  const url = fields?.get("url");
  if (!fields || provider_call_id === null || recording_id === null || !url) {
    return malformed("A recording is { call_id, recording_id, url, duration_s? }.");
  }
  return ok({ provider_call_id, recording_id, url, duration_s: seconds(fields.get("duration_s")) });
}

/** One report may say two things: how the call stands, and how its leg ended (`connected_s`, or nobody was there). */
function parseStatus(request: RawRequest): Result<StatusReport, Failure> {
  const fields = jsonFields(request.body);
  const provider_call_id = providerId(fields?.get("call_id"));
  const status = STATUSES.find((known) => known === fields?.get("status"));
  if (!fields || provider_call_id === null || status === undefined) {
    return malformed(`A status is { call_id, status }, one of ${STATUSES.join(", ")}.`);
  }
  for (const name of ["duration_s", "connected_s"]) {
    if (fields.has(name) && seconds(fields.get(name)) === null) return malformed(`${name} is whole seconds.`);
  }
  const duration_s = seconds(fields.get("duration_s"));
  const connected_s = seconds(fields.get("connected_s"));
  const leg = legOf(status, connected_s);
  const key = `${provider_call_id}:status:${status}:${duration_s ?? ""}:${connected_s ?? ""}`;
  const progress: Reported = { kind: "progress", status, duration_s };
  return ok({
    provider_call_id,
    parties: partiesOf(fields),
    provider_at: null,
    events: [
      { event_key: key, reported: progress },
      ...(leg ? [{ event_key: `${key}:leg`, reported: leg }] : []),
    ],
  });
}

/**
 * The end of a dialled leg alone, `{ call_id, target, status, connected_s?, hung_up? }`: what comes next is answered.
 * `/status` says the same of the whole call, after which nothing comes.
 */
function parseDial(request: RawRequest): Result<DialReport, Failure> {
  const fields = jsonFields(request.body);
  const provider_call_id = providerId(fields?.get("call_id"));
  const target = providerId(fields?.get("target"));
  const status = STATUSES.find((known) => known === fields?.get("status"));
  const leg = status ? legOf(status, seconds(fields?.get("connected_s"))) : null;
  if (!fields || provider_call_id === null || target === null || leg?.kind !== "leg" || !leg.final) {
    return malformed("A leg's end is { call_id, target, status, connected_s? }.");
  }
  return ok({
    provider_call_id,
    parties: partiesOf(fields),
    provider_at: null,
    events: [
      {
        event_key: `${provider_call_id}:dial:${target}:${status}:${roundOf(request.url)}`,
        reported: { ...leg, leg_id: target, target },
      },
    ],
    caller_is_gone: fields.get("hung_up") === "true",
  });
}

function legOf(status: ReportedStatus, connected_s: number | null): Reported | null {
  const leg = { kind: "leg", leg_id: null, target: null, role: "buyer" } as const;
  if (status === "answered") return { ...leg, status, connected_s: null, final: false };
  if (!isFinal(status)) return null;
  if (status !== "completed") return { ...leg, status, connected_s: 0, final: true };
  // A call may end without a word about its leg, as it may with a real provider.
  if (connected_s === null) return null;
  return { ...leg, status: connected_s > 0 ? "completed" : "no_answer", connected_s, final: true };
}

function partiesOf(fields: Fields): StatusReport["parties"] {
  const to = fields.get("to");
  return to ? { from: fields.get("from") ?? "", to } : null;
}

/** A message is a refusal with words. `id` is our call's, to look it up by. */
function render(instruction: Instruction, call_id: string | null): Rendered {
  const id = call_id === null ? {} : { id: call_id };
  return { content_type: "application/json", body: JSON.stringify({ ...answer(instruction), ...id }) };
}

function answer(instruction: Instruction): Record<string, unknown> {
  switch (instruction.action) {
    case "dial": {
      const { phones, caller_id, timeout_s, before, max_duration_s, record, callbacks } = instruction;
      const target = phones[0]?.target ?? null;
      return {
        action: "dial",
        target,
        caller_id,
        timeout_s,
        phones,
        before,
        max_duration_s,
        record,
        callbacks,
      };
    }
    case "message":
    case "reject":
      return { ...instruction, action: "reject" };
    case "end":
      return {};
    case "gather":
    case "voicemail":
    case "whisper":
    case "bridge":
    case "hang_up":
    case "room":
      return instruction;
    default:
      return unreachable(instruction);
  }
}
