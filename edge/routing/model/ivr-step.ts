import type { FlowPrompt } from "../../../shared/api/ivr.ts";

/** The question whether a caller wants to go on unrecorded, which is no step of the menu. */
export const RECORDING_QUESTION = "recording";

/** Waits for keys. `before` is heard once, `prompt` again on every try. */
export type AskStep = {
  kind: "ask";
  /** The step's name, or `RECORDING_QUESTION`. */
  question: string;
  /** The step of the menu that the call is at; null in a flow without a menu. */
  node: string | null;
  before: FlowPrompt[];
  prompt: FlowPrompt;
  /** The keys that lead somewhere; empty where any will do, or a number is asked for. */
  keys: string[];
  digits_max: number;
  finish_on_key: string | null;
  timeout_s: number;
};

/** Puts the caller through; what is heard and recorded on the way. */
export type ConnectStep = {
  kind: "connect";
  /** A qualifier hands the caller on, and its leg counts for no money. */
  role: "buyer" | "qualifier";
  /** Null in a flow without a menu. */
  node: string | null;
  before: FlowPrompt[];
  /** Among whom is chosen; null for all of the campaign's targets. */
  only: { target_ids: readonly string[] } | { group_id: string } | null;
  record: boolean;
  whisper: FlowPrompt | null;
  accept_key: string | null;
  max_duration_s: number | null;
  /** The caller's number, the number that was called, or an E.164 number of the network's. */
  caller_id: string;
};

export type VoicemailStep = {
  kind: "voicemail";
  node: string | null;
  before: FlowPrompt[];
  prompt: FlowPrompt;
  max_duration_s: number;
};

export type HangUpStep = { kind: "hang_up"; node: string; before: FlowPrompt[] };

/** What a call is to do next, in no provider's words. */
export type FlowStep = AskStep | ConnectStep | VoicemailStep | HangUpStep;
