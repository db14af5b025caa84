import fc from "fast-check";
import type { FlowMenu, FlowNode } from "../../shared/api/ivr.ts";

/** Menus for the laws: graphs of up to eight steps, most of them with something wrong, some sound. */

const say = (text: string) => ({ say: text });
const question = { prompt: say("Well?"), tries: 2, timeout_s: 5 } as const;

type Shape = { kind: FlowNode["kind"]; exits: number[]; tries: number };

const KINDS: readonly FlowNode["kind"][] = [
  "menu",
  "key_press",
  "number_question",
  "yes_no",
  "say",
  "condition",
  "connect",
  "ring_group",
  "voicemail",
  "hang_up",
];

/** @param forward true: exits lead to later steps only, so that most menus are sound. */
export function anyMenu(forward: boolean): fc.Arbitrary<FlowMenu> {
  const shape = fc.record({
    kind: fc.constantFrom(...KINDS),
    exits: fc.array(fc.nat({ max: 7 }), { minLength: 3, maxLength: 3 }),
    tries: fc.integer({ min: 1, max: 3 }),
  });
  return fc.array(shape, { minLength: 1, maxLength: 8 }).map((shapes) => ({
    start: "s0",
    nodes: shapes.map((one, i) => nodeOf(one, i, shapes.length, forward)),
  }));
}

function nodeOf({ kind, exits, tries }: Shape, index: number, count: number, forward: boolean): FlowNode {
  const id = `s${index}`;
  const later = count - index - 1;
  // The last step of a forward menu must end the call.
  if (forward && later === 0) return { kind: "hang_up", id };
  const to = (k: number) => {
    const exit = exits[k] ?? 0;
    return `s${forward ? index + 1 + (exit % later) : exit}`;
  };
  const asked = { ...question, tries, id, otherwise: to(0) };
  switch (kind) {
    case "menu":
      return {
        kind,
        ...asked,
        keys: [
          { key: "1", to: to(1) },
          { key: "2", to: to(2) },
        ],
      };
    case "key_press":
      return { kind, ...asked, pressed: to(1) };
    case "number_question":
      return { kind, ...asked, digits_min: 2, digits_max: 5, to: to(1) };
    case "yes_no":
      return { kind, ...asked, yes: to(1), no: to(2) };
    case "say":
      return { kind, id, prompt: say("Hello."), to: to(1) };
    case "condition":
      return {
        kind,
        id,
        match: "all",
        tests: [{ kind: "region", regions: ["US-CA"], not: false }],
        met: to(1),
        otherwise: to(2),
      };
    case "connect":
      return { kind, id, otherwise: to(1), afterwards: to(2) };
    case "ring_group":
      return { kind, id, group_id: `tgg_${"0".repeat(26)}`, otherwise: to(1) };
    case "voicemail":
    case "hang_up":
      return { kind, id };
  }
}

/** A plumber's menu: a postal code decides who is rung, after hours a message is taken. */
export const PLUMBER: FlowMenu = {
  start: "hours",
  nodes: [
    {
      kind: "condition",
      id: "hours",
      match: "all",
      tests: [
        {
          kind: "hours",
          hours: {
            timezone: "America/Los_Angeles",
            windows: [{ days: ["mon", "tue", "wed", "thu", "fri"], from: "08:00", to: "18:00" }],
          },
          not: false,
        },
      ],
      met: "reason",
      otherwise: "closed",
    },
    {
      kind: "menu",
      id: "reason",
      prompt: say("For a leak press 1, for a new bathroom press 2."),
      keys: [
        { key: "1", to: "code" },
        { key: "2", to: "sales" },
      ],
      otherwise: "sales",
      tries: 2,
      timeout_s: 5,
    },
    {
      kind: "number_question",
      id: "code",
      prompt: say("Please enter your five-digit postal code."),
      digits_min: 5,
      digits_max: 5,
      to: "near",
      otherwise: "sales",
      tries: 2,
      timeout_s: 8,
    },
    {
      kind: "condition",
      id: "near",
      match: "any",
      tests: [{ kind: "begins", question: "code", digits: ["941", "946"], not: false }],
      met: "plumber",
      otherwise: "far",
    },
    { kind: "ring_group", id: "plumber", group_id: `tgg_${"1".repeat(26)}`, otherwise: "closed" },
    { kind: "connect", id: "sales", target_ids: [`tgt_${"2".repeat(26)}`] },
    { kind: "hang_up", id: "far", prompt: say("We are sorry, we do not come that far.") },
    { kind: "voicemail", id: "closed", prompt: say("We are closed. Leave your number after the tone.") },
  ],
};
