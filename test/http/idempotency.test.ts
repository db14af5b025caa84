import { afterAll, beforeAll, expect, it } from "vitest";
import { DAY_MS } from "../../shared/instant.ts";
import { problemOf } from "../support/api-suite.ts";
import { type Stage, setStage } from "../support/stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
});
afterAll(() => stage?.stop());

let used = 0;
const nextKey = () => `key-${++used}`;
const add = (
  key: string,
  name: string,
  who: "admin" | "publisher" | "stranger" = "admin",
  now = stage.world.at,
) => stage.as(who, "/publishers", { json: { name }, headers: { "idempotency-key": key }, now });
const named = async (name: string) => {
  const row = await stage.world.d1
    .prepare("SELECT count(*) AS n FROM organizations WHERE name = ?")
    .bind(name)
    .first<{ n: number }>();
  return row?.n;
};

it("makes one thing of many equal requests at once, and answers all alike", async () => {
  const key = nextKey();
  const answers = await Promise.all(Array.from({ length: 8 }, () => add(key, "Twins")));
  expect(answers.map((answer) => answer.status)).toEqual(Array(8).fill(201));
  const bodies = new Set(await Promise.all(answers.map((answer) => answer.text())));
  expect(bodies.size).toBe(1);
  expect(await named("Twins")).toBe(1);
});

it("refuses another body, path or method under the same key", async () => {
  const key = nextKey();
  expect((await add(key, "First")).status).toBe(201);
  const problem = await problemOf(await add(key, "Second"), 422);
  expect(problem.type).toMatch(/idempotency-mismatch$/);
  const headers = { "idempotency-key": key };
  await problemOf(await stage.as("admin", "/advertisers", { json: { name: "First" }, headers }), 422);
  expect(await named("Second")).toBe(0);
});

it("remembers for 24 hours and not longer", async () => {
  const key = nextKey();
  const { at } = stage.world;
  const id = async (now: number, name = "Daily") =>
    ((await (await add(key, name, "admin", now)).json()) as { id: string }).id;
  const first = await id(at);
  expect(await id(at + DAY_MS - 1)).toBe(first);
  expect(await id(at + DAY_MS, "Another day")).not.toBe(first);
  expect(await id(at + DAY_MS + 1, "Another day")).toBe(await id(at + DAY_MS + 2, "Another day"));
});

it("keeps the keys of one organization from another", async () => {
  const key = nextKey();
  const own = (await (await add(key, "Mine")).json()) as { id: string };
  const theirs = (await (await add(key, "Mine", "stranger")).json()) as { id: string };
  expect(theirs.id).not.toBe(own.id);
});

it("does not let who may not have the answer repeated", async () => {
  const key = nextKey();
  await add(key, "For admins");
  const response = await stage.as("viewer", "/publishers", {
    json: { name: "For admins" },
    headers: { "idempotency-key": key },
  });
  await problemOf(response, 403);
});

it("leaves the key free when the request was refused", async () => {
  const key = nextKey();
  await problemOf(await add(key, ""), 422);
  expect((await add(key, "Corrected")).status).toBe(201);
});

it("does not take any text for a key", async () => {
  for (const key of ["", "x".repeat(256), "with space"]) await problemOf(await add(key, "Nobody"), 400);
  expect(await named("Nobody")).toBe(0);
});

it("changes nothing while the database fails, and does it at the next try", async () => {
  const key = nextKey();
  await stage.world.fault("throw");
  try {
    await problemOf(await add(key, "Stormy"), 503);
  } finally {
    await stage.world.fault("none");
  }
  expect(await named("Stormy")).toBe(0);
  expect((await add(key, "Stormy")).status).toBe(201);
  expect(await named("Stormy")).toBe(1);
});

it("writes the audit row, the change and the kept answer together", async () => {
  const key = nextKey();
  const made = (await (await add(key, "Audited")).json()) as { id: string };
  await add(key, "Audited");
  const { results } = await stage.world.d1
    .prepare("SELECT action, actor, network_id, at, detail, request_id FROM audit_log WHERE subject_id = ?")
    .bind(made.id)
    .all();
  expect(results).toHaveLength(1);
  expect(results[0]).toMatchObject({
    action: "publishers.create",
    network_id: stage.world.network_id,
    at: stage.world.at,
    detail: '{"name":"Audited"}',
  });
  expect(results[0]?.actor).toMatch(/^key_/);
  expect(results[0]?.request_id).toMatch(/^req_/);
});
