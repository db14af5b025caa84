import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Call, Signal } from "../../shared/api/calls.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../shared/instant.ts";
import { checkRoute, problemOf } from "../support/api-suite.ts";
import { balancesOf, callNamed, ledgerOf, placeCall } from "../support/phone.ts";
import { type Stage, setStage } from "../support/stage.ts";

const STATIC = "+16285550900";
const WINDOW_S = 7 * 86_400;

let stage: Stage;
let told = 0;

beforeAll(async () => {
  stage = await setStage();
  const { sandbox_account_id: telephony_account_id, campaign_id, publisher_id } = stage.own;
  await stage.json("admin", "/numbers", {
    json: { telephony_account_id, e164: [STATIC], campaign_id, publisher_id },
  });
  await stage.json("admin", `/campaigns/${campaign_id}/terms`, {
    json: {
      revenue_micros: 70_000_000,
      payout_micros: 45_000_000,
      min_duration_s: 90,
      dedupe_window_s: 0,
      repeat_callers: "all",
      requires_signal: "sold",
      signal_window_s: WINDOW_S,
    },
  });
});
afterAll(() => stage?.stop());

async function freshCall(at = stage.world.at): Promise<Call> {
  const call_id = `signal-${++told}`;
  await placeCall(stage.world, stage.own.sandbox_account_id, { call_id, to: STATIC, at });
  return callNamed(stage.world, call_id, at + 5 * MINUTE_MS);
}
const report = (call: Call, json: Record<string, unknown>, now: number) =>
  stage.json<Signal>("admin", `/calls/${call.id}/signals`, { json, now });
const moneyOf = async (call: Call, now: number) =>
  balancesOf(await ledgerOf(stage.world, `call_id=${call.id}`, now));

describe("/calls/{id}/signals", () => {
  checkRoute(() => stage, {
    operation: "signals.create",
    method: "POST",
    path: async () => `/calls/${(await freshCall()).id}/signals`,
    body: () => ({ name: "sold", value: true, revenue_micros: 900_000_000, occurred_at: 1_795_000_000_000 }),
    required: ["name", "value"],
    status: 201,
    answers: Signal,
  });

  it("books a call that waits for it, and rejects one that waited in vain until it comes after all", async () => {
    const at = stage.world.at + DAY_MS;
    const call = await freshCall(at);
    expect(call.revenue?.status).toBe("pending");
    await report(call, { name: "sold", value: 0 }, at + HOUR_MS);
    await report(call, { name: "quoted", value: true }, at + HOUR_MS + 1_000);
    expect((await callNamed(stage.world, call.provider_call_id, at + HOUR_MS)).payout?.status).toBe(
      "pending",
    );

    const late = at + WINDOW_S * 1_000 + HOUR_MS;
    await stage.world.json("/__local/scheduled", { method: "POST", now: late });
    const waited = await callNamed(stage.world, call.provider_call_id, late);
    expect([waited.revenue?.status, waited.payout?.status]).toEqual(["rejected", "rejected"]);
    expect(await moneyOf(call, late)).toEqual({});

    await report(call, { name: "sold", value: "125.50" }, late + HOUR_MS);
    const booked = await callNamed(stage.world, call.provider_call_id, late + HOUR_MS);
    expect([booked.revenue?.status, booked.payout?.status]).toEqual(["qualified", "qualified"]);
    expect(booked.signals.map(({ name, value }) => [name, value])).toEqual([
      ["sold", 0],
      ["quoted", true],
      ["sold", "125.50"],
    ]);
    expect(await moneyOf(call, late + HOUR_MS)).toMatchObject({
      [`payable ${stage.own.publisher_id}`]: -45_000_000,
    });
  });

  it("is one outcome however often it is reported, and books once", async () => {
    const at = stage.world.at + 20 * DAY_MS;
    const call = await freshCall(at);
    const json = { name: "sold", value: true, occurred_at: at };
    const first = await report(call, json, at + HOUR_MS);
    const again = await report(call, json, at + 2 * HOUR_MS);
    expect(again).toEqual(first);
    expect((await ledgerOf(stage.world, `call_id=${call.id}`, at + DAY_MS)).length).toBe(4);
  });

  it("may be reported by the advertiser, and tells a publisher nothing of what it was worth", async () => {
    const call = await freshCall();
    const json = { name: "sold", value: true, revenue_micros: 5 };
    expect((await stage.as("advertiser", `/calls/${call.id}/signals`, { json })).status).toBe(201);
    await problemOf(await stage.as("publisher", `/calls/${call.id}/signals`, { json }), 403);
    const worth = async (who: "publisher" | "advertiser") =>
      (await stage.json<Call>(who, `/calls/${call.id}`)).signals[0]?.revenue_micros;
    expect([await worth("publisher"), await worth("advertiser")]).toEqual([null, 5]);
  });
});
