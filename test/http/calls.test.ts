import * as v from "valibot";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Call } from "../../shared/api/calls.ts";
import { ListOf } from "../../shared/api/common.ts";
import { HOUR_MS, MINUTE_MS } from "../../shared/instant.ts";
import { checkRoute, problemOf } from "../support/api-suite.ts";
import { DESTINATION } from "../support/inventory.ts";
import { CALLER, callNamed, placeCall, visit } from "../support/phone.ts";
import { type Stage, setStage, type Who } from "../support/stage.ts";

const KEYWORD = "=burst pipe";
const STATIC = "+16285550900";

let stage: Stage;
/** Moments: an hour apart, so that order is plain. */
let at: number;
let now: number;
/** The call of a visitor, of a printed number, and one too short. */
let leased: Call;

beforeAll(async () => {
  stage = await setStage();
  const { world, own } = stage;
  at = world.at;
  now = at + 12 * HOUR_MS;
  const owner = { telephony_account_id: own.sandbox_account_id, campaign_id: own.campaign_id };
  await stage.json("admin", "/numbers", {
    json: { ...owner, e164: [STATIC], publisher_id: own.publisher_id },
  });
  const query = `?utm_source=google&utm_medium=cpc&utm_term=${encodeURIComponent(KEYWORD)}`;
  const to = await visit(world, own, at, query);
  const place = (call_id: string, rest: { to: string; at: number; from?: string; connected_s?: number }) =>
    placeCall(world, own.sandbox_account_id, { call_id, ...rest });
  await place("leased", { to, at: at + MINUTE_MS });
  await place("printed", { to: STATIC, at: at + HOUR_MS, from: "+12125550123" });
  await place("short", { to: STATIC, at: at + 2 * HOUR_MS, from: "+442079460018", connected_s: 20 });
  leased = await callNamed(world, "leased", now);
});
afterAll(() => stage?.stop());

const list = async (who: Who, query: string) =>
  (await stage.json<{ data: Call[]; next_cursor: string | null }>(who, `/calls?${query}`, { now })).data;
const named = (calls: readonly Call[]) => calls.map(({ provider_call_id }) => provider_call_id);
const read = (who: Who, id = leased.id) => stage.json<Call>(who, `/calls/${id}`, { now });

describe("/calls", () => {
  checkRoute(() => stage, {
    operation: "calls.list",
    method: "GET",
    path: () => "/calls",
    status: 200,
    answers: ListOf(Call),
  });
  checkRoute(() => stage, {
    operation: "calls.read",
    method: "GET",
    path: () => `/calls/${leased.id}`,
    status: 200,
    answers: Call,
  });

  it("lists newest first, page after page, each call once", async () => {
    const seen: string[] = [];
    let cursor = "";
    for (let page = 0; page < 4; page++) {
      const query = `limit=1${cursor && `&cursor=${cursor}`}`;
      const answer = await stage.json<{ data: Call[]; next_cursor: string | null }>(
        "admin",
        `/calls?${query}`,
        {
          now,
        },
      );
      seen.push(...named(answer.data));
      if (answer.next_cursor === null) break;
      cursor = answer.next_cursor;
    }
    expect(seen).toEqual(["short", "printed", "leased"]);
  });

  const filters: [name: string, value: () => string, found: string[]][] = [
    ["publisher_id", () => stage.own.publisher_id, ["short", "printed", "leased"]],
    ["campaign_id", () => stage.own.campaign_id, ["short", "printed", "leased"]],
    ["campaign_id", () => stage.foreign.campaign_id, []],
    ["status", () => "completed", ["short", "printed", "leased"]],
    ["status", () => "busy", []],
    ["attribution", () => "lease", ["leased"]],
    ["attribution", () => "static_number", ["short", "printed"]],
    ["payout_status", () => "rejected", ["short"]],
    ["utm_source", () => "google", ["leased"]],
    ["utm_term", () => KEYWORD, ["leased"]],
    ["utm_medium", () => "email", []],
    ["from", () => String(at + HOUR_MS), ["short", "printed"]],
    ["to", () => String(at + HOUR_MS), ["leased"]],
  ];
  it.each(filters)("filters by %s (%#)", async (name, value, expected) => {
    expect(named(await list("admin", `${name}=${encodeURIComponent(value())}`))).toEqual(expected);
  });

  it.each([
    ["the provider's id", "printed", ["printed"]],
    ["a caller's number as people write it", "(415) 555-0177", ["leased"]],
    ["a caller's number from abroad", "+44 20 7946 0018", ["short"]],
    ["a part of the number called", "85550900", ["short", "printed"]],
    ["the keyword, in any case", "BURST", ["leased"]],
    ["an area code", "212", ["printed"]],
    ["nothing that is there", "%", []],
  ])("finds calls by %s", async (_, q, expected) => {
    expect(named(await list("admin", `q=${encodeURIComponent(q)}`))).toEqual(expected);
  });

  it.each([
    "from=yesterday",
    "status=lost",
    "format=xml",
    "cursor=nonsense",
    "nonsense=1",
    "limit=0",
    "limit=201",
  ])("refuses ?%s", async (query) => {
    const problem = await problemOf(await stage.as("admin", `/calls?${query}`), 422);
    expect(problem.errors?.[0]?.pointer).toBe(`?${query.split("=")[0]}`);
  });

  it("shows the whole of a call with its timeline", async () => {
    const call = await read("admin");
    expect(call.timeline?.map(({ kind }) => kind)).toEqual([
      "ringing",
      "instructed",
      expect.stringMatching(/answered$/),
      expect.stringMatching(/answered$/),
      expect.stringMatching(/completed$/),
      expect.stringMatching(/completed$/),
      "attributed",
      "judged",
    ]);
    expect(call).toMatchObject({ from: CALLER, target: DESTINATION, margin_micros: 25_000_000, signals: [] });
  });
});

describe("a network's two sides", () => {
  it("are shown no more than is theirs", async () => {
    const advertiser = await read("advertiser");
    expect(advertiser).toMatchObject({
      from: CALLER,
      target: DESTINATION,
      revenue: { revenue_micros: 70_000_000 },
    });
    expect(advertiser.publisher_alias).toMatch(/^P-\d+$/);
    const advertisers_text = JSON.stringify(advertiser);
    for (const word of ["payout", "margin", stage.own.publisher_id, "45000000"]) {
      expect(advertisers_text).not.toContain(word);
    }

    const publisher = await read("publisher");
    expect(publisher).toMatchObject({
      from: "+1415…",
      publisher_id: stage.own.publisher_id,
      payout: { status: "qualified", payout_micros: 45_000_000 },
      session: { term: KEYWORD },
    });
    const publishers_text = JSON.stringify(publisher);
    for (const word of ["revenue", "margin", "weight", "70000000", DESTINATION.slice(2), CALLER.slice(5)]) {
      expect(publishers_text).not.toContain(word);
    }
  });

  it("cannot filter or search their way to what they are not shown", async () => {
    await problemOf(await stage.as("advertiser", "/calls?payout_status=qualified"), 403);
    await problemOf(await stage.as("advertiser", `/calls?publisher_id=${stage.own.publisher_id}`), 403);
    expect(await list("publisher", `q=${encodeURIComponent(CALLER)}`)).toEqual([]);
    expect(await list("publisher", `q=${DESTINATION.slice(2)}`)).toEqual([]);
    expect(await list("publisher", `publisher_id=${stage.other_publisher_id}`)).toEqual([]);
    expect(named(await list("publisher", "q=415"))).toEqual(["leased"]);
    expect(named(await list("advertiser", `q=${encodeURIComponent(CALLER)}`))).toEqual(["leased"]);
  });

  it("see more where the network shows it", async () => {
    const allow = (shown: boolean) =>
      stage.json("admin", "/network", {
        method: "PATCH",
        json: { shows_callers: shown, shows_publishers: shown },
      });
    await allow(true);
    expect((await read("publisher")).from).toBe(CALLER);
    expect((await read("advertiser")).publisher_id).toBe(stage.own.publisher_id);
    expect(named(await list("publisher", `q=${encodeURIComponent(CALLER)}`))).toEqual(["leased"]);
    await allow(false);
    expect((await read("publisher")).from).toBe("+1415…");
  });

  it("see nothing of calls that are not theirs", async () => {
    expect(await list("other_publisher", "")).toEqual([]);
    expect(await list("stranger", "")).toEqual([]);
    await problemOf(await stage.as("other_publisher", `/calls/${leased.id}`), 404);
  });
});

describe("exports", () => {
  const text = async (who: Who, format: string, query = "") => {
    const response = await stage.as(who, `/calls?format=${format}${query}`, { now });
    expect(response.status).toBe(200);
    return { type: response.headers.get("content-type"), body: await response.text() };
  };
  const columns = (body: string) => body.split("\r\n")[0]?.split(",") ?? [];

  it("stream every row as NDJSON, whatever the limit", async () => {
    const { type, body } = await text("admin", "ndjson", "&limit=1");
    expect(type).toBe("application/x-ndjson");
    const calls = body
      .trim()
      .split("\n")
      .map((line) => v.parse(Call, JSON.parse(line)));
    expect(named(calls)).toEqual(["short", "printed", "leased"]);
  });

  it("are CSV in which nothing runs as a formula, and numbers stay numbers", async () => {
    const { type, body } = await text("admin", "csv", "&attribution=lease");
    expect(type).toBe("text/csv; charset=utf-8");
    const [, row = ""] = body.split("\r\n");
    expect(row).toContain(`,'${KEYWORD},`);
    expect(row).toContain(`,${CALLER},`);
    expect(body.trim().split("\r\n")).toHaveLength(2);
  });

  it("have no column for what a side may not see", async () => {
    const network = columns((await text("admin", "csv")).body);
    expect(network).toEqual(
      expect.arrayContaining(["revenue_micros", "payout_micros", "margin_micros", "target"]),
    );
    const advertiser = columns((await text("advertiser", "csv")).body);
    expect(advertiser.filter((name) => /payout|margin|publisher_id/.test(name))).toEqual([]);
    const publisher = await text("publisher", "csv");
    expect(columns(publisher.body).filter((name) => /revenue|margin|target/.test(name))).toEqual([]);
    expect(publisher.body).not.toContain(CALLER);
    expect(publisher.body).toContain("'+1415…");
  });
});

describe("a number shared by two publishers' sites", () => {
  it("is shown to each with its own share, when that is a quarter or more", async () => {
    const { world, own, other_publisher_id } = stage;
    const begin = at + 4 * HOUR_MS;
    const pool = await stage.json<{ id: string }>("admin", "/pools", {
      json: { campaign_id: own.campaign_id, name: "Shared", lease_ttl_s: 60, cooldown_s: 0 },
    });
    const number = "+16285550950";
    await stage.json("admin", "/numbers", {
      json: { telephony_account_id: own.sandbox_account_id, e164: [number], pool_id: pool.id },
    });
    const siteOf = async (publisher_id: string) => {
      const site = await stage.json<{ id: string; key: string }>("admin", "/sites", {
        json: {
          campaign_id: own.campaign_id,
          pool_id: pool.id,
          publisher_id,
          origins: ["https://plumber.example"],
          swap_numbers: ["+14155550132"],
        },
      });
      return { ...own, site_id: site.id, site_key: site.key };
    };
    const first = await siteOf(own.publisher_id);
    const second = await siteOf(other_publisher_id);
    expect(await visit(world, first, begin, "?utm_source=alder")).toBe(number);
    expect(await visit(world, second, begin + 2 * MINUTE_MS, "?utm_source=birch")).toBe(number);
    await placeCall(world, own.sandbox_account_id, {
      call_id: "shared",
      to: number,
      at: begin + 15 * MINUTE_MS,
      from: "+13125550144",
    });

    const call = await callNamed(world, "shared", now);
    expect(call.publisher_id).toBeNull();
    const share = (id: string) =>
      call.attribution.publishers.find(({ publisher_id }) => publisher_id === id)?.probability ?? 0;
    expect(share(own.publisher_id)).toBeGreaterThan(0.25);
    expect(share(other_publisher_id)).toBeGreaterThan(0.25);

    for (const [who, id, foreign, utm] of [
      ["publisher", own.publisher_id, other_publisher_id, "birch"],
      ["other_publisher", other_publisher_id, own.publisher_id, "alder"],
    ] as const) {
      const seen = await read(who, call.id);
      expect(seen.attribution.publisher_confidence).toBe(share(id));
      expect(seen.attribution.publishers).toEqual([
        { publisher_id: id, probability: share(id), proof: "site" },
      ]);
      expect(seen.attribution.candidates.filter(({ session_id }) => session_id !== undefined)).toHaveLength(
        1,
      );
      expect(seen).not.toHaveProperty("payout");
      expect(seen).not.toHaveProperty("publisher_id");
      const text = JSON.stringify(seen);
      for (const word of [foreign, utm]) expect(text).not.toContain(word);
      expect(named(await list(who, `utm_source=${utm}`))).toEqual([]);
    }
  });
});
