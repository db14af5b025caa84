import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ListOf } from "../../shared/api/common.ts";
import { Pool } from "../../shared/api/inventory.ts";
import { PoolHealth } from "../../shared/api/pool-health.ts";
import { PoolModel } from "../../shared/api/pool-models.ts";
import { checkRoute, problemOf } from "../support/api-suite.ts";
import { freshNumber, freshPool } from "../support/fresh.ts";
import { type Stage, setStage } from "../support/stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
});
afterAll(() => stage?.stop());
const on = () => stage;

describe("/pools", () => {
  checkRoute(on, {
    operation: "pools.create",
    method: "POST",
    path: () => "/pools",
    body: (s) => ({
      campaign_id: s.own.campaign_id,
      name: "Search",
      publisher_id: s.own.publisher_id,
      lease_ttl_s: 600,
      cooldown_s: 60,
      late_window_s: 86_400,
    }),
    required: ["campaign_id", "name"],
    references: (s) => ({ campaign_id: s.foreign.campaign_id, publisher_id: s.foreign.publisher_id }),
    status: 201,
    answers: Pool,
  });
  checkRoute(on, {
    operation: "pools.list",
    method: "GET",
    path: () => "/pools",
    status: 200,
    answers: ListOf(Pool),
  });
  checkRoute(on, {
    operation: "pools.read",
    method: "GET",
    path: (s) => `/pools/${s.own.pool_id}`,
    status: 200,
    answers: Pool,
  });
  checkRoute(on, {
    operation: "pools.health",
    method: "GET",
    path: (s) => `/pools/${s.own.pool_id}/health`,
    status: 200,
    answers: PoolHealth,
  });
  checkRoute(on, {
    operation: "pool_models.list",
    method: "GET",
    path: (s) => `/pools/${s.own.pool_id}/models`,
    status: 200,
    answers: ListOf(PoolModel),
  });
  checkRoute(on, {
    operation: "pools.update",
    method: "PATCH",
    path: (s) => `/pools/${s.own.pool_id}`,
    body: () => ({ name: "Pool", lease_ttl_s: 900, cooldown_s: 0, late_window_s: 0 }),
    status: 200,
    answers: Pool,
  });
  checkRoute(on, {
    operation: "pools.retire",
    method: "DELETE",
    path: async (s) => `/pools/${await freshPool(s)}`,
    status: 204,
  });

  it("gives each of many pools made at once a key of its own", async () => {
    const made = await Promise.all(Array.from({ length: 8 }, () => freshPool(stage)));
    const { results } = await stage.world.d1.prepare("SELECT DISTINCT key FROM pools").all();
    expect(results.length).toBeGreaterThanOrEqual(made.length);
    expect(new Set(made).size).toBe(8);
  });

  it("has the contract's defaults and counts its numbers", async () => {
    const id = await freshPool(stage);
    await freshNumber(stage, { pool_id: id });
    expect(await stage.json<Pool>("admin", `/pools/${id}`)).toMatchObject({
      lease_ttl_s: 1800,
      cooldown_s: 900,
      late_window_s: 30 * 86_400,
      publisher_id: null,
      numbers: 1,
    });
  });

  it("is shown to its publisher and to no other", async () => {
    const path = `/pools/${stage.own.pool_id}`;
    expect((await stage.as("publisher", path)).status).toBe(200);
    await problemOf(await stage.as("other_publisher", path), 404);
    await problemOf(await stage.as("other_publisher", `${path}/health`), 404);
    await problemOf(await stage.as("publisher", `/pools/${await freshPool(stage)}`), 404);
  });

  it("is not retired while it has numbers", async () => {
    const response = await stage.as("admin", `/pools/${stage.own.pool_id}`, { method: "DELETE" });
    expect((await problemOf(response, 409)).detail).toMatch(/\d+ numbers, 1 site/);
  });
});
