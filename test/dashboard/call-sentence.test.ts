import { describe, expect, it } from "vitest";
import { sentenceOf } from "../../dashboard/parts/call/sentence.ts";
import type { Call } from "../../shared/api/calls.ts";
import type { OrganizationKind } from "../../shared/api/organizations.ts";
import * as f from "./call-fixtures.ts";

/** The whole text as a person reads it, with plain spaces. */
function said(call: Call, kind: OrganizationKind): string {
  const { decides, why } = sentenceOf(f.seenBy(kind, call), kind, f.names);
  return `${decides} ${why}`.replaceAll("\u00a0", " ");
}

const SHORT = "was connected for 71 s; terms v3 ask for 90 s.";

describe("the sentence that heads a call", () => {
  const table: [keyof typeof f.calls, OrganizationKind, string][] = [
    [
      "qualified",
      "network",
      "Harbor & Pine pays $70.00 for this call and Fernhill Media earns $45.00. All 7 rules passed under terms v3; the caller was connected for 217 s.",
    ],
    [
      "qualified",
      "advertiser",
      "You pay $70.00 for this call. All 4 rules passed under terms v3; the caller was connected for 217 s.",
    ],
    [
      "qualified",
      "publisher",
      "You earn $45.00 for this call. All 5 rules passed under terms v3; the caller was connected for 217 s.",
    ],
    [
      "paid",
      "advertiser",
      "You paid $70.00 for this call. All 4 rules passed under terms v3; the caller was connected for 217 s.",
    ],
    [
      "paid",
      "publisher",
      "You were paid $45.00 for this call. All 5 rules passed under terms v3; the caller was connected for 217 s.",
    ],
    ["tooShort", "network", `Nobody pays for this call. The caller ${SHORT}`],
    [
      "tooShort",
      "advertiser",
      "You owe nothing for this call. The caller was connected for 71 s; the terms ask for 90 s.",
    ],
    [
      "tooShort",
      "publisher",
      "You earn nothing for this call. Too short: the caller was connected for 71 s; the terms ask for 90 s.",
    ],
    [
      "reversed",
      "network",
      `Nobody pays for this call. The caller ${SHORT} It had been booked and was taken back.`,
    ],
    ["missed", "network", "Nobody pays for this call. The phone rang and nobody answered."],
    [
      "duplicate",
      "advertiser",
      "You owe nothing for this call. It is a repeat: the same caller's call 3 d 4 h earlier qualified, within 30 d.",
    ],
    [
      "testCall",
      "publisher",
      "You earn nothing for this call. It came from one of the campaign's test callers: not billed, not counted, not learned from.",
    ],
    [
      "nobodyKnown",
      "network",
      "Nobody pays for this call. No publisher is proven to have brought it, and own traffic is not billed.",
    ],
    [
      "noCampaign",
      "network",
      "Nobody pays for this call. The number that was called belongs to no campaign, so the call was turned away.",
    ],
    ["ringing", "network", "The phone is ringing. Nothing is booked before the call has ended."],
    [
      "talking",
      "publisher",
      "The caller is on the line. Who pays is decided when the dialled leg has reported how long they were connected.",
    ],
    [
      "reportMissing",
      "network",
      "Nobody pays for this call yet. The dialled leg's report is missing, so nobody knows how long the caller was connected. Nothing is booked until it comes.",
    ],
    [
      "awaitsSignal",
      "publisher",
      "You earn nothing for this call yet. The terms require a signal: “sale” is awaited for 30 d after the call.",
    ],
    [
      "unsurePublisher",
      "network",
      "Harbor & Pine pays $70.00 for this call; no publisher earns. It is not sure enough which publisher brought it: 0.612 is under the floor of 0.9.",
    ],
    [
      "unsurePublisher",
      "publisher",
      "This call is not booked to you. It may have been yours with a probability of 0.612, which is under the campaign's floor.",
    ],
    [
      "unsurePublisher",
      "advertiser",
      "You pay $70.00 for this call. All 4 rules passed under terms v3; the caller was connected for 217 s.",
    ],
  ];
  it.each(table)("%s, read by the %s", (name, kind, expected) => {
    const call = f.calls[name];
    expect(call).toBeDefined();
    expect(said(call!, kind)).toBe(expected);
  });

  it("names the day on which held money is free, where its terms are known", () => {
    expect(said(f.held, "publisher")).toContain("The money is held until Fri 27 Nov.");
    const older = { ...f.held, payout: { ...f.held.payout!, terms_version: 2 } };
    expect(said(older, "publisher")).toContain("held until the hold of the terms is over.");
  });

  it("says why a call is not proven to a publisher whose rule failed", () => {
    const rules = f.rulesWith(f.failed("attribution", "0.8999 < 0.9, proven by its own site"));
    const call = f.judged({ revenue: "qualified", payout: "rejected" }, rules);
    expect(said(call, "publisher")).toBe(
      "You earn nothing for this call. It is not proven yours: its probability is 0.8999, the campaign asks for 0.9.",
    );
  });

  it("prefers the first cause over the rule that only follows from it", () => {
    const payoutOnly = f.judged(
      { revenue: "rejected", payout: "rejected" },
      f.rulesWith(f.TOO_SHORT, f.failed("revenue", "the advertiser does not owe for the call")),
    );
    expect(said(payoutOnly, "publisher")).toContain("Too short");
    expect(said(payoutOnly, "publisher")).not.toContain("advertiser");
  });

  it("tells a rule it does not know by its own detail", () => {
    const call = f.judged(
      { revenue: "rejected", payout: "rejected" },
      { revenue: [f.failed("moon_phase", "waxing")], payout: [] },
    );
    expect(said(call, "network")).toBe("Nobody pays for this call. Rule moon_phase failed: waxing.");
  });

  it("never says to one side what only the other may know", () => {
    for (const call of Object.values(f.calls)) {
      expect(said(call, "advertiser")).not.toMatch(/\$45|\$25|Fernhill|Kestrel|earns/);
      expect(said(call, "publisher")).not.toMatch(/\$70|\$25|Harbor|Kestrel|pays \$/);
    }
  });

  it("is one or more whole sentences for every call and reader", () => {
    for (const call of Object.values(f.calls)) {
      for (const kind of ["network", "advertiser", "publisher"] as const) {
        expect(said(call, kind)).toMatch(/^[A-Z].*\.$/);
        expect(said(call, kind)).not.toMatch(/undefined|null|NaN|\.\.|; \./);
      }
    }
  });
});
