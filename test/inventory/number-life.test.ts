import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { NewNumbers, StrayCalls, TrackingNumber } from "../../shared/api/inventory.ts";
import { DAY_MS, HOUR_MS } from "../../shared/instant.ts";
import { problemOf } from "../support/api-suite.ts";
import { freshCampaign, freshNumber, freshPool } from "../support/fresh.ts";
import { placeCall, visit } from "../support/phone.ts";
import { type Stage, setStage } from "../support/stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
});
afterAll(() => stage?.stop());

const tick = (now: number) => stage.world.json("/__local/scheduled", { method: "POST", now });
const read = (id: string) => stage.json<TrackingNumber>("admin", `/numbers/${id}`);
const send = (id: string, json: object, now = stage.world.at) =>
  stage.json<TrackingNumber>("admin", `/numbers/${id}/move`, { json, now });
const shownBy = async (pool_id: string, now: number) =>
  (
    await stage.json<{ states: { e164: string }[] }>("admin", `/pools/${pool_id}/health?part=now`, { now })
  ).states.map(({ e164 }) => e164);

async function poolOfAnotherCampaign(): Promise<{ campaign_id: string; pool_id: string }> {
  const campaign_id = await freshCampaign(stage);
  const pool = await stage.json<{ id: string }>("admin", "/pools", { json: { campaign_id, name: "Other" } });
  return { campaign_id, pool_id: pool.id };
}

describe("a number that goes to another campaign", () => {
  it("rests for a week: shown to nobody, its calls still those of the campaign it leaves", async () => {
    const other = await poolOfAnotherCampaign();
    const from = await freshPool(stage);
    const { id, e164 } = await freshNumber(stage, { pool_id: from });
    const now = stage.world.at;
    const until_at = now + 7 * DAY_MS;
    const resting = { until_at, ...other, publisher_id: null };
    expect(await send(id, { pool_id: other.pool_id })).toMatchObject({ pool_id: from, resting });
    expect(await read(id)).toMatchObject({ campaign_id: stage.own.campaign_id, resting });
    expect(await shownBy(from, now + 1)).toEqual([]);
    expect(await shownBy(other.pool_id, now + 1)).toEqual([]);
    await placeCall(stage.world, stage.own.sandbox_account_id, {
      call_id: "rest-1",
      to: e164,
      at: now + HOUR_MS,
    });
    const { data } = await stage.json<{ data: { campaign_id: string }[] }>(
      "admin",
      `/calls?q=${encodeURIComponent(e164)}`,
    );
    expect(data.map((call) => call.campaign_id)).toEqual([stage.own.campaign_id]);

    await tick(until_at - 1);
    expect((await read(id)).resting).not.toBeNull();
    await tick(until_at);
    expect(await read(id)).toMatchObject({ ...other, resting: null });
    expect(await shownBy(other.pool_id, until_at + 1)).toEqual([e164]);
    const { results } = await stage.world.d1
      .prepare("SELECT actor, action FROM audit_log WHERE subject_id = ? ORDER BY at DESC LIMIT 1")
      .bind(id)
      .all();
    expect(results).toEqual([{ actor: "upkeep", action: "numbers.move" }]);
  });

  it("goes at once where its owner says so, within its campaign, and back from its rest", async () => {
    const other = await poolOfAnotherCampaign();
    const from = await freshPool(stage);
    const hurried = await freshNumber(stage, { pool_id: from });
    expect(await send(hurried.id, { pool_id: other.pool_id, rest_s: 0 })).toMatchObject({
      ...other,
      resting: null,
    });

    const kept = await freshNumber(stage, { pool_id: from });
    const beside = await freshPool(stage);
    await send(kept.id, { pool_id: other.pool_id }, stage.world.at + 1);
    expect(await send(kept.id, { pool_id: beside }, stage.world.at + 2)).toMatchObject({
      pool_id: beside,
      resting: null,
    });
    await tick(stage.world.at + 8 * DAY_MS);
    expect(await read(kept.id)).toMatchObject({ pool_id: beside, resting: null });
  });

  it("stays where it is when the pool it was sent to is retired meanwhile", async () => {
    const other = await poolOfAnotherCampaign();
    const from = await freshPool(stage);
    const { id, e164 } = await freshNumber(stage, { pool_id: from });
    await send(id, { pool_id: other.pool_id });
    await stage.json("admin", `/pools/${other.pool_id}`, { method: "DELETE" });
    await tick(stage.world.at + 7 * DAY_MS);
    expect(await read(id)).toMatchObject({ pool_id: from, resting: null });
    expect(await shownBy(from, stage.world.at + 7 * DAY_MS + 1)).toEqual([e164]);
  });

  it("stays, too, when the campaign or the publisher that it was sent to is retired meanwhile", async () => {
    const campaign_id = await freshCampaign(stage);
    const other = await freshCampaign(stage);
    const publisher = await stage.json<{ id: string }>("admin", "/publishers", { json: { name: "Gone" } });
    const ways = [
      { to: { campaign_id }, retired: `/campaigns/${campaign_id}` },
      { to: { campaign_id: other, publisher_id: publisher.id }, retired: `/publishers/${publisher.id}` },
    ];
    for (const { to, retired } of ways) {
      const { id } = await freshNumber(stage, { campaign_id: stage.own.campaign_id });
      await send(id, to);
      await stage.json("admin", retired, { method: "DELETE" });
      await tick(stage.world.at + 7 * DAY_MS);
      const { campaign_id: own } = stage.own;
      expect(await read(id)).toMatchObject({ campaign_id: own, publisher_id: null, resting: null });
    }
  });

  it("rests too when it was retired and is added anew for another campaign", async () => {
    const other = await poolOfAnotherCampaign();
    const { id, e164 } = await freshNumber(stage, { pool_id: await freshPool(stage) });
    const retired_at = stage.world.at + 1;
    await stage.json("admin", `/numbers/${id}`, { method: "DELETE", now: retired_at });
    const json = { telephony_account_id: stage.own.sandbox_account_id, e164: [e164], pool_id: other.pool_id };
    const now = retired_at + DAY_MS;
    const { data } = await stage.json<NewNumbers>("admin", "/numbers", { json, now });
    const again = data[0]?.id ?? "";
    expect((await read(again)).resting).toEqual({
      until_at: retired_at + 7 * DAY_MS,
      campaign_id: null,
      pool_id: null,
      publisher_id: null,
      honeypot: false,
    });
    expect(await shownBy(other.pool_id, now + 1)).toEqual([]);
    await tick(retired_at + 7 * DAY_MS);
    expect(await shownBy(other.pool_id, retired_at + 7 * DAY_MS + 1)).toEqual([e164]);
  });
});

describe("a move that is written down late", () => {
  it("takes effect in the past, but not before the assignment it ends", async () => {
    const { id } = await freshNumber(stage, { pool_id: await freshPool(stage) });
    const to = await freshPool(stage);
    const now = stage.world.at + HOUR_MS;
    const effective_at = stage.world.at + 60_000;
    for (const wrong of [stage.world.at - 1, now + 1]) {
      const response = await stage.as("admin", `/numbers/${id}/move`, {
        json: { pool_id: to, effective_at: wrong },
        now,
      });
      expect((await problemOf(response, 422)).errors?.[0]?.pointer).toBe("/effective_at");
    }
    await send(id, { pool_id: to, effective_at }, now);
    const { results } = await stage.world.d1
      .prepare(
        "SELECT from_at, to_at FROM number_assignments JOIN numbers ON key = number_key WHERE numbers.id = ? ORDER BY from_at",
      )
      .bind(id)
      .all();
    expect(results).toEqual([
      { from_at: stage.world.at, to_at: effective_at },
      { from_at: effective_at, to_at: null },
    ]);
  });
});

describe("a CSV of numbers", () => {
  const post = (text: string, query: string, type = "text/csv") =>
    stage.as("admin", `/numbers/import?${query}`, {
      method: "POST",
      body: text,
      headers: { "content-type": type },
    });
  const account = () => `telephony_account_id=${stage.own.sandbox_account_id}`;

  it("adds all of them in one write, each where its line says", async () => {
    const pool_id = await freshPool(stage);
    const [a, b, c] = [stage.e164(), stage.e164(), stage.e164()];
    const text = `e164,label,sub1,campaign_id\n${a},Van,x,\n${b},"Radio, north",,\n${c},Print,,${stage.own.campaign_id}\n`;
    const response = await post(text, `${account()}&pool_id=${pool_id}`);
    const { data } = (await response.json()) as NewNumbers;
    expect(response.status).toBe(201);
    expect(data.map(({ e164, label, pool_id }) => [e164, label, pool_id])).toEqual([
      [a, "Van", pool_id],
      [b, "Radio, north", pool_id],
      [c, "Print", null],
    ]);
    expect(await read(data[1]?.id ?? "")).toEqual({ ...data[1], resting: null });
    expect(await shownBy(pool_id, stage.world.at + 1)).toEqual([a, b]);
  });

  it("adds none when a line is wrong, and names it", async () => {
    const before = await stage.rows();
    const wrong = `e164,pool_id\n${stage.e164()},${stage.foreign.pool_id}\n${stage.e164()},\n`;
    const { errors } = await problemOf(await post(wrong, `${account()}&pool_id=${stage.own.pool_id}`), 422);
    expect(errors).toEqual([{ pointer: "/2/pool_id", detail: "there is no such pool" }]);
    await problemOf(
      await post(`e164\n${stage.own.pool_numbers[0]}`, `${account()}&pool_id=${stage.own.pool_id}`),
      409,
    );
    await problemOf(await post("e164", `${account()}&pool_id=${stage.own.pool_id}`, "text/plain"), 415);
    expect(await stage.rows()).toEqual(before);
  });
});

describe("calls to numbers that nobody was shown", () => {
  it("are told by number: a pool's free one, and one that was nobody's", async () => {
    const now = stage.world.at + 20 * DAY_MS;
    const shown = await visit(stage.world, stage.own, now);
    const free = stage.own.pool_numbers.find((e164) => e164 !== shown) ?? "";
    const nobodys = "+12125559999";
    const calls = [shown, free, free, nobodys];
    for (const [i, to] of calls.entries()) {
      const told = {
        call_id: `stray-${i}`,
        from: `+1415555018${i}`,
        to,
        at: now + (i + 1) * 60_000,
        connected_s: 5,
      };
      await placeCall(stage.world, stage.own.sandbox_account_id, told);
    }
    const asked = { now: now + HOUR_MS };
    const { data } = await stage.json<{ data: StrayCalls[] }>("admin", "/numbers/strays", asked);
    const told = new Map(data.map((stray) => [stray.e164, stray]));
    expect(told.get(free)).toMatchObject({
      why: "free",
      calls: 2,
      callers: 2,
      unexplained: 2,
      pool_id: stage.own.pool_id,
    });
    expect(told.get(nobodys)).toMatchObject({
      why: "unassigned",
      calls: 1,
      number_id: null,
      campaign_id: null,
    });
    expect(told.has(shown)).toBe(false);
    const health = await stage.json<{ measured: { calls_to_free_numbers: number } }>(
      "admin",
      `/pools/${stage.own.pool_id}/health`,
      asked,
    );
    expect(health.measured.calls_to_free_numbers).toBe(2);
    await problemOf(await stage.as("publisher", "/numbers/strays", asked), 403);
    const foreign = await stage.json<{ data: StrayCalls[] }>("stranger", "/numbers/strays", asked);
    expect(foreign.data).toEqual([]);
  });
});
