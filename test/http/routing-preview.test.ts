import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { RoutingPreview } from "../../shared/api/routing.ts";
import type { Target } from "../../shared/api/targets.ts";
import { checkRoute, problemOf } from "../support/api-suite.ts";
import { freshCampaign, freshNumber } from "../support/fresh.ts";
import { type Stage, setStage } from "../support/stage.ts";

let stage: Stage;
let number: string;
let campaign_id: string;
beforeAll(async () => {
  stage = await setStage();
  campaign_id = await freshCampaign(stage);
  number = (await freshNumber(stage, { campaign_id })).e164;
});
afterAll(() => stage?.stop());

const ask = (query: Record<string, string | number>) => {
  const said = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]));
  return `/routing-preview?${said}`;
};
const preview = (query: Record<string, string | number> = {}) =>
  stage.json<RoutingPreview>("admin", ask({ number, ...query }));
const target = (over: object) => stage.json<Target>("admin", "/targets", { json: { campaign_id, ...over } });
const CALLER = "+14155550177";

describe("/routing-preview", () => {
  checkRoute(() => stage, {
    operation: "routing_preview.read",
    method: "GET",
    path: () => ask({ number, caller: CALLER }),
    status: 200,
    answers: RoutingPreview,
  });

  it("knows numbers of the network only", async () => {
    await problemOf(await stage.as("stranger", ask({ number })), 404);
    await problemOf(await stage.as("admin", ask({ number: "+16505559999" })), 404);
    await problemOf(await stage.as("admin", ask({ number, at: "soon" })), 422);
  });

  it("shows the destination where there are no targets", async () => {
    expect(await preview()).toMatchObject({
      action: "dial",
      reason: "destination",
      campaign_id,
      rounds: [{ targets: ["+14155550177"], timeout_s: 30 }],
      considered: [],
    });
  });

  it("shows who would be rung, in which order, why not the others, and what comes then; and rings as it said", async () => {
    const day = { timezone: "UTC", windows: [{ days: ["sat", "sun"], from: "08:00", to: "18:00" }] };
    await target({ number: "+14155550401", name: "Night desk", priority: 2 });
    await target({ number: "+14155550402", name: "Day desk", hours: day });
    await target({ number: "+14155550403", name: "Nevada", regions: ["US-NV"] });
    const noon = stage.world.at;
    const seen = await preview({ caller: CALLER, at: noon });
    expect(seen.rounds.map(({ targets }) => targets)).toEqual([["+14155550402"], ["+14155550401"]]);
    expect(seen.considered.map(({ name, rung, reason }) => [name, rung, reason])).toEqual(
      expect.arrayContaining([
        ["Day desk", true, "rung"],
        ["Night desk", true, "rung"],
        ["Nevada", false, "region"],
      ]),
    );
    expect(seen.otherwise).toMatchObject({ action: "message" });
    const night = await preview({ caller: "+17025550100", at: noon + 10 * 3_600_000 });
    expect(night.rounds.map(({ targets }) => targets)).toEqual([["+14155550403"], ["+14155550401"]]);
    expect(night.considered.find(({ name }) => name === "Day desk")).toMatchObject({
      rung: false,
      reason: "closed",
    });

    const before = await stage.rows();
    const rung = await stage.world.json(`/v1/telephony/${stage.own.sandbox_account_id}/voice`, {
      json: { call_id: "preview-1", from: CALLER, to: number },
    });
    expect(rung).toMatchObject({ action: "dial", target: seen.rounds[0]?.targets[0] });
    expect(await stage.rows()).toEqual(before);
  });

  it("shows what a filter makes of the caller, and where it sends the call on to", async () => {
    const there = await freshCampaign(stage);
    await stage.json("admin", `/campaigns/${campaign_id}/routing`, {
      method: "PATCH",
      json: {
        filters: [
          { when: [{ is: "anonymous" }], treatment: { action: "message", say: "Please show your number." } },
          {
            when: [{ is: "caller_type", types: ["voip"] }],
            treatment: { action: "campaign", campaign_id: there },
          },
        ],
      },
    });
    expect(await preview()).toMatchObject({
      action: "message",
      reason: "filter_1",
      say: "Please show your number.",
    });
    expect(await preview({ caller: CALLER, caller_type: "voip" })).toMatchObject({
      action: "dial",
      campaign_id: there,
      reason: "destination",
    });
  });
});

describe("a call that a filter sends on", () => {
  it("is the other campaign's: its destination, its terms, its books", async () => {
    const { e164 } = await freshNumber(stage, { campaign_id: stage.own.campaign_id });
    const json = { destination_number: "+14155550190", overflow: null };
    const there = await freshCampaign(stage);
    await stage.json("admin", `/campaigns/${there}`, { method: "PATCH", json });
    await stage.json("admin", `/campaigns/${stage.own.campaign_id}/routing`, {
      method: "PATCH",
      json: {
        filters: [{ when: [{ is: "anonymous" }], treatment: { action: "campaign", campaign_id: there } }],
      },
    });
    const hook = (path: string, body: object, now = stage.world.at) =>
      stage.world.json<{ id: string }>(`/v1/telephony/${stage.own.sandbox_account_id}/${path}`, {
        json: body,
        now,
      });
    const rung = await hook("voice", { call_id: "sent-on", from: "anonymous", to: e164 });
    expect(rung).toMatchObject({ action: "dial", target: "+14155550190" });
    await hook(
      "status",
      { call_id: "sent-on", status: "completed", duration_s: 110, connected_s: 100 },
      stage.world.at + 110_000,
    );
    expect(await stage.json("admin", `/calls/${rung.id}`)).toMatchObject({
      campaign_id: there,
      target: "+14155550190",
      revenue: { status: "qualified", revenue_micros: 70_000_000 },
      routing: [{ reason: "destination", campaign_id: there }],
    });
    // While the database is silent it goes the same way, by the copies.
    await stage.world.fault("throw");
    expect(await hook("voice", { call_id: "sent-on-2", from: "anonymous", to: e164 })).toMatchObject({
      target: "+14155550190",
    });
    await stage.world.fault("none");
  });
});
