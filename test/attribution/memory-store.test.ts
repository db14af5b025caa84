import type { D1Database } from "@cloudflare/workers-types";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { nameModel } from "../../edge/attribution/fit/model-name.ts";
import {
  type CallPlace,
  dependentsOf,
  forgetStep,
  memoryOf,
  rememberStep,
  selectLastSeq,
  selectSteps,
} from "../../edge/attribution/memory-store.ts";
import { CAREFUL_START, START } from "../../edge/attribution/model/parameters.ts";
import {
  addModel,
  type ModelRow,
  parametersOf,
  readModel,
  selectModel,
} from "../../edge/attribution/model-store.ts";
import { type Db, isConflict, openDb, write } from "../../edge/platform/db.ts";
import { openDatabase } from "../support/database.ts";

let database: Awaited<ReturnType<typeof openDatabase>>;
let db: Db;
beforeAll(async () => {
  database = await openDatabase();
  db = openDb(database.d1 as unknown as D1Database);
});
afterAll(() => database.close());

const T = 1_800_000_000_000;

function place(pool_id: string, name: string, changes: Partial<CallPlace> = {}): CallPlace {
  return {
    call_id: `cal_${pool_id}${name}`,
    pool_id,
    number_key: 1,
    caller: `caller ${name}`,
    started_at: T,
    provider_call_id: name,
    ...changes,
  };
}

async function remember(of: CallPlace, visitors: readonly string[], seq: number): Promise<void> {
  const touches = visitors.map((visitor) => ({ session_id: `ses_${visitor}`, visitor, share: 0.5 }));
  const { started_at: at, number_key, caller } = of;
  const step = { at, number_key, caller, none: 0.123456789012345, touches };
  await write(db, ...rememberStep(db, { ...of, network_id: "org_n" }, step, seq));
}

async function recall(of: CallPlace, visitors: readonly string[]) {
  const candidates = visitors.map((visitor) => ({ session_id: `ses_${visitor}`, visitor }));
  const memory = memoryOf(await selectSteps(db, of, visitors));
  return memory.recall({ caller: of.caller, number_key: of.number_key, candidates });
}

describe("the memory of a pool", () => {
  it("is read by number, by caller and by visitor, to the bit, and only of calls before", async () => {
    const first = place("p1", "a");
    await remember(first, ["ann"], 1);
    await remember(place("p1", "b", { started_at: T + 60_000 }), ["bob"], 2);
    const same = place("p1", "c", { started_at: T + 30_000, caller: first.caller });
    expect(await recall(same, ["ann", "bob"])).toEqual({
      leases: { ses_ann: { used: 0.5, used_at: T, known: 0.5, link: 0.5, redialled: 0.5 } },
      redial: { at: T, none: 0.123456789012345 },
    });
    const otherNumber = place("p1", "d", { started_at: T + 90_000, number_key: 7 });
    expect((await recall(otherNumber, ["bob"])).leases.ses_bob).toMatchObject({ known: 0.5, link: 0 });
    expect((await recall(place("p2", "e", { started_at: T + 90_000 }), ["ann"])).leases).toEqual({});
  });

  it("orders calls of one moment by the provider's id", async () => {
    await remember(place("p3", "m"), ["ann"], 1);
    expect((await recall(place("p3", "n"), ["ann"])).leases.ses_ann).toBeDefined();
    expect((await recall(place("p3", "l"), ["ann"])).leases.ses_ann).toBeUndefined();
  });

  it("refuses the second of two steps that were decided on the same state, and takes it when decided again", async () => {
    await remember(place("p4", "a"), ["ann"], 1);
    const late = remember(place("p4", "b"), ["bob"], 1);
    expect(isConflict(await late.catch((error: unknown) => error))).toBe(true);
    expect(await recall(place("p4", "c"), ["bob"])).toEqual({ leases: {}, redial: null });
    const [last] = await selectLastSeq(db, "p4");
    await remember(place("p4", "b"), ["bob"], (last?.seq ?? 0) + 1);
    expect((await recall(place("p4", "c"), ["bob"])).leases.ses_bob).toBeDefined();
  });

  it("holds one step a call: a later decision takes the place of the earlier one", async () => {
    await remember(place("p5", "a"), ["ann"], 1);
    await remember(place("p5", "a"), ["bob"], 2);
    expect(Object.keys((await recall(place("p5", "b"), ["ann", "bob"])).leases)).toEqual(["ses_bob"]);
    await write(db, ...forgetStep(db, place("p5", "a").call_id));
    expect((await recall(place("p5", "b"), ["ann", "bob"])).leases).toEqual({});
  });

  it("finds the later calls that were decided without a late one, oldest first, and no others", async () => {
    const late = place("p6", "a");
    const at = (s: number) => ({ started_at: T + s * 1_000 });
    const number = place("p6", "by number", at(3));
    const caller = place("p6", "by caller", { ...at(2), number_key: 2, caller: late.caller });
    const visitor = place("p6", "by visitor", { ...at(1), number_key: 3 });
    await remember(number, ["x"], 1);
    await remember(caller, ["y"], 2);
    await remember(visitor, ["ann"], 3);
    await remember(place("p6", "stranger", { ...at(4), number_key: 4 }), ["z"], 4);
    await remember(place("p6", "earlier", at(-1)), ["ann"], 5);
    await remember(late, ["ann"], 6);
    const found = await dependentsOf(db, late.call_id);
    expect(found.map(({ call_id }) => call_id)).toEqual([visitor.call_id, caller.call_id, number.call_id]);
    expect(await dependentsOf(db, "cal_unattributed")).toEqual([]);
  });
});

describe("a fitted model", () => {
  const basis = {
    network_id: "org_n",
    pool_id: "pol_1",
    from: T - 1,
    to: T,
    calls: 60,
    start_version: START.version,
  };
  const add = (row: ModelRow) => write(db, addModel(db, row));

  it("is in force for calls that begin once it is surely written; before, a pool is judged carefully", async () => {
    const row = await nameModel(basis, { ...START, version: "" }, T + 10);
    await add(row);
    const at = async (when: number) => parametersOf((await selectModel(db, "pol_1", when))[0]);
    const from = T + 10 + 15 * 60_000;
    expect((await at(from - 1)).version).toBe(CAREFUL_START.version);
    expect(await at(from)).toEqual({ ...START, version: row.version });
    expect(await readModel(db, "org_n", row.version)).toEqual({ ...START, version: row.version });
    expect(await readModel(db, "org_other", row.version)).toBeNull();
    expect(await readModel(db, "org_n", START.version)).toEqual(START);
  });

  it("is named by what it is and where it came from", async () => {
    const name = async (changes: Partial<typeof basis>, local_share = 0.6) =>
      (await nameModel({ ...basis, ...changes }, { ...START, local_share }, T)).version;
    expect(await name({})).toBe(await name({}));
    expect(new Set([await name({}), await name({ pool_id: "pol_2" }), await name({}, 0.61)]).size).toBe(3);
    expect(await name({})).toMatch(/^fit-[0-9a-f]{16}$/);
  });

  it("is never changed, and a pool has one a night", async () => {
    const second = await nameModel(basis, { ...START, local_share: 0.7 }, T + 20);
    expect(isConflict(await add(second).catch((error: unknown) => error))).toBe(true);
    await expect(database.sql("UPDATE attribution_models SET calls = 1")).rejects.toThrow("never changed");
    await expect(database.sql("DELETE FROM attribution_models")).rejects.toThrow("never changed");
  });
});
