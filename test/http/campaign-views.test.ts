import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Enrollment } from "../../shared/api/campaigns.ts";
import { problemOf } from "../support/api-suite.ts";
import { campaignBody, TERMS } from "../support/fresh.ts";
import { type Stage, setStage } from "../support/stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
});
afterAll(() => stage?.stop());

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
