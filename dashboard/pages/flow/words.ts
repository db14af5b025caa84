import type { FlowNode, FlowNodeKind, FlowPrompt, FlowTest } from "../../../shared/api/ivr.ts";
import { writeHours } from "../../parts/form/hours.ts";

/** What each kind of step is called. */
export const KIND_WORDS: Readonly<Record<FlowNodeKind, string>> = {
  menu: "Menu",
  key_press: "Any key",
  number_question: "Number",
  yes_no: "Yes or no",
  say: "Say",
  condition: "If",
  connect: "Connect",
  ring_group: "Ring group",
  voicemail: "Voicemail",
  hang_up: "Hang up",
};

/** Every way out of a step, with what leads that way; "" where it is simply the next. */
export function waysOut(node: FlowNode): { to: string; label: string }[] {
  switch (node.kind) {
    case "menu":
      return [...node.keys.map(({ key, to }) => ({ to, label: key })), { to: node.otherwise, label: "none" }];
    case "key_press":
      return [
        { to: node.pressed, label: "a key" },
        { to: node.otherwise, label: "none" },
      ];
    case "number_question":
      return [
        { to: node.to, label: "a number" },
        { to: node.otherwise, label: "none" },
      ];
    case "yes_no":
      return [
        { to: node.yes, label: "1" },
        { to: node.no, label: "2" },
        { to: node.otherwise, label: "none" },
      ];
    case "say":
      return [{ to: node.to, label: "" }];
    case "condition":
      return [
        { to: node.met, label: "yes" },
        { to: node.otherwise, label: "no" },
      ];
    case "connect":
    case "ring_group":
      return [
        ...(node.afterwards === undefined ? [] : [{ to: node.afterwards, label: "qualified" }]),
        ...(node.otherwise === undefined ? [] : [{ to: node.otherwise, label: "no answer" }]),
      ];
    case "voicemail":
    case "hang_up":
      return [];
  }
}

/** What is heard, in the words that are read out; of a sound file its name. */
export function promptWords(prompt: FlowPrompt | undefined | null): string {
  if (!prompt) return "";
  return "say" in prompt ? prompt.say : `plays ${prompt.play.slice(prompt.play.lastIndexOf("/") + 1)}`;
}

export type FlowNames = { target: (id: string) => string; group: (id: string) => string };

/** One step in a line: what it says, asks, tests or rings. */
export function nodeWords(node: FlowNode, names: FlowNames): string {
  switch (node.kind) {
    case "menu":
    case "key_press":
    case "number_question":
    case "yes_no":
    case "say":
      return promptWords(node.prompt);
    case "condition": {
      const joint = node.match === "any" ? " or " : " and ";
      return node.tests.map(testWords).join(joint);
    }
    case "connect":
      return node.target_ids ? node.target_ids.map(names.target).join(", ") : "whoever routing chooses";
    case "ring_group":
      return names.group(node.group_id);
    case "voicemail":
      return promptWords(node.prompt) || "takes a message";
    case "hang_up":
      return promptWords(node.prompt) || "says nothing";
  }
}

function listed(values: readonly string[]): string {
  const most = values.slice(0, 4).join(", ");
  return values.length > 4 ? `${most} and ${values.length - 4} more` : most;
}

function testWords(test: FlowTest): string {
  const no = test.not ? "not " : "";
  switch (test.kind) {
    case "hours":
      return `${no}within ${writeHours(test.hours).replaceAll("\n", "; ")}`;
    case "region":
      return `${no}calling from ${listed(test.regions)}`;
    case "hidden_caller":
      return test.not ? "the caller shows a number" : "the caller hides the number";
    case "pressed":
      return `“${test.question}” is ${no}${listed(test.keys)}`;
    case "begins":
      return `“${test.question}” does ${no}begin with ${listed(test.digits)}`.replace("does begin", "begins");
    case "between": {
      const { from, to } = test;
      const bounds =
        from === undefined ? `at most ${to}` : to === undefined ? `at least ${from}` : `${from} to ${to}`;
      return `“${test.question}” is ${no}${bounds}`;
    }
  }
}
