import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Call } from "../../shared/api/calls.ts";
import { linesOn, NO_ANSWER, rung } from "./failover-stage.ts";
import { CALLER, keysOf, type Stage, setStage } from "./inbound-stage.ts";

/** A call ends that rang at a number before it was moved or retired: nobody else is led by what it was then. */

const HERE = "+14155550701";
const THERE = "+14155550702";
let stage: Stage;
let told = 0;
beforeAll(async () => {
  stage = await setStage();
});
afterAll(() => stage?.world.stop());
beforeEach(() => {
  stage.world.at += 3_600_000;
});
const { post, dialEnds, callOf } = linesOn(() => stage);

async function openCampaign(destination_number: string): Promise<string> {
  const { advertiser_id } = stage.stock;
  const names = { advertiser_id, name: `Campaign ${++told}`, timezone: "UTC", currency: "USD" };
  return (await post("/campaigns", { ...names, destination_number })).id;
}

/** A number of a campaign, with a call up that rang there. */
async function callUp(sid: string) {
  const to = `+1628555${6_600 + ++told}`;
  const campaign_id = await openCampaign(HERE);
  const of = { telephony_account_id: stage.twilio_account_id, campaign_id };
  const made = await post<{ data: { id: string }[] }>("/numbers", { ...of, e164: [to] });
  const answer = await stage.ring(sid, { To: to });
  expect(rung(answer)).toBe(HERE);
  stage.world.at += 30_000;
  return { to, answer, number_id: made.data[0]?.id ?? "" };
}

const other = { From: "+14155550179" };

describe("while a call is up, its number", () => {
  it("is moved: who calls it in the moment that call ends is the new campaign's, and dialled there", async () => {
    const { to, answer, number_id } = await callUp("CAbeforemove");
    const campaign_id = await openCampaign(THERE);
    await post(`/numbers/${number_id}/move`, { campaign_id, rest_s: 0 });
    stage.world.at += 30_000;
    await dialEnds(answer, "CAbeforemove", to, NO_ANSWER("CAbeforemove1"));
    expect(rung(await stage.ring("CAaftermove", { To: to, ...other }))).toBe(THERE);
    expect(await callOf("CAaftermove")).toMatchObject<Partial<Call>>({ campaign_id, target: THERE });

    await dialEnds(answer, "CAbeforemove", to, NO_ANSWER("CAbeforemove1"));
    stage.world.at += 10_000;
    await stage.world.fault("throw");
    const blind = await stage.ring("CAblindmove", { To: to, From: CALLER });
    await stage.world.fault("none");
    expect(rung(blind)).toBe(THERE);
  });

  it("is retired: nobody is dialled by a copy of what it was", async () => {
    const { to, answer, number_id } = await callUp("CAbeforeretired");
    await stage.world.ask(`/api/v1/numbers/${number_id}`, { method: "DELETE" });
    stage.world.at += 30_000;
    await dialEnds(answer, "CAbeforeretired", to, NO_ANSWER("CAbeforeretired1"));
    expect(await stage.ring("CAafterretired", { To: to, ...other })).not.toContain("<Dial");
    expect(await keysOf(stage.world, `plan/${stage.twilio_account_id}/${to}`)).toEqual([]);
  });
});
