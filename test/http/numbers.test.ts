import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ListOf } from "../../shared/api/common.ts";
import { NewNumbers, TrackingNumber } from "../../shared/api/inventory.ts";
import { checkRoute, problemOf } from "../support/api-suite.ts";
import { freshNumber, freshPool } from "../support/fresh.ts";
import { type Stage, setStage } from "../support/stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
});
afterAll(() => stage?.stop());
const on = () => stage;

describe("/numbers", () => {
  checkRoute(on, {
    operation: "numbers.create",
    method: "POST",
    path: () => "/numbers",
    body: (s) => ({
      telephony_account_id: s.own.sandbox_account_id,
      e164: [stage.e164(), stage.e164()],
      campaign_id: s.own.campaign_id,
      publisher_id: s.own.publisher_id,
      label: "Billboard",
      sub1: "north",
    }),
    required: ["telephony_account_id", "e164"],
    references: (s) => ({
      telephony_account_id: s.foreign.sandbox_account_id,
      campaign_id: s.foreign.campaign_id,
      publisher_id: s.foreign.publisher_id,
    }),
    status: 201,
    answers: NewNumbers,
  });
  checkRoute(on, {
    operation: "numbers.list",
    method: "GET",
    path: (s) => `/numbers?pool_id=${s.own.pool_id}`,
    status: 200,
    answers: ListOf(TrackingNumber),
  });
  const anyNumber = async (s: Stage) => `/numbers/${(await freshNumber(s)).id}`;
  checkRoute(on, {
    operation: "numbers.read",
    method: "GET",
    path: anyNumber,
    status: 200,
    answers: TrackingNumber,
  });
  checkRoute(on, {
    operation: "numbers.update",
    method: "PATCH",
    path: anyNumber,
    body: () => ({ label: "Van", sub1: "a", sub2: null }),
    status: 200,
    answers: TrackingNumber,
  });
  checkRoute(on, {
    operation: "numbers.move",
    method: "POST",
    path: async (s) => `${await anyNumber(s)}/move`,
    body: (s) => ({ campaign_id: s.own.campaign_id, publisher_id: s.own.publisher_id }),
    references: (s) => ({ campaign_id: s.foreign.campaign_id, publisher_id: s.foreign.publisher_id }),
    status: 200,
    answers: TrackingNumber,
  });
  checkRoute(on, { operation: "numbers.retire", method: "DELETE", path: anyNumber, status: 204 });

  it("adds hundreds of numbers in one write, each with its assignment", async () => {
    const e164 = Array.from({ length: 400 }, () => stage.e164());
    const pool_id = await freshPool(stage);
    const json = {
      telephony_account_id: stage.own.sandbox_account_id,
      e164,
      pool_id,
      label: "Bulk",
      sub3: "é".repeat(200),
    };
    const { data } = await stage.json<NewNumbers>("admin", "/numbers", { json });
    expect(data.map((number) => number.e164)).toEqual(e164);
    const seen: TrackingNumber[] = [];
    for (let cursor: string | null = ""; cursor !== null; ) {
      const page: { data: TrackingNumber[]; next_cursor: string | null } = await stage.json(
        "admin",
        `/numbers?pool_id=${pool_id}&limit=200${cursor && `&cursor=${cursor}`}`,
      );
      seen.push(...page.data);
      cursor = page.next_cursor;
    }
    expect(seen).toEqual(data);
    expect(await stage.json("admin", `/pools/${pool_id}`)).toMatchObject({ numbers: 400 });
  });

  it("adds all of them or none, and says which one is taken", async () => {
    const taken = await freshNumber(stage);
    const free = stage.e164();
    const json = {
      telephony_account_id: stage.own.sandbox_account_id,
      e164: [free, taken.e164],
      pool_id: stage.own.pool_id,
    };
    const before = await stage.rows();
    const problem = await problemOf(await stage.as("admin", "/numbers", { json }), 409);
    expect(problem.detail).toContain(taken.e164);
    expect(await stage.rows()).toEqual(before);
    const foreign = { ...json, e164: [stage.foreign.pool_numbers[0]] };
    await problemOf(await stage.as("admin", "/numbers", { json: foreign }), 409);
  });

  it("lets one of two who want the same number have it", async () => {
    const json = {
      telephony_account_id: stage.own.sandbox_account_id,
      e164: [stage.e164()],
      pool_id: stage.own.pool_id,
    };
    const answers = await Promise.all([1, 2, 3].map(() => stage.as("admin", "/numbers", { json })));
    expect(answers.map((response) => response.status).sort()).toEqual([201, 409, 409]);
  });

  it("wants one place for them, and a pool's publisher from the pool", async () => {
    const base = { telephony_account_id: stage.own.sandbox_account_id, e164: [stage.e164()] };
    const { pool_id, campaign_id, publisher_id } = stage.own;
    for (const place of [{}, { pool_id, campaign_id }, { pool_id, publisher_id }]) {
      const response = await stage.as("admin", "/numbers", { json: { ...base, ...place } });
      expect((await problemOf(response, 422)).errors?.[0]?.pointer).toBe("");
    }
    const made = await freshNumber(stage, { pool_id });
    expect(made).toMatchObject({ pool_id, campaign_id, publisher_id });
  });

  it("moves a number by closing one assignment and opening the next", async () => {
    const number = await freshNumber(stage);
    const to = await freshPool(stage);
    const version = async (id: string) =>
      stage.world.d1
        .prepare("SELECT assignment_version FROM pools WHERE id = ?")
        .bind(id)
        .first("assignment_version");
    const before = [await version(stage.own.pool_id), await version(to)].map(Number);
    const now = stage.world.at + 5_000;
    const moved = await stage.json("admin", `/numbers/${number.id}/move`, { json: { pool_id: to }, now });
    expect(moved).toMatchObject({ id: number.id, pool_id: to, publisher_id: null });
    const after = [await version(stage.own.pool_id), await version(to)].map(Number);
    expect(after).toEqual(before.map((value) => value + 1));
    const { results } = await stage.world.d1
      .prepare(
        "SELECT from_at, to_at, pool_id FROM number_assignments JOIN numbers ON key = number_key WHERE numbers.id = ? ORDER BY from_at",
      )
      .bind(number.id)
      .all();
    expect(results).toEqual([
      { from_at: stage.world.at, to_at: now, pool_id: stage.own.pool_id },
      { from_at: now, to_at: null, pool_id: to },
    ]);
  });

  it("retires a number, forgets its plan, and takes it anew", async () => {
    const number = await freshNumber(stage);
    const kv = await stage.world.miniflare.getKVNamespace("PLANS", "ringtrail");
    const plan = `plan/${stage.own.sandbox_account_id}/${number.e164}`;
    expect(await kv.get(plan)).not.toBeNull();
    await stage.json("admin", `/numbers/${number.id}`, { method: "DELETE" });
    expect(await kv.get(plan)).toBeNull();
    expect(await stage.json("admin", `/numbers/${number.id}`)).toMatchObject({
      retired_at: stage.world.at,
      pool_id: null,
      campaign_id: null,
    });
    await problemOf(
      await stage.as("admin", `/numbers/${number.id}`, { method: "PATCH", json: { label: "x" } }),
      409,
    );
    const json = {
      telephony_account_id: stage.own.sandbox_account_id,
      e164: [number.e164],
      pool_id: stage.own.pool_id,
    };
    const again = await stage.json<NewNumbers>("admin", "/numbers", { json });
    expect(again.data[0]?.id).not.toBe(number.id);
  });

  it("shows a publisher its own, an advertiser its campaign's without the publisher", async () => {
    const place = {
      campaign_id: stage.own.campaign_id,
      publisher_id: stage.own.publisher_id,
      label: "Secret deal",
    };
    const number = await freshNumber(stage, place);
    const path = `/numbers/${number.id}`;
    const mine = await stage.json<Record<string, unknown>>("publisher", path);
    expect(mine).toMatchObject({ label: "Secret deal", publisher_id: stage.own.publisher_id });
    expect(mine).not.toHaveProperty("telephony_account_id");
    const advertisers = await stage.json<Record<string, unknown>>("advertiser", path);
    expect(Object.keys(advertisers).sort()).toEqual(
      ["campaign_id", "created_at", "e164", "honeypot", "id", "pool_id", "retired_at"].sort(),
    );
    await problemOf(await stage.as("other_publisher", path), 404);
    const listed = await stage.json<{ data: unknown[] }>("other_publisher", "/numbers");
    expect(listed.data).toEqual([]);
  });
});
