import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Site } from "../../shared/api/inventory.ts";
import type { TagOptions } from "../../shared/api/tag-options.ts";
import { problemOf } from "../support/api-suite.ts";
import { type Stage, setStage } from "../support/stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
});
afterAll(() => stage?.stop());

async function siteWith(tag_options?: TagOptions): Promise<Site> {
  const { campaign_id, pool_id, publisher_id } = stage.own;
  const json = {
    publisher_id,
    campaign_id,
    pool_id,
    origins: ["https://a.example"],
    swap_numbers: ["+14155550132"],
  };
  return stage.json<Site>("admin", "/sites", { json: tag_options ? { ...json, tag_options } : json });
}

const fetched = (path: string, headers: Record<string, string> = {}) =>
  fetch(`${stage.world.url}${path}`, { headers });
const scriptOf = async ({ key }: Site) => (await fetched(`/t/${key}.js`)).text();

describe("the per-site tag", () => {
  it("holds its settings, is kept for minutes, and costs nothing when it has not changed", async () => {
    const site = await siteWith();
    expect(site.tag_options).toEqual({});
    const first = await fetched(`/t/${site.key}.js`);
    expect(first.headers.get("content-type")).toMatch(/^text\/javascript/);
    expect(first.headers.get("cache-control")).toMatch(/^public, max-age=300\b/);
    expect(first.headers.get("cross-origin-resource-policy")).toBe("cross-origin");
    const script = await first.text();
    expect(script).toContain(JSON.stringify({ site: site.key, host: stage.world.url }));
    const etag = first.headers.get("etag") ?? "";
    // A network that compresses on the way makes the tag a weak one, and browsers may hold several.
    for (const known of [etag, `W/${etag}`, `"older", W/${etag}`]) {
      const again = await fetched(`/t/${site.key}.js`, { "if-none-match": known });
      expect([again.status, await again.text()]).toEqual([304, ""]);
    }
    expect((await fetched(`/t/${site.key}.js`, { "if-none-match": '"older"' })).status).toBe(200);
  });

  it("is the variant with the site's options and of the settings only what these read", async () => {
    const core = await scriptOf(await siteWith());
    const off = await scriptOf(await siteWith({ lazy: false }));
    const lazy = await scriptOf(await siteWith({ lazy: true }));
    const every = await scriptOf(
      await siteWith({
        embedded: true,
        vanity: true,
        labels: ["data-phone"],
        lazy: true,
        google_ads: "AW-1/x-Y_z",
      }),
    );
    expect(Math.abs(off.length - core.length)).toBeLessThan(3);
    expect(core).not.toMatch(/IntersectionObserver|shadowRoot|gtag/);
    expect(lazy).toMatch(/IntersectionObserver/);
    expect(lazy).toContain('"find":["+14155550132"]');
    expect(lazy).not.toMatch(/shadowRoot|gtag/);
    for (const part of [
      "IntersectionObserver",
      "shadowRoot",
      "gtag",
      '"labels":["data-phone"]',
      '"AW-1/x-Y_z"',
    ]) {
      expect(every).toContain(part);
    }
  });

  it("changes with the site", async () => {
    const site = await siteWith();
    const json = { tag_options: { embedded: true } };
    const changed = await stage.json<Site>("admin", `/sites/${site.id}`, { method: "PATCH", json });
    expect(changed.tag_options).toEqual({ embedded: true });
    expect(await scriptOf(changed)).toContain("shadowRoot");
  });

  it.each([
    { labels: ["onclick"] },
    { labels: Array.from({ length: 11 }, (_, i) => `data-${i}`) },
    { google_ads: "AW-1/x');alert(1);('" },
    { lazy: "yes" },
    { unknown: true },
  ])("refuses the options %j", async (tag_options) => {
    const { campaign_id, pool_id } = stage.own;
    const json = {
      campaign_id,
      pool_id,
      origins: ["https://a.example"],
      swap_numbers: ["+14155550132"],
      tag_options,
    };
    const answer = await stage.as("admin", "/sites", { json });
    const { errors = [] } = await problemOf(answer, 422);
    expect(errors[0]?.pointer).toMatch(/^\/tag_options\//);
  });

  it("is not there for a key that no site has", async () => {
    expect((await fetched("/t/nosuchsite12.js")).status).toBe(404);
  });
});

describe("the immutable tag", () => {
  it("is what its integrity says, for ever, for every page", async () => {
    const latest = (await (await fetched("/tag/latest.json")).json()) as Record<string, string>;
    const answer = await fetch(latest.src ?? "");
    const script = await answer.text();
    expect(latest.integrity).toBe(`sha384-${createHash("sha384").update(script).digest("base64")}`);
    expect(latest.snippet).toContain(
      `integrity="${latest.integrity}" crossorigin="anonymous" data-site="SITEKEY"`,
    );
    expect(answer.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
    expect(answer.headers.get("access-control-allow-origin")).toBe("*");
    expect((await fetched("/tag/0000000000/ringtrail.js")).status).toBe(404);
  });

  it("outlives the deployment that it came with", async () => {
    const { version, src } = (await (await fetched("/tag/latest.json")).json()) as Record<string, string>;
    const kept = await stage.world.miniflare.getKVNamespace("PLANS", "ringtrail");
    await expect.poll(() => kept.get(`tag/${version}`)).toBe(await (await fetch(src ?? "")).text());
    // What another deployment has left there.
    await kept.put("tag/0123456789", "/* an earlier tag */");
    const answer = await fetched("/tag/0123456789/ringtrail.js");
    expect(await answer.text()).toBe("/* an earlier tag */");
    expect(answer.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
    expect(answer.headers.get("access-control-allow-origin")).toBe("*");
  });
});

it("comes with diagnostics and types", async () => {
  const overlay = await fetched("/tag/overlay.js");
  expect(overlay.headers.get("content-type")).toMatch(/^text\/javascript/);
  expect(await overlay.text()).toContain("Ringtrail diagnostics");
  expect(await (await fetched("/tag/ringtrail.d.ts")).text()).toContain("ringtrail?: RingtrailApi");
});
