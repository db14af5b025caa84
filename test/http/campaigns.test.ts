import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Campaign, Enrollment, TermsVersion } from "../../shared/api/campaigns.ts";
import { ListOf } from "../../shared/api/common.ts";
import { DAY_MS, HOUR_MS } from "../../shared/instant.ts";
import { checkRoute, problemOf } from "../support/api-suite.ts";
import { type Stage, setStage } from "../support/stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
});
afterAll(() => stage?.stop());
const on = () => stage;

const TERMS = {
  revenue_micros: 70_000_000,
  payout_micros: 45_000_000,
  min_duration_s: 90,
  dedupe_window_s: 30 * 86_400,
  repeat_callers: "first_only",
};

const campaignBody = (s: Stage) => ({
  advertiser_id: s.own.advertiser_id,
  name: "Roof repair",
  timezone: "America/Los_Angeles",
  currency: "USD",
  destination_number: "+14155550177",
  terms: TERMS,
  overflow: "message",
  attribution_floor: 0.8,
  uncertain_payout: "split",
  bill_own_traffic: true,
  test_callers: ["+14155550111"],
});

const fresh = async (s: Stage): Promise<string> =>
  (await s.json<{ id: string }>("admin", "/campaigns", { json: campaignBody(s) })).id;

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
    path: async (s) => `/campaigns/${await fresh(s)}`,
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
    const id = await fresh(stage);
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
    const id = await fresh(stage);
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

describe("/campaigns/{id}/terms", () => {
  const terms = (s: Stage) => `/campaigns/${s.own.campaign_id}/terms`;
  checkRoute(on, {
    operation: "terms.create",
    method: "POST",
    path: terms,
    body: (s) => ({
      ...TERMS,
      dedupe_scope: "advertiser",
      hours: { timezone: "America/Denver", windows: [{ days: ["mon"], from: "22:00", to: "06:00" }] },
      regions: ["US-CA"],
      daily_cap: 10,
      hold_s: 3600,
      effective_at: s.world.at + DAY_MS,
      revenue: { min_duration_s: 120 },
      payout: { dedupe_window_s: 0 },
    }),
    required: Object.keys(TERMS),
    status: 201,
    answers: TermsVersion,
  });
  checkRoute(on, {
    operation: "terms.list",
    method: "GET",
    path: terms,
    status: 200,
    answers: ListOf(TermsVersion),
  });

  it("counts versions up and shows the one in force", async () => {
    const id = await fresh(stage);
    const { at } = stage.world;
    const post = (json: Record<string, unknown>) =>
      stage.json<TermsVersion>("admin", `/campaigns/${id}/terms`, { json: { ...TERMS, ...json } });
    const inForce = async (now: number) =>
      (await stage.json<Campaign>("admin", `/campaigns/${id}`, { now })).terms?.version;
    const scheduled = await post({ effective_at: at + DAY_MS });
    const urgent = await post({ payout_micros: 50_000_000 });
    expect([scheduled.version, urgent.version]).toEqual([2, 3]);
    expect(await inForce(at)).toBe(3);
    expect(await inForce(at + DAY_MS - 1)).toBe(3);
    expect(await inForce(at + DAY_MS)).toBe(2);
    const listed = await stage.json<{ data: TermsVersion[] }>("admin", `/campaigns/${id}/terms`);
    expect(listed.data.map((row) => row.version)).toEqual([1, 2, 3]);
  });

  it("never begins in the past, but forgives a clock that runs behind", async () => {
    const id = await fresh(stage);
    const { at } = stage.world;
    const post = (effective_at: number) =>
      stage.as("admin", `/campaigns/${id}/terms`, { json: { ...TERMS, effective_at } });
    const problem = await problemOf(await post(at - 61_000), 422);
    expect(problem.errors?.[0]?.pointer).toBe("/effective_at");
    const behind = await post(at - 59_000);
    expect(behind.status).toBe(201);
    expect(((await behind.json()) as TermsVersion).effective_at).toBe(at);
  });

  it("gives each of many at once a version of its own", async () => {
    const id = await fresh(stage);
    const answers = await Promise.all(
      [1, 2, 3].map((n) =>
        stage.json<TermsVersion>("admin", `/campaigns/${id}/terms`, { json: { ...TERMS, daily_cap: n } }),
      ),
    );
    expect(answers.map((row) => row.version).sort()).toEqual([2, 3, 4]);
  });
});

describe("/campaigns/{id}/enrollments", () => {
  const enrollments = (s: Stage) => `/campaigns/${s.own.campaign_id}/enrollments`;
  checkRoute(on, {
    operation: "enrollments.create",
    method: "POST",
    path: enrollments,
    body: (s) => ({ publisher_id: s.own.publisher_id, status: "approved", payout_micros: 50_000_000 }),
    required: ["publisher_id", "status"],
    references: (s) => ({ publisher_id: s.foreign.publisher_id }),
    status: 201,
    answers: Enrollment,
  });
  checkRoute(on, {
    operation: "enrollments.list",
    method: "GET",
    path: enrollments,
    status: 200,
    answers: ListOf(Enrollment),
  });

  it("keeps one enrollment for a publisher, in versions", async () => {
    const id = await fresh(stage);
    const post = (json: Record<string, unknown>) =>
      stage.json<Enrollment>("admin", `/campaigns/${id}/enrollments`, {
        json: { publisher_id: stage.own.publisher_id, ...json },
      });
    const first = await post({ status: "pending" });
    const second = await post({ status: "approved", payout_micros: 60_000_000, min_duration_s: 30 });
    expect(second).toMatchObject({
      id: first.id,
      version: 2,
      payout_terms: { payout_micros: 60_000_000, min_duration_s: 30 },
    });
    const listed = await stage.json<{ data: Enrollment[] }>("admin", `/campaigns/${id}/enrollments`);
    expect(listed.data).toEqual([second]);
  });

  it("takes an advertiser for no publisher", async () => {
    const json = { publisher_id: stage.own.advertiser_id, status: "approved" };
    await problemOf(await stage.as("admin", enrollments(stage), { json }), 422);
  });
});

describe("what each side sees of a campaign", () => {
  const read = (who: "admin" | "advertiser" | "publisher") =>
    stage.json<Record<string, unknown>>(who, `/campaigns/${stage.own.campaign_id}`);

  beforeAll(async () => {
    const json = {
      publisher_id: stage.own.publisher_id,
      status: "approved",
      payout_micros: 47_000_000,
      min_duration_s: 45,
    };
    await stage.json("admin", `/campaigns/${stage.own.campaign_id}/enrollments`, { json });
    await stage.json("admin", `/campaigns/${stage.own.campaign_id}/terms`, {
      json: { ...TERMS, revenue: { min_duration_s: 100 }, payout: { payout_micros: 44_000_000, hold_s: 60 } },
    });
  });

  it("shows an advertiser what it pays and nothing of payouts or test callers", async () => {
    const seen = await read("advertiser");
    expect(seen.terms).toMatchObject({ revenue_micros: 70_000_000, min_duration_s: 100 });
    expect(JSON.stringify(seen)).not.toMatch(/payout|test_callers|44000000|47000000/);
    expect(seen).toHaveProperty("destination_number");
  });

  it("shows a publisher what it earns, its own terms applied, and nothing of revenue", async () => {
    const seen = await read("publisher");
    expect(seen.terms).toMatchObject({ payout_micros: 47_000_000, min_duration_s: 45, hold_s: 60 });
    expect(JSON.stringify(seen)).not.toMatch(/revenue|70000000|destination|test_callers|bill_own/);
  });

  it("shows the versions of the terms no more openly than the campaign", async () => {
    const path = `/campaigns/${stage.own.campaign_id}/terms`;
    expect(JSON.stringify(await stage.json("advertiser", path))).not.toMatch(/payout/);
    expect(JSON.stringify(await stage.json("publisher", path))).not.toMatch(/revenue/);
  });

  it("hides from an advertiser and a publisher what is not theirs", async () => {
    const json = { ...campaignBody(stage), advertiser_id: await otherAdvertiser() };
    const { id } = await stage.json<{ id: string }>("admin", "/campaigns", { json });
    for (const who of ["advertiser", "publisher", "other_publisher", "stranger"] as const) {
      await problemOf(await stage.as(who, `/campaigns/${id}`), 404);
      await problemOf(await stage.as(who, `/campaigns/${id}/terms`), 404);
      const listed = await stage.json<{ data: { id: string }[] }>(who, "/campaigns?limit=200");
      expect(listed.data.map((row) => row.id)).not.toContain(id);
    }
    const own = await stage.json<{ data: { id: string }[] }>("publisher", "/campaigns?limit=200");
    expect(own.data.map((row) => row.id)).toContain(stage.own.campaign_id);
  });

  it("shows a publisher its own enrollment only, and none of a campaign that refused it", async () => {
    const path = `/campaigns/${stage.own.campaign_id}/enrollments`;
    const enrollOther = (status: string) =>
      stage.json("admin", path, { json: { publisher_id: stage.other_publisher_id, status } });
    await enrollOther("approved");
    const mine = await stage.json<{ data: Enrollment[] }>("publisher", path);
    expect(mine.data.map((row) => row.publisher_id)).toEqual([stage.own.publisher_id]);
    expect((await stage.as("other_publisher", `/campaigns/${stage.own.campaign_id}`)).status).toBe(200);
    await enrollOther("rejected");
    await problemOf(await stage.as("other_publisher", `/campaigns/${stage.own.campaign_id}`), 404);
  });

  const otherAdvertiser = async () =>
    (await stage.json<{ id: string }>("admin", "/advertisers", { json: { name: "Other" } })).id;
});
