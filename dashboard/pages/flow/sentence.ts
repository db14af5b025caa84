import type { CallFlow } from "../../../shared/api/ivr.ts";
import { displayNumber } from "../../../shared/phone-number.ts";
import { counted } from "../../format.ts";
import { lasting } from "../campaign/sentence.ts";
import { spokenKey } from "./keys.ts";
import { promptWords } from "./words.ts";

/** What happens to a caller, in a sentence. */
export function flowSentence(flow: CallFlow | null): string {
  if (!flow || isPlain(flow)) return "Every call is put through at once: nothing is asked, said or recorded.";
  const { menu, greeting, recording } = flow;
  const asked = menu?.nodes.filter((node) => "tries" in node).length ?? 0;
  const first = greeting ? "A caller hears a greeting" : "A caller hears no greeting";
  const then = menu
    ? `goes through ${counted(menu.nodes.length, "step")} with ${asked === 0 ? "no question" : counted(asked, "question")}`
    : "is put through at once";
  const recorded = recording
    ? recording.decline_key === undefined
      ? "The call is recorded, and both are told before."
      : `The call is recorded unless the caller declines with ${spokenKey(recording.decline_key)}, and both are told before.`
    : "Nothing is recorded.";
  return `${first} and ${then}. ${recorded}`;
}

/** True of a flow that changes nothing. */
function isPlain({
  greeting,
  menu,
  recording,
  whisper,
  accept_key,
  caller_id,
  max_duration_s,
}: CallFlow): boolean {
  const settings = [greeting, menu, recording, whisper, accept_key, max_duration_s];
  return caller_id === "caller" && settings.every((setting) => setting === undefined);
}

export type FlowFact = { label: string; words: string };

/** What is set, each in a line; what is not set is said too where it matters. */
export function flowFacts(flow: CallFlow): FlowFact[] {
  const { greeting, recording, whisper, accept_key, caller_id, max_duration_s, dead_air_s, voicemail } = flow;
  const quoted = (words: string) => `“${words}”`;
  const heard = ["you", ...(recording?.heard_by.map((side) => `the ${side}`) ?? [])];
  const facts: (FlowFact | false)[] = [
    greeting !== undefined && { label: "Greeting", words: quoted(promptWords(greeting)) },
    {
      label: "Recording",
      words: recording
        ? recording.decline_key === undefined
          ? "on, announced to both"
          : `on, declined with ${spokenKey(recording.decline_key)}`
        : "off",
    },
    recording !== undefined && { label: "Heard by", words: heard.join(", ") },
    whisper !== undefined && { label: "The agent hears", words: quoted(promptWords(whisper)) },
    {
      label: "The agent takes it",
      words: accept_key === undefined ? "by picking up" : `by pressing ${accept_key}; the clock starts there`,
    },
    { label: "The agent's phone shows", words: shownWords(caller_id) },
    max_duration_s !== undefined && { label: "They talk at most", words: lasting(max_duration_s) },
    flow.ring_max_s !== undefined && {
      label: "Ringing in all",
      words: `at most ${lasting(flow.ring_max_s)}`,
    },
    flow.menu !== undefined && { label: "Silence in the menu", words: `at most ${lasting(dead_air_s)}` },
    flow.recordings_kept_days !== undefined && {
      label: "Recordings are kept",
      words: counted(flow.recordings_kept_days, "day"),
    },
    voicemail !== undefined && {
      label: "Voicemail",
      words: `${voicemail.prompt ? `${quoted(promptWords(voicemail.prompt))}, ` : ""}at most ${lasting(voicemail.max_duration_s)}`,
    },
  ];
  return facts.filter((fact) => fact !== false);
}

function shownWords(caller_id: string): string {
  if (caller_id === "caller") return "the caller's number";
  return caller_id === "number" ? "the number that was called" : displayNumber(caller_id);
}
