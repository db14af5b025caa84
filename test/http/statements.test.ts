import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Statement } from "../../shared/api/statements.ts";
import { MINUTE_MS } from "../../shared/instant.ts";
import { checkRoute, problemOf } from "../support/api-suite.ts";
import { placeCall, visit } from "../support/phone.ts";
import { type Stage, setStage, type Who } from "../support/stage.ts";

/** Half past ten in the evening of the 30th in Los Angeles: December in UTC. */
const LATE = Date.UTC(2026, 11, 1, 6, 30);

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
  const { world, own } = stage;
  world.at = LATE;
  await stage.json("admin", "/network", { method: "PATCH", json: { timezone: "America/Los_Angeles" } });
  const to = await visit(world, own, LATE);
  await placeCall(world, own.sandbox_account_id, { call_id: "earns", to, at: LATE + MINUTE_MS });
  world.at = LATE + 10 * MINUTE_MS;
});
afterAll(() => stage?.stop());
const on = () => stage;

const statementFor = (who: Who, query = "") => stage.json<Statement>(who, `/statements?${query}`);

describe("/statements", () => {
  checkRoute(on, {
    operation: "statements.read",
    method: "GET",
    path: (s) => `/statements?organization_id=${s.own.publisher_id}`,
    status: 200,
    answers: Statement,
  });

  it("has the month of the network's clock, and both sides of a call", async () => {
    const [network, advertiser, publisher] = await Promise.all(
      (["admin", "advertiser", "publisher"] as const).map((who) => statementFor(who, "period=2026-11")),
    );
    expect(network).toMatchObject({ organization_id: stage.world.network_id, total_micros: 25_000_000 });
    expect(advertiser).toMatchObject({ organization_id: stage.own.advertiser_id, total_micros: 70_000_000 });
    expect(publisher).toMatchObject({
      organization_id: stage.own.publisher_id,
      period: "2026-11",
      timezone: "America/Los_Angeles",
      currency: "USD",
      total_micros: 45_000_000,
      line_count: 1,
      next_cursor: null,
    });
    const [charged] = advertiser?.lines ?? [];
    const [earned] = publisher?.lines ?? [];
    expect(charged).toMatchObject({ kind: "charge", campaign_id: stage.own.campaign_id });
    expect(earned).toMatchObject({ kind: "payout", amount_micros: 45_000_000, call_id: charged?.call_id });
    expect(earned?.call_started_at).toBe(LATE + MINUTE_MS);
    expect(network?.lines.map(({ amount_micros }) => amount_micros)).toEqual([70_000_000, -45_000_000]);
    expect((await statementFor("publisher", "period=2026-12")).lines).toEqual([]);
  });

  it("is of this month and of oneself unless told", async () => {
    expect(await statementFor("publisher")).toMatchObject({
      period: "2026-11",
      organization_id: stage.own.publisher_id,
    });
  });

  it("is for a network's own organizations and for oneself", async () => {
    const of = (id: string) => `/statements?organization_id=${id}`;
    const ofAdvertiser = await stage.json<Statement>("billing", of(stage.own.advertiser_id));
    expect(ofAdvertiser.total_micros).toBe(70_000_000);
    for (const [who, id] of [
      ["admin", stage.foreign.publisher_id],
      ["publisher", stage.own.advertiser_id],
      ["publisher", stage.world.network_id],
      ["advertiser", stage.own.publisher_id],
      ["other_publisher", stage.own.publisher_id],
      ["stranger", stage.own.publisher_id],
    ] as const) {
      await problemOf(await stage.as(who, of(id)), 404);
    }
  });

  it("is a download of every line too", async () => {
    const csv = await (await stage.as("publisher", "/statements?format=csv")).text();
    const [header, line, end] = csv.split("\r\n");
    expect(header).toBe(
      "transaction_id,posted_at,kind,call_id,call_started_at,campaign_id,amount_micros,reason",
    );
    expect(line?.split(",")[6]).toBe("45000000");
    expect(end).toBe("");
  });

  it.each([
    ["period=2026-13", "?period"],
    ["period=now", "?period"],
    ["currency=usd", "?currency"],
    ["organization_id=x", "?organization_id"],
    ["cursor=x", "?cursor"],
    ["from=1", "?from"],
  ])("refuses %s by name", async (query, pointer) => {
    const problem = await problemOf(await stage.as("admin", `/statements?${query}`), 422);
    expect(problem.errors?.[0]?.pointer).toBe(pointer);
  });
});
