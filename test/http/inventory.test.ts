import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ListOf } from "../../shared/api/common.ts";
import {
  NewNumbers,
  Pool,
  PoolHealth,
  Site,
  TelephonyAccount,
  TrackingNumber,
} from "../../shared/api/inventory.ts";
import { checkRoute, problemOf } from "../support/api-suite.ts";
import { type Stage, setStage } from "../support/stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
});
afterAll(() => stage?.stop());
const on = () => stage;

let spent = 0;
/** A number that no test has used yet. */
const nextE164 = () => `+1212555${String(++spent).padStart(4, "0")}`;

const account = (id = "") => `/telephony-accounts${id && `/${id}`}`;
const freshAccount = async (s: Stage) => {
  const json = { provider: "twilio", name: "Main", account_sid: "AC1", auth_token: "0123456789abcdef" };
  return account((await s.json<{ id: string }>("admin", account(), { json })).id);
};
const freshPool = async (s: Stage) => {
  const json = { campaign_id: s.own.campaign_id, name: "Fresh" };
  return (await s.json<{ id: string }>("admin", "/pools", { json })).id;
};
const freshNumber = async (s: Stage, place: Record<string, unknown> = { pool_id: s.own.pool_id }) => {
  const json = { telephony_account_id: s.own.sandbox_account_id, e164: [nextE164()], ...place };
  const { data } = await s.json<NewNumbers>("admin", "/numbers", { json });
  return data[0]!;
};
const siteBody = (s: Stage) => ({
  campaign_id: s.own.campaign_id,
  pool_id: s.own.pool_id,
  publisher_id: s.own.publisher_id,
  origins: ["https://www.plumber.example", "https://*.plumber.example", "http://localhost:8080"],
  swap_numbers: ["+14155550132"],
  gpc: "static",
});

describe("/telephony-accounts", () => {
  checkRoute(on, {
    operation: "telephony_accounts.create",
    method: "POST",
    path: () => account(),
    body: () => ({
      provider: "twilio",
      name: "Main",
      account_sid: "AC00000000000000000000000000000000",
      auth_token: "0123456789abcdef0123456789abcdef",
      next_auth_token: "fedcba9876543210fedcba9876543210",
    }),
    required: ["provider", "name", "account_sid", "auth_token"],
    status: 201,
    answers: TelephonyAccount,
  });
  checkRoute(on, {
    operation: "telephony_accounts.list",
    method: "GET",
    path: () => account(),
    status: 200,
    answers: ListOf(TelephonyAccount),
  });
  checkRoute(on, {
    operation: "telephony_accounts.read",
    method: "GET",
    path: (s) => account(s.own.sandbox_account_id),
    status: 200,
    answers: TelephonyAccount,
  });
  checkRoute(on, {
    operation: "telephony_accounts.update",
    method: "PATCH",
    path: (s) => account(s.own.sandbox_account_id),
    body: () => ({ name: "Sandbox", auth_token: "another-secret", next_auth_token: null }),
    status: 200,
    answers: TelephonyAccount,
  });
  checkRoute(on, {
    operation: "telephony_accounts.retire",
    method: "DELETE",
    path: freshAccount,
    status: 204,
  });

  it("says where webhooks go, and never a secret", async () => {
    const auth_token = "s3cret-s3cret-s3cret";
    const json = { provider: "twilio", name: "Main", account_sid: "AC1", auth_token };
    const made = await stage.json<TelephonyAccount>("admin", account(), { json });
    const base = `${stage.world.url}/v1/telephony/${made.id}`;
    expect(made.webhook_urls).toEqual({
      voice: `${base}/voice`,
      status: `${base}/status`,
      recording: `${base}/recording`,
    });
    const { results } = await stage.world.d1
      .prepare(
        "SELECT * FROM telephony_accounts, audit_log WHERE telephony_accounts.id = ?1 AND subject_id = ?1",
      )
      .bind(made.id)
      .all();
    expect(results).toHaveLength(1);
    expect(JSON.stringify([made, results])).not.toContain(auth_token);
  });

  it("rotates a secret without showing either", async () => {
    const path = await freshAccount(stage);
    const patch = (json: unknown) => stage.json<TelephonyAccount>("admin", path, { method: "PATCH", json });
    expect((await patch({ next_auth_token: "the-next-one" })).has_next_auth_token).toBe(true);
    expect((await patch({ auth_token: "the-next-one", next_auth_token: null })).has_next_auth_token).toBe(
      false,
    );
  });

  it("is not retired while its numbers are in use", async () => {
    const response = await stage.as("admin", account(stage.own.sandbox_account_id), { method: "DELETE" });
    expect((await problemOf(response, 409)).detail).toMatch(/numbers/);
  });
});

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

describe("/numbers", () => {
  checkRoute(on, {
    operation: "numbers.create",
    method: "POST",
    path: () => "/numbers",
    body: (s) => ({
      telephony_account_id: s.own.sandbox_account_id,
      e164: [nextE164(), nextE164()],
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
    const e164 = Array.from({ length: 400 }, nextE164);
    const pool_id = await freshPool(stage);
    const json = { telephony_account_id: stage.own.sandbox_account_id, e164, pool_id, label: "Bulk" };
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
    const free = nextE164();
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
      e164: [nextE164()],
      pool_id: stage.own.pool_id,
    };
    const answers = await Promise.all([1, 2, 3].map(() => stage.as("admin", "/numbers", { json })));
    expect(answers.map((response) => response.status).sort()).toEqual([201, 409, 409]);
  });

  it("wants one place for them, and a pool's publisher from the pool", async () => {
    const base = { telephony_account_id: stage.own.sandbox_account_id, e164: [nextE164()] };
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
      ["campaign_id", "created_at", "e164", "id", "pool_id", "retired_at"].sort(),
    );
    await problemOf(await stage.as("other_publisher", path), 404);
    const listed = await stage.json<{ data: unknown[] }>("other_publisher", "/numbers");
    expect(listed.data).toEqual([]);
  });
});

describe("/sites", () => {
  checkRoute(on, {
    operation: "sites.create",
    method: "POST",
    path: () => "/sites",
    body: siteBody,
    required: ["campaign_id", "pool_id", "origins", "swap_numbers"],
    references: (s) => ({
      campaign_id: s.foreign.campaign_id,
      pool_id: s.foreign.pool_id,
      publisher_id: s.foreign.publisher_id,
    }),
    status: 201,
    answers: Site,
  });
  checkRoute(on, {
    operation: "sites.list",
    method: "GET",
    path: () => "/sites",
    status: 200,
    answers: ListOf(Site),
  });
  checkRoute(on, {
    operation: "sites.read",
    method: "GET",
    path: (s) => `/sites/${s.own.site_id}`,
    status: 200,
    answers: Site,
  });
  checkRoute(on, {
    operation: "sites.update",
    method: "PATCH",
    path: (s) => `/sites/${s.own.site_id}`,
    body: () => ({ origins: ["https://plumber.example"], swap_numbers: ["+14155550132"], gpc: "cookieless" }),
    status: 200,
    answers: Site,
  });
  checkRoute(on, {
    operation: "sites.retire",
    method: "DELETE",
    path: async (s) =>
      `/sites/${(await s.json<{ id: string }>("admin", "/sites", { json: siteBody(s) })).id}`,
    status: 204,
  });

  it("has a key of its own and the snippet with it", async () => {
    const site = await stage.json<Site>("admin", "/sites", { json: siteBody(stage) });
    expect(site.key).toMatch(/^[0-9A-Za-z]{12}$/);
    expect(site.snippet).toBe(`<script async src="${stage.world.url}/t/${site.key}.js"></script>`);
    const entry = await stage.world.d1
      .prepare("SELECT kind, network_id FROM directory_entries WHERE key = ?")
      .bind(site.key)
      .first();
    expect(entry).toEqual({ kind: "site", network_id: stage.world.network_id });
  });

  it("warns until the publisher has a static number and the pool has numbers", async () => {
    const publisher_id = stage.other_publisher_id;
    const pool_id = await freshPool(stage);
    const json = { ...siteBody(stage), pool_id, publisher_id };
    const site = await stage.json<Site>("admin", "/sites", { json });
    const warnings = async () => (await stage.json<Site>("admin", `/sites/${site.id}`)).warnings.join(" ");
    expect(site.warnings).toHaveLength(3);
    await freshNumber(stage, { pool_id });
    expect(await warnings()).not.toMatch(/no numbers yet/);
    expect(await warnings()).toMatch(/no static number/);
    await freshNumber(stage, { campaign_id: stage.own.campaign_id, publisher_id });
    expect(await warnings()).not.toMatch(/no static number/);
    expect(await warnings()).toMatch(/shared/);
  });

  it("draws numbers from a pool of its campaign, a publisher's pool only for that publisher", async () => {
    const campaign = await stage.json<{ id: string }>("admin", "/campaigns", {
      json: {
        advertiser_id: stage.own.advertiser_id,
        name: "Other",
        timezone: "UTC",
        currency: "EUR",
        destination_number: "+4930123456",
      },
    });
    const { publisher_id: _, ...nobodys } = siteBody(stage);
    const wrong = {
      "is a pool of another campaign": { ...siteBody(stage), campaign_id: campaign.id },
      "is a publisher's own pool: it serves that publisher's sites only": nobodys,
    };
    for (const [detail, json] of Object.entries(wrong)) {
      const problem = await problemOf(await stage.as("admin", "/sites", { json }), 422);
      expect(problem.errors).toEqual([{ pointer: "/pool_id", detail }]);
    }
  });

  it("takes exact origins and wildcard hosts, nothing with a path", async () => {
    const bad = [
      "https://a.example/",
      "plumber.example",
      "https://*",
      "https://*.com",
      "ftp://a.example",
      "https://u@a.example",
    ];
    for (const origin of bad) {
      const json = { ...siteBody(stage), origins: [origin] };
      const problem = await problemOf(await stage.as("admin", "/sites", { json }), 422);
      expect(problem.errors?.[0]?.pointer).toBe("/origins/0");
    }
  });

  it("shows a publisher its own sites and an advertiser those of nobody", async () => {
    expect((await stage.as("publisher", `/sites/${stage.own.site_id}`)).status).toBe(200);
    await problemOf(await stage.as("other_publisher", `/sites/${stage.own.site_id}`), 404);
    await problemOf(await stage.as("advertiser", `/sites/${stage.own.site_id}`), 404);
    const json = { ...siteBody(stage), pool_id: await freshPool(stage) };
    const { publisher_id: _, ...nobodys } = json;
    const site = await stage.json<Site>("admin", "/sites", { json: nobodys });
    expect((await stage.as("advertiser", `/sites/${site.id}`)).status).toBe(200);
    await problemOf(await stage.as("publisher", `/sites/${site.id}`), 404);
  });
});
