import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Reader } from "../../edge/reporting/columns.ts";
import type { ReportQuery, ReportRow } from "../../shared/api/reports.ts";
import { DAY_MS, HOUR_MS } from "../../shared/instant.ts";
import { openDatabase } from "../support/database.ts";
import { NOON, PART, reportsIn, VISIT } from "./asked.ts";
import { blockedRows, sessionRows } from "./facts.ts";
import { insertRows, makeNetwork } from "./network.ts";
import { advertiserReader, networkReader, publisherReader } from "./readers.ts";

let database: Awaited<ReturnType<typeof openDatabase>>;
beforeAll(async () => {
  database = await openDatabase();
});
afterAll(() => database.close());
const { networkWith, ask, read } = reportsIn(() => database);

const column = (rows: readonly ReportRow[], name: string) => rows.map((row) => row[name]);

describe("time without bounds", () => {
  it("runs from the first fact to now, stretches without any being zero", async () => {
    const network = await networkWith([{ at: NOON - 2 * DAY_MS }, { at: NOON }]);
    const { data } = await read(network, { metrics: ["calls"], group_by: ["day"] });
    expect(data).toEqual([
      { day: "2026-11-18", calls: 1 },
      { day: "2026-11-19", calls: 0 },
      { day: "2026-11-20", calls: 1 },
      { day: "2026-11-21", calls: 0 },
    ]);
  });

  it("is the present stretch where nothing has happened yet", async () => {
    const network = await makeNetwork(database);
    const { data, totals } = await read(network, { group_by: ["month"], metrics: ["calls", "sessions"] });
    expect(data).toEqual([{ month: "2026-11", calls: 0, sessions: 0 }]);
    expect(totals).toEqual({ calls: 0, sessions: 0 });
  });

  it("is found for every metric there is, whoever asks", async () => {
    const network = await networkWith([{ at: NOON - 2 * DAY_MS }, { at: NOON }]);
    await insertRows(database, "sessions", sessionRows(network, [{ ...VISIT, at: NOON - 3 * DAY_MS }]));
    const days = async (reader: Reader) =>
      (await read(network, { group_by: ["day"] }, reader)).data.map(({ day, calls, sessions }) => [
        day,
        calls,
        sessions,
      ]);
    const all = [
      ["2026-11-17", 0, 1],
      ["2026-11-18", 1, 0],
      ["2026-11-19", 0, 0],
      ["2026-11-20", 1, 0],
      ["2026-11-21", 0, 0],
    ];
    expect(await days(networkReader(network))).toEqual(all);
    expect((await days(advertiserReader(network, false))).at(-2)).toEqual(["2026-11-20", 1, 0]);
    expect(await days(publisherReader(network, 0))).toEqual(all.slice(1));
  });

  it("begins with a page view that got no number where that was first", async () => {
    const network = await networkWith([{ at: NOON }]);
    const refused = { hour: (NOON - DAY_MS) / HOUR_MS, site: 0, reason: "pool_empty", blocked: 3 };
    await insertRows(database, "blocked_sessions", blockedRows(network, [refused]));
    const { data, totals } = await read(network, { metrics: ["blocked_sessions"], group_by: ["day"] });
    expect(totals).toEqual({ blocked_sessions: 3 });
    expect(column(data, "blocked_sessions")).toEqual([3, 0, 0]);
  });

  it("begins for a publisher with the first call that it has a part in", async () => {
    const shared = { at: NOON - DAY_MS, publisher: null, parts: [{ ...PART, publisher: 1 }] };
    const network = await networkWith([shared, { publisher: 1, at: NOON }, { at: NOON - 3 * DAY_MS }]);
    const query: ReportQuery = { metrics: ["calls", "payout_micros"], group_by: ["day"] };
    expect((await read(network, query, publisherReader(network, 1))).data).toEqual([
      { day: "2026-11-19", calls: 1, payout_micros: 5 },
      { day: "2026-11-20", calls: 1, payout_micros: 45_000_000 },
      { day: "2026-11-21", calls: 0, payout_micros: 0 },
    ]);
  });
});

describe("a range", () => {
  it("is half-open, with and without stretches of time", async () => {
    const network = await networkWith([{ at: NOON }]);
    const visit = sessionRows(network, [VISIT]);
    await insertRows(database, "sessions", visit);
    for (const group_by of [[], ["day" as const]]) {
      const query: ReportQuery = { metrics: ["calls", "sessions"], group_by };
      const within = await read(network, { ...query, from: NOON, to: NOON + 1 });
      expect(within.totals).toEqual({ calls: 1, sessions: 1 });
      const before = await read(network, { ...query, from: NOON - DAY_MS, to: NOON });
      expect([before.totals, column(before.data, "calls").at(-1)]).toEqual([{ calls: 0, sessions: 0 }, 0]);
    }
  });

  it("that is empty has no stretches and zero totals", async () => {
    const network = await networkWith([{}]);
    const query: ReportQuery = { metrics: ["calls"], group_by: ["day"], from: NOON, to: NOON };
    expect(await read(network, query)).toMatchObject({ data: [], totals: { calls: 0 } });
  });

  it("that ends before it begins, or has too many stretches, is refused", async () => {
    const network = await makeNetwork(database);
    const refusal = async (query: ReportQuery) => {
      const answer = await ask(network, query);
      return answer.ok ? null : answer.error;
    };
    expect(await refusal({ from: NOON, to: NOON - 1 })).toMatchObject({
      kind: "invalid",
      faults: [{ pointer: "?to" }],
    });
    expect(await refusal({ from: NOON - 800 * DAY_MS, to: NOON, group_by: ["hour"] })).toMatchObject({
      kind: "invalid",
      faults: [{ pointer: "?group_by" }],
    });
  });
});
