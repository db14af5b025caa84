import type { FlowNode, FlowTest } from "../../../shared/api/ivr.ts";
import type { Instant } from "../../../shared/instant.ts";
import { isOpenAt } from "./hours.ts";

/** What a menu may know of the call: all of it stands still from the ring on, so a path is walked the same each time. */
export type FlowCaller = {
  /** When it rang. */
  at: Instant;
  /** ISO 3166-2, by the caller's area code; null where there is none. */
  region: string | null;
  is_hidden: boolean;
};

type Condition = Extract<FlowNode, { kind: "condition" }>;

/** `answers` holds what was pressed, by question. */
export function isMet(
  { match, tests }: Condition,
  caller: FlowCaller,
  answers: Readonly<Record<string, string>>,
): boolean {
  const results = tests.map((test) => isTrue(test, caller, answers) !== test.not);
  return match === "any" ? results.includes(true) : !results.includes(false);
}

/** A question that was not asked, or not answered, has pressed nothing: no test of its keys is true. */
function isTrue(test: FlowTest, caller: FlowCaller, answers: Readonly<Record<string, string>>): boolean {
  switch (test.kind) {
    case "hours":
      return isOpenAt(test.hours, caller.at);
    case "region":
      return caller.region !== null && test.regions.includes(caller.region);
    case "hidden_caller":
      return caller.is_hidden;
    case "pressed":
      return test.keys.includes(answers[test.question] ?? "");
    case "begins": {
      const pressed = answers[test.question] ?? "";
      return test.digits.some((digits) => pressed.startsWith(digits));
    }
    case "between": {
      const pressed = answers[test.question];
      if (pressed === undefined || !/^\d+$/.test(pressed)) return false;
      const number = Number(pressed);
      return (test.from === undefined || test.from <= number) && (test.to === undefined || number <= test.to);
    }
  }
}
