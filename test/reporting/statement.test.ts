import fc from "fast-check";
import { Temporal } from "temporal-polyfill";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openDb } from "../../edge/platform/db.ts";
import { readAllLines, readStatement, STATEMENT_LINES_MAX } from "../../edge/reporting/statement.ts";
import type { Statement } from "../../shared/api/statements.ts";
import { DAY_MS, HOUR_MS } from "../../shared/instant.ts";
import { openDatabase } from "../support/database.ts";
import { law } from "../support/laws.ts";
import { insertRows, makeNetwork, type TestNetwork } from "./network.ts";

let database: Awaited<ReturnType<typeof openDatabase>>;
beforeAll(async () => {
  database = await openDatabase();
});
afterAll(() => database.close());

const ZONE = "America/Los_Angeles";
const MONTH = "2026-11";
const BEGIN = Temporal.PlainDate.from("2026-11-01").toZonedDateTime(ZONE).epochMilliseconds;
const END = Temporal.PlainDate.from("2026-12-01").toZonedDateTime(ZONE).epochMilliseconds;

/** A charge or a payout, and when it was taken back, if it was. */
type Booking = {
  kind: "charge" | "payout";
  party: number;
  currency: string;
  micros: number;
  at: number;
  reversed_after_ms: number | null;
};

const bookings: fc.Arbitrary<Booking> = fc.record({
  kind: fc.constantFrom("charge", "payout"),
  party: fc.nat(1),
  currency: fc.constantFrom("USD", "USD", "USD", "EUR"),
  micros: fc.integer({ min: 1, max: 90_000_000 }),
  at: fc.oneof(
    fc.integer({ min: BEGIN - 5 * DAY_MS, max: END + 5 * DAY_MS }),
    fc.constantFrom(BEGIN - 1, BEGIN, END - 1, END),
  ),
  reversed_after_ms: fc.option(fc.integer({ min: 1, max: 10 * DAY_MS })),
});

const partyOf = (network: TestNetwork, { kind, party }: Booking) =>
  kind === "charge" ? network.campaigns[party]!.advertiser_id : network.publishers[party]!.id;

/** Books all of it; entries first, the sealing header last. */
async function book(network: TestNetwork, drawn: readonly Booking[]): Promise<void> {
  const transactions = drawn.flatMap((booking, i) => {
    const sign = booking.kind === "charge" ? 1 : -1;
    const first = {
      booking,
      id: `txn_${i}_${network.id}`,
      at: booking.at,
      sign,
      reverses_id: null as string | null,
    };
    const { reversed_after_ms } = booking;
    if (reversed_after_ms === null) return [first];
    const back = { ...first, id: `txr_${i}_${network.id}`, at: booking.at + reversed_after_ms, sign: -sign };
    return [first, { ...back, reverses_id: first.id }];
  });
  const entries = transactions.flatMap(({ booking, id, sign }) => [
    {
      transaction_id: id,
      line: 1,
      account: booking.kind === "charge" ? "receivable" : "payable",
      organization_id: partyOf(network, booking),
      amount_micros: sign * booking.micros,
    },
    {
      transaction_id: id,
      line: 2,
      account: "margin",
      organization_id: network.id,
      amount_micros: -sign * booking.micros,
    },
  ]);
  const headers = transactions.map(({ booking, id, at, reverses_id }, i) => ({
    id,
    network_id: network.id,
    call_id: `cal_${id.slice(4)}`,
    kind: reverses_id === null ? booking.kind : "reversal",
    currency: booking.currency,
    reverses_id,
    posting_key: `${id}/${i}`,
    reason: "drawn",
    posted_at: at,
  }));
  await insertRows(database, "ledger_entries", entries);
  await insertRows(database, "ledger_transactions", headers);
}

const askOf = (network: TestNetwork, id: string, kind: "network" | "advertiser" | "publisher") => ({
  network_id: network.id,
  organization: { id, kind },
  period: MONTH,
  timezone: ZONE,
  currency: "USD" as string | undefined,
});

async function statementOf(...of: Parameters<typeof askOf>): Promise<Statement> {
  const read = await readStatement(openDb(database.d1 as never), askOf(...of), null);
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  return read.value;
}

describe("the statements of a month", () => {
  it("agree: what advertisers owe less what publishers earn is what the network keeps, line by line", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(bookings, { maxLength: 30 }), async (drawn) => {
        const network = await makeNetwork(database, ZONE);
        await book(network, drawn);
        const own = await statementOf(network, network.id, "network");
        const sides = await Promise.all([
          ...network.campaigns.map(({ advertiser_id }) => statementOf(network, advertiser_id, "advertiser")),
          ...network.publishers.map(({ id }) => statementOf(network, id, "publisher")),
        ]);
        const signed = sides.map(({ total_micros }, i) => (i < 2 ? total_micros : -total_micros));
        expect(own.total_micros).toBe(signed.reduce((sum, total) => sum + total, 0));
        for (const { lines, total_micros, line_count } of [own, ...sides]) {
          expect(line_count).toBe(lines.length);
          expect(lines.reduce((sum, line) => sum + line.amount_micros, 0)).toBe(total_micros);
          expect(lines.every(({ posted_at }) => BEGIN <= posted_at && posted_at < END)).toBe(true);
          expect(lines).toEqual(lines.toSorted((a, b) => a.posted_at - b.posted_at));
        }
        const kept = new Map(own.lines.map((line) => [line.transaction_id, line.amount_micros]));
        for (const [i, side] of sides.entries()) {
          for (const line of side.lines) {
            const amount = kept.get(line.transaction_id) ?? Number.NaN;
            expect(line.amount_micros).toBe(i < 2 ? amount : -amount);
          }
        }
        const inMonth = (at: number) => BEGIN <= at && at < END;
        const byHand = drawn
          .filter((one) => one.kind === "payout" && one.party === 0 && one.currency === "USD")
          .flatMap(({ at, micros, reversed_after_ms: after_ms }) => [
            ...(inMonth(at) ? [micros] : []),
            ...(after_ms !== null && inMonth(at + after_ms) ? [-micros] : []),
          ]);
        expect(sides[2]?.total_micros).toBe(byHand.reduce((sum, micros) => sum + micros, 0));
      }),
      law(25),
    );
  });
});

describe("a statement", () => {
  const booking: Booking = {
    kind: "payout",
    party: 0,
    currency: "USD",
    micros: 45_000_000,
    at: BEGIN + HOUR_MS,
    reversed_after_ms: null,
  };

  it("does not know entries that no header has sealed", async () => {
    const network = await makeNetwork(database, ZONE);
    await book(network, [booking]);
    const publisher_id = network.publishers[0]!.id;
    const unsealed = { transaction_id: `txu_${network.id}`, line: 1, account: "payable" };
    await insertRows(database, "ledger_entries", [
      { ...unsealed, organization_id: publisher_id, amount_micros: -1 },
    ]);
    expect((await statementOf(network, publisher_id, "publisher")).total_micros).toBe(45_000_000);
  });

  it("takes the only currency there is, the last one posted in if the month has none, and asks between two", async () => {
    const network = await makeNetwork(database, ZONE);
    const publisher_id = network.publishers[0]!.id;
    const ask = { ...askOf(network, publisher_id, "publisher"), currency: undefined };
    const db = openDb(database.d1 as never);
    expect(await readStatement(db, ask, null)).toMatchObject({
      value: { currency: null, total_micros: 0, lines: [], from: BEGIN, to: END },
    });
    await book(network, [{ ...booking, currency: "EUR", at: BEGIN - DAY_MS }]);
    expect(await readStatement(db, ask, null)).toMatchObject({ value: { currency: "EUR", lines: [] } });
    const both = await makeNetwork(database, ZONE);
    await book(both, [booking, { ...booking, currency: "EUR" }]);
    const between = { ...askOf(both, both.publishers[0]!.id, "publisher"), currency: undefined };
    expect(await readStatement(db, between, null)).toEqual({
      ok: false,
      error: { kind: "invalid", faults: [{ pointer: "?currency", detail: "must be one of EUR, USD" }] },
    });
  });

  it("that is long is paged without losing or repeating a line, and its total is of all", async () => {
    const network = await makeNetwork(database, ZONE);
    const count = STATEMENT_LINES_MAX + 5;
    // Many at one moment: the page must break between them.
    await book(
      network,
      Array.from({ length: count }, () => booking),
    );
    const publisher_id = network.publishers[0]!.id;
    const ask = askOf(network, publisher_id, "publisher");
    const db = openDb(database.d1 as never);
    const first = await statementOf(network, publisher_id, "publisher");
    expect(first).toMatchObject({ line_count: count, total_micros: count * 45_000_000 });
    expect(first.next_cursor).not.toBeNull();
    const last = first.lines.at(-1)!;
    const second = await readStatement(db, ask, { ...last, line: 1 });
    const lines = [...first.lines, ...(second.ok ? second.value.lines : [])];
    expect(new Set(lines.map(({ transaction_id }) => transaction_id)).size).toBe(count);
    expect(lines.length).toBe(count);
    const all = [];
    for await (const part of readAllLines(db, ask, "USD")) all.push(...part);
    expect(all).toEqual(lines);
  });
});
