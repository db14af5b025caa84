import { describe, expect, it } from "vitest";
import {
  decisionWords,
  disputableSides,
  disputeWords,
  readDecision,
  readDispute,
} from "../../dashboard/parts/call/dispute-words.ts";
import { sentenceOf } from "../../dashboard/parts/call/sentence.ts";
import { stationsOf } from "../../dashboard/parts/call/stations.ts";
import type { Call, RuleResult } from "../../shared/api/calls.ts";
import type { OrganizationKind } from "../../shared/api/organizations.ts";
import { disputesOf } from "./call-disputes.ts";
import * as f from "./call-fixtures.ts";

const named = (name: string): Call => {
  const call = f.calls[name];
  if (!call) throw new Error(`there is no invented call ${name}`);
  return call;
};
const sidesOf = (name: string, kind: OrganizationKind) =>
  disputableSides(f.seenBy(kind, named(name)), kind, []);

describe("what a reader may dispute of a call", () => {
  it("is its own money: what it owes, or what it did not get", () => {
    expect(sidesOf("qualified", "advertiser")).toEqual(["revenue"]);
    expect(sidesOf("tooShort", "advertiser")).toEqual([]);
    expect(sidesOf("qualified", "publisher")).toEqual([]);
    expect(sidesOf("tooShort", "publisher")).toEqual(["payout"]);
    expect(sidesOf("qualified", "network")).toEqual(["revenue", "payout"]);
    expect(sidesOf("ringing", "network")).toEqual([]);
  });

  it("is not what is disputed already", () => {
    const held = named("held");
    expect(disputableSides(held, "network", disputesOf(held, "network"))).toEqual(["payout"]);
  });
});

describe("a dispute in words", () => {
  it("says who disputes what, and what was decided with the reader's amounts", () => {
    const [open] = disputesOf(named("held"), "network");
    const [decided] = disputesOf(named("reversed"), "network");
    const [seen] = disputesOf(named("reversed"), "publisher");
    if (!open || !decided || !seen) throw new Error("they are disputed");
    expect(disputeWords(open)).toBe("The advertiser disputes what it owes");
    expect(disputeWords({ ...open, opened_by: "network" })).toBe(
      "The network disputes what the advertiser owes",
    );
    expect(decisionWords(open)).toBeNull();
    expect(decisionWords(decided)).toBe(
      "Accepted: $70.00 credited to the advertiser, $45.00 taken off of the payout.",
    );
    expect(decisionWords(seen)).toBe("Accepted: $45.00 taken off of the payout.");
    expect(
      decisionWords({
        ...decided,
        status: "declined",
        advertiser_credit_micros: 0,
        publisher_debit_micros: 0,
      }),
    ).toBe("Declined.");
  });

  it("is read from its forms, money to the micro", () => {
    expect(readDispute({ reason: "spam", detail: " A voice. ", side: "payout" })).toMatchObject({
      ok: true,
      value: { reason: "spam", detail: "A voice.", side: "payout" },
    });
    expect(readDispute({ reason: "spam", detail: " " })).toMatchObject({ ok: false });
    const typed = { decision: "partial", note: "Half.", advertiser_credit_micros: "35.000001" };
    expect(readDecision(typed)).toMatchObject({ ok: true, value: { advertiser_credit_micros: 35_000_001 } });
    expect(readDecision({ ...typed, advertiser_credit_micros: "-1" })).toMatchObject({ ok: false });
  });
});

describe("the sentence of a disputed call", () => {
  const withRule = (call: Call, rule: RuleResult): Call => ({
    ...call,
    ...(call.payout && { payout: { ...call.payout, rules: [...call.payout.rules, rule] } }),
  });

  it("says that its money waits for the network, not for a day", () => {
    const rule = { rule: "dispute", passed: false, pending: true, detail: "the advertiser disputes it" };
    const { why } = sentenceOf(withRule(named("held"), rule), "network", f.names);
    expect(why).toContain("It is disputed: the money is held until the network has decided.");
    expect(why).not.toContain("27 Nov");
  });

  it("is not contradicted by the verdict's station, which waits, too", () => {
    const rule = { rule: "dispute", passed: false, pending: true, detail: "the advertiser disputes it" };
    const call = withRule(named("held"), rule);
    const options = { names: f.names, zone: f.ZONE, entries: [] };
    const verdict = stationsOf(call, options).find(({ id }) => id === "verdict");
    expect(verdict).toMatchObject({ glyph: "held", text: "dispute: the advertiser disputes it" });
    expect(verdict?.title).toMatch(/^Verdict: waits for 1 of \d+ rules$/);
  });
});
