import type { CallFlow } from "../../../shared/api/ivr.ts";
import type { FlowTrial } from "../../../shared/api/ivr-trial.ts";
import { unreachable } from "../../../shared/assert.ts";
import { walkFlow } from "./ivr.ts";
import type { FlowCaller } from "./ivr-condition.ts";
import { extendPath, pressedKeys } from "./ivr-path.ts";
import type { FlowStep } from "./ivr-step.ts";

type Now = FlowTrial["now"];

/**
 * Tries a call flow out with these answers, by the same steps that a call takes; nobody is rung. An answer is keys,
 * "" for none, "unanswered" where nobody took the call, or "qualified" where a qualifier has talked to the caller.
 */
export function tryFlow(flow: CallFlow | null, answers: readonly string[], caller: FlowCaller): FlowTrial {
  const path = answers.reduce(
    (so_far, answer) =>
      extendPath(
        so_far,
        answer === "unanswered" || answer === "qualified"
          ? { kind: answer }
          : { kind: "keys", keys: pressedKeys(answer) },
      ),
    "",
  );
  const { step, passed, is_beyond } = walkFlow(flow, path, caller);
  return { passed: [...passed], now: { ...nowOf(step), has_more_answers: is_beyond } };
}

const NOTHING: Omit<Now, "kind" | "node" | "heard" | "has_more_answers"> = {
  prompt: null,
  keys: [],
  digits_max: null,
  timeout_s: null,
  target_ids: null,
  group_id: null,
  is_qualifier: false,
  is_recorded: false,
  whisper: null,
  accept_key: null,
};

function nowOf(step: FlowStep): Omit<Now, "has_more_answers"> {
  const heard = [...step.before];
  switch (step.kind) {
    case "ask": {
      const { node, prompt, keys, digits_max, timeout_s } = step;
      return { ...NOTHING, kind: "ask", node, heard, prompt, keys, digits_max, timeout_s };
    }
    case "connect": {
      const { node, role, only, record, whisper, accept_key } = step;
      const target_ids = only && "target_ids" in only ? [...only.target_ids] : null;
      const group_id = only && "group_id" in only ? only.group_id : null;
      return {
        ...NOTHING,
        kind: "connect",
        node,
        heard,
        target_ids,
        group_id,
        is_qualifier: role === "qualifier",
        is_recorded: record,
        whisper,
        accept_key,
      };
    }
    case "voicemail":
      return {
        ...NOTHING,
        kind: "voicemail",
        node: step.node,
        heard,
        prompt: step.prompt,
        is_recorded: true,
      };
    case "hang_up":
      return { ...NOTHING, kind: "hang_up", node: step.node, heard };
    default:
      return unreachable(step);
  }
}
