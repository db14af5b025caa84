import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openDb } from "../../edge/platform/db.ts";
import type { Reader } from "../../edge/reporting/columns.ts";
import { bucketsOf } from "../../edge/reporting/model/buckets.ts";
import { planReport } from "../../edge/reporting/model/plan.ts";
import { selectGroups } from "../../edge/reporting/store.ts";
import type { ReportQuery, ReportRow } from "../../shared/api/reports.ts";
import { DAY_MS, HOUR_MS } from "../../shared/instant.ts";
import { openDatabase } from "../support/database.ts";
import { NOON, PART, reportsIn, VISIT } from "./asked.ts";
import { sessionRows } from "./facts.ts";
import { insertRows } from "./network.ts";
import { advertiserReader, networkReader, publisherReader } from "./readers.ts";

let database: Awaited<ReturnType<typeof openDatabase>>;
beforeAll(async () => {
  database = await openDatabase();
});
afterAll(() => database.close());

const { networkWith, read } = reportsIn(() => database);

const column = (rows: readonly ReportRow[], name: string) => rows.map((row) => row[name]);
const bySub = (count: number) =>
  Array.from({ length: count }, (_, i) => Array.from({ length: i + 1 }, () => ({ sub1: `s${i}` }))).flat();

describe("the order of groups", () => {
  it("is that of the first metric, greatest first, and equal ones by name", async () => {
    const network = await networkWith([
      { sub1: "b", duration_s: 10 },
      { sub1: "a", duration_s: 10 },
      { sub1: "c", duration_s: 5 },
      { sub1: "c", duration_s: 4 },
    ]);
    const by = async (metrics: ReportQuery["metrics"]) =>
      column((await read(network, { metrics, group_by: ["sub1"] })).data, "sub1");
    expect(await by(["calls"])).toEqual(["c", "a", "b"]);
    expect(await by(["duration_s", "calls"])).toEqual(["a", "b", "c"]);
  });

  it("within time is that of the group over all of time", async () => {
    const network = await networkWith([
      { sub1: "rare", at: NOON },
      { sub1: "rare", at: NOON },
      { sub1: "often", at: NOON },
      { sub1: "often", at: NOON + DAY_MS },
      { sub1: "often", at: NOON + DAY_MS },
    ]);
    const { data } = await read(network, { metrics: ["calls"], group_by: ["sub1", "day"] });
    expect(data).toEqual([
      { sub1: "often", day: "2026-11-20", calls: 1 },
      { sub1: "rare", day: "2026-11-20", calls: 2 },
      { sub1: "often", day: "2026-11-21", calls: 2 },
    ]);
  });
});

describe("a limit", () => {
  it("keeps the greatest groups, each with all of its time, and the totals of all", async () => {
    const days = [0, 1, 2].flatMap((day) => bySub(4).map((draw) => ({ ...draw, at: NOON + day * DAY_MS })));
    const network = await networkWith(days);
    const query: ReportQuery = { metrics: ["calls"], group_by: ["day", "sub1"], limit: 2 };
    const { data, totals, group_count } = await read(network, query);
    expect(column(data, "sub1")).toEqual(["s3", "s2", "s3", "s2", "s3", "s2"]);
    expect(totals).toEqual({ calls: 30 });
    expect(group_count).toBe(4);
  });

  it("is 200 unless told, and none in a download", async () => {
    const network = await networkWith(Array.from({ length: 230 }, (_, i) => ({ sub1: `s${i}` })));
    const query: ReportQuery = { metrics: ["calls"], group_by: ["sub1"] };
    expect((await read(network, query)).data.length).toBe(200);
    expect((await read(network, query)).group_count).toBe(230);
    expect((await read(network, { ...query, format: "csv" })).data.length).toBe(230);
  });
});

describe("money", () => {
  it("of several currencies is never added, but told apart by currency", async () => {
    const network = await networkWith([{ campaign: 0 }, { campaign: 1 }, { campaign: 1 }]);
    const query: ReportQuery = { metrics: ["calls", "revenue_micros", "margin_micros"] };
    const mixed = await read(network, query);
    expect(mixed.totals).toEqual({ calls: 3, revenue_micros: null, margin_micros: null });
    expect(mixed.currency).toBeNull();
    const apart = await read(network, { ...query, group_by: ["currency"] });
    expect(apart.data).toEqual([
      { currency: "EUR", calls: 2, revenue_micros: 140_000_000, margin_micros: 50_000_000 },
      { currency: "USD", calls: 1, revenue_micros: 70_000_000, margin_micros: 25_000_000 },
    ]);
    const euro = await read(network, { ...query, currency: "EUR" });
    expect(euro).toMatchObject({ currency: "EUR", totals: { revenue_micros: 140_000_000 } });
  });

  it("is exact far beyond 2^31", async () => {
    const revenue = { status: "paid", micros: 999_999_999_999 };
    const network = await networkWith(Array.from({ length: 1_000 }, () => ({ revenue })));
    const { totals } = await read(network, { metrics: ["revenue_micros"] });
    expect(totals).toEqual({ revenue_micros: 999_999_999_999_000 });
  });
});

describe("an advertiser", () => {
  it("reads aliases, may filter by what it reads, and learns nothing from an id", async () => {
    const network = await networkWith([{ publisher: 0 }, { publisher: 1 }, { publisher: 1 }]);
    const reader = advertiserReader(network, false);
    const query: ReportQuery = { metrics: ["calls"], group_by: ["publisher_id"] };
    expect((await read(network, query, reader)).data).toEqual([
      { publisher_id: "P-2077", calls: 2 },
      { publisher_id: "P-1042", calls: 1 },
    ]);
    const filtered = async (publisher_id: string) =>
      (await read(network, { metrics: ["calls"], publisher_id }, reader)).totals;
    expect(await filtered("P-2077")).toEqual({ calls: 2 });
    expect(await filtered(network.publishers[1]!.id)).toEqual({ calls: 0 });
  });

  it("reads publishers where the network shows them", async () => {
    const network = await networkWith([{ publisher: 0 }]);
    const { data } = await read(
      network,
      { metrics: ["calls"], group_by: ["publisher_id"] },
      advertiserReader(network, true),
    );
    expect(data).toEqual([{ publisher_id: network.publishers[0]!.id, calls: 1 }]);
  });
});

describe("what is read", () => {
  it("is the asked range of the viewer's own facts, however many there are beside it", async () => {
    const old = Array.from({ length: 3_000 }, (_, i) => ({
      at: NOON - 90 * DAY_MS + i * HOUR_MS * 0.5,
      ...(i % 2 === 0 && { publisher: null, parts: [PART] }),
    }));
    const network = await networkWith([...old, ...Array.from({ length: 50 }, (_, i) => ({ at: NOON + i }))]);
    const visits = old.map(({ at }) => ({ ...VISIT, at }));
    await insertRows(database, "sessions", sessionRows(network, visits));
    const db = openDb(database.d1 as never);
    const plain: ReportQuery = { group_by: ["day", "source"] };
    const asks: [Reader, ReportQuery][] = [
      [networkReader(network), plain],
      [networkReader(network), { group_by: ["day", "publisher_id"] }],
      [networkReader(network), { ...plain, publisher_id: network.publishers[0]!.id }],
      [publisherReader(network, 0), plain],
      [advertiserReader(network, false), plain],
    ];
    for (const [reader, asked] of asks) {
      const plan = planReport(reader.kind, asked);
      if (!plan.ok) throw new Error("refused");
      const buckets = bucketsOf(["day"], "America/Los_Angeles", NOON - DAY_MS, NOON + 6 * DAY_MS);
      const range = { from_at: NOON - DAY_MS, to_at: NOON + 6 * DAY_MS };
      const query = selectGroups(
        db,
        { reader, plan: plan.value, ...range, buckets },
        { groups: 200, rows: 1_000 },
      );
      const { sql, params } = query.toSQL();
      const { meta } = await database.d1
        .prepare(sql)
        .bind(...params)
        .all();
      // 50 calls and 2 days of sessions, each read a few times on their way; not 3,000 of either.

      expect(meta.rows_read).toBeLessThan(300);
      expect(meta.rows_written).toBe(0);
    }
  });
});
