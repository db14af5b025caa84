import type { FlowNode } from "../../../shared/api/ivr.ts";
import { type FlowNames, KIND_WORDS, nodeWords, waysOut } from "./words.ts";

/** One step in full: what it says or tests, how long it waits, and where each answer leads. */
export function StepFacts({ node, names }: { node: FlowNode; names: FlowNames }) {
  const ways = waysOut(node);
  return (
    <dl class="facts step-facts" aria-live="polite">
      <div class="fact">
        <dt>{KIND_WORDS[node.kind]}</dt>
        <dd>
          <b>{node.id}</b>: {nodeWords(node, names)}
        </dd>
      </div>
      {"tries" in node && (
        <div class="fact">
          <dt>Waits</dt>
          <dd>
            {node.timeout_s} s, asked {node.tries === 1 ? "once" : `up to ${node.tries} times`}
          </dd>
        </div>
      )}
      <div class="fact">
        <dt>Leads to</dt>
        <dd>
          {ways.length === 0
            ? "the end of the call"
            : ways.map(({ to, label }) => (label === "" ? to : `${label}: ${to}`)).join(", ")}
        </dd>
      </div>
    </dl>
  );
}
