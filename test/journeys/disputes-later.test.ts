import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../shared/instant.ts";
import { problemOf } from "../support/api-suite.ts";
import { ledgerOf } from "../support/phone.ts";
import { NOON } from "../support/world.ts";
import {
  decide,
  decision,
  EARNED,
  expectSettled,
  fresh,
  NOW,
  OWED,
  open,
  paidFor,
  pay,
  read,
  sides,
  standing,
  startStage,
  tick,
  tryOpen,
  world,
} from "./dispute-stage.ts";

/** What comes after a decision or at its time: late facts, the publisher's own dispute, and others at once. */

beforeAll(startStage);
afterAll(() => world?.stop());

describe("a fact that comes after the decision", () => {
  const REPEAT = "+14155553999";
  /** The terms begin at the world's start: another call fits in before. */
  const LATER = NOON + 40 * MINUTE_MS;

  it("books nothing again of what was credited in full", async () => {
    const from = `${REPEAT.slice(0, -1)}1`;
    const call = await fresh("free", { from, at: LATER });
    await decide(await open(call, sides.free.advertiser), { decision: "accepted" });
    // The report again, longer than it was; and an earlier call that makes it a repeat.
    const { sandbox_account_id } = sides.free.stock;
    await world.json(`/v1/telephony/${sandbox_account_id}/status`, {
      now: NOW() + HOUR_MS,
      json: { call_id: call.provider_call_id, status: "completed", duration_s: 600, connected_s: 590 },
    });
    expect(await standing(call)).toEqual(["reversed", 0, "reversed", 0, "dispute"]);
    await fresh("free", { from, at: call.started_at - 30 * MINUTE_MS });
    await tick(NOW() + 2 * HOUR_MS);
    expect((await standing(call)).slice(0, 4)).toEqual(["reversed", 0, "reversed", 0]);
    expect((await ledgerOf(world, `call_id=${call.id}`, NOW() + DAY_MS)).length).toBe(8);
  });

  it("takes a part that was credited with it, and brings it again with the call", async () => {
    const from = `${REPEAT.slice(0, -1)}2`;
    const call = await fresh("free", { from, at: LATER });
    const part = { advertiser_credit_micros: 30_000_000, publisher_debit_micros: 5_000_000 };
    await decide(await open(call, sides.free.advertiser), { decision: "partial", ...part });
    // An earlier call makes it a repeat: nothing is due, and nobody keeps a credit for nothing.
    const earlier = await fresh("free", { from, at: call.started_at - 30 * MINUTE_MS });
    await tick(NOW() + HOUR_MS);
    expect(await standing(call)).toEqual(["reversed", 0, "reversed", 0, "duplicate"]);
    // That one falls by a dispute of its own, and the repeat is a repeat of nobody's.
    await decide(
      await open(earlier, sides.free.advertiser, NOW() + HOUR_MS),
      { decision: "accepted" },
      NOW() + HOUR_MS,
    );
    const brought = ["qualified", 40_000_000, "qualified", 40_000_000, null];
    expect(await standing(call, "free", NOW() + HOUR_MS)).toEqual(brought);
    await expectSettled(call, "free", NOW() + 2 * HOUR_MS);
  });

  it("adds a second part to the first", async () => {
    const call = await fresh();
    const first = await open(call, sides.free.advertiser);
    await decide(first, { decision: "partial", advertiser_credit_micros: 1, publisher_debit_micros: 0 });
    const second = await open(call, world.key, NOW() + 1_000);
    const over = { decision: "partial", advertiser_credit_micros: OWED, publisher_debit_micros: 0 };
    const problem = await problemOf(await decision(second, over, NOW() + 1_000), 422);
    expect(problem.errors).toEqual([
      { pointer: "/advertiser_credit_micros", detail: `must be at most ${OWED - 1}, which is what there is` },
    ]);
    await decide(second, { ...over, advertiser_credit_micros: OWED - 1 }, NOW() + 1_000);
    // The network's present: the advertiser owes nothing, and its publisher is paid.
    expect(await standing(call, "free", NOW() + 1_000)).toEqual(["qualified", 0, "qualified", EARNED, null]);
    await expectSettled(call, "free", NOW() + 2_000);
    await pay(sides.free.stock.publisher_id, NOW() + 3_000);
    expect(await paidFor(call, "payout")).toBe(EARNED);
  });
});

describe("a publisher that was not paid", () => {
  it("gets its payout when the network says so, though the rules do not", async () => {
    const call = await fresh("free", { connected_s: 80 });
    expect(await standing(call)).toEqual(["rejected", 0, "rejected", 0, "min_duration"]);
    const dispute = await open(call, sides.free.publisher);
    expect(dispute).toMatchObject({
      side: "payout",
      claim: "restore",
      publisher_id: sides.free.stock.publisher_id,
    });
    expect(await standing(call)).toEqual(["rejected", 0, "rejected", 0, "min_duration"]);
    await decide(dispute, { decision: "accepted" });
    expect(await standing(call)).toEqual(["rejected", 0, "qualified", EARNED, "min_duration"]);
    await expectSettled(call);
    const again = await problemOf(await tryOpen(call, sides.free.publisher), 409);
    expect(again.detail).toBe("Your payout for this call is due in full.");
    // What the advertiser sees of it says nothing of a payout.
    const { timeline, revenue, payout } = await read(call, NOW(), sides.free.advertiser);
    expect(payout).toBeUndefined();
    expect(JSON.stringify([timeline, revenue])).not.toMatch(/dispute|payout/);
  });

  it("gets the part that the network says, and what an advertiser's dispute took, back", async () => {
    const call = await fresh();
    await decide(await open(call, sides.free.advertiser), { decision: "accepted" });
    const dispute = await open(call, sides.free.publisher, NOW() + 1_000);
    const whole = { decision: "partial", publisher_debit_micros: EARNED };
    await problemOf(await decision(dispute, whole, NOW() + 1_000), 422);
    await problemOf(await decision(dispute, { ...whole, advertiser_credit_micros: 1 }, NOW() + 1_000), 422);
    await decide(dispute, { ...whole, publisher_debit_micros: 15_000_000 }, NOW() + 1_000);
    expect(await standing(call, "free", NOW() + 1_000)).toEqual([
      "reversed",
      0,
      "qualified",
      30_000_000,
      "dispute",
    ]);
    await expectSettled(call, "free", NOW() + 2_000);
  });

  it("has its thirty days from when it was rejected, however long that was not decided", async () => {
    const call = await fresh("awaited");
    const { publisher } = sides.awaited;
    expect(await standing(call, "awaited")).toEqual(["pending", 0, "pending", 0, null]);
    const undecided = await problemOf(await tryOpen(call, publisher), 409);
    expect(undecided.detail).toBe("What the publisher earns is not decided yet.");
    // The thirty days in which a sale could be reported are over.
    const over_at = (call.ended_at ?? 0) + 30 * DAY_MS;
    await tick(over_at);
    const rejected = ["rejected", 0, "rejected", 0, "requires_signal"];
    expect(await standing(call, "awaited", over_at)).toEqual(rejected);
    expect((await tryOpen(call, publisher, over_at + 30 * DAY_MS + 1)).status).toBe(409);
    const dispute = await open(call, publisher, over_at + 30 * DAY_MS);
    await decide(dispute, { decision: "accepted" }, over_at + 30 * DAY_MS);
    const upheld = ["rejected", 0, "qualified", EARNED, "requires_signal"];
    expect(await standing(call, "awaited", over_at + 30 * DAY_MS)).toEqual(upheld);
  });

  it("cannot dispute what is due in full, nor a call that is not its own", async () => {
    const call = await fresh();
    await problemOf(await tryOpen(call, sides.free.publisher), 409);
    await problemOf(await tryOpen(call, sides.held.publisher), 404);
  });
});

describe("a payout that the network disputes", () => {
  it("is taken back alone", async () => {
    const call = await fresh();
    const dispute = await open(call, world.key, NOW(), { side: "payout" });
    expect(await standing(call)).toEqual(["qualified", OWED, "held", EARNED, null]);
    await pay(sides.free.stock.advertiser_id);
    expect(await paidFor(call, "revenue")).toBe(OWED);
    const credit = { decision: "partial", advertiser_credit_micros: 5, publisher_debit_micros: 5 };
    await problemOf(await decision(dispute, credit), 422);
    await decide(dispute, { decision: "accepted" });
    expect(await standing(call)).toEqual(["paid", OWED, "reversed", 0, "dispute"]);
    await expectSettled(call);
  });
});

describe("what cannot be disputed", () => {
  it("is what nobody owes, what is disputed already, and what was decided and has not changed since", async () => {
    const { advertiser } = sides.free;
    const rejected = await fresh("free", { connected_s: 5 });
    await problemOf(await tryOpen(rejected, advertiser), 409);
    const call = await fresh();
    const dispute = await open(call, advertiser);
    expect((await problemOf(await tryOpen(call, advertiser), 409)).detail).toBe(
      "A dispute about this is open already.",
    );
    await problemOf(await tryOpen(call, world.key), 409);
    await decide(dispute, { decision: "declined" });
    await problemOf(await tryOpen(call, advertiser), 409);
    expect((await tryOpen(call, world.key)).status).toBe(201);
  });

  it("is what has stood for more than thirty days, but by the network", async () => {
    const { advertiser } = sides.free;
    const [in_time, late] = [await fresh(), await fresh()];
    const last_at = (in_time.ended_at ?? 0) + 30 * DAY_MS;
    expect((await tryOpen(in_time, advertiser, last_at)).status).toBe(201);
    const judged_at = late.ended_at ?? 0;
    const problem = await problemOf(await tryOpen(late, advertiser, judged_at + 30 * DAY_MS + 1), 409);
    expect(problem.detail).toMatch(/30 days/);
    expect((await tryOpen(late, world.key, judged_at + 90 * DAY_MS)).status).toBe(201);
  });

  it("is the other side's money", async () => {
    const call = await fresh();
    for (const [key, side] of [
      [sides.free.advertiser, "payout"],
      [sides.free.publisher, "revenue"],
    ] as const) {
      const problem = await problemOf(await tryOpen(call, key, NOW(), { side }), 422);
      expect(problem.errors?.[0]?.pointer).toBe("/side");
    }
  });
});

describe("at once", () => {
  it("one of two disputes is opened", async () => {
    const call = await fresh();
    const answers = await Promise.all(Array.from({ length: 4 }, () => tryOpen(call, sides.free.advertiser)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409]);
  });

  it("one of two decisions stands, and its money is moved once", async () => {
    const call = await fresh();
    const dispute = await open(call, sides.free.advertiser);
    const part = { decision: "partial", advertiser_credit_micros: 10, publisher_debit_micros: 10 };
    const answers = await Promise.all([
      decision(dispute, part),
      decision(dispute, part),
      decision(dispute, { ...part, advertiser_credit_micros: 11 }),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
    const [, owed, , earned] = await standing(call);
    expect([OWED - 10, OWED - 11]).toContain(owed);
    expect(earned).toBe(EARNED - 10);
    await problemOf(await decision(dispute, { decision: "accepted" }), 409);
    await expectSettled(call);
  });

  it("a call is disputed or paid out first, and never paid out while it is disputed", async () => {
    const calls = [await fresh(), await fresh(), await fresh()];
    const { publisher_id } = sides.free.stock;
    await Promise.all([pay(publisher_id), ...calls.map((call) => open(call, sides.free.advertiser))]);
    for (const call of calls) {
      const { payout, timeline } = await read(call);
      const steps = (timeline ?? []).map(({ kind }) => kind).filter((kind) => /paid|disputed/.test(kind));
      const paid = await paidFor(call, "payout");
      expect([payout?.status, paid]).toEqual(paid === 0 ? ["held", 0] : ["paid", EARNED]);
      expect(steps).toHaveLength(paid === 0 ? 1 : 2);
      await expectSettled(call);
    }
  });
});
