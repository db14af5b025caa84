import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Facts, SIDES } from "../../edge/settlement/model/facts.ts";
import { isDue, judgeCall } from "../../edge/settlement/model/judge.ts";
import { law } from "../support/laws.ts";
import { facts } from "./arbitraries.ts";

const ruleOf = (judged: { rules: { rule: string }[] }, name: string) =>
  judged.rules.find(({ rule }) => rule === name);

describe("an account's word", () => {
  it("that nobody confirms books nothing, and changes no verdict once it counts", () =>
    fc.assert(
      fc.property(facts, fc.constantFrom("confirmed" as const, "vouched_for" as const), (one, credence) => {
        const judged = (of: Facts["call"]["credence"]) =>
          judgeCall({ ...one, call: { ...one.call, credence: of } });
        const own = judged("own_account");
        const awaited = judged("awaited");
        const counted = judged(credence);
        for (const side of SIDES) {
          expect(isDue(awaited[side].status)).toBe(false);
          expect(awaited[side].amount_micros).toBe(0);
          expect(counted[side].status).toBe(own[side].status);
          expect(counted[side].amount_micros).toBe(own[side].amount_micros);
          expect(ruleOf(own[side], "confirmed")).toBeUndefined();
        }
      }),
      law(200),
    ));
});
