import type { CallFlow, FlowNode, FlowPrompt } from "../../../shared/api/ivr.ts";
import type { FlowPassed } from "../../../shared/api/ivr-trial.ts";
import { type FlowCaller, isMet } from "./ivr-condition.ts";
import { isQuestion } from "./ivr-graph.ts";
import { extendPath, type FlowAnswer, readPath } from "./ivr-path.ts";
import {
  type AskStep,
  type ConnectStep,
  type FlowStep,
  RECORDING_QUESTION,
  type VoicemailStep,
} from "./ivr-step.ts";

/** What a call has gone through, and what it is to do next. */
export type Walk = {
  step: FlowStep;
  /** What was pressed at each question, the last good answer; keys that led nowhere are not among it. */
  answers: Readonly<Record<string, string>>;
  passed: readonly FlowPassed[];
  /** True when there were answers after the end, or none that fits: the path is not of this flow. */
  is_beyond: boolean;
};

const CALLER_NOTICE: FlowPrompt = { say: "This call will be recorded." };
const VOICEMAIL_PROMPT: FlowPrompt = {
  say: "We cannot take your call right now. Please leave a message after the tone.",
};
const VOICEMAIL_MAX_S = 120;
const DECLINE_TIMEOUT_S = 3;

/** A flow of which nothing was said: everybody is put through at once. */
const PLAIN: CallFlow = { caller_id: "caller", dead_air_s: 120 };

/**
 * What a call does after the answers of `path` ("" at the ring). A pure function of the flow, the path and what stands
 * still about the call, so that any request can be answered again. A path that is not of this flow (the flow was
 * changed under a call) leads to the last step that it fits.
 */
export function stepFlow(flow: CallFlow | null, path: string, caller: FlowCaller): FlowStep {
  return walkFlow(flow, path, caller).step;
}

/**
 * Where the menu leads after phones rang and nobody took the call (`unanswered`), or where nobody is open and none rings
 * (`closed`), with the path there; null when it says nothing: then the campaign's overflow decides.
 */
export function afterNobody(
  flow: CallFlow | null,
  path: string,
  kind: "unanswered" | "closed",
  caller: FlowCaller,
): { step: FlowStep; path: string } | null {
  const there = extendPath(path, { kind });
  const { step, is_beyond } = walkFlow(flow, there, caller);
  return is_beyond ? null : { step, path: there };
}

/** A message taken outside of any menu: where nothing is open and the campaign's overflow says voicemail. */
export function voicemailOf(flow: CallFlow | null): VoicemailStep {
  return voicemailStep(flow ?? PLAIN, null, [], undefined);
}

/** The same as `stepFlow`, with everything that was passed on the way. */
export function walkFlow(flow: CallFlow | null, path: string, caller: FlowCaller): Walk {
  const of = flow ?? PLAIN;
  let state = go(of, caller, beginning(of));
  let is_beyond = false;
  for (const answer of readPath(path) ?? []) {
    const next = answered(of, state, answer);
    if (!next) {
      is_beyond = true;
      break;
    }
    state = go(of, caller, next);
  }
  return { step: stepAt(of, state), answers: state.answers, passed: state.passed, is_beyond };
}

type State = {
  /** The step the call is at; null where there is no menu. */
  node: FlowNode | null;
  /** How often the question at hand was answered in vain. */
  tried: number;
  /** What the caller hears before the next stop. */
  heard: FlowPrompt[];
  answers: Readonly<Record<string, string>>;
  /** Null while nobody was asked. */
  is_declined: boolean | null;
  /** Told that the call is recorded. */
  is_told: boolean;
  passed: readonly FlowPassed[];
};

function beginning(flow: CallFlow): State {
  const { menu, greeting } = flow;
  return {
    node: menu ? nodeOf(flow, menu.start) : null,
    tried: 0,
    heard: greeting ? [greeting] : [],
    answers: {},
    is_declined: null,
    is_told: false,
    passed: [],
  };
}

function nodeOf({ menu }: CallFlow, id: string): FlowNode | null {
  return menu?.nodes.find((node) => node.id === id) ?? null;
}

function passing(state: State, to: FlowNode | null, keys: string | null, detail: string): State {
  const { node, passed } = state;
  const step = { node: node?.id ?? null, kind: node?.kind ?? "connect", keys, detail };
  return { ...state, node: to, tried: 0, passed: [...passed, step] };
}

/** Through steps that ask nothing, to the next stop. A sound menu has no circles, so this ends. */
function go(flow: CallFlow, caller: FlowCaller, from: State): State {
  let state = from;
  for (;;) {
    const { node } = state;
    if (node?.kind === "say") {
      const heard = [...state.heard, node.prompt];
      state = passing({ ...state, heard }, nodeOf(flow, node.to), null, "was heard");
    } else if (node?.kind === "condition") {
      const met = isMet(node, caller, state.answers);
      state = passing(
        state,
        nodeOf(flow, met ? node.met : node.otherwise),
        null,
        met ? "is met" : "is not met",
      );
    } else return state;
  }
}

/** True at a step that rings somebody. */
function connects(node: FlowNode | null): boolean {
  return node === null || node.kind === "connect" || node.kind === "ring_group";
}

function isRung(node: FlowNode | null): node is Extract<FlowNode, { kind: "connect" | "ring_group" }> {
  return node?.kind === "connect" || node?.kind === "ring_group";
}

function asksAboutRecording(flow: CallFlow, { node, is_declined }: State): boolean {
  return flow.recording?.decline_key !== undefined && is_declined === null && connects(node);
}

/** The state after an answer; null when nothing waited for one. */
function answered(flow: CallFlow, state: State, answer: FlowAnswer): State | null {
  const { node } = state;
  // What was heard before an answer is not said again.
  const after = { ...state, heard: [] };
  const keys = answer.kind === "keys" ? answer.keys : null;
  if (asksAboutRecording(flow, state)) {
    if (answer.kind !== "keys") return null;
    const is_declined = keys === flow.recording?.decline_key;
    const step = {
      node: RECORDING_QUESTION,
      kind: "recording",
      keys,
      detail: is_declined ? "declined" : "not declined",
    };
    return { ...after, is_declined, is_told: true, passed: [...state.passed, step] };
  }
  if (connects(node)) {
    if (answer.kind === "keys" || !isRung(node)) return null;
    const to = answer.kind === "qualified" ? node.afterwards : node.otherwise;
    if (to === undefined) return null;
    // No phone rang, so nothing was said before it: it is heard before the next stop.
    if (answer.kind === "closed") return passing(state, nodeOf(flow, to), null, "nobody was open");
    const what = answer.kind === "qualified" ? "qualified the caller" : "nobody took the call";
    return passing({ ...after, is_told: true }, nodeOf(flow, to), null, what);
  }
  if (!node || !isQuestion(node)) return null;
  return answerTo(flow, after, node, keys);
}

function answerTo(flow: CallFlow, state: State, node: Question, keys: string | null): State {
  const to = keys === null ? null : leadsTo(node, keys);
  if (to !== null && keys !== null) {
    const answers = { ...state.answers, [node.id]: keys };
    return passing({ ...state, answers }, nodeOf(flow, to), keys, `pressed ${keys}`);
  }
  const pressed = keys === null ? "nothing pressed" : `pressed ${keys}, which leads nowhere`;
  const tried = state.tried + 1;
  if (tried >= node.tries) return passing(state, nodeOf(flow, node.otherwise), keys, pressed);
  return { ...passing(state, node, keys, `${pressed}: asked again`), tried };
}

type Question = Extract<FlowNode, { tries: number }>;

/** Where these keys lead from a question; null where they are no answer to it. */
function leadsTo(node: Question, keys: string): string | null {
  switch (node.kind) {
    case "menu":
      return node.keys.find(({ key }) => key === keys)?.to ?? null;
    case "key_press":
      return node.pressed;
    case "number_question": {
      const fits = /^\d+$/.test(keys) && keys.length >= node.digits_min && keys.length <= node.digits_max;
      return fits ? node.to : null;
    }
    case "yes_no":
      return keys === "1" ? node.yes : keys === "2" ? node.no : null;
  }
}

function stepAt(flow: CallFlow, state: State): FlowStep {
  const { node, heard } = state;
  if (asksAboutRecording(flow, state)) return declineStep(flow, node, heard);
  if (node && isQuestion(node)) return askStep(node, heard);
  if (node?.kind === "voicemail") return voicemailStep(flow, node.id, heard, node.prompt);
  if (node?.kind === "hang_up") {
    return { kind: "hang_up", node: node.id, before: node.prompt ? [...heard, node.prompt] : heard };
  }
  return connectStep(flow, state);
}

function askStep(node: Question, before: FlowPrompt[]): AskStep {
  const isNumber = node.kind === "number_question";
  return {
    kind: "ask",
    question: node.id,
    node: node.id,
    before,
    prompt: node.prompt,
    keys: node.kind === "menu" ? node.keys.map(({ key }) => key) : node.kind === "yes_no" ? ["1", "2"] : [],
    digits_max: isNumber ? node.digits_max : 1,
    finish_on_key: isNumber && node.digits_min < node.digits_max ? "#" : null,
    timeout_s: node.timeout_s,
  };
}

/** The announcement itself asks, so that nobody is recorded who was not told, and who is told may decline. */
function declineStep({ recording }: CallFlow, node: FlowNode | null, before: FlowPrompt[]): AskStep {
  const key = recording?.decline_key ?? "";
  return {
    kind: "ask",
    question: RECORDING_QUESTION,
    node: node?.id ?? null,
    before: [...before, recording?.notice ?? CALLER_NOTICE],
    prompt: { say: `To go on without being recorded, press ${spoken(key)} now.` },
    keys: [key],
    digits_max: 1,
    finish_on_key: null,
    timeout_s: DECLINE_TIMEOUT_S,
  };
}

/** A key as it is read out. */
export function spoken(key: string): string {
  return key === "*" ? "star" : key === "#" ? "pound" : key;
}

function voicemailStep(
  { voicemail }: CallFlow,
  node: string | null,
  before: FlowPrompt[],
  own: FlowPrompt | undefined,
): VoicemailStep {
  return {
    kind: "voicemail",
    node,
    before,
    prompt: own ?? voicemail?.prompt ?? VOICEMAIL_PROMPT,
    max_duration_s: voicemail?.max_duration_s ?? VOICEMAIL_MAX_S,
  };
}

function connectStep(flow: CallFlow, { node, heard, is_declined, is_told }: State): ConnectStep {
  const { recording, whisper, accept_key, max_duration_s, caller_id } = flow;
  const record = recording !== undefined && is_declined !== true;
  const notice = record && !is_told ? [recording.notice ?? CALLER_NOTICE] : [];
  return {
    kind: "connect",
    role: isRung(node) && node.afterwards !== undefined ? "qualifier" : "buyer",
    node: node?.id ?? null,
    before: [...heard, ...notice],
    only: onlyOf(node),
    record,
    whisper: whisper ?? null,
    accept_key: accept_key ?? null,
    max_duration_s: max_duration_s ?? null,
    caller_id,
  };
}

function onlyOf(node: FlowNode | null): ConnectStep["only"] {
  if (node?.kind === "ring_group") return { group_id: node.group_id };
  return node?.kind === "connect" && node.target_ids ? { target_ids: node.target_ids } : null;
}
