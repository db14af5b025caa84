import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Call } from "../../shared/api/calls.ts";
import type { Report } from "../../shared/api/reports.ts";
import { type Statement, StatementMonths, StatementPayment } from "../../shared/api/statements.ts";
import { DAY_MS, MINUTE_MS } from "../../shared/instant.ts";
import { checkRoute, problemOf } from "../support/api-suite.ts";
import { callNamed, placeCall, visit } from "../support/phone.ts";
import { type Stage, setStage, type Who } from "../support/stage.ts";

/** The evening of the 30th in Los Angeles: December in UTC. */
const LATE = Date.UTC(2026, 11, 1, 6, 30);
const PERIOD = "2026-11";

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
  const { world, own } = stage;
  world.at = LATE;
  await stage.json("admin", "/network", { method: "PATCH", json: { timezone: "America/Los_Angeles" } });
  const to = await visit(world, own, LATE);
  await placeCall(world, own.sandbox_account_id, { call_id: "earns", to, at: LATE + MINUTE_MS });
  // A repeat: charged to nobody, so there is nothing to pay.
  await placeCall(world, own.sandbox_account_id, { call_id: "repeat", to, at: LATE + 6 * MINUTE_MS });
  world.at = LATE + 20 * MINUTE_MS;
});
afterAll(() => stage?.stop());

const pay = (json: Record<string, unknown>, who: Who = "billing") =>
  stage.json<StatementPayment>(who, "/statements/payments", { json: { period: PERIOD, ...json } });
const statementOf = (who: Who) => stage.json<Statement>(who, `/statements?period=${PERIOD}`);
const months = async (who: Who, organization_id?: string) => {
  const query = organization_id ? `?organization_id=${organization_id}` : "";
  return (await stage.json<StatementMonths>(who, `/statements/months${query}`)).data;
};
const NOTHING = {
  calls: 0,
  amount_micros: 0,
  held_calls: 0,
  held_micros: 0,
  overpaid_calls: 0,
  overpaid_micros: 0,
};
const call = (name = "earns", who: Who = "admin") =>
  callNamed(stage.world, name, stage.world.at, stage.keys[who]);
const paidCalls = async (who: Who) => {
  const query = `metrics=paid_calls&from=${LATE - DAY_MS}&to=${LATE + DAY_MS}`;
  return (await stage.json<Report>(who, `/reports?${query}`)).totals.paid_calls;
};

describe("GET /statements/months", () => {
  checkRoute(() => stage, {
    operation: "statements.list",
    method: "GET",
    path: (s) => `/statements/months?organization_id=${s.own.publisher_id}`,
    status: 200,
    answers: StatementMonths,
  });
});

describe("POST /statements/payments", () => {
  // An empty month: the suite asks again and again, and the calls below must stay unpaid until their test.
  checkRoute(() => stage, {
    operation: "statements.pay",
    method: "POST",
    path: () => "/statements/payments",
    body: (s) => ({
      organization_id: s.own.publisher_id,
      period: "2026-10",
      currency: "USD",
      reference: "PO-7",
    }),
    required: ["organization_id", "period"],
    status: 200,
    answers: StatementPayment,
  });

  it("are told of beforehand, month by month, to each side its own", async () => {
    const { advertiser_id, publisher_id } = stage.own;
    const month = { period: PERIOD, currency: "USD", line_count: 1 };
    const owed = {
      ...month,
      total_micros: 70_000_000,
      unpaid: { ...NOTHING, calls: 1, amount_micros: 70_000_000 },
    };
    const earned = {
      ...month,
      total_micros: 45_000_000,
      unpaid: { ...NOTHING, calls: 1, amount_micros: 45_000_000 },
    };
    expect(await months("billing", advertiser_id)).toEqual([owed]);
    expect(await months("advertiser")).toEqual([owed]);
    expect(await months("billing", publisher_id)).toEqual([earned]);
    expect(await months("publisher")).toEqual([earned]);
    expect(await months("billing")).toEqual([
      { ...month, line_count: 2, total_micros: 25_000_000, unpaid: null },
    ]);
    expect(await months("publisher", publisher_id)).toEqual([earned]);
    await problemOf(await stage.as("publisher", `/statements/months?organization_id=${advertiser_id}`), 404);
    await problemOf(await stage.as("stranger", `/statements/months?organization_id=${advertiser_id}`), 404);
  });

  it("marks a publisher's month: the payout is paid, what the advertiser owes is not", async () => {
    const { publisher_id } = stage.own;
    const before = await Promise.all((["admin", "advertiser", "publisher"] as const).map(statementOf));
    const made = await pay({ organization_id: publisher_id, reference: "PAYOUT-2026-11" });
    expect(made).toEqual({
      organization_id: publisher_id,
      period: PERIOD,
      currency: "USD",
      reference: "PAYOUT-2026-11",
      paid_calls: 1,
      total_micros: 45_000_000,
      skipped_held: 0,
      remaining: 0,
    });
    const earns = await call();
    expect(earns).toMatchObject({
      revenue: { status: "qualified", revenue_micros: 70_000_000 },
      payout: { status: "paid", payout_micros: 45_000_000 },
    });
    expect(earns.payout?.rules.every(({ passed }) => passed)).toBe(true);
    expect((await call("repeat")).payout?.status).toBe("rejected");
    expect(await Promise.all((["admin", "advertiser", "publisher"] as const).map(statementOf))).toEqual(
      before,
    );
    expect([await paidCalls("publisher"), await paidCalls("advertiser")]).toEqual([1, 0]);
  });

  it("may be repeated: what is paid is left", async () => {
    const again = await pay({ organization_id: stage.own.publisher_id });
    expect(again).toMatchObject({ paid_calls: 0, total_micros: 0, remaining: 0, reference: null });
    expect(await months("publisher")).toMatchObject([{ total_micros: 45_000_000, unpaid: NOTHING }]);
  });

  it("marks an advertiser's month: what it owes is paid", async () => {
    const made = await pay({ organization_id: stage.own.advertiser_id, reference: "INV-31" }, "admin");
    expect(made).toMatchObject({ paid_calls: 1, total_micros: 70_000_000 });
    expect(await call()).toMatchObject({ revenue: { status: "paid" }, payout: { status: "paid" } });
    expect(await paidCalls("advertiser")).toBe(1);
    const list = await stage.json<{ data: Call[] }>("admin", "/calls?payout_status=paid");
    expect(list.data.map(({ id }) => id)).toEqual([(await call()).id]);
  });

  it("stands in the call's timeline, for the network and for whose money it was", async () => {
    const { id } = await call();
    const steps = async (who: Who) =>
      (await stage.json<Call>(who, `/calls/${id}`)).timeline
        ?.filter(({ kind }) => kind === "paid")
        .map(({ detail }) => detail);
    const earned = "the publisher was paid: PAYOUT-2026-11";
    const owed = "the advertiser has paid: INV-31";
    expect(await steps("admin")).toEqual([earned, owed]);
    expect(await steps("publisher")).toEqual([earned]);
    expect(await steps("advertiser")).toEqual([owed]);
  });

  it("leaves a row in the audit log that says what was paid", async () => {
    const { results } = await stage.world.d1
      .prepare(
        `SELECT detail FROM audit_log WHERE action = 'statements.pay' AND subject_id = ? ORDER BY at, id`,
      )
      .bind(stage.own.advertiser_id)
      .all<{ detail: string }>();
    expect(results.map(({ detail }) => JSON.parse(detail))).toEqual([
      expect.objectContaining({
        period: PERIOD,
        reference: "INV-31",
        paid_calls: 1,
        total_micros: 70_000_000,
      }),
    ]);
  });

  it("is for a network's own advertisers and publishers", async () => {
    const send = (organization_id: string, who: Who = "admin") =>
      stage.as(who, "/statements/payments", { json: { organization_id, period: PERIOD } });
    const { foreign, own, world } = stage;
    for (const id of [
      foreign.publisher_id,
      foreign.advertiser_id,
      `${own.publisher_id.slice(0, -6)}000000`,
    ]) {
      await problemOf(await send(id), 404);
    }
    await problemOf(await send(own.publisher_id, "stranger"), 404);
    const problem = await problemOf(await send(world.network_id), 422);
    expect(problem.errors).toEqual([
      { pointer: "/organization_id", detail: "must be an advertiser or a publisher" },
    ]);
  });

  it("has nothing to pay in a month without postings, nor for who never had any", async () => {
    expect(await pay({ organization_id: stage.own.publisher_id, period: "2026-12" })).toMatchObject({
      paid_calls: 0,
      currency: "USD",
    });
    expect(await pay({ organization_id: stage.other_publisher_id })).toMatchObject({
      paid_calls: 0,
      currency: null,
    });
  });

  it.each([
    [{ period: "2026-13" }, "/period"],
    [{ period: 202611 }, "/period"],
    [{ reference: "x".repeat(201) }, "/reference"],
    [{ reference: "line\nbreak" }, "/reference"],
    [{ currency: "usd" }, "/currency"],
    [{ organization_id: "x" }, "/organization_id"],
  ])("refuses %j by name", async (change, pointer) => {
    const json = { organization_id: stage.own.publisher_id, period: PERIOD, ...change };
    const problem = await problemOf(await stage.as("admin", "/statements/payments", { json }), 422);
    expect(problem.errors?.[0]?.pointer).toBe(pointer);
  });
});
