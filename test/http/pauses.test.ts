import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Enrollment } from "../../shared/api/campaigns.ts";
import { TrackingNumber } from "../../shared/api/inventory.ts";
import { checkRoute, problemOf } from "../support/api-suite.ts";
import { freshNumber, freshPool } from "../support/fresh.ts";
import { PAGE_ORIGIN, SWAP_NUMBER } from "../support/inventory.ts";
import { visit } from "../support/phone.ts";
import { type Stage, setStage } from "../support/stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
});
afterAll(() => stage?.stop());
const on = () => stage;

const pause = (s: Stage) => ({ reason: "under review", resume_at: s.world.at + 3_600_000 });
const resume = () => ({ reason: "all is well" });

async function freshEnrollment(publisher_id = stage.other_publisher_id): Promise<Enrollment> {
  const json = { publisher_id, status: "approved" };
  return stage.json("admin", `/campaigns/${stage.own.campaign_id}/enrollments`, { json });
}

describe("/enrollments/{id}", () => {
  const path = (verb: string) => async () => `/enrollments/${(await freshEnrollment()).id}/${verb}`;
  checkRoute(on, {
    operation: "enrollments.pause",
    method: "POST",
    path: path("pause"),
    body: pause,
    required: ["reason"],
    status: 200,
    answers: Enrollment,
  });
  checkRoute(on, {
    operation: "enrollments.resume",
    method: "POST",
    path: path("resume"),
    body: resume,
    optional_body: true,
    status: 200,
    answers: Enrollment,
  });
});

describe("/numbers/{id}", () => {
  const path = (verb: string) => async () => `/numbers/${(await freshNumber(stage)).id}/${verb}`;
  checkRoute(on, {
    operation: "numbers.pause",
    method: "POST",
    path: path("pause"),
    body: pause,
    required: ["reason"],
    status: 200,
    answers: TrackingNumber,
  });
  checkRoute(on, {
    operation: "numbers.resume",
    method: "POST",
    path: path("resume"),
    body: resume,
    optional_body: true,
    status: 200,
    answers: TrackingNumber,
  });
});

describe("a pause", () => {
  let calls = 0;
  const ring = async (to: string, now = stage.world.at) => {
    calls += 1;
    const json = { call_id: `pause-${calls}`, from: "+14155550177", to };
    const path = `/v1/telephony/${stage.own.sandbox_account_id}/voice`;
    return stage.world.json<{ action: string; target?: string }>(path, { json, now });
  };
  const set = (path: string, json: object = {}) => stage.json("admin", path, { json });
  const fromCopies = async (to: string) => {
    await stage.world.fault("throw");
    const answer = await ring(to, stage.world.at + 2_000);
    await stage.world.fault("none");
    return answer.action;
  };

  it("of a number, its publisher, its campaign or its target holds at once, and in the copies", async () => {
    const { campaign_id, publisher_id } = stage.own;
    const number = await freshNumber(stage, { campaign_id, publisher_id });
    const { id: target_id } = await stage.json<{ id: string }>("admin", "/targets", {
      json: { campaign_id, number: "+14155550190", regions: ["US-CA"] },
    });
    const { id: enrollment_id } = await freshEnrollment(publisher_id);
    expect(await ring(number.e164)).toMatchObject({ action: "dial", target: "+14155550190" });
    const all = [
      `/numbers/${number.id}`,
      `/enrollments/${enrollment_id}`,
      `/campaigns/${campaign_id}`,
      `/targets/${target_id}`,
    ];
    for (const path of all) {
      await set(`${path}/pause`, { reason: "test" });
      expect([path, (await ring(number.e164)).action]).toEqual([path, "reject"]);
      expect([path, await fromCopies(number.e164)]).toEqual([path, "reject"]);
      await set(`${path}/resume`);
      expect([path, (await ring(number.e164)).action]).toEqual([path, "dial"]);
      expect([path, await fromCopies(number.e164)]).toEqual([path, "dial"]);
    }
  });

  it("ends by itself when its time has come", async () => {
    const number = await freshNumber(stage, { campaign_id: stage.own.campaign_id });
    const resume_at = stage.world.at + 60_000;
    await set(`/numbers/${number.id}/pause`, { reason: "a minute", resume_at });
    expect((await ring(number.e164, resume_at - 1)).action).toBe("reject");
    expect((await ring(number.e164, resume_at)).action).toBe("dial");
  });

  it("ends when resuming says, of whatever is paused; what is not paused stays so", async () => {
    const { campaign_id, publisher_id } = stage.own;
    const number = await freshNumber(stage, { campaign_id, publisher_id });
    const phone = "+14155550191";
    const others = await stage.json<{ data: { id: string }[] }>("admin", "/targets");
    for (const { id } of others.data) await stage.json("admin", `/targets/${id}`, { method: "DELETE" });
    const target = await stage.json<{ id: string }>("admin", "/targets", {
      json: { campaign_id, number: phone },
    });
    const all = [
      `/numbers/${number.id}`,
      `/enrollments/${(await freshEnrollment(publisher_id)).id}`,
      `/campaigns/${campaign_id}`,
      `/targets/${target.id}`,
    ];
    const resume_at = stage.world.at + 60_000;
    const none = { paused_at: null, pause_reason: null, resume_at: null };
    for (const path of all) {
      expect(await set(`${path}/resume`, { resume_at })).toMatchObject(none);
      await set(`${path}/pause`, { reason: "an hour", resume_at: stage.world.at + 3_600_000 });
      const past = await stage.as("admin", `${path}/resume`, { json: { resume_at: stage.world.at } });
      expect((await problemOf(past, 422)).errors?.[0]?.pointer).toBe("/resume_at");
      expect(await set(`${path}/resume`, { resume_at })).toMatchObject({
        paused_at: stage.world.at,
        pause_reason: "an hour",
        resume_at,
      });
      expect((await ring(number.e164, resume_at - 1)).target, path).not.toBe(phone);
      expect((await ring(number.e164, resume_at)).target, path).toBe(phone);
      expect(await set(`${path}/resume`)).toMatchObject(none);
    }
  });

  it("of a pool's number keeps it from visitors, until its time has come", async () => {
    const { world, own } = stage;
    const pool_id = await freshPool(stage);
    const [paused, kept] = [await freshNumber(stage, { pool_id }), await freshNumber(stage, { pool_id })];
    const json = {
      campaign_id: own.campaign_id,
      pool_id,
      origins: [PAGE_ORIGIN],
      swap_numbers: [SWAP_NUMBER],
    };
    const { key } = await stage.json<{ key: string }>("admin", "/sites", { json });
    const shown = (query: string) =>
      visit(world, { ...own, site_key: key }, world.at, query).catch(() => null);
    const resume_at = world.at + 60_000;
    await set(`/numbers/${paused.id}/pause`, { reason: "under review", resume_at });
    // A site's settings, and with them its pool's version, may be read 5 s before.
    world.at += 10_000;
    expect(await shown("first")).toBe(kept.e164);
    expect(await shown("second")).not.toBe(paused.e164);
    world.at = resume_at;
    await world.json("/__local/scheduled", { method: "POST" });
    world.at += 10_000;
    expect(await shown("third")).toBe(paused.e164);
  });

  it("of a static number keeps it from being the fallback of an empty pool", async () => {
    const { world, own } = stage;
    const pool_id = await freshPool(stage);
    const { id: publisher_id } = await stage.json<{ id: string }>("admin", "/publishers", {
      json: { name: "Fallback" },
    });
    const place = { campaign_id: own.campaign_id, publisher_id };
    const [first, second] = [await freshNumber(stage, place), await freshNumber(stage, place)];
    const json = { ...place, pool_id, origins: [PAGE_ORIGIN], swap_numbers: [SWAP_NUMBER] };
    const { key } = await stage.json<{ key: string }>("admin", "/sites", { json });
    const shown = (query: string) => visit(world, { ...own, site_key: key }, world.at, query);
    expect(await shown("first")).toBe(first.e164);
    await set(`/numbers/${first.id}/pause`, { reason: "under review" });
    world.at += 10_000;
    expect(await shown("second")).toBe(second.e164);
  });

  it("of a publisher leaves its pages as they are", async () => {
    const { world, own } = stage;
    const { id } = await freshEnrollment(own.publisher_id);
    const ask = (visitor: string) =>
      world.json<{ lease: string | null; swaps: unknown[]; reason?: string }>("/v1/leases", {
        key: null,
        as_text: JSON.stringify({ site: own.site_key, url: `${PAGE_ORIGIN}/`, referrer: "", visitor }),
        headers: { origin: PAGE_ORIGIN, "user-agent": "Mozilla/5.0 (Windows NT 10.0) Chrome/130.0" },
      });
    expect((await ask("visitor-before")).swaps).toHaveLength(1);
    await set(`/enrollments/${id}/pause`, { reason: "under review" });
    world.at += 10_000;
    expect(await ask("visitor-during")).toEqual({ lease: null, swaps: [], reason: "paused" });
    await set(`/enrollments/${id}/resume`);
    world.at += 10_000;
    expect((await ask("visitor-after")).swaps).toHaveLength(1);
  });

  it("is in the audit log with its reason", async () => {
    const number = await freshNumber(stage);
    await set(`/numbers/${number.id}/pause`, { reason: "fraud suspected" });
    const row = await stage.world.d1
      .prepare("SELECT action, detail FROM audit_log WHERE subject_id = ? ORDER BY id DESC LIMIT 1")
      .bind(number.id)
      .first<{ action: string; detail: string }>();
    expect(row?.action).toBe("numbers.pause");
    expect(JSON.parse(row?.detail ?? "{}")).toEqual({ reason: "fraud suspected" });
  });
});
