import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Campaign } from "../../shared/api/campaigns.ts";
import { ListOf } from "../../shared/api/common.ts";
import { HOUR_MS } from "../../shared/instant.ts";
import { checkRoute, problemOf } from "../support/api-suite.ts";
import { campaignBody, freshCampaign, TERMS } from "../support/fresh.ts";
import { type Stage, setStage } from "../support/stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
});
afterAll(() => stage?.stop());
const on = () => stage;

describe("/campaigns", () => {
  checkRoute(on, {
    operation: "campaigns.create",
    method: "POST",
    path: () => "/campaigns",
    body: campaignBody,
    required: ["advertiser_id", "name", "timezone", "currency", "destination_number"],
    references: (s) => ({ advertiser_id: s.foreign.advertiser_id }),
    status: 201,
    answers: Campaign,
  });
  checkRoute(on, {
    operation: "campaigns.list",
    method: "GET",
    path: () => "/campaigns",
    status: 200,
    answers: ListOf(Campaign),
  });
  checkRoute(on, {
    operation: "campaigns.read",
    method: "GET",
    path: (s) => `/campaigns/${s.own.campaign_id}`,
    status: 200,
    answers: Campaign,
  });
  checkRoute(on, {
    operation: "campaigns.update",
    method: "PATCH",
    path: (s) => `/campaigns/${s.own.campaign_id}`,
    body: () => ({
      name: "Emergency plumbing",
      destination_number: "sip:desk@pbx.example",
      overflow: null,
      attribution_floor: 0.95,
      uncertain_payout: "withhold",
      bill_own_traffic: false,
      test_callers: ["+14155550112"],
    }),
    status: 200,
    answers: Campaign,
  });
  checkRoute(on, {
    operation: "campaigns.retire",
    method: "DELETE",
    path: async (s) => `/campaigns/${await freshCampaign(s)}`,
    status: 204,
  });
  checkRoute(on, {
    operation: "campaigns.pause",
    method: "POST",
    path: (s) => `/campaigns/${s.own.campaign_id}/pause`,
    body: (s) => ({ reason: "No agents", resume_at: s.world.at + HOUR_MS }),
    required: ["reason"],
    status: 200,
    answers: Campaign,
  });
  checkRoute(on, {
    operation: "campaigns.resume",
    method: "POST",
    path: (s) => `/campaigns/${s.own.campaign_id}/resume`,
    body: () => ({ reason: "They are back" }),
    optional_body: true,
    status: 200,
    answers: Campaign,
  });

  it("has the contract's defaults", async () => {
    const { advertiser_id, name, timezone, currency, destination_number } = campaignBody(stage);
    const json = { advertiser_id, name, timezone, currency, destination_number };
    const made = await stage.json<Campaign>("admin", "/campaigns", { json });
    expect(made).toMatchObject({
      attribution_floor: 0.9,
      uncertain_payout: "withhold",
      bill_own_traffic: false,
      overflow: null,
      test_callers: [],
      terms: null,
      paused_at: null,
      retired_at: null,
    });
    expect(await stage.json("admin", `/campaigns/${made.id}`)).toEqual(made);
  });

  it("is paused and resumed, with a reason and an end", async () => {
    const id = await freshCampaign(stage);
    const resume_at = stage.world.at + HOUR_MS;
    const paused = await stage.json("admin", `/campaigns/${id}/pause`, {
      json: { reason: "Storm", resume_at },
    });
    expect(paused).toMatchObject({ paused_at: stage.world.at, pause_reason: "Storm", resume_at });
    const resumed = await stage.json("admin", `/campaigns/${id}/resume`, { method: "POST" });
    expect(resumed).toMatchObject({ paused_at: null, pause_reason: null, resume_at: null });
    const past = { reason: "Storm", resume_at: stage.world.at };
    const problem = await problemOf(await stage.as("admin", `/campaigns/${id}/pause`, { json: past }), 422);
    expect(problem.errors).toEqual([{ pointer: "/resume_at", detail: "must be in the future" }]);
  });

  it("tells the telephone's copy of a pause before it answers", async () => {
    const kv = await stage.world.miniflare.getKVNamespace("PLANS", "ringtrail");
    const path = `/campaigns/${stage.own.campaign_id}`;
    await stage.json("admin", `${path}/pause`, { json: { reason: "Now" } });
    expect(await kv.get(`campaign/${stage.own.campaign_id}`)).toContain(`"paused_at":${stage.world.at}`);
    await stage.json("admin", `${path}/resume`, { method: "POST" });
    expect(await kv.get(`campaign/${stage.own.campaign_id}`)).toContain('"paused_at":null');
  });

  it("is not retired while numbers, pools or sites hang on it, nor changed afterwards", async () => {
    const used = await stage.as("admin", `/campaigns/${stage.own.campaign_id}`, { method: "DELETE" });
    expect((await problemOf(used, 409)).detail).toMatch(/1 pool, 5 numbers, 1 site/);
    const id = await freshCampaign(stage);
    await stage.json("admin", `/campaigns/${id}`, { method: "DELETE" });
    expect(await stage.json("admin", `/campaigns/${id}`)).toMatchObject({ retired_at: stage.world.at });
    await problemOf(
      await stage.as("admin", `/campaigns/${id}`, { method: "PATCH", json: { name: "x" } }),
      409,
    );
    await problemOf(await stage.as("admin", `/campaigns/${id}/terms`, { json: TERMS }), 409);
    const pool = await stage.as("admin", "/pools", { json: { campaign_id: id, name: "Late" } });
    expect((await problemOf(pool, 422)).errors?.[0]?.detail).toBe("this campaign is retired");
  });

  it("refuses amounts and floors that make no sense", async () => {
    const wrong = [
      { terms: { ...TERMS, revenue_micros: 0.5 } },
      { terms: { ...TERMS, payout_micros: -1 } },
      { terms: { ...TERMS, payout_micros: "45" } },
      { attribution_floor: 0.5 },
      { attribution_floor: 1.01 },
      { currency: "usd" },
      { currency: "ZZZ" },
      { name: "two\nlines" },
      { timezone: "Nowhere" },
      { destination_number: "911" },
    ];
    for (const fields of wrong) {
      const response = await stage.as("admin", "/campaigns", { json: { ...campaignBody(stage), ...fields } });
      const [field] = Object.keys(fields);
      expect((await problemOf(response, 422)).errors?.[0]?.pointer).toMatch(new RegExp(`^/${field}`));
    }
  });
});
