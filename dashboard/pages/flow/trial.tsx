import { useState } from "preact/hooks";
import type { CallFlow } from "../../../shared/api/ivr.ts";
import type { FlowTrial } from "../../../shared/api/ivr-trial.ts";
import { ask, client } from "../../api.ts";
import { Glyph } from "../../parts/glyph.tsx";
import { Fault, Skeleton } from "../../parts/states.tsx";
import { type Resource, useResource } from "../../query.ts";
import { Keypad } from "./keypad.tsx";
import { type FlowNames, promptWords } from "./words.ts";

/** What a trial is made with: a draft or the version in force, when it rings, who calls. */
export type TrialOf = { campaign_id: string; flow: CallFlow | null; at: number | null; from: string };

export type Trying = {
  answers: readonly string[];
  of: Resource<FlowTrial>;
  answer: (answer: string) => void;
  back: () => void;
  again: () => void;
};

/** Tries a call flow out by the API, one answer after another; nobody is rung. */
export function useTrial({ campaign_id, flow, at, from }: TrialOf): Trying {
  const [answers, setAnswers] = useState<readonly string[]>([]);
  const json = {
    answers: [...answers],
    ...(flow && { flow }),
    ...(at !== null && { at }),
    ...(from !== "" && { from }),
  };
  const of = useResource(
    `trial ${campaign_id} ${JSON.stringify(json)}`,
    (signal) =>
      ask(client.campaigns[":id"]["call-flows"].try.$post, { param: { id: campaign_id }, json }, signal),
    { keep: true },
  );
  return {
    answers,
    of,
    answer: (answer) => setAnswers([...answers, answer]),
    back: () => setAnswers(answers.slice(0, -1)),
    again: () => setAnswers([]),
  };
}

/** The call so far as its trail, and the keys that go on from here. */
export function TrialPanel({ trying, names, zone }: { trying: Trying; names: FlowNames; zone: string }) {
  const { of, answers } = trying;
  return (
    <div class="trial" aria-live="polite">
      <Fault what="The trial" of={of} zone={zone} />
      {of.data === null ? (
        of.slow && <Skeleton height="12rem" />
      ) : (
        <>
          <Passed trial={of.data} names={names} />
          <Controls trial={of.data} trying={trying} />
        </>
      )}
      {answers.length > 0 && (
        <p class="acts">
          <button class="btn" type="button" onClick={trying.back}>
            One step back
          </button>
          <button class="btn" type="button" onClick={trying.again}>
            Start again
          </button>
        </p>
      )}
    </div>
  );
}

function Passed({ trial, names }: { trial: FlowTrial; names: FlowNames }) {
  const { passed, now } = trial;
  return (
    <ol class="way-list">
      <li class="st">
        <span class="dot">
          <Glyph name="ring" class="" />
        </span>
        <div>The phone rings.</div>
      </li>
      {passed.map(({ node, kind, detail }, index) => (
        // The same step may be passed more than once.
        <li key={`${index}${node}`} class="st">
          <span class="dot f">
            <Glyph name="fact" class="" />
          </span>
          <div>
            <b>{node ?? kind.replaceAll("_", " ")}</b> {detail}
          </div>
        </li>
      ))}
      <li class="st end">
        <span class="dot">
          <Glyph name={now.kind === "ask" ? "open" : now.kind === "hang_up" ? "rejected" : "ring"} class="" />
        </span>
        <div>
          {now.heard.map((prompt) => (
            <p key={promptWords(prompt)} class="said">
              “{promptWords(prompt)}”
            </p>
          ))}
          {now.prompt && <p class="said">“{promptWords(now.prompt)}”</p>}
          <p>{ending(now, names)}</p>
        </div>
      </li>
    </ol>
  );
}

/** What happens where the call now is. */
function ending(now: FlowTrial["now"], names: FlowNames): string {
  switch (now.kind) {
    case "ask":
      return `Waits ${now.timeout_s} s for ${now.digits_max === 1 ? "a key" : `up to ${now.digits_max} keys`}.`;
    case "hang_up":
      return "The call is ended.";
    case "voicemail":
      return "The caller may leave a message.";
    case "connect": {
      const whom = now.group_id
        ? `Rings ${names.group(now.group_id)}`
        : now.target_ids
          ? `Rings ${now.target_ids.map(names.target).join(" or ")}`
          : "Rings whoever routing chooses";
      const agent = [
        now.whisper && `the agent hears “${promptWords(now.whisper)}”`,
        now.is_recorded && "both are told that the call is recorded",
        now.accept_key && `the agent presses ${now.accept_key} to take it`,
      ].filter(Boolean);
      return agent.length > 0 ? `${whom}; ${agent.join("; ")}.` : `${whom}.`;
    }
  }
}

function Controls({ trial, trying }: { trial: FlowTrial; trying: Trying }) {
  const { now } = trial;
  if (now.kind === "ask") {
    return (
      <Keypad
        key={trying.answers.length}
        offered={now.keys}
        digits_max={now.digits_max ?? 1}
        onKeys={trying.answer}
        onNothing={() => trying.answer("")}
      />
    );
  }
  if (now.kind !== "connect" || now.has_more_answers) return null;
  return (
    <p class="acts">
      <button class="btn" type="button" onClick={() => trying.answer("unanswered")}>
        Nobody answers
      </button>
      {now.is_qualifier && (
        <button class="btn" type="button" onClick={() => trying.answer("qualified")}>
          Hands the caller on
        </button>
      )}
    </p>
  );
}
