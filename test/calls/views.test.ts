import fc from "fast-check";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { csvColumns } from "../../edge/calls/csv.ts";
import type { CallFile } from "../../edge/calls/file.ts";
import { advertiserView, isSeenByPublisher, networkView, publisherView } from "../../edge/calls/views.ts";
import { csvLine } from "../../edge/platform/csv.ts";
import { Call } from "../../shared/api/calls.ts";
import { law } from "../support/laws.ts";
import { ADVERTISER, CALLER, file, NOW, OTHER, OWN, PAYOUT, REVENUE, TARGET } from "./files.ts";

/** What a role reads, as JSON and as a line of its export. */
function texts(view: Call, kind: "network" | "advertiser" | "publisher", given: CallFile): string[] {
  v.parse(Call, view);
  const columns = csvColumns(kind, given.shows);
  const csv = csvLine(columns.map(({ name }) => name)) + csvLine(columns.map((column) => column.of(view)));
  return [JSON.stringify(view), csv];
}

function expectNone(read: string[], forbidden: readonly (string | RegExp)[]): void {
  for (const text of read) for (const word of forbidden) expect(text).not.toMatch(word);
}

describe("a network", () => {
  it("sees both sides and what is left between them", () => {
    fc.assert(
      fc.property(file, (given) => {
        const view = networkView(given);
        texts(view, "network", given);
        expect(view.margin_micros).toBe(
          (view.revenue?.revenue_micros ?? 0) - (view.payout?.payout_micros ?? 0),
        );
        expect(view.from).toBe(given.from);
      }),
      law(100),
    );
  });
});

describe("an advertiser", () => {
  it("never sees payout, margin, or who a publisher is beyond its alias", () => {
    fc.assert(
      fc.property(file, (given) => {
        const read = texts(advertiserView(given), "advertiser", given);
        expectNone(read, [/payout/, /margin/, String(PAYOUT), String(REVENUE - PAYOUT)]);
        if (given.shows.publishers) return;
        // Candidates and visits here are named after their publisher, but for what their advertisement says.
        const words = ["source", "medium", "campaign", "term", "content"].flatMap((name) => [
          `${name}-${OWN}`,
          `${name}-${OTHER}`,
        ]);
        const ids = [...["ses", "sit"].flatMap((kind) => [`${kind}_${OWN}`, `${kind}_${OTHER}`])];
        const rest = read.map((text) =>
          [...words, ...ids].reduce((left, word) => left.replaceAll(word, ""), text),
        );
        expectNone(rest, [OWN, OTHER]);
      }),
      law(300),
    );
  });

  it("reads an alias where a call is booked to a publisher", () => {
    fc.assert(
      fc.property(file, (given) => {
        const alias = advertiserView(given).publisher_alias;
        expect(alias).toBe({ [OWN]: "P-1042", [OTHER]: "P-2077" }[given.row.publisher_id ?? ""] ?? null);
      }),
      law(50),
    );
  });
});

describe("a publisher", () => {
  it("never sees revenue, the target, another's candidates or visit, weights, or a caller's whole number", () => {
    fc.assert(
      fc.property(file, (given) => {
        const read = texts(publisherView(given, OWN), "publisher", given);
        expectNone(read, [
          /revenue[_-]/,
          /margin/,
          /weight/,
          String(REVENUE),
          String(REVENUE - PAYOUT),
          TARGET.slice(1),
          OTHER,
          "P-2077",
          "1234.5678",
          "9876.5",
          "bill_own_traffic",
          `reference-${ADVERTISER}`,
        ]);
        if (!given.shows.callers) expectNone(read, [CALLER.slice(5)]);
        if (given.row.publisher_id !== OWN) expectNone(read, [String(PAYOUT), "payout-detail"]);
      }),
      law(300),
    );
  });

  it("is told of the advertiser's side only where that alone decided", () => {
    fc.assert(
      fc.property(file, (given) => {
        const view = publisherView(given, OWN);
        const named = view.payout?.rules.some(({ rule }) => rule === "revenue") ?? false;
        expect(named).toBe(view.payout?.status === "rejected");
      }),
      law(100),
    );
  });

  it("sees the others' candidates as one sum, and all of it adds up", () => {
    fc.assert(
      fc.property(file, (given) => {
        const { attribution } = publisherView(given, OWN);
        const sum = attribution.candidates.reduce((total, one) => total + one.probability, 0);
        expect(sum + attribution.none_probability).toBeCloseTo(1, 5);
        expect(attribution.candidates.filter((one) => one.publisher_id !== OWN).length).toBeLessThanOrEqual(
          1,
        );
      }),
      law(100),
    );
  });

  it("sees a call of another's from a share of a quarter on", () => {
    fc.assert(
      fc.property(file, (given) => {
        const share = given.attributed?.attribution.publishers[0]?.probability ?? 0;
        expect(isSeenByPublisher(given, OWN)).toBe(given.row.publisher_id === OWN || share >= 0.25);
      }),
      law(100),
    );
  });
});

describe("a payment", () => {
  const details = (view: Call) =>
    view.timeline?.filter(({ kind }) => kind === "paid").map(({ detail }) => detail) ?? [];

  it("is read in the timeline by the network and by whose money it was", () => {
    fc.assert(
      fc.property(file, (given) => {
        if (!given.events) return;
        const booked = given.row.publisher_id;
        const owed = `the advertiser has paid: reference-${ADVERTISER}`;
        const earned = booked === null ? [] : [`the publisher was paid: reference-${booked}`];
        expect(details(networkView(given))).toEqual([owed, ...earned]);
        expect(details(advertiserView(given))).toEqual([owed]);
        expect(details(publisherView(given, OWN))).toEqual(booked === OWN ? earned : []);
      }),
      law(100),
    );
  });
});

describe("a lease that may still live", () => {
  const live = (view: Call) => [
    view.attribution.lease_id,
    ...view.attribution.candidates.map((c) => c.lease_id),
  ];

  it("is shown to nobody but the network, and to its side once it is over", () => {
    fc.assert(
      fc.property(file, (given) => {
        expect(live(advertiserView(given)).every((id) => id === null)).toBe(true);
        expect(live(publisherView(given, OWN)).every((id) => id === null)).toBe(true);
        const later = publisherView({ ...given, now: NOW + 5 * 3_600_000 }, OWN);
        expect(later.attribution.candidates[0]?.lease_id).toBe(`lse_${OWN}_0`);
      }),
      law(50),
    );
  });
});
