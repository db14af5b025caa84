import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ApiKey, NewApiKey } from "../../shared/api/api-keys.ts";
import { ListOf } from "../../shared/api/common.ts";
import { MINUTE_MS } from "../../shared/instant.ts";
import { checkRoute, problemOf } from "../support/api-suite.ts";
import { type Stage, setStage } from "../support/stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
});
afterAll(() => stage?.stop());
const on = () => stage;

const makeKey = (json: Record<string, unknown> = {}) =>
  stage.json<NewApiKey>("admin", "/api-keys", { json: { name: "Script", role: "admin", ...json } });
const pathOfNew = async (s: Stage) =>
  `/api-keys/${(await s.json<NewApiKey>("admin", "/api-keys", { json: { name: "x", role: "viewer" } })).id}`;

describe("/api-keys", () => {
  checkRoute(on, {
    operation: "api_keys.create",
    method: "POST",
    path: () => "/api-keys",
    body: (s) => ({ name: "Script", role: "analyst", organization_id: s.own.publisher_id }),
    required: ["name", "role"],
    references: (s) => ({ organization_id: s.foreign.publisher_id }),
    status: 201,
    answers: NewApiKey,
    secret: "key",
  });
  checkRoute(on, {
    operation: "api_keys.list",
    method: "GET",
    path: () => "/api-keys",
    status: 200,
    answers: ListOf(ApiKey),
  });
  checkRoute(on, {
    operation: "api_keys.read",
    method: "GET",
    path: pathOfNew,
    status: 200,
    answers: ApiKey,
  });
  checkRoute(on, { operation: "api_keys.revoke", method: "DELETE", path: pathOfNew, status: 204 });

  it("shows a key of 256 random bits once, and keeps only its hash", async () => {
    const idempotent = { headers: { "idempotency-key": "a key made once".replaceAll(" ", "-") } };
    const json = { name: "Script", role: "admin" };
    const made = await stage.json<NewApiKey>("admin", "/api-keys", { ...idempotent, json });
    expect(made.key).toMatch(/^rt_live_[A-Za-z0-9_-]{43}$/);
    expect(made.key.startsWith(made.prefix)).toBe(true);
    const shown = JSON.stringify([
      await stage.json("admin", "/api-keys?limit=200"),
      await stage.json("admin", `/api-keys/${made.id}`),
      await stage.json("admin", "/api-keys", { ...idempotent, json }),
    ]);
    expect(shown).toContain(made.id);
    expect(shown).not.toContain(made.key);
    for (const table of ["api_keys", "audit_log", "idempotency_keys"]) {
      const { results } = await stage.world.d1.prepare(`SELECT * FROM ${table}`).all();
      expect(JSON.stringify(results)).not.toContain(made.key);
    }
  });

  it("is refused from the answer to its revocation on", async () => {
    const { id, key } = await makeKey();
    expect((await stage.world.ask("/api/v1/me", { key })).status).toBe(200);
    await stage.json("admin", `/api-keys/${id}`, { method: "DELETE" });
    await problemOf(await stage.world.ask("/api/v1/me", { key }), 401);
    await stage.json("admin", `/api-keys/${id}`, { method: "DELETE", now: stage.world.at + 1 });
    expect(await stage.json("admin", `/api-keys/${id}`)).toMatchObject({ revoked_at: stage.world.at });
  });

  it("may revoke itself, as its last deed", async () => {
    const { id, key } = await makeKey();
    expect((await stage.world.ask(`/api/v1/api-keys/${id}`, { key, method: "DELETE" })).status).toBe(204);
    await problemOf(await stage.world.ask("/api/v1/me", { key }), 401);
  });

  it("notes its use at most once a minute", async () => {
    const { id, key } = await makeKey();
    const usedAt = async (now: number) => {
      await stage.world.json("/api/v1/me", { key, now });
      // The note is written after the answer: asking for the key waits for nothing, so it is asked until it stands.
      let row = await stage.json<ApiKey>("admin", `/api-keys/${id}`);
      for (let tries = 0; row.last_used_at === null && tries < 50; tries++) {
        row = await stage.json<ApiKey>("admin", `/api-keys/${id}`);
      }
      return row.last_used_at;
    };
    const { at } = stage.world;
    expect(await usedAt(at)).toBe(at);
    expect(await usedAt(at + MINUTE_MS - 1)).toBe(at);
  });

  it("lets a side make keys for itself only", async () => {
    const json = { name: "Own", role: "viewer" };
    const own = await stage.json<NewApiKey>("publisher", "/api-keys", { json });
    expect(own.organization_id).toBe(stage.own.publisher_id);
    for (const organization_id of [
      stage.world.network_id,
      stage.other_publisher_id,
      stage.own.advertiser_id,
    ]) {
      const problem = await problemOf(
        await stage.as("publisher", "/api-keys", { json: { ...json, organization_id } }),
        404,
      );
      expect(problem.errors).toEqual([
        { pointer: "/organization_id", detail: "there is no such organization" },
      ]);
    }
    const listed = await stage.json<{ data: ApiKey[] }>("publisher", "/api-keys?limit=200");
    expect(new Set(listed.data.map((row) => row.organization_id))).toEqual(new Set([stage.own.publisher_id]));
    const networks = await makeKey();
    await problemOf(await stage.as("publisher", `/api-keys/${networks.id}`, { method: "DELETE" }), 404);
  });

  it("belongs to the kind and role it was made for", async () => {
    const { key } = await makeKey({ role: "viewer", organization_id: stage.own.advertiser_id });
    const me = await stage.world.json<Record<string, unknown>>("/api/v1/me", { key });
    expect(me).toMatchObject({ role: "viewer", organization: { kind: "advertiser" } });
  });
});

describe("how a key is shown", () => {
  it("is read from a Bearer header and from nothing else", async () => {
    const { key } = stage.world;
    const asked = (authorization: string) =>
      stage.world.ask("/api/v1/me", { key: null, headers: { authorization } });
    expect((await asked(`Bearer ${key}`)).status).toBe(200);
    expect((await asked(`bearer ${key}`)).status).toBe(200);
    for (const wrong of [key, `Basic ${btoa(`${key}:`)}`, `Bearer  ${key}x`, `Bearer ${"k".repeat(600)}`]) {
      await problemOf(await asked(wrong), 401);
    }
    await problemOf(await stage.world.ask(`/api/v1/me?api_key=${key}`, { key: null }), 401);
  });
});
