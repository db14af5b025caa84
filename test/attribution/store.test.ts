import type { D1Database } from "@cloudflare/workers-types";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { decide } from "../../edge/attribution/decide.ts";
import { START } from "../../edge/attribution/model/parameters.ts";
import { addAttribution, attributionOf, attributionsOf } from "../../edge/attribution/store.ts";
import { type Db, isConflict, openDb, write } from "../../edge/platform/db.ts";
import { openDatabase } from "../support/database.ts";

let database: Awaited<ReturnType<typeof openDatabase>>;
let db: Db;
beforeAll(async () => {
  database = await openDatabase();
  db = openDb(database.d1 as unknown as D1Database);
});
afterAll(() => database.close());

const { attribution } = decide(
  { kind: "static", publisher_id: "org_p" },
  { attribution_floor: 0.9, bill_own_traffic: false },
  START,
);
const next = (
  call_id: string,
  id: string,
  corrects: Awaited<ReturnType<typeof attributionOf>>,
  reason: string,
) =>
  write(
    db,
    addAttribution(db, { id, network_id: "org_n", call_id, corrects, reason, attribution, created_at: 1 }),
  );

describe("a call's attribution", () => {
  it("is corrected by a new version that names the one it corrects; the latest is in force", async () => {
    expect(await attributionOf(db, "cal_a")).toBeNull();
    await next("cal_a", "atr_1", null, "first");
    await next("cal_a", "atr_2", await attributionOf(db, "cal_a"), "the assignment was wrong");
    expect(await attributionOf(db, "cal_a")).toMatchObject({
      id: "atr_2",
      version: 2,
      corrects_id: "atr_1",
      attribution,
    });
    expect(await database.sql("SELECT version, reason FROM attributions ORDER BY version")).toEqual([
      { version: 1, reason: "first" },
      { version: 2, reason: "the assignment was wrong" },
    ]);
  });

  it("cannot be decided twice at once", async () => {
    await next("cal_b", "atr_3", null, "first");
    const second = next("cal_b", "atr_4", null, "first");
    expect(isConflict(await second.catch((error: unknown) => error))).toBe(true);
  });

  it("is read for more calls than D1 binds parameters, each in its latest version", async () => {
    await next("cal_c", "atr_5", null, "first");
    const ids = ["cal_a", "cal_c", ...Array.from({ length: 150 }, (_, i) => `cal_absent${i}`)];
    const found = await attributionsOf(db, ids);
    expect([...found].map(([call, { id }]) => [call, id]).toSorted()).toEqual([
      ["cal_a", "atr_2"],
      ["cal_c", "atr_5"],
    ]);
  });
});
