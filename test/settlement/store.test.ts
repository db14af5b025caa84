import type { D1Database } from "@cloudflare/workers-types";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fixedClock } from "../../edge/platform/clock.ts";
import { type Db, isConflict, isRefusal, openDb, write } from "../../edge/platform/db.ts";
import { makeIds } from "../../edge/platform/ids.ts";
import { type Judgements, judgeCall } from "../../edge/settlement/model/judge.ts";
import { type Posting, postingsFor } from "../../edge/settlement/model/postings.ts";
import { addVerdict, isSameVerdict, ledgerOf, post, verdictsOf } from "../../edge/settlement/store.ts";
import { openDatabase } from "../support/database.ts";
import { GOOD } from "./arbitraries.ts";

let database: Awaited<ReturnType<typeof openDatabase>>;
let db: Db;
beforeAll(async () => {
  database = await openDatabase();
  db = openDb(database.d1 as unknown as D1Database);
});
afterAll(() => database.close());

const made = { ids: makeIds(fixedClock(1_800_000_000_000)), at: 1_800_000_000_000 };
const callOf = (id: string) => ({ id, network_id: "org_network", currency: "USD" });
const good = judgeCall(GOOD);
const short = judgeCall({ ...GOOD, call: { ...GOOD.call, connected_s: 10 } });

/** Brings a call's ledger into line with a judgement and answers what was booked for it. */
async function book(id: string, judged: Judgements): Promise<Posting[]> {
  const ledger = await ledgerOf(db, id);
  const postings = [
    ...postingsFor(callOf(id), judged.revenue, ledger.revenue),
    ...postingsFor(callOf(id), judged.payout, ledger.payout),
  ];
  await write(db, ...post(db, callOf(id), postings, made));
  return postings;
}

describe("the ledger of a call", () => {
  it("reads back exactly what is in force, through any sequence of judgements", async () => {
    for (const judged of [good, short, good, good, short]) {
      await book("cal_a", judged);
      const { revenue, payout } = await ledgerOf(db, "cal_a");
      expect(revenue.in_force?.amount_micros ?? 0).toBe(judged.revenue.amount_micros);
      expect(payout.in_force?.amount_micros ?? 0).toBe(judged.payout.amount_micros);
      expect(await book("cal_a", judged)).toEqual([]);
    }
    expect(await ledgerOf(db, "cal_a")).toMatchObject({ revenue: { in_force: null, booked_count: 2 } });
    const sums = await database.sql(
      "SELECT account, sum(amount_micros) AS sum FROM ledger_entries GROUP BY account HAVING sum <> 0",
    );
    expect(sums).toEqual([]);
  });

  it("refuses what was decided on an old reading", async () => {
    const ledger = await ledgerOf(db, "cal_b");
    const stale = postingsFor(callOf("cal_b"), good.revenue, ledger.revenue);
    await book("cal_b", good);
    const error = await write(db, ...post(db, callOf("cal_b"), stale, made)).catch(
      (thrown: unknown) => thrown,
    );
    expect(isConflict(error) || isRefusal(error, "this call is booked already")).toBe(true);
  });
});

describe("the verdicts of a call", () => {
  it("are read side by side in their latest version, for more calls than D1 binds parameters", async () => {
    const add = (call: string, judged: Judgements, version: number) =>
      write(
        db,
        ...[judged.revenue, judged.payout].map((judgement) =>
          addVerdict(db, callOf(call), judgement, { id: made.ids.next("verdict"), version, created_at: 1 }),
        ),
      );
    await add("cal_a", good, 1);
    await add("cal_a", short, 2);
    await add("cal_b", good, 1);
    const ids = ["cal_a", "cal_b", ...Array.from({ length: 150 }, (_, i) => `cal_absent${i}`)];
    const found = await verdictsOf(db, ids);
    expect(found.size).toBe(2);
    expect(found.get("cal_a")?.revenue).toMatchObject({
      version: 2,
      status: "rejected",
      rules: short.revenue.rules,
    });
    expect(found.get("cal_b")?.payout).toMatchObject({
      version: 1,
      status: "qualified",
      amount_micros: 30_000_000,
    });

    const stored = found.get("cal_a")?.revenue ?? null;
    expect(isSameVerdict(stored, short.revenue)).toBe(true);
    expect(isSameVerdict(stored, good.revenue)).toBe(false);
    expect(isSameVerdict(null, good.revenue)).toBe(false);
  });
});
