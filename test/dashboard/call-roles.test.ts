import { describe, expect, it } from "vitest";
import { moneySides } from "../../dashboard/parts/call/money-sides.ts";
import {
  accountWords,
  balancesOf,
  columnSums,
  storyOf,
  transactionsOf,
} from "../../dashboard/parts/call/postings.ts";
import { stationsOf } from "../../dashboard/parts/call/stations.ts";
import { callEnd, endingOf, endingsOf } from "../../dashboard/parts/call/verdict.ts";
import type { Call } from "../../shared/api/calls.ts";
import type { LedgerEntry } from "../../shared/api/ledger.ts";
import { DAY_MS } from "../../shared/instant.ts";
import * as f from "./call-fixtures.ts";

const options = { names: f.names, zone: f.ZONE, entries: [] };
const ids = (call: Call) => stationsOf(call, options).map(({ id }) => id);

describe("money at the head of a call", () => {
  const labels = (call: Call, kind: "network" | "advertiser" | "publisher") =>
    moneySides(f.seenBy(kind, call), kind, []).map(({ label }) => label);

  it("has only the figures that the reader may see", () => {
    expect(labels(f.qualified, "network")).toEqual(["Advertiser pays", "Publisher earns", "Network keeps"]);
    expect(labels(f.qualified, "advertiser")).toEqual(["You pay"]);
    expect(labels(f.qualified, "publisher")).toEqual(["You earn"]);
  });

  it("keeps what had been booked beside what is true now, from the ledger", () => {
    const sides = moneySides(f.reversed, "network", f.reversedEntries(f.reversed.id));
    expect(sides).toEqual([
      { label: "Advertiser pays", amount_micros: 0, instead_micros: f.dollars(70) },
      { label: "Publisher earns", amount_micros: 0, instead_micros: f.dollars(45) },
      { label: "Network keeps", amount_micros: 0, instead_micros: f.dollars(25) },
    ]);
    const own = f.reversedEntries(f.reversed.id).filter(({ account }) => account === "payable");
    const seen = moneySides(f.seenBy("publisher", f.reversed), "publisher", own);
    expect(seen).toEqual([{ label: "You earn", amount_micros: 0, instead_micros: f.dollars(45) }]);
  });

  it("has no amount while the verdict is open: not yet is not zero", () => {
    for (const call of [f.ringing, f.awaitsSignal, f.reportMissing]) {
      expect(moneySides(call, "network", []).map(({ amount_micros }) => amount_micros)).toEqual([
        null,
        null,
        null,
      ]);
    }
    expect(moneySides(f.missed, "network", []).map(({ amount_micros }) => amount_micros)).toEqual([0, 0, 0]);
  });

  it("invents no earlier amount for a call that was booked once", () => {
    for (const side of moneySides(f.qualified, "network", f.bookedEntries(f.qualified.id))) {
      expect(side.instead_micros).toBeNull();
    }
  });
});

describe("the trail", () => {
  it("begins where the proof begins: a visit, a printed number, or the ring itself", () => {
    expect(ids(f.qualified).slice(0, 3)).toEqual(["visit", "lease", "ring"]);
    expect(ids(f.staticNumber).slice(0, 2)).toEqual(["number", "ring"]);
    expect(stationsOf(f.staticNumber, options)[0]?.glyph).toBe("square");
    expect(ids(f.nobodyKnown)[0]).toBe("ring");
  });

  it("keeps a number for the visitor who left the site until the lease runs out", () => {
    const { session, started_at } = f.qualified;
    const lease = (ends: { closed_at: number | null; expires_at: number }) =>
      stationsOf({ ...f.qualified, session: session && { ...session, ...ends } }, options)[1]?.text;
    const later = started_at + 60_000;
    const kept = lease({ closed_at: null, expires_at: later });
    expect(kept).toMatch(/Last seen at [^.]+\. Kept until [^.]+\.$/);
    expect(kept).not.toContain("left");
    expect(lease({ closed_at: later - 10, expires_at: later })).toBe(kept);
    const left = lease({ closed_at: started_at - 60_000, expires_at: later });
    expect(left).toMatch(/The site was left at [^.]+\. Kept until [^.]+\.$/);
    const gone = lease({ closed_at: null, expires_at: started_at - 60_000 });
    expect(gone).toMatch(/The lease ended at [^.]+\.$/);
  });

  it("says nothing of postings that are not known, or not for this reader", () => {
    expect(ids(f.qualified)).toContain("postings");
    expect(stationsOf(f.qualified, { ...options, entries: null }).map(({ id }) => id)).toEqual(
      ids(f.qualified).filter((id) => id !== "postings"),
    );
  });

  it("is dashed only where it is inferred, and hairline after a phone that still rings", () => {
    const lines = (call: Call) =>
      Object.fromEntries(stationsOf(call, options).map(({ id, line }) => [id, line]));
    expect(lines(f.qualified)).toMatchObject({ visit: "fact", lease: "guess", ring: "fact", answer: "fact" });
    expect(lines(f.staticNumber)).toMatchObject({ number: "fact", ring: "fact" });
    expect(lines(f.ringing)).toMatchObject({ lease: "guess", ring: "todo", verdict: "todo" });
    const ahead = stationsOf(f.ringing, options).filter((station) => station.ahead);
    expect(ahead.map(({ id }) => id)).toEqual(["answer", "verdict", "postings"]);
  });

  it("puts a join that was made at the ring before an answer that came later, and an early answer before it", () => {
    expect(ids(f.qualified).slice(2)).toEqual(["ring", "attribution", "answer", "verdict", "postings"]);
    const { timeline: _unknown, ...untimed } = f.qualified;
    expect(ids(untimed).slice(2)).toEqual(["ring", "answer", "attribution", "verdict", "postings"]);
  });

  it("waits for the pool before it says anything about who called", () => {
    const unasked: Call = {
      ...f.ringing,
      session: null,
      attribution: { ...f.nobodyKnown.attribution, confidence: 0, none_probability: 0 },
    };
    const stations = stationsOf(unasked, options);
    expect(stations.map(({ id, ahead }) => [id, ahead])).toEqual([
      ["ring", false],
      ["answer", true],
      ["attribution", true],
      ["verdict", true],
      ["postings", true],
    ]);
  });

  it("dates the verdict by what the postings followed, not by the end of a hold", () => {
    const released: Call = {
      ...f.qualified,
      timeline: [
        ...(f.qualified.timeline ?? []),
        { kind: "judged", at: f.RING + 5 * DAY_MS, detail: "the hold is over" },
      ],
    };
    const at = (call: Call, entries: LedgerEntry[]) =>
      stationsOf(call, { ...options, entries }).find(({ id }) => id === "verdict")?.at;
    expect(at(released, f.bookedEntries(released.id))).toBe(f.RING + 251_000);
    expect(at(f.reversed, f.reversedEntries(f.reversed.id))).toBe(f.RING + 111_000);
  });

  it("says nothing about an answer before the dialled leg has reported", () => {
    const station = stationsOf(f.reportMissing, options).find(({ id }) => id === "answer");
    expect(station).toMatchObject({ glyph: "open", title: "Answer: not reported" });
    expect(callEnd(f.reportMissing)).toBe("unreported");
  });

  it("has no verdict and no postings for a publisher the call is not booked to", () => {
    const call = f.seenBy("publisher", f.unsurePublisher);
    expect(ids(call)).not.toContain("verdict");
    expect(ids(call)).not.toContain("postings");
    expect(endingsOf(call)).toEqual([{ ending: "unbooked", side: null }]);
  });

  it("ends in the verdict's glyph", () => {
    expect(stationsOf(f.held, options).at(-1)?.glyph).toBe("held");
    expect(stationsOf(f.reversed, options).at(-1)?.glyph).toBe("reversed");
    expect(stationsOf(f.missed, options).find(({ id }) => id === "answer")?.glyph).toBe("bar");
  });

  it("says in a row how far the call came", () => {
    expect(callEnd(f.qualified)).toBe("answered");
    expect(callEnd(f.missed)).toBe("missed");
    expect(callEnd(f.ringing)).toBe("ringing");
    expect(callEnd(f.talking)).toBe("answered");
  });
});

describe("the verdict in one word", () => {
  it("is the payout's for those who see it, the revenue's for the advertiser", () => {
    expect(endingOf(f.unsurePublisher)).toBe("rejected");
    expect(endingOf(f.seenBy("advertiser", f.unsurePublisher))).toBe("qualified");
    expect(endingOf(f.ringing)).toBe("ringing");
    expect(endingOf(f.talking)).toBe("talking");
  });

  it("becomes two where the sides differ", () => {
    expect(endingsOf(f.unsurePublisher)).toEqual([
      { ending: "qualified", side: "revenue" },
      { ending: "rejected", side: "payout" },
    ]);
    expect(endingsOf(f.held)).toEqual([{ ending: "held", side: null }]);
  });
});

describe("postings", () => {
  const entries = f.reversedEntries("cal_reversed");

  it("are grouped by transaction, oldest first, each summing to zero", () => {
    const story = storyOf(entries.toReversed());
    expect(story.map(({ kind }) => kind)).toEqual(["charge", "payout", "reversal", "reversal"]);
    for (const transaction of transactionsOf(entries)) expect(transaction.sum_micros).toBe(0);
    expect(columnSums(entries)).toEqual({ debit_micros: f.dollars(230), credit_micros: f.dollars(230) });
  });

  it("leave every account of a reversed call at zero", () => {
    for (const balance of balancesOf(entries)) expect(balance.amount_micros).toBe(0);
    const [receivable] = balancesOf(f.bookedEntries("cal_a"));
    expect(receivable).toMatchObject({ account: "receivable", amount_micros: f.dollars(70) });
  });

  it("call each account what its reader calls it", () => {
    const [owes] = entries;
    expect(accountWords(owes!, "network", f.names)).toBe("Harbor & Pine charged");
    expect(accountWords(owes!, "advertiser", f.names)).toBe("You were charged");
  });
});
