import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { comparePlace, findAnchor } from "../../edge/settlement/model/dedupe.ts";
import { effectiveTerms } from "../../edge/settlement/model/terms.ts";
import { law } from "../support/laws.ts";
import { CALL, call, earlierCall, START, TERMS, terms } from "./arbitraries.ts";

const HOUR = effectiveTerms({ ...TERMS, dedupe_window_s: 3_600 }, "revenue", null);
const earlier = (started_at: number, provider_call_id = "CA0") => ({
  started_at,
  provider_call_id,
  telephony_account_id: "tel_1",
  campaign_id: "cmp_1",
  advertiser_id: "org_advertiser",
  is_test: false,
  is_due: true,
});

describe("the window of a duplicate", () => {
  it("is half-open, start to start", () => {
    expect(findAnchor(CALL, [earlier(START - 3_600_000)], HOUR)).toBeNull();
    expect(findAnchor(CALL, [earlier(START - 3_599_999)], HOUR)).not.toBeNull();
  });

  it("orders calls of one moment by the provider's id", () => {
    expect(findAnchor(CALL, [earlier(START, "CA0")], HOUR)).not.toBeNull();
    expect(findAnchor(CALL, [earlier(START, "CA2")], HOUR)).toBeNull();
  });

  it("knows no repeat of a hidden caller", () => {
    expect(findAnchor({ ...CALL, caller: null }, [earlier(START - 1_000)], HOUR)).toBeNull();
  });

  it("reaches over campaigns only where the scope is the advertiser", () => {
    const other = { ...earlier(START - 1_000), campaign_id: "cmp_2" };
    expect(findAnchor(CALL, [other], HOUR)).toBeNull();
    expect(findAnchor(CALL, [other], { ...HOUR, dedupe_scope: "advertiser" })).not.toBeNull();
  });
});

describe("an anchor", () => {
  it("is due, no test, decided earlier and inside the window, and the latest such call", () => {
    fc.assert(
      fc.property(call, fc.array(earlierCall, { maxLength: 6 }), terms, (one, others, version) => {
        const bound = effectiveTerms(version, "revenue", null);
        const anchor = findAnchor(one, others, bound);
        if (!anchor) return;
        expect(anchor.is_due && !anchor.is_test && one.caller !== null).toBe(true);
        expect(comparePlace(anchor, one)).toBeLessThan(0);
        expect(one.started_at - anchor.started_at).toBeLessThan(bound.dedupe_window_s * 1_000);
        const without = findAnchor(
          one,
          others.filter((other) => other !== anchor),
          bound,
        );
        if (without) expect(comparePlace(without, anchor)).toBeLessThanOrEqual(0);
      }),
      law(500),
    );
  });

  it("does not depend on the order in which earlier calls are listed", () => {
    fc.assert(
      fc.property(call, fc.array(earlierCall, { maxLength: 6 }), (one, others) => {
        const forward = findAnchor(one, others, HOUR);
        const backward = findAnchor(one, others.toReversed(), HOUR);
        expect(forward === null).toBe(backward === null);
        if (forward && backward) expect(comparePlace(forward, backward)).toBe(0);
      }),
      law(300),
    );
  });
});
