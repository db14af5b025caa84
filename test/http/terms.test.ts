import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Campaign, Enrollment, TermsVersion } from "../../shared/api/campaigns.ts";
import { ListOf } from "../../shared/api/common.ts";
import { DAY_MS } from "../../shared/instant.ts";
import { checkRoute, problemOf } from "../support/api-suite.ts";
import { freshCampaign, TERMS } from "../support/fresh.ts";
import { type Stage, setStage } from "../support/stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
});
afterAll(() => stage?.stop());
const on = () => stage;

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
    const id = await freshCampaign(stage);
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

  it("takes a cap of null for none, as a target's", async () => {
    const id = await freshCampaign(stage);
    const none = { daily_cap: null, monthly_cap: null, concurrency_cap: null };
    const json = { ...TERMS, ...none, payout: { daily_cap: null, monthly_cap: 5 } };
    const made = await stage.json<TermsVersion>("admin", `/campaigns/${id}/terms`, { json });
    for (const name of Object.keys(none)) expect(made).not.toHaveProperty(name);
    expect(made.payout).toEqual({ monthly_cap: 5 });
    const zero = await stage.as("admin", `/campaigns/${id}/terms`, { json: { ...TERMS, daily_cap: 0 } });
    expect((await problemOf(zero, 422)).errors?.[0]?.pointer).toBe("/daily_cap");
  });

  it("never begins in the past, but forgives a clock that runs behind", async () => {
    const id = await freshCampaign(stage);
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
    const id = await freshCampaign(stage);
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
    const id = await freshCampaign(stage);
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
    await problemOf(await stage.as("admin", enrollments(stage), { json }), 404);
  });
});
