import fc from "fast-check";
import { expect, it } from "vitest";
import { chanceFrom } from "../../edge/demo/chance.ts";
import { testCaller } from "../../edge/demo/test-call.ts";
import { phoneIn } from "../../edge/demo/visitors.ts";
import { law } from "../support/laws.ts";

const lineOf = (number: string) => Number(number.slice(-4));

it("calls from a phone that no visitor of the demo has, so that it is no repeat caller", () => {
  fc.assert(
    fc.property(fc.integer(), fc.uint8Array({ minLength: 2, maxLength: 2 }), (seed, bytes) => {
      const visitors = chanceFrom(seed);
      const caller = testCaller(bytes);
      expect(caller).toMatch(/^\+1415555\d{4}$/);
      // Their last four digits do not even overlap.
      expect(lineOf(phoneIn(visitors, "US-CA"))).toBeLessThan(lineOf(caller));
    }),
    law(300),
  );
});
