import type { CallFlowInput, FlowMenu, FlowPrompt } from "../../../shared/api/ivr.ts";
import { err, ok } from "../../../shared/result.ts";
import type { FieldFault } from "../../api.ts";
import { type Read, readCount, readDuration, writeDuration } from "../../parts/form/amounts.ts";
import { type Draft, Reading, type Values } from "../../parts/form/reading.ts";

/** A prompt as a field shows it: its words, or the address of a sound file. */
export function writePrompt(prompt: FlowPrompt | undefined): string {
  if (!prompt) return "";
  return "say" in prompt ? prompt.say : prompt.play;
}

export function readPrompt(text: string): Read<FlowPrompt> {
  return ok(/^https:\/\//.test(text) ? { play: text } : { say: text });
}

/** A menu as the field shows it: JSON, one step a line. */
export function writeMenu(menu: FlowMenu | undefined): string {
  if (!menu) return "";
  const nodes = menu.nodes.map((node) => `    ${JSON.stringify(node)}`).join(",\n");
  return `{\n  "start": ${JSON.stringify(menu.start)},\n  "nodes": [\n${nodes}\n  ]\n}`;
}

/** JSON with `start` and `nodes`; what else must be true of it the server says. */
export function readMenu(text: string): Read<FlowMenu> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return err(`This is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  const isMenu =
    typeof value === "object" &&
    value !== null &&
    "start" in value &&
    "nodes" in value &&
    Array.isArray(value.nodes);
  return isMenu ? ok(value as FlowMenu) : err('A menu is { "start": …, "nodes": [ … ] }.');
}

const RECORDINGS = ["off", "announced", "may_decline"] as const;
const CALLER_IDS = ["caller", "number", "own"] as const;
const seconds = (text: string) => readDuration(text, "s");

export function recordingChoice(flow: CallFlowInput): (typeof RECORDINGS)[number] {
  if (!flow.recording) return "off";
  return flow.recording.decline_key === undefined ? "announced" : "may_decline";
}

export function callerIdChoice({ caller_id }: CallFlowInput): (typeof CALLER_IDS)[number] {
  return caller_id === "caller" || caller_id === "number" ? caller_id : "own";
}

/** Reads a new version of the call flow. */
export function readFlow(values: Values): Draft<CallFlowInput> {
  const read = new Reading(values);
  const caller_id = read.choice("caller_id", CALLER_IDS);
  return read.body({
    greeting: read.optional("greeting", readPrompt),
    menu: read.optional("menu", readMenu),
    recording: readRecording(read),
    whisper: read.optional("whisper", readPrompt),
    accept_key: read.optional("accept_key", (text) => ok(text)),
    caller_id: caller_id === "own" ? read.required("caller_id/own", "Give one of your numbers.") : caller_id,
    max_duration_s: read.optional("max_duration_s", (text) => readDuration(text, "min")),
    ring_max_s: read.optional("ring_max_s", seconds),
    dead_air_s: read.optional("dead_air_s", seconds) ?? 120,
    recordings_kept_days: read.optional("recordings_kept_days", readCount),
    voicemail: readVoicemail(read),
  }) as Draft<CallFlowInput>;
}

function readRecording(read: Reading): CallFlowInput["recording"] {
  const choice = read.choice("recording", RECORDINGS);
  if (choice === "off") return undefined;
  const notice = read.optional("recording/notice", readPrompt);
  const heard_by = (["advertiser", "publisher"] as const).filter((side) => read.checked(`recording/${side}`));
  return {
    heard_by,
    ...(notice && { notice }),
    ...(choice === "may_decline" && {
      decline_key: read.required("recording/decline_key", "Which key declines?"),
    }),
  };
}

function readVoicemail(read: Reading): CallFlowInput["voicemail"] {
  const prompt = read.optional("voicemail/prompt", readPrompt);
  const max_duration_s = read.optional("voicemail/max_duration_s", seconds);
  if (!prompt && max_duration_s === undefined) return undefined;
  return { ...(prompt && { prompt }), max_duration_s: max_duration_s ?? 120 };
}

/** A length as a field shows it, "" for none. */
export const writeLength = (length_s: number | undefined) =>
  length_s === undefined ? "" : writeDuration(length_s);

/**
 * Faults inside the menu with their places in it, as one fault of the field: "/nodes/3/keys/0/to: there is no step “x”".
 */
export function gatherMenuFaults(faults: readonly FieldFault[]): FieldFault[] {
  const inside = faults.filter(({ pointer }) => pointer.startsWith("/menu/"));
  const others = faults.filter(({ pointer }) => !pointer.startsWith("/menu/"));
  if (inside.length === 0) return [...others];
  const detail = inside
    .map(({ pointer, detail: what }) => `${pointer.slice("/menu".length)}: ${what}`)
    .join("; ");
  return [...others, { pointer: "/menu", detail }];
}
