import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Call } from "../../shared/api/calls.ts";
import type { NewNumbers, TrackingNumber } from "../../shared/api/inventory.ts";
import type { BlockedReply, LeaseReply } from "../../shared/api/leases.ts";
import type { PoolHealth } from "../../shared/api/pool-health.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../shared/instant.ts";
import { problemOf } from "../support/api-suite.ts";
import { freshNumber, freshPool } from "../support/fresh.ts";
import { PAGE_ORIGIN, SWAP_NUMBER } from "../support/inventory.ts";
import { callNamed, ledgerOf, placeCall, visit } from "../support/phone.ts";
import { type Stage, setStage } from "../support/stage.ts";

let stage: Stage;
let honeypot: TrackingNumber;
beforeAll(async () => {
  stage = await setStage();
  honeypot = await freshNumber(stage, { campaign_id: stage.own.campaign_id, honeypot: true });
  // Even a campaign that pays for its own traffic does not pay for a scraper's.
  await stage.json("admin", `/campaigns/${stage.own.campaign_id}`, {
    method: "PATCH",
    json: { bill_own_traffic: true },
  });
});
afterAll(() => stage?.stop());

const CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/146.0.0.0 Safari/537.36";
const HEADLESS = CHROME.replace("Chrome/", "HeadlessChrome/");

async function look(user_agent: string, more: { visitor?: string; headers?: Record<string, string> } = {}) {
  const response = await stage.world.ask("/v1/leases", {
    now: stage.world.at + 10_000,
    key: null,
    as_text: JSON.stringify({
      site: stage.own.site_key,
      url: `${PAGE_ORIGIN}/`,
      referrer: "",
      visitor: more.visitor,
    }),
    headers: { origin: PAGE_ORIGIN, "user-agent": user_agent, ...more.headers },
  });
  return (await response.json()) as LeaseReply | BlockedReply;
}

const ring = (call_id: string, from: string, to: string, at: number) =>
  placeCall(stage.world, stage.own.sandbox_account_id, { call_id, from, to, at, connected_s: 120 });
const failed = (judged: Call["revenue"] | Call["payout"]) =>
  judged?.rules.flatMap((rule) => (rule.passed ? [] : rule.rule));

describe("a honeypot", () => {
  it("is a campaign's, in no pool and nobody's, and no publisher sees it", async () => {
    expect(honeypot).toMatchObject({ honeypot: true, pool_id: null, publisher_id: null });
    const { pool_id, publisher_id, campaign_id, sandbox_account_id: telephony_account_id } = stage.own;
    for (const place of [{ pool_id }, { campaign_id, publisher_id }]) {
      const json = { telephony_account_id, e164: [stage.e164()], honeypot: true, ...place };
      await problemOf(await stage.as("admin", "/numbers", { json }), 422);
    }
    const theirs = await stage.json<{ data: TrackingNumber[] }>("publisher", "/numbers");
    expect(theirs.data.map(({ id }) => id)).not.toContain(honeypot.id);
  });

  it("is shown to programs that read pages, and to nobody whose pages people see", async () => {
    const swaps = [{ find: SWAP_NUMBER, replace: honeypot.e164 }];
    for (const scraper of [HEADLESS, "python-requests/2.32.3"]) {
      expect(await look(scraper)).toEqual({ lease: null, swaps, reason: "bot" });
    }
    const google = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)";
    expect(await look(google)).toEqual({ lease: null, swaps: [], reason: "bot" });
    expect(await look(HEADLESS, { headers: { "sec-purpose": "prefetch" } })).toMatchObject({ swaps: [] });
    // People, as many as the pool has numbers and some more: refused or not, none of them sees it.
    const people = await Promise.all(
      Array.from({ length: stage.own.pool_numbers.length + 2 }, (_, i) => look(CHROME, { visitor: `p${i}` })),
    );
    expect(people.filter(({ lease }) => lease === null)).toHaveLength(2);
    expect(people.flatMap(({ swaps }) => swaps.map(({ replace }) => replace))).not.toContain(honeypot.e164);
  });

  it("connects who calls it, pays nobody, and marks the caller's later calls without judging them", async () => {
    const at = stage.world.at + DAY_MS;
    const [caught, innocent] = ["+14155550171", "+14155550172"];
    await ring("before", caught, await visit(stage.world, stage.own, at), at + MINUTE_MS);
    await ring("caught", caught, honeypot.e164, at + 35 * DAY_MS);
    // Within the window of a duplicate, had the call to the honeypot been worth anything.
    const later = at + 36 * DAY_MS;
    await ring("after", caught, await visit(stage.world, stage.own, later), later + MINUTE_MS);
    await ring("other", innocent, await visit(stage.world, stage.own, later + 1), later + MINUTE_MS);

    const named = (call_id: string, key?: string) => callNamed(stage.world, call_id, later + HOUR_MS, key);
    const call = await named("caught");
    expect(call).toMatchObject({ status: "completed", connected_s: 120, honeypot: "number" });
    expect(call.revenue).toMatchObject({ status: "rejected", revenue_micros: 0 });
    expect(call.payout).toMatchObject({ status: "rejected", payout_micros: 0 });
    expect(failed(call.revenue)).toEqual(["honeypot"]);
    expect(failed(call.payout)).toContain("honeypot");
    expect(await ledgerOf(stage.world, `call_id=${call.id}`, later + HOUR_MS)).toEqual([]);
    const marks = await Promise.all(["before", "after", "other"].map((call_id) => named(call_id)));
    expect(marks.map((one) => [one.honeypot, one.revenue?.status])).toEqual([
      [null, "qualified"],
      ["caller", "qualified"],
      [null, "qualified"],
    ]);
    expect(await named("caught", stage.keys.advertiser)).not.toHaveProperty("honeypot");
  });

  it("raises an alarm in the health of the campaign's pools, for the network only", async () => {
    const now = stage.world.at + 80 * DAY_MS;
    await ring("again", "+14155550173", honeypot.e164, now - HOUR_MS);
    await ring("test", "+14155550173", await visit(stage.world, stage.own, now - 1_000), now - 500);
    const path = `/pools/${stage.own.pool_id}/health`;
    const { alerts, measured } = await stage.json<PoolHealth>("admin", path, { now });
    expect(measured?.honeypot).toEqual({ calls: 1, callers: 1, later_calls: 1 });
    expect(alerts).toContainEqual({ kind: "honeypot_called", value: 1, threshold: 1 });
    const theirs = await stage.json<PoolHealth>("publisher", path, { now });
    expect(theirs.measured).not.toHaveProperty("honeypot");
    expect(theirs.alerts.map(({ kind }) => kind)).not.toContain("honeypot_called");
  });
});

describe("a number that becomes a honeypot", () => {
  const move = (id: string, json: object, now: number) =>
    stage.as("admin", `/numbers/${id}/move`, { json, now });

  it("rests first, while people may still hold it, and is one only from then on", async () => {
    const pool_id = await freshPool(stage);
    const { id, e164 } = await freshNumber(stage, { pool_id });
    const at = stage.world.at + 50 * DAY_MS;
    const place = { campaign_id: stage.own.campaign_id, honeypot: true };
    await problemOf(await move(id, { ...place, effective_at: at - 1 }, at), 422);
    const resting = (await (await move(id, place, at)).json()) as TrackingNumber;
    expect(resting).toMatchObject({ pool_id, honeypot: false, resting: { honeypot: true } });
    await ring("resting", "+14155550174", e164, at + HOUR_MS);
    await stage.world.json("/__local/scheduled", { method: "POST", now: at + 7 * DAY_MS });
    await ring("become", "+14155550174", e164, at + 8 * DAY_MS);
    const marked = async (call_id: string) =>
      (await callNamed(stage.world, call_id, at + 9 * DAY_MS)).honeypot;
    expect([await marked("resting"), await marked("become")]).toEqual([null, "number"]);
  });

  it("is none that was in use within the week, however it is added", async () => {
    const { id, e164 } = await freshNumber(stage, { pool_id: await freshPool(stage) });
    const now = stage.world.at + MINUTE_MS;
    await stage.json("admin", `/numbers/${id}`, { method: "DELETE", now });
    const of = { telephony_account_id: stage.own.sandbox_account_id, campaign_id: stage.own.campaign_id };
    const json = { ...of, e164: [e164], honeypot: true };
    await problemOf(await stage.as("admin", "/numbers", { json, now: now + DAY_MS }), 409);
    const csv = await stage.as("admin", `/numbers/import?${new URLSearchParams(of)}`, {
      method: "POST",
      body: `e164,honeypot\n${e164},true\n`,
      headers: { "content-type": "text/csv" },
      now: now + DAY_MS,
    });
    await problemOf(csv, 409);
    const { data } = await stage.json<NewNumbers>("admin", "/numbers", { json, now: now + 8 * DAY_MS });
    expect(data[0]).toMatchObject({ honeypot: true });
  });
});
