import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ListOf } from "../../shared/api/common.ts";
import { LedgerEntry } from "../../shared/api/ledger.ts";
import { HOUR_MS, MINUTE_MS } from "../../shared/instant.ts";
import { insertRows } from "../reporting/network.ts";
import { checkRoute, problemOf } from "../support/api-suite.ts";
import { balancesOf, callNamed, placeCall } from "../support/phone.ts";
import { type Stage, setStage, type Who } from "../support/stage.ts";

const STATIC = "+16285550900";

let stage: Stage;
let at: number;
let now: number;
/** Booked, reversed by an earlier call that turned up late, and that earlier call. */
let reversed_id: string;
let earlier_id: string;

beforeAll(async () => {
  stage = await setStage();
  const { world, own } = stage;
  at = world.at;
  now = at + 6 * HOUR_MS;
  const { sandbox_account_id, campaign_id, publisher_id } = own;
  await stage.json("admin", "/numbers", {
    json: { telephony_account_id: sandbox_account_id, e164: [STATIC], campaign_id, publisher_id },
  });
  await placeCall(world, sandbox_account_id, { call_id: "later", to: STATIC, at: at + 2 * HOUR_MS });
  await placeCall(world, sandbox_account_id, { call_id: "earlier", to: STATIC, at: at + HOUR_MS });
  reversed_id = (await callNamed(world, "later", now)).id;
  earlier_id = (await callNamed(world, "earlier", now)).id;
});
afterAll(() => stage?.stop());

const page = (who: Who, query: string) =>
  stage.json<{ data: LedgerEntry[]; next_cursor: string | null }>(who, `/ledger?${query}`, { now });
const lines = async (who: Who, query = "limit=200") => (await page(who, query)).data;

/** The list to its end, page by page. */
async function paged(who: Who, query: string): Promise<LedgerEntry[]> {
  const seen: LedgerEntry[] = [];
  let cursor: string | null = "";
  while (cursor !== null) {
    const next: Awaited<ReturnType<typeof page>> = await page(who, query + (cursor && `&cursor=${cursor}`));
    seen.push(...next.data);
    cursor = next.next_cursor;
  }
  return seen;
}

/** The export, each line read as JSON. */
async function ndjson(who: Who, query = ""): Promise<LedgerEntry[]> {
  const text = await (await stage.as(who, `/ledger?format=ndjson&${query}`, { now })).text();
  const listed = text.split("\n").filter(Boolean);
  return listed.map((line) => JSON.parse(line));
}

describe("/ledger", () => {
  checkRoute(() => stage, {
    operation: "ledger.list",
    method: "GET",
    path: () => "/ledger",
    status: 200,
    answers: ListOf(LedgerEntry),
  });

  it("balances in every transaction and has the earlier call's money in force", async () => {
    const all = await lines("admin");
    const sums = new Map<string, number>();
    for (const { transaction_id, amount_micros } of all) {
      sums.set(transaction_id, (sums.get(transaction_id) ?? 0) + amount_micros);
    }
    expect([...sums.values()].every((sum) => sum === 0)).toBe(true);
    expect(balancesOf(all)).toEqual({
      [`receivable ${stage.own.advertiser_id}`]: 70_000_000,
      [`payable ${stage.own.publisher_id}`]: -45_000_000,
      [`margin ${stage.world.network_id}`]: -25_000_000,
    });
  });

  it("shows a correction as a reversal that says why, beside what it takes back", async () => {
    const all = await lines("admin", `limit=200&call_id=${reversed_id}`);
    expect(all.map(({ kind }) => kind).toSorted()).toEqual([
      "charge",
      "charge",
      "payout",
      "payout",
      "reversal",
      "reversal",
      "reversal",
      "reversal",
    ]);
    expect(all.find(({ kind }) => kind === "reversal")?.reason).toMatch(/^duplicate: /);
    expect(balancesOf(all)).toEqual({});
  });

  it("shows an advertiser what it owes and a publisher what it is owed, the same amounts as the network", async () => {
    const advertiser = await lines("advertiser");
    expect(new Set(advertiser.map(({ account }) => account))).toEqual(new Set(["receivable"]));
    const publisher = await lines("publisher");
    expect(new Set(publisher.map(({ account }) => account))).toEqual(new Set(["payable"]));
    const all = await lines("admin");
    const { advertiser_id, publisher_id } = stage.own;
    expect(advertiser).toEqual(
      all.filter((line) => line.account === "receivable" && line.organization_id === advertiser_id),
    );
    expect(publisher).toEqual(
      all.filter((line) => line.account === "payable" && line.organization_id === publisher_id),
    );
    expect(JSON.stringify(publisher)).not.toMatch(/70000000|25000000/);
    expect(await lines("other_publisher")).toEqual([]);
    expect(await lines("stranger")).toEqual([]);
    expect(await lines("stranger", `call_id=${earlier_id}`)).toEqual([]);
  });

  it("pages newest first through lines of one moment without loss or repetition", async () => {
    const all = await lines("admin");
    expect(all.map(({ posted_at }) => posted_at)).toEqual(
      all.map(({ posted_at }) => posted_at).toSorted((a, b) => b - a),
    );
    expect(await paged("admin", "limit=3")).toEqual(all);
  });

  it("filters by call and by when it was booked, half-open", async () => {
    const all = await lines("admin");
    const booked_at = Math.max(...all.map(({ posted_at }) => posted_at));
    expect(new Set((await lines("admin", `call_id=${earlier_id}`)).map(({ call_id }) => call_id))).toEqual(
      new Set([earlier_id]),
    );
    expect(await lines("admin", `limit=200&from=${booked_at + 1}`)).toEqual([]);
    expect(await lines("admin", `limit=200&to=${booked_at + 1}`)).toEqual(all);
    expect((await lines("admin", `limit=200&to=${booked_at}`)).length).toBeLessThan(all.length);
    expect(await lines("admin", `limit=200&to=${at + MINUTE_MS}`)).toEqual([]);
  });

  it("streams all matching entries as CSV or one JSON a line, as far as each side sees them", async () => {
    for (const who of ["admin", "publisher"] as const) {
      const all = await lines(who);
      expect(await ndjson(who, "limit=1")).toEqual(all);
      const csv = await stage.as(who, `/ledger?format=csv&call_id=${earlier_id}`, { now });
      expect(csv.headers.get("content-disposition")).toBe('attachment; filename="ledger.csv"');
      const [head, ...rows] = (await csv.text()).trimEnd().split("\r\n");
      expect(head).toBe(
        "posted_at,transaction_id,kind,account,organization_id,amount_micros,currency,call_id,reason",
      );
      const own = all.filter(({ call_id }) => call_id === earlier_id);
      expect(rows).toHaveLength(own.length);
      expect(rows.map((row) => Number(row.split(",")[5]))).toEqual(
        own.map(({ amount_micros }) => amount_micros),
      );
    }
  });

  it.each(["format=xml", "from=now", "cursor=x", "account=margin"])("refuses ?%s", async (query) => {
    const problem = await problemOf(await stage.as("admin", `/ledger?${query}`), 422);
    expect(problem.errors?.[0]?.pointer).toBe(`?${query.split("=")[0]}`);
  });
});

describe("a ledger of several parts", () => {
  /** With three lines each: an export reads 500 at once, so its parts begin within a transaction. */
  const TRANSACTIONS = 501;
  /** So many are booked in one moment, a minute after those before; the last is alone in its own. */
  const AT_ONCE = 4;
  let first: number;
  let last: number;
  /** What is to be listed: newest first, the lines of one transaction in their order. */
  let booked: LedgerEntry[];

  beforeAll(async () => {
    const { d1, network_id } = stage.world;
    const { advertiser_id, publisher_id } = stage.own;
    first = at - 40 * 24 * HOUR_MS;
    const transactions = Array.from({ length: TRANSACTIONS }, (_, i) => ({
      header: {
        id: `txn_long_${String(i).padStart(4, "0")}`,
        kind: "adjustment" as const,
        currency: "USD",
        reason: `correction ${i}`,
        posted_at: first + Math.floor(i / AT_ONCE) * MINUTE_MS,
      },
      entries: [
        { account: "receivable" as const, organization_id: advertiser_id, amount_micros: 3 * (i + 1) },
        { account: "payable" as const, organization_id: publisher_id, amount_micros: -2 * (i + 1) },
        { account: "margin" as const, organization_id: network_id, amount_micros: -(i + 1) },
      ],
    }));
    last = transactions.at(-1)?.header.posted_at ?? 0;
    booked = transactions
      .toReversed()
      .flatMap(({ header: { id, ...header }, entries }) =>
        entries.map((entry) => ({ transaction_id: id, call_id: null, ...header, ...entry })),
      );
    const sql = (text: string, rows: unknown) => d1.prepare(text).bind(rows).run();
    await insertRows(
      { sql },
      "ledger_entries",
      transactions.flatMap(({ header, entries }) =>
        entries.map((entry, i) => ({ transaction_id: header.id, line: i + 1, ...entry })),
      ),
    );
    await insertRows(
      { sql },
      "ledger_transactions",
      transactions.map(({ header }) => ({ ...header, network_id, posting_key: header.id })),
    );
  });

  it.each([
    { who: "admin", with_last: true, count: 1_503, ends: "within a transaction" },
    { who: "publisher", with_last: true, count: 501, ends: "one line before the list does" },
    { who: "publisher", with_last: false, count: 500, ends: "with the list" },
  ] as const)(
    "is exported whole, once and in order, when a part ends $ends",
    async ({ who, with_last, count }) => {
      const to = with_last ? last + 1 : last;
      const query = `from=${first}&to=${to}`;
      const own = booked.filter(
        ({ account, posted_at }) => posted_at < to && (who === "admin" || account === "payable"),
      );
      expect(own).toHaveLength(count);
      const listed = await paged(who, `limit=200&${query}`);
      expect(listed).toEqual(own);
      expect(await ndjson(who, query)).toEqual(own);

      const csv = await (await stage.as(who, `/ledger?format=csv&${query}`, { now })).text();
      const [head = "", ...rows] = csv.trimEnd().split("\r\n");
      const columns = head.split(",") as (keyof LedgerEntry)[];
      expect(rows).toEqual(own.map((line) => columns.map((column) => line[column] ?? "").join(",")));
      const amount_at = columns.indexOf("amount_micros");
      const exported = rows.reduce((sum, row) => sum + Number(row.split(",")[amount_at]), 0);
      expect(exported).toBe(listed.reduce((sum, { amount_micros }) => sum + amount_micros, 0));
    },
  );
});
