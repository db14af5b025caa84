import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { MINUTE_MS } from "../../shared/instant.ts";
import { callNamed, ledgerOf } from "../support/phone.ts";
import { callerOf, FAKE_ACCOUNT, type Fake, fakeOf, recordCall } from "../telephony/fakes/providers.ts";
import { type Stage, setStage } from "./inbound-stage.ts";

/** A call that the provider's fallback took, while the end of every call is reported to us all the same. */

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

const upkeep = (now: number) => stage.world.json("/__local/scheduled", { method: "POST", now });

/** The call is up and ends at the provider, which reports its end; `legs` are the phones that the fallback dialled. */
async function taken(id: string, connected_s: number | null, length_s: number): Promise<number> {
  const { at } = stage.world;
  const legs = [{ id: `${id}leg`, to: stage.stock.destination_number, connected_s }];
  const call = { id, from: callerOf(id), to: OWN_NUMBER, started_at: at, length_s };
  recordCall(fake, { ...call, legs: connected_s === null ? [] : legs });
  const ended_at = at + length_s * 1_000;
  const status = {
    CallSid: id,
    From: call.from,
    To: OWN_NUMBER,
    CallStatus: "completed",
    CallDuration: String(length_s),
    Timestamp: new Date(ended_at).toUTCString(),
  };
  expect((await stage.hook("status", status, { now: ended_at })).status).toBe(200);
  return ended_at;
}

describe("a call that the fallback took and whose end was reported", () => {
  it("is read back with its leg, judged and booked", async () => {
    const ended_at = await taken("CAtaken", 130, 140);
    const before = await callNamed(stage.world, "CAtaken", ended_at + 11 * MINUTE_MS);
    expect(before).toMatchObject({ connected_s: null, leg_report_missing: true });
    const now = ended_at + 12 * MINUTE_MS;
    await upkeep(now);
    const call = await callNamed(stage.world, "CAtaken", now);
    expect(call).toMatchObject({
      connected_s: 130,
      ended_at,
      target: stage.stock.destination_number,
      leg_report_missing: false,
      payout: { status: "qualified", payout_micros: 45_000_000 },
    });
    const booked = await ledgerOf(stage.world, `call_id=${call.id}`, now);
    expect(booked.map(({ kind }) => kind).sort()).toEqual(["charge", "charge", "payout", "payout"]);
  });

  it("is rejected when the fallback dialled nobody", async () => {
    const now = (await taken("CAnobody", null, 20)) + 12 * MINUTE_MS;
    await upkeep(now);
    expect(await callNamed(stage.world, "CAnobody", now)).toMatchObject({
      disposition: "abandoned",
      connected_s: 0,
      payout: { status: "rejected" },
    });
  });
});
