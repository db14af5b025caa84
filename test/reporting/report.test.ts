import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openDb } from "../../edge/platform/db.ts";
import type { Reader } from "../../edge/reporting/columns.ts";
import { planReport } from "../../edge/reporting/model/plan.ts";
import { seesDimension } from "../../edge/reporting/model/rights.ts";
import { report } from "../../edge/reporting/report.ts";
import {
  type Group,
  METRICS,
  type Metric,
  type ReportQuery,
  type ReportRow,
} from "../../shared/api/reports.ts";
import { DAY_MS, HOUR_MS } from "../../shared/instant.ts";
import { openDatabase } from "../support/database.ts";
import { law } from "../support/laws.ts";
import { blockedRows, callRows, type FactsDraw, factsIn, sessionRows, verdictRows } from "./facts.ts";
import { assignNumbers, insertRows, makeNetwork, type TestNetwork } from "./network.ts";
import { shareRows } from "./parts.ts";
import { type Asked, type Facts, isTime, labelsOfRange, recount } from "./recount.ts";

let database: Awaited<ReturnType<typeof openDatabase>>;
beforeAll(async () => {
  database = await openDatabase();
});
afterAll(() => database.close());

/** Five days with something unusual in the middle. */
const RANGES = [
  { zone: "America/Los_Angeles", from: Date.UTC(2026, 9, 30, 7) },
  { zone: "Europe/Berlin", from: Date.UTC(2026, 2, 27, 23) },
  { zone: "America/Sao_Paulo", from: Date.UTC(2018, 10, 2, 3) },
  { zone: "Australia/Lord_Howe", from: Date.UTC(2026, 3, 2, 13, 30) },
  { zone: "Asia/Kolkata", from: Date.UTC(2026, 11, 29) },
] as const;
const LENGTH_MS = 5 * DAY_MS;

/** Dimensions that the drawn facts have values of. */
const GROUPED = [
  "hour",
  "day",
  "week",
  "month",
  "hour_of_day",
  "campaign_id",
  "advertiser_id",
  "publisher_id",
  "site_id",
  "number",
  "label",
  "sub1",
  "source",
  "campaign",
  "landing_path",
  "region",
  "target",
  "disposition",
  "status",
  "payout_status",
  "revenue_status",
  "attribution",
  "reject_reason",
  "currency",
] as const satisfies readonly Group[];

const READERS = ["network", "advertiser", "open advertiser", "publisher"] as const;

function readerOf(network: TestNetwork, who: (typeof READERS)[number]): Reader {
  const common = { network_id: network.id, sees_publishers: who === "open advertiser" };
  if (who === "network") return { ...common, kind: "network", organization_id: network.id };
  if (who === "publisher")
    return { ...common, kind: "publisher", organization_id: network.publishers[0]!.id };
  return { ...common, kind: "advertiser", organization_id: network.campaigns[0]!.advertiser_id };
}

/** Every other one on the hour, where facts are too. */
const moment = (min: number, max: number) =>
  fc.oneof(
    fc.integer({ min, max }),
    fc
      .integer({ min: Math.ceil(min / HOUR_MS), max: Math.floor(max / HOUR_MS) })
      .map((hour) => hour * HOUR_MS),
  );

const asks = (zone: string, from: number) =>
  fc.record({
    zone: fc.constant(zone),
    from: moment(from, from + DAY_MS),
    to: moment(from + DAY_MS, from + LENGTH_MS),
    who: fc.constantFrom(...READERS),
    metrics: fc.oneof(fc.constant<Metric[]>([...METRICS]), fc.subarray([...METRICS], { minLength: 1 })),
    groups: fc.subarray([...GROUPED], { maxLength: 3 }),
    filters: fc.record(
      {
        campaign_id: fc.constant("cmp"),
        source: fc.constantFrom("google", ""),
        attribution: fc.constant("lease"),
        publisher_id: fc.constantFrom("first", "second", ""),
        payout_status: fc.constantFrom("qualified", "held", "rejected"),
        region: fc.constantFrom("US-CA", ""),
      },
      { requiredKeys: [] },
    ),
  });

const cases = fc.constantFrom(...RANGES).chain(({ zone, from }) =>
  fc.record({
    facts: factsIn(from, from + LENGTH_MS),
    asks: fc.array(asks(zone, from), { minLength: 6, maxLength: 6 }),
  }),
);

const keyOf = (row: ReportRow, groups: readonly Group[]) => JSON.stringify(groups.map((name) => row[name]));
const without = (row: ReportRow, groups: readonly string[]) =>
  Object.fromEntries(Object.entries(row).filter(([name]) => !groups.includes(name)));

type Ask = ReturnType<typeof asks> extends fc.Arbitrary<infer T> ? T : never;

/** Writes the drawn facts into a network of their own. */
async function stored(draws: FactsDraw): Promise<{ network: TestNetwork; facts: Facts }> {
  const network = await makeNetwork(database);
  await assignNumbers(database, network);
  const rows = callRows(network, draws.calls);
  const facts = {
    calls: rows.map((row, i) => ({
      ...row,
      revenue_rule: draws.calls[i]!.revenue_rule,
      shares: shareRows(network, draws.calls[i]!, i),
    })),
    sessions: sessionRows(network, draws.sessions),
    blocked: blockedRows(network, draws.blocked),
  };
  await insertRows(database, "calls", rows);
  await insertRows(
    database,
    "call_shares",
    facts.calls.flatMap(({ shares }) => shares),
  );
  await insertRows(database, "verdicts", verdictRows(network, draws.calls));
  await insertRows(database, "sessions", facts.sessions);
  await insertRows(database, "blocked_sessions", facts.blocked);
  return { network, facts };
}

/** Drawn filters by the names of this network; what the reader may not filter by is left out. */
function namedIn(network: TestNetwork, reader: Reader, filters: Ask["filters"]): Asked["filters"] {
  const { campaign_id, publisher_id, payout_status, ...others } = filters;
  const blind = reader.kind === "advertiser" && !reader.sees_publishers;
  const publisher = network.publishers[publisher_id === "first" ? 0 : 1]!;
  const name = publisher_id === "" ? "" : blind ? publisher.alias : publisher.id;
  return {
    ...others,
    ...(campaign_id !== undefined && { campaign_id: network.campaigns[0]!.id }),
    ...(publisher_id !== undefined && { publisher_id: name }),
    ...(payout_status !== undefined && reader.kind !== "advertiser" && { payout_status }),
  };
}

/** Reads one report by query and by hand. */
async function readBothWays(network: TestNetwork, facts: Facts, ask: Ask) {
  const { zone, from, to, who, metrics, groups, filters } = ask;
  const reader = readerOf(network, who);
  const named = namedIn(network, reader, filters);
  const asked: Asked = {
    metrics,
    groups: groups.filter((group) => isTime(group) || seesDimension(reader.kind, group)),
    filters: named,
    from,
    to,
    zone,
  };
  const { plan, read } = await readReport(reader, asked);
  return { asked, plan, read, counted: recount(network, reader, facts, asked) };
}

async function readReport(reader: Reader, { metrics, groups, filters, from, to, zone }: Asked) {
  const plan = planReport(reader.kind, { metrics, group_by: groups, ...(filters as ReportQuery) });
  if (!plan.ok) throw new Error(`refused ${plan.error}`);
  const db = openDb(database.d1 as never);
  const query = { from, to, format: "csv" } as const;
  const read = await report(db, { reader, plan: plan.value, query, timezone: zone, now: to });
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  return { plan: plan.value, read: read.value };
}

function expectSame({ asked, plan, read, counted }: Awaited<ReturnType<typeof readBothWays>>): void {
  const { groups } = asked;
  expect(plan.metrics).toEqual(counted.metrics);
  expect(read.totals).toEqual(counted.totals);
  const shown = read.data.map((row) => [keyOf(row, groups), without(row, groups)] as const);
  if (counted.metrics.length === 0) {
    expect(shown).toEqual([]);
  } else if (groups.length === 0) {
    expect(shown).toEqual([["[]", counted.totals]]);
  } else if (groups.every(isTime)) {
    const nothing = Object.fromEntries(counted.metrics.map((metric) => [metric, 0]));
    const keys = labelsOfRange(asked).map((labels) => JSON.stringify(labels));
    expect(shown).toEqual(keys.map((key) => [key, counted.rows.get(key) ?? nothing]));
  } else {
    expect(new Map(shown)).toEqual(counted.rows);
    expect(shown.length).toBe(counted.rows.size);
  }
}

describe("a report", () => {
  it("says what a count of the rows by hand says, for every viewer, grouping, filter and clock", async () => {
    await fc.assert(
      fc.asyncProperty(cases, async (drawn) => {
        const { network, facts } = await stored(drawn.facts);
        for (const ask of drawn.asks) expectSame(await readBothWays(network, facts, ask));
      }),
      law(30),
    );
  });

  it("by publisher adds up to the money without groups, and tells of each what it reads itself", async () => {
    const money = ["revenue_micros", "payout_micros", "margin_micros"] as const;
    const shown = ["calls", "payable_calls", "paid_calls", "rejected_calls", "payout_micros"] as const;
    await fc.assert(
      fc.asyncProperty(cases, async (drawn) => {
        const { network } = await stored(drawn.facts);
        const reader = readerOf(network, "network");
        for (const { zone, from, to, filters } of drawn.asks.slice(0, 3)) {
          const { publisher_id: _, ...others } = filters;
          const named = { ...namedIn(network, reader, others), currency: "USD" };
          const all: Asked = {
            metrics: [...money],
            groups: ["publisher_id"],
            filters: named,
            from,
            to,
            zone,
          };
          const { read } = await readReport(reader, all);
          for (const name of money) {
            const sum = read.data.reduce((total, row) => total + Number(row[name]), 0);
            expect(sum, name).toBe(read.totals[name]);
          }
          expect(read.totals).toEqual((await readReport(reader, { ...all, groups: [] })).read.totals);

          const { source: _s, ...unsourced } = named;
          for (const { id } of network.publishers) {
            const own = { ...all, metrics: [...shown], filters: { ...unsourced, publisher_id: id } };
            const self: Reader = { ...reader, kind: "publisher", organization_id: id };
            const [its, ours] = [await readReport(self, own), await readReport(reader, own)];
            expect(its.read.totals).toEqual(ours.read.totals);
            if (others.payout_status !== undefined) continue;
            const grouped = await readReport(reader, {
              ...own,
              groups: ["publisher_id"],
              filters: unsourced,
            });
            const row = grouped.read.data.find(({ publisher_id }) => publisher_id === id);
            expect(row ?? { publisher_id: id, ...ours.read.totals }).toEqual({
              publisher_id: id,
              ...its.read.totals,
            });
          }
        }
      }),
      law(10),
    );
  });
});
