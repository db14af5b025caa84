import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { METRICS, Report, type ReportRow } from "../../shared/api/reports.ts";
import { DAY_MS, MINUTE_MS } from "../../shared/instant.ts";
import { checkRoute, problemOf } from "../support/api-suite.ts";
import { placeCall, visit } from "../support/phone.ts";
import { type Stage, setStage, type Who } from "../support/stage.ts";
import { NOON } from "../support/world.ts";

const LABEL = '=HYPERLINK("http://evil.example")';
const CALLED_AT = NOON + MINUTE_MS;

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
  const { world, own } = stage;
  // A visitor who came from Bing and then from Google, calls and earns; and a short call to a number on a poster.
  await visit(world, own, NOON - MINUTE_MS, "?utm_source=bing");
  const shown = await visit(world, own, NOON, "?utm_source=google&utm_campaign=spring");
  const account = own.sandbox_account_id;
  await placeCall(world, account, { call_id: "earns", to: shown, at: CALLED_AT, connected_s: 95 });
  const poster = stage.e164();
  await stage.json("admin", "/numbers", {
    json: {
      telephony_account_id: account,
      e164: [poster],
      campaign_id: own.campaign_id,
      publisher_id: own.publisher_id,
      label: LABEL,
      sub1: "-5",
    },
  });
  const short = {
    call_id: "short",
    from: "+14155550178",
    to: poster,
    at: CALLED_AT + DAY_MS,
    connected_s: 20,
  };
  await placeCall(world, account, short);
  world.at = CALLED_AT + DAY_MS + 10 * MINUTE_MS;
});
afterAll(() => stage?.stop());
const on = () => stage;

const reportFor = (who: Who, query: string) => stage.json<Report>(who, `/reports?${query}`);
const names = (rows: readonly ReportRow[]) => [...new Set(rows.flatMap((row) => Object.keys(row)))];

describe("/reports", () => {
  checkRoute(on, {
    operation: "reports.read",
    method: "GET",
    path: () => "/reports?group_by=day,source",
    status: 200,
    answers: Report,
  });

  it("counts what happened, sessions that only the pool knew of included", async () => {
    const { totals, data, currency, timezone } = await reportFor("admin", "");
    expect(totals).toEqual({
      clicks: 0,
      sessions: 2,
      leases: 2,
      blocked_sessions: 0,
      calls: 2,
      connected_calls: 2,
      billable_calls: 1,
      payable_calls: 1,
      paid_calls: 0,
      rejected_calls: 1,
      duplicate_calls: 0,
      unique_callers: 2,
      duration_s: 135,
      connected_s: 115,
      signals: 0,
      revenue_micros: 70_000_000,
      payout_micros: 45_000_000,
      margin_micros: 25_000_000,
    });
    expect(data).toEqual([totals]);
    expect([currency, timezone]).toEqual(["USD", "UTC"]);
  });

  it("puts visits and the calls they led to side by side", async () => {
    const query = "metrics=sessions,calls,margin_micros&group_by=source,campaign";
    expect((await reportFor("admin", query)).data).toEqual([
      { source: "bing", campaign: null, sessions: 1, calls: 0, margin_micros: 0 },
      { source: "google", campaign: "spring", sessions: 1, calls: 1, margin_micros: 25_000_000 },
      { source: null, campaign: null, sessions: 0, calls: 1, margin_micros: 0 },
    ]);
    const filtered = "metrics=sessions,calls&utm_source=google";
    expect((await reportFor("admin", filtered)).totals).toEqual({ sessions: 1, calls: 1 });
  });

  it("counts clicks by link and sub id, and outcomes by the call they are of", async () => {
    const { campaign_id, publisher_id } = stage.own;
    const landing_url = "https://plumber.example/";
    const json = { campaign_id, publisher_id, landing_url, sub1: "mail" };
    const link = await stage.json<{ key: string }>("admin", "/tracking-links", { json });
    const follow = (query: string, agent: string) =>
      stage.world.ask(`/c/${link.key}${query}`, { key: null, headers: { "user-agent": agent } });
    const person = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/130.0";
    await follow("", person);
    await follow("?sub1=banner", person);
    await follow("?sub1=banner", person);
    await follow("", "Googlebot/2.1");
    const query = "metrics=clicks,calls&group_by=publisher_id,sub1";
    expect((await reportFor("admin", query)).data.filter(({ clicks }) => clicks !== 0)).toEqual([
      { publisher_id, sub1: "banner", clicks: 2, calls: 0 },
      { publisher_id, sub1: "mail", clicks: 1, calls: 0 },
    ]);
    const totals = async (who: Who) => (await reportFor(who, "metrics=clicks")).totals.clicks;
    expect(await Promise.all((["publisher", "other_publisher", "advertiser"] as const).map(totals))).toEqual([
      3, 0, 0,
    ]);
    // Which site a click led to its link does not say: the metric is absent rather than wrong.
    expect((await reportFor("admin", "metrics=clicks&group_by=site_id")).totals).toEqual({});
    const days = await reportFor("admin", "metrics=clicks&group_by=day");
    expect(days.data).toEqual([{ day: "2026-11-22", clicks: 3 }]);

    const list = await stage.json<{ data: { id: string }[] }>("admin", "/calls?limit=1");
    for (const value of [1, 2]) {
      await stage.json("admin", `/calls/${list.data[0]?.id}/signals`, { json: { name: "sold", value } });
    }
    expect((await reportFor("admin", "metrics=signals")).totals).toEqual({ signals: 2 });
  });

  it("cuts days by the asked clock, and bounds them half-open", async () => {
    const days = async (query: string) =>
      (await reportFor("admin", `metrics=calls&group_by=day&${query}`)).data.map((row) => [
        row.day,
        row.calls,
      ]);
    expect(await days(`from=${NOON}&to=${CALLED_AT + DAY_MS + 1}`)).toEqual([
      ["2026-11-21", 1],
      ["2026-11-22", 1],
    ]);
    expect(await days(`from=${CALLED_AT}&to=${CALLED_AT + DAY_MS}`)).toEqual([
      ["2026-11-21", 1],
      ["2026-11-22", 0],
    ]);
    expect(await days(`from=${CALLED_AT}&to=${CALLED_AT + 1}&timezone=Pacific/Auckland`)).toEqual([
      ["2026-11-22", 1],
    ]);
  });

  it("leaves out session metrics where only calls have the group or filter", async () => {
    const byTarget = await reportFor("admin", "group_by=target");
    expect(names([...byTarget.data, byTarget.totals])).not.toContain("sessions");
    expect(names((await reportFor("admin", "status=completed")).data)).not.toContain("blocked_sessions");
    expect(names((await reportFor("admin", "group_by=source")).data)).toContain("sessions");
  });
});

describe("a report for one side", () => {
  const hidden = {
    advertiser: ["payable_calls", "payout_micros", "margin_micros"],
    publisher: ["billable_calls", "revenue_micros", "margin_micros"],
  } as const;

  it.each(["advertiser", "publisher"] as const)(
    "leaves no trace of what it hides, for the %s",
    async (who) => {
      const seen = METRICS.filter((metric) => !(hidden[who] as readonly string[]).includes(metric));
      for (const metrics of ["", `metrics=${METRICS.join(",")}`]) {
        const { data, totals } = await reportFor(who, `${metrics}&group_by=campaign_id`);
        expect(names(data)).toEqual(["campaign_id", ...seen]);
        expect(Object.keys(totals)).toEqual(seen);
      }
      const csv = await (await stage.as(who, "/reports?format=csv")).text();
      expect(csv.split("\r\n")[0]).toBe(seen.join(","));
      const only = await reportFor(who, `metrics=${hidden[who].join(",")}`);
      expect(only).toMatchObject({ data: [], totals: {} });
    },
  );

  it("refuses groups and filters that would tell what it hides", async () => {
    for (const [who, query] of [
      ["advertiser", "group_by=payout_status"],
      ["advertiser", "payout_status=rejected"],
      ["publisher", "group_by=day,target"],
      ["publisher", "target=%2B14155550199"],
      ["publisher", "group_by=revenue_status"],
    ] as const) {
      await problemOf(await stage.as(who, `/reports?${query}`), 403);
    }
  });

  it("tells an advertiser aliases only, until the network shows more", async () => {
    const text = async () =>
      JSON.stringify(await reportFor("advertiser", "group_by=publisher_id,label,sub1,landing_path"));
    const before = await text();
    expect(before).toMatch(/"publisher_id":"P-\d{5}"/);
    expect(before).not.toContain(stage.own.publisher_id);
    expect(before).not.toContain("HYPERLINK");
    await stage.json("admin", "/network", { method: "PATCH", json: { shows_publishers: true } });
    const after = await text();
    expect(after).toContain(stage.own.publisher_id);
    expect(after).toContain("HYPERLINK");
    await stage.json("admin", "/network", { method: "PATCH", json: { shows_publishers: false } });
  });

  it("counts only what is its own, whatever it asks for", async () => {
    const metrics = "metrics=calls,sessions";
    expect((await reportFor("publisher", metrics)).totals).toEqual({ calls: 2, sessions: 2 });
    const nothing = { calls: 0, sessions: 0 };
    for (const who of ["other_publisher", "stranger"] as const) {
      for (const name of ["publisher_id", "campaign_id"] as const) {
        expect((await reportFor(who, `${metrics}&${name}=${stage.own[name]}`)).totals).toEqual(nothing);
      }
    }
  });
});

describe("a query", () => {
  it.each([
    ["metrics=calls;DROP TABLE calls", "?metrics"],
    ["metrics=calls,revenue", "?metrics"],
    ["metrics=calls&metrics=sessions", "?metrics"],
    ["group_by=source)--", "?group_by"],
    ['group_by=source" FROM calls', "?group_by"],
    ["group_by=constructor", "?group_by"],
    ["group_by=network_id", "?group_by"],
    ["group_by=source,medium,term,content,channel,label", "?group_by"],
    ["timezone=UTC'--", "?timezone"],
    ["timezone=Mars/Base", "?timezone"],
    ["from=1e3", "?from"],
    ["from=-5", "?from"],
    ["limit=0", "?limit"],
    ["limit=201", "?limit"],
    ["limit=1;", "?limit"],
    ["status=gone", "?status"],
    ["format=xml", "?format"],
    ["network_id=org_1", "?network_id"],
    ["order_by=calls", "?order_by"],
  ])("with %s is refused by name", async (query, pointer) => {
    const search = new URLSearchParams(query).toString();
    const problem = await problemOf(await stage.as("admin", `/reports?${search}`), 422);
    expect(problem.errors?.[0]?.pointer).toBe(pointer);
  });

  it.each([
    "' OR 1=1 --",
    '"',
    "x' UNION SELECT auth_token_sealed FROM telephony_accounts --",
    "%",
    "\u0000",
  ])("for the value %j finds just that", async (value) => {
    const search = new URLSearchParams({ metrics: "calls", source: value, label: value });
    expect((await reportFor("admin", search.toString())).totals).toEqual({ calls: 0 });
  });
});

describe("a download", () => {
  it("as CSV is safe in a spreadsheet and leaves phone numbers alone", async () => {
    const response = await stage.as("admin", "/reports?metrics=calls&group_by=number,label,sub1&format=csv");
    expect(response.headers.get("content-type")).toBe("text/csv; charset=utf-8");
    const lines = (await response.text()).split("\r\n");
    expect(lines[0]).toBe("number,label,sub1,calls");
    expect(lines).toContain(`+12125550001,"'=HYPERLINK(""http://evil.example"")",-5,1`);
    expect(lines.at(-1)).toBe("");
    expect(lines.length).toBe(4);
  });

  it("as NDJSON has the rows of the JSON answer", async () => {
    const query = "metrics=sessions,calls&group_by=day,source";
    const response = await stage.as("admin", `/reports?${query}&format=ndjson`);
    expect(response.headers.get("content-type")).toBe("application/x-ndjson");
    const rows = (await response.text()).trimEnd().split("\n");
    expect(rows.map((row) => JSON.parse(row))).toEqual((await reportFor("admin", query)).data);
  });
});
