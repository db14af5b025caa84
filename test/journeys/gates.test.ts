import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Inventory, stockUp } from "../support/inventory.ts";
import { layLine } from "../support/line.ts";
import { startWorld, type World } from "../support/world.ts";

/** Saturday 2026-11-21 12:00 UTC is 04:00 in Los Angeles. */
const DAY = {
  timezone: "America/Los_Angeles",
  windows: [{ days: ["sat"], from: "08:00", to: "17:00" }],
};
const HOUR_MS = 3_600_000;

let world: World;
let stock: Inventory;
beforeAll(async () => {
  world = await startWorld();
  stock = await stockUp(world);
});
afterAll(() => world?.stop());

const api = <T = { id: string }>(path: string, json: object, method = "POST") =>
  world.json<T>(`/api/v1${path}`, { method, json });

let spent = 0;
/** A campaign of its own with one static number, the publisher's own where there is one. */
async function freshLine(campaign: object, terms: object, publisher_id?: string) {
  spent += 1;
  const e164 = `+1650558${String(spent).padStart(4, "0")}`;
  const { advertiser_id, sandbox_account_id: telephony_account_id } = stock;
  const number = publisher_id ? { publisher_id } : {};
  const asked = { advertiser_id, telephony_account_id, e164, campaign, terms, number };
  return { campaign_id: await layLine(world, asked), e164 };
}

let calls = 0;
type Answer = { action: string; target?: string; say?: string; id: string };
const ring = (to: string, from: string, now = world.at) =>
  world.json<Answer>(`/v1/telephony/${stock.sandbox_account_id}/voice`, {
    json: { call_id: `gate-${++calls}`, from, to },
    now,
  });
const CALIFORNIA = "+14155550177";
const NEVADA = "+17025550177";

describe("hours of the terms", () => {
  it("keep a call out, by the wall clock of their zone, and it is not judged by them once it is in", async () => {
    const { e164 } = await freshLine({}, { hours: DAY });
    const opens_at = world.at + 4 * HOUR_MS;
    expect((await ring(e164, CALIFORNIA, opens_at - 1)).action).toBe("reject");
    const let_in = await ring(e164, CALIFORNIA, opens_at + 9 * HOUR_MS - 1);
    expect(let_in.action).toBe("dial");
    expect((await ring(e164, CALIFORNIA, opens_at + 9 * HOUR_MS)).action).toBe("reject");
    const ended = { call_id: `gate-${calls - 1}`, status: "completed", duration_s: 110, connected_s: 100 };
    await world.json(`/v1/telephony/${stock.sandbox_account_id}/status`, {
      json: ended,
      now: opens_at + 10 * HOUR_MS,
    });
    expect(await world.json(`/api/v1/calls/${let_in.id}`)).toMatchObject({
      revenue: { status: "qualified" },
    });
  });

  it("of a version to come are those of its time", async () => {
    const { campaign_id, e164 } = await freshLine({}, {});
    const terms = {
      revenue_micros: 1,
      payout_micros: 0,
      min_duration_s: 0,
      dedupe_window_s: 0,
      repeat_callers: "all",
    };
    const effective_at = world.at + 60_000;
    await api(`/campaigns/${campaign_id}/terms`, { ...terms, hours: DAY, effective_at });
    expect((await ring(e164, CALIFORNIA, effective_at - 1)).action).toBe("dial");
    expect((await ring(e164, CALIFORNIA, effective_at)).action).toBe("reject");
  });
});

describe("regions of the terms", () => {
  it("let callers in by their area code, and nobody whose region is not known", async () => {
    const { e164 } = await freshLine({}, { regions: ["US-CA", "US-OR"] });
    expect((await ring(e164, CALIFORNIA)).action).toBe("dial");
    for (const from of [NEVADA, "anonymous", "+18005550177", "+442079460018"]) {
      expect([from, (await ring(e164, from)).action]).toEqual([from, "reject"]);
    }
  });

  it("send who is not let in to the destination where the campaign says so", async () => {
    const { e164 } = await freshLine({ overflow: "destination" }, { regions: ["US-CA"] });
    expect(await ring(e164, NEVADA)).toMatchObject({ action: "dial", target: "+14155550199" });
  });
});

describe("a suspended publisher's number", () => {
  it("goes on as always, or as the network ticks", async () => {
    const { publisher_id } = stock;
    const { campaign_id, e164 } = await freshLine({}, {}, publisher_id);
    const elsewhere = await freshLine({ destination_number: "+14155550198" }, {});
    await api(`/campaigns/${campaign_id}/enrollments`, { publisher_id, status: "suspended" });
    expect((await ring(e164, CALIFORNIA)).action).toBe("dial");
    const tick = (suspended: object) => api(`/campaigns/${campaign_id}/routing`, { suspended }, "PATCH");
    await tick({ action: "message", say: "This offer has ended." });
    expect(await ring(e164, CALIFORNIA)).toMatchObject({ action: "reject", say: "This offer has ended." });
    await tick({ action: "campaign", campaign_id: elsewhere.campaign_id });
    const sent_on = await ring(e164, CALIFORNIA);
    expect(sent_on).toMatchObject({ action: "dial", target: "+14155550198" });
    expect(await world.json(`/api/v1/calls/${sent_on.id}`)).toMatchObject({
      campaign_id: elsewhere.campaign_id,
    });
  });
});
