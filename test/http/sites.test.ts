import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ListOf } from "../../shared/api/common.ts";
import { Site } from "../../shared/api/inventory.ts";
import { checkRoute, problemOf } from "../support/api-suite.ts";
import { freshNumber, freshPool } from "../support/fresh.ts";
import { type Stage, setStage } from "../support/stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
});
afterAll(() => stage?.stop());
const on = () => stage;

const siteBody = (s: Stage) => ({
  campaign_id: s.own.campaign_id,
  pool_id: s.own.pool_id,
  publisher_id: s.own.publisher_id,
  origins: ["https://www.plumber.example", "https://*.plumber.example", "http://localhost:8080"],
  swap_numbers: ["+14155550132"],
  gpc: "static",
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
      "https://a.example:65536",
      "https://a.example:0",
    ];
    for (const origin of bad) {
      const json = { ...siteBody(stage), origins: [origin] };
      const problem = await problemOf(await stage.as("admin", "/sites", { json }), 422);
      expect(problem.errors?.[0]?.pointer).toBe("/origins/0");
    }
  });

  it("keeps origins as browsers send them: without the port that goes without saying", async () => {
    const { pool_id, campaign_id, publisher_id } = stage.own;
    const given = [
      "https://x.example:443",
      "http://y.example:80",
      "https://*.z.example:443",
      "https://x.example:08443",
      "https://x.example:80",
    ];
    const kept = [
      "https://x.example",
      "http://y.example",
      "https://*.z.example",
      "https://x.example:8443",
      "https://x.example:80",
    ];
    const json = { campaign_id, pool_id, publisher_id, origins: given, swap_numbers: ["+14155550132"] };
    const site = await stage.json<Site>("admin", "/sites", { json });
    expect(site.origins).toEqual(kept);
    const leasing = (origin: string) =>
      stage.world.ask("/v1/leases", {
        key: null,
        as_text: JSON.stringify({ site: site.key, url: `${origin}/`, visitor: origin }),
        headers: { origin, "user-agent": "Mozilla/5.0 (Windows NT 10.0) Chrome/130.0" },
      });
    for (const origin of ["https://x.example", "http://y.example", "https://www.z.example"]) {
      expect((await leasing(origin)).status).toBe(201);
    }
    expect((await leasing("http://x.example")).status).toBe(403);
    const patch = { method: "PATCH", json: { origins: ["https://w.example:443"] } };
    expect(await stage.json("admin", `/sites/${site.id}`, patch)).toMatchObject({
      origins: ["https://w.example"],
    });
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
