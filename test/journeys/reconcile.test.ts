import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Call } from "../../shared/api/calls.ts";
import { seeded } from "../simulate/chance.ts";
import { callNamed, ledgerOf } from "../support/phone.ts";
import {
  callerOf,
  FAKE_ACCOUNT,
  type Fake,
  type FakeCall,
  fakeOf,
  recordCall,
} from "../telephony/fakes/providers.ts";
import { CALLER, countRows, type Stage, setStage } from "./inbound-stage.ts";

/** Calls read back from a provider whose API is faked, by the product on workerd and D1. */

const MINUTE_MS = 60_000;
/** A static number of the publisher: whoever calls it is proven to come from there. */
const OWN_NUMBER = "+16285550950";
let stage: Stage;
let fake: Fake;
beforeAll(async () => {
  fake = await fakeOf("twilio");
  stage = await setStage({
    provider_apis: { twilio: fake.url },
    twilio: { account_sid: FAKE_ACCOUNT.sid, auth_token: FAKE_ACCOUNT.token },
  });
  const { campaign_id, publisher_id } = stage.stock;
  const of = { telephony_account_id: stage.twilio_account_id, campaign_id, publisher_id };
  await stage.world.json("/api/v1/numbers", { json: { ...of, e164: [OWN_NUMBER] } });
});
afterAll(async () => {
  await stage?.world.stop();
  await fake?.close();
});
beforeEach(() => {
  stage.world.at += 3 * 3_600_000;
});
afterEach(() => fake.legs.splice(0));

type Upkeep = { asked: number; completed: number; imported: number; failed: string[] };
const upkeep = (now: number) => stage.world.json<Upkeep>("/__local/scheduled", { method: "POST", now });

/** A call to the publisher's own number, in the provider's records. */
function record(id: string, call: Partial<FakeCall> & { connected_s: number | null }): void {
  const { connected_s, ...rest } = call;
  const legs = [{ id: `${id}leg`, to: stage.stock.destination_number, connected_s }];
  const length_s = (connected_s ?? 0) + 10;
  const started_at = stage.world.at;
  recordCall(fake, { id, from: callerOf(id), to: OWN_NUMBER, started_at, length_s, legs, ...rest });
}

const ends = (id: string) => ({ CallSid: id, From: callerOf(id), To: OWN_NUMBER });
const ring = (id: string, now = stage.world.at) => stage.ring(id, ends(id), { now });
const seen = (id: string, now: number): Promise<Call> => callNamed(stage.world, id, now);

/** The two reports of a call's end, as Twilio sends them. */
async function reports(id: string, { connected_s, at }: { connected_s: number; at: number }) {
  const leg = {
    CallSid: `${id}leg`,
    ParentCallSid: id,
    From: callerOf(id),
    To: stage.stock.destination_number,
  };
  const end = { CallStatus: "completed", CallDuration: String(connected_s) };
  await stage.hook("status", { ...leg, ...end }, { now: at });
  await stage.hook("status", { ...ends(id), ...end, CallDuration: String(connected_s + 10) }, { now: at });
}

describe("a provider's records", () => {
  it("complete a call whose reports were lost, once", async () => {
    const at = stage.world.at;
    await ring("CAlostreports");
    record("CAlostreports", { connected_s: 92 });
    expect(await seen("CAlostreports", at + 4 * MINUTE_MS)).toMatchObject({
      ended_at: null,
      connected_s: null,
    });

    const now = at + 6 * MINUTE_MS;
    expect(await upkeep(now)).toMatchObject({ completed: 1, imported: 0, failed: [] });
    const call = await seen("CAlostreports", now);
    expect(call).toMatchObject({
      status: "completed",
      started_at: at,
      ended_at: at + 102_000,
      duration_s: 102,
      connected_s: 92,
      self_reported: false,
      revenue: { status: "qualified" },
      payout: { status: "qualified" },
    });
    const booked = await ledgerOf(stage.world, `call_id=${call.id}`, now);
    const rows = await countRows(stage.world);
    expect(await upkeep(now + MINUTE_MS)).toMatchObject({ completed: 0, imported: 0 });
    expect(await countRows(stage.world)).toEqual(rows);

    await reports("CAlostreports", { connected_s: 92, at: now + 2 * MINUTE_MS });
    expect(await seen("CAlostreports", now + 3 * MINUTE_MS)).toMatchObject({
      connected_s: 92,
      ended_at: at + 102_000,
    });
    expect(await ledgerOf(stage.world, `call_id=${call.id}`, now + 3 * MINUTE_MS)).toEqual(booked);
  });

  it("tell of a call that never reached us, and of nobody else's", async () => {
    const at = stage.world.at;
    record("CAfallback", { connected_s: 130 });
    record("CAforeign", { connected_s: 130, to: "+12125550100" });
    const now = at + 10 * MINUTE_MS;
    expect(await upkeep(now)).toMatchObject({ imported: 1, failed: [] });
    expect(await seen("CAfallback", now)).toMatchObject({
      started_at: at,
      ended_at: at + 140_000,
      connected_s: 130,
      from: callerOf("CAfallback"),
      target: stage.stock.destination_number,
      publisher_id: stage.stock.publisher_id,
      payout: { status: "qualified" },
    });
    await expect(seen("CAforeign", now)).rejects.toThrow("there is no call");
    const rows = await countRows(stage.world);
    expect(await upkeep(now + 20 * MINUTE_MS)).toMatchObject({ imported: 0, completed: 0 });
    expect(await countRows(stage.world)).toEqual(rows);
  });

  it("say that the caller was gone before a phone rang", async () => {
    const at = stage.world.at;
    await ring("CAgone");
    record("CAgone", { connected_s: null, length_s: 2, legs: [] });
    await upkeep(at + 6 * MINUTE_MS);
    expect(await seen("CAgone", at + 6 * MINUTE_MS)).toMatchObject({
      status: "completed",
      connected_s: 0,
      leg_report_missing: false,
      revenue: { status: "rejected" },
      payout: { status: "rejected" },
    });
  });

  it("are asked for again, ever more rarely, while they are not there", async () => {
    const at = stage.world.at;
    await ring("CAslow");
    const asked: number[] = [];
    for (let minute = 1; minute <= 40; minute++) {
      const before = fake.asked.filter((line) => line.endsWith("/Calls/CAslow.json")).length;
      await upkeep(at + minute * MINUTE_MS);
      const after = fake.asked.filter((line) => line.endsWith("/Calls/CAslow.json")).length;
      if (after > before) asked.push(minute);
    }
    expect(asked).toEqual([5, 6, 8, 12, 20, 36]);
    record("CAslow", { connected_s: 95 });
    await upkeep(at + 70 * MINUTE_MS);
    expect(await seen("CAslow", at + 70 * MINUTE_MS)).toMatchObject({ connected_s: 95 });
  });

  it("wait while the provider fails, and lose nothing by it", async () => {
    const at = stage.world.at;
    const path = `/api/v1/telephony-accounts/${stage.twilio_account_id}`;
    type Sweep = { sweep: { failures: number; failure: string | null } };
    const sweep = async (now: number) => (await stage.world.json<Sweep>(`${path}/api`, { now })).sweep;
    const alarms = async () => (await stage.world.json<{ alarms: string[] }>(path)).alarms;
    record("CApatient", { connected_s: 95 });
    const refusal = { status: 401, json: { code: 20003, message: "Authenticate" } };
    fake.fail([refusal, refusal, refusal]);
    await upkeep(at + 5 * MINUTE_MS);
    expect(await sweep(at + 5 * MINUTE_MS)).toMatchObject({ failures: 1, failure: "unauthorized" });
    const asked = fake.asked.length;
    await upkeep(at + 5 * MINUTE_MS + 30_000);
    expect(fake.asked).toHaveLength(asked);
    await upkeep(at + 6 * MINUTE_MS);
    expect(await alarms()).toEqual([]);
    await upkeep(at + 8 * MINUTE_MS);
    expect(await alarms()).toEqual(["records_not_read"]);
    const now = at + 12 * MINUTE_MS;
    expect(await upkeep(now)).toMatchObject({ imported: 1 });
    expect(await sweep(now)).toMatchObject({ failures: 0, failure: null });
    expect(await alarms()).toEqual([]);
    expect(await seen("CApatient", now)).toMatchObject({ connected_s: 95 });
  });
});

describe("an account that is not the network's own", () => {
  const change = (json: unknown, now: number) =>
    stage.world.json<{ reports_pay: boolean }>(`/api/v1/telephony-accounts/${stage.twilio_account_id}/api`, {
      method: "PATCH",
      json,
      now,
    });
  const ruleOf = (call: Call, side: "revenue" | "payout") =>
    call[side]?.rules.find(({ rule }) => rule === "confirmed");

  it("pays for what the provider's records confirm, and no more", async () => {
    const at = stage.world.at;
    const owned = await change({ organization_id: stage.stock.publisher_id }, at);
    expect(owned).toMatchObject({ organization_id: stage.stock.publisher_id, reports_pay: false });
    await ring("CAforged", at);
    await reports("CAforged", { connected_s: 600, at: at + 30_000 });
    await ring("CAhonest", at);
    await reports("CAhonest", { connected_s: 95, at: at + 105_000 });
    await ring("CAmadeup", at);
    await reports("CAmadeup", { connected_s: 300, at: at + 40_000 });
    for (const id of ["CAforged", "CAhonest", "CAmadeup"]) {
      const call = await seen(id, at + 2 * MINUTE_MS);
      expect(call).toMatchObject({
        self_reported: true,
        confirmed_at: null,
        revenue: { status: "pending" },
        payout: { status: "pending" },
      });
      expect(ruleOf(call, "payout")).toMatchObject({ passed: false, pending: true });
    }
    record("CAforged", { connected_s: 12 });
    record("CAhonest", { connected_s: 95 });
    const now = at + 10 * MINUTE_MS;
    await upkeep(now);
    expect(await seen("CAforged", now)).toMatchObject({
      connected_s: 12,
      confirmed_at: now,
      revenue: { status: "rejected" },
      payout: { status: "rejected" },
    });
    const honest = await seen("CAhonest", now);
    expect(honest).toMatchObject({ connected_s: 95, payout: { status: "qualified" } });
    expect(ruleOf(honest, "revenue")).toMatchObject({ passed: true });
    expect(await seen("CAmadeup", now)).toMatchObject({ payout: { status: "pending" } });
  });

  it("pays on its own word when the network says so, and what was paid stays paid", async () => {
    const at = stage.world.at;
    await change({ organization_id: stage.stock.publisher_id }, at);
    await ring("CAvouched", at);
    await reports("CAvouched", { connected_s: 95, at: at + 105_000 });
    expect(await seen("CAvouched", at + 2 * MINUTE_MS)).toMatchObject({ payout: { status: "pending" } });
    await change({ reports_pay: true }, at + 3 * MINUTE_MS);
    await upkeep(at + 3 * MINUTE_MS);
    const vouched = await seen("CAvouched", at + 3 * MINUTE_MS);
    expect(vouched).toMatchObject({
      self_reported: true,
      confirmed_at: null,
      payout: { status: "qualified" },
    });

    await change({ reports_pay: false }, at + 4 * MINUTE_MS);
    const now = at + 6 * MINUTE_MS;
    await ring("CAdoubted", now - MINUTE_MS);
    await reports("CAdoubted", { connected_s: 95, at: now });
    await upkeep(now);
    expect(await seen("CAvouched", now)).toMatchObject({ payout: { status: "qualified" } });
    expect(await seen("CAdoubted", now)).toMatchObject({ payout: { status: "pending" } });
    await change({ organization_id: null, reports_pay: true }, now);
  });
});

describe("callbacks lost at random", () => {
  it("are all made up for within fifteen minutes, to the second and the cent", async () => {
    const chance = seeded(20_261_121).next;
    const at = stage.world.at;
    const calls = Array.from({ length: 12 }, (_, i) => ({
      id: `CArandom${i}`,
      connected_s: Math.floor(chance() * 180),
      started_at: at + i * 20_000,
    }));
    for (const call of calls) {
      const { id, connected_s, started_at } = call;
      record(id, { connected_s, started_at });
      const ended_at = started_at + (connected_s + 10) * 1_000;
      if (chance() < 0.8) await ring(id, started_at);
      else continue;
      const leg = {
        CallSid: `${id}leg`,
        ParentCallSid: id,
        From: CALLER,
        To: stage.stock.destination_number,
      };
      const end = { CallStatus: "completed" };
      if (chance() < 0.5) {
        await stage.hook("status", { ...leg, ...end, CallDuration: String(connected_s) }, { now: ended_at });
      }
      if (chance() < 0.5) {
        const length = { CallDuration: String(connected_s + 10) };
        await stage.hook("status", { ...ends(id), ...end, ...length }, { now: ended_at });
      }
    }
    const last_end = Math.max(...calls.map((call) => call.started_at + (call.connected_s + 10) * 1_000));
    for (let minute = 0; minute <= 15; minute += 3) await upkeep(last_end + minute * MINUTE_MS);
    const now = last_end + 15 * MINUTE_MS;
    for (const { id, connected_s, started_at } of calls) {
      const call = await seen(id, now);
      expect(call).toMatchObject({ connected_s, started_at, leg_report_missing: false });
      const payout = connected_s >= 90 ? 45_000_000 : 0;
      expect(call.payout?.payout_micros).toBe(payout);
      const booked = await ledgerOf(stage.world, `call_id=${call.id}`, now);
      const payable = booked.filter((line) => line.account === "payable");
      expect(payable.reduce((sum, line) => sum + line.amount_micros, payout)).toBe(0);
    }
  });
});
