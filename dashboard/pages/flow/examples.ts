import type { FlowMenu } from "../../../shared/api/ivr.ts";

/** Menus to begin with, each one idea. They ring whom routing chooses: targets and groups are added by their ids. */
export const EXAMPLES: readonly { name: string; menu: FlowMenu }[] = [
  {
    name: "Two keys",
    menu: {
      start: "reason",
      nodes: [
        {
          kind: "menu",
          id: "reason",
          prompt: { say: "For an emergency press 1, for anything else press 2." },
          keys: [
            { key: "1", to: "emergency" },
            { key: "2", to: "office" },
          ],
          otherwise: "office",
          tries: 2,
          timeout_s: 5,
        },
        { kind: "connect", id: "emergency", otherwise: "message" },
        { kind: "connect", id: "office", otherwise: "message" },
        { kind: "voicemail", id: "message" },
      ],
    },
  },
  {
    name: "A message after hours",
    menu: {
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
                timezone: "America/New_York",
                windows: [{ days: ["mon", "tue", "wed", "thu", "fri"], from: "09:00", to: "17:00" }],
              },
              not: false,
            },
          ],
          met: "desk",
          otherwise: "message",
        },
        { kind: "connect", id: "desk", otherwise: "message" },
        { kind: "voicemail", id: "message", prompt: { say: "We are closed. Please leave a message." } },
      ],
    },
  },
  {
    name: "By postal code",
    menu: {
      start: "code",
      nodes: [
        {
          kind: "number_question",
          id: "code",
          prompt: { say: "Please enter your five-digit postal code." },
          digits_min: 5,
          digits_max: 5,
          to: "near",
          otherwise: "desk",
          tries: 2,
          timeout_s: 8,
        },
        {
          kind: "condition",
          id: "near",
          match: "any",
          tests: [{ kind: "begins", question: "code", digits: ["941", "946"], not: false }],
          met: "desk",
          otherwise: "far",
        },
        { kind: "connect", id: "desk" },
        { kind: "hang_up", id: "far", prompt: { say: "We are sorry, we do not come that far." } },
      ],
    },
  },
  {
    name: "A qualifier, then a buyer",
    menu: {
      start: "qualifier",
      nodes: [
        { kind: "connect", id: "qualifier", afterwards: "buyer", otherwise: "message" },
        { kind: "connect", id: "buyer", otherwise: "message" },
        { kind: "voicemail", id: "message" },
      ],
    },
  },
];
