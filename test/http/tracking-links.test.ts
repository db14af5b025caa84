import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ListOf } from "../../shared/api/common.ts";
import { TrackingLink } from "../../shared/api/tracking-links.ts";
import { checkRoute, problemOf } from "../support/api-suite.ts";
import { type Stage, setStage } from "../support/stage.ts";

const PERSON = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36";

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
});
afterAll(() => stage?.stop());
const on = () => stage;

const linkBody = (s: Stage) => ({
  campaign_id: s.own.campaign_id,
  publisher_id: s.own.publisher_id,
  landing_url: "https://plumber.example/offer?own=1#form",
  sub1: "newsletter",
});
const freshLink = (over: Record<string, unknown> = {}) =>
  stage.json<TrackingLink>("admin", "/tracking-links", { json: { ...linkBody(stage), ...over } });

describe("/tracking-links", () => {
  checkRoute(on, {
    operation: "tracking_links.create",
    method: "POST",
    path: () => "/tracking-links",
    body: linkBody,
    required: ["campaign_id", "publisher_id", "landing_url"],
    references: (s) => ({ campaign_id: s.foreign.campaign_id, publisher_id: s.foreign.publisher_id }),
    status: 201,
    answers: TrackingLink,
  });
  checkRoute(on, {
    operation: "tracking_links.list",
    method: "GET",
    path: () => "/tracking-links",
    status: 200,
    answers: ListOf(TrackingLink),
  });
  checkRoute(on, {
    operation: "tracking_links.read",
    method: "GET",
    path: async () => `/tracking-links/${(await freshLink()).id}`,
    status: 200,
    answers: TrackingLink,
  });
  checkRoute(on, {
    operation: "tracking_links.update",
    method: "PATCH",
    path: async () => `/tracking-links/${(await freshLink()).id}`,
    body: () => ({ landing_url: "https://plumber.example/other", sub1: "banner", sub2: null }),
    status: 200,
    answers: TrackingLink,
  });
  checkRoute(on, {
    operation: "tracking_links.retire",
    method: "DELETE",
    path: async () => `/tracking-links/${(await freshLink()).id}`,
    status: 204,
  });

  it("refuses a landing page on another publisher's site, whatever its scheme, also later", async () => {
    const publisher_id = stage.other_publisher_id;
    const landing_url = "http://plumber.example:8080/offer";
    const refusal = [{ pointer: "/landing_url", detail: "lies on another publisher's site" }];
    const json = { ...linkBody(stage), publisher_id, landing_url };
    expect((await problemOf(await stage.as("admin", "/tracking-links", { json }), 422)).errors).toEqual(
      refusal,
    );
    const link = await freshLink({ publisher_id, landing_url: "https://elsewhere.example/" });
    const moved = stage.as("admin", `/tracking-links/${link.id}`, { method: "PATCH", json: { landing_url } });
    expect((await problemOf(await moved, 422)).errors).toEqual(refusal);
  });

  it("takes addresses of pages only, without a click token of their own", async () => {
    for (const landing_url of [
      "javascript:alert(1)",
      "//plumber.example",
      "https://u:p@plumber.example/",
      "https://plumber.example/?rt_click=1",
      "https://plumber.example/ a",
    ]) {
      const json = { ...linkBody(stage), landing_url };
      const problem = await problemOf(await stage.as("admin", "/tracking-links", { json }), 422);
      expect(problem.errors?.[0]?.pointer).toBe("/landing_url");
    }
  });

  it("shows a publisher its own links and an advertiser none", async () => {
    const link = await freshLink();
    expect((await stage.as("publisher", `/tracking-links/${link.id}`)).status).toBe(200);
    await problemOf(await stage.as("other_publisher", `/tracking-links/${link.id}`), 404);
    await problemOf(await stage.as("advertiser", "/tracking-links"), 403);
  });
});

describe("/c/{linkKey}", () => {
  const follow = (link: TrackingLink, query = "", headers: Record<string, string> = {}) =>
    stage.world.ask(`/c/${link.key}${query}`, { key: null, headers: { "user-agent": PERSON, ...headers } });
  const clicksOf = async (link: TrackingLink) =>
    (await stage.json<TrackingLink>("admin", `/tracking-links/${link.id}`)).clicks;

  it("leads to the landing page, the visitor's query kept and a token of its own added", async () => {
    const link = await freshLink();
    expect(link.url).toBe(`${stage.world.url}/c/${link.key}`);
    const seen = new Set<string>();
    for (let i = 0; i < 3; i++) {
      const response = await follow(link, "?gclid=A%2Fb&rt_click=forged&sub1=mine");
      expect(response.status).toBe(302);
      expect(response.headers.get("cache-control")).toBe("no-store");
      const url = new URL(response.headers.get("location") ?? "");
      expect(url.href).toMatch(/^https:\/\/plumber\.example\/offer\?own=1&gclid=A%2Fb&sub1=mine&rt_click=/);
      expect(url.hash).toBe("#form");
      expect(url.searchParams.getAll("rt_click")).toHaveLength(1);
      seen.add(url.searchParams.get("rt_click") ?? "");
    }
    expect(seen.size).toBe(3);
    expect(await clicksOf(link)).toBe(3);
    const rows = await stage.world.d1
      .prepare("SELECT query, sub1, sub2, clicked_at FROM clicks WHERE link_id = ?")
      .bind(link.id)
      .all();
    expect(rows.results[0]).toEqual({
      query: "gclid=A%2Fb&sub1=mine",
      sub1: "mine",
      sub2: null,
      clicked_at: stage.world.at,
    });
  });

  it("keeps no click id of who asks for privacy", async () => {
    const link = await freshLink();
    await follow(link, "?gclid=secret&utm_source=x", { "sec-gpc": "1" });
    const row = await stage.world.d1
      .prepare("SELECT query FROM clicks WHERE link_id = ?")
      .bind(link.id)
      .first();
    expect(row).toEqual({ query: "utm_source=x" });
  });

  it("counts no bot, preview or prefetch", async () => {
    const link = await freshLink();
    const bots = ["Googlebot/2.1 (+http://www.google.com/bot.html)", "facebookexternalhit/1.1", "curl/8.5.0"];
    for (const bot of bots) expect((await follow(link, "", { "user-agent": bot })).status).toBe(302);
    await follow(link, "", { "sec-purpose": "prefetch;prerender" });
    await stage.world.ask(`/c/${link.key}`, { method: "HEAD", headers: { "user-agent": PERSON } });
    expect(await clicksOf(link)).toBe(0);
  });

  it("leads on when the link is retired, without token or count, and knows no other key", async () => {
    const link = await freshLink();
    await stage.as("admin", `/tracking-links/${link.id}`, { method: "DELETE" });
    const response = await follow(link, "?x=1");
    expect(response.headers.get("location")).toBe("https://plumber.example/offer?own=1&x=1#form");
    expect(await clicksOf(link)).toBe(0);
    await problemOf(await stage.world.ask("/c/nobodys", { key: null }), 404);
  });

  it("leads on without counting when D1 fails, once the link is known", async () => {
    const link = await freshLink();
    await follow(link);
    stage.world.at += 6_000;
    for (const fault of ["throw", "hang"] as const) {
      await stage.world.fault(fault);
      const response = await follow(link);
      await stage.world.fault("none");
      expect(response.status).toBe(302);
    }
    expect(await clicksOf(link)).toBe(1);
  });
});
