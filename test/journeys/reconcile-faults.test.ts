import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { reconcile } from "../../edge/journeys/reconcile.ts";
import { forgetPlans } from "../../edge/routing/plan-store.ts";
import type { Period, ProviderApi, ReadCall } from "../../edge/telephony/rest/port.ts";
import { err, ok } from "../../shared/result.ts";
import { ledgerOf } from "../support/phone.ts";
import { type InProcess, inProcess, losingD1, unhurried } from "./in-process.ts";
import { type Stage, setStage } from "./inbound-stage.ts";

const OWN_NUMBER = "+16285550950";
/** More than an import with its judgement sends. */
const BATCHES_MAX = 6;
let stage: Stage;
let services: InProcess["services"];
const records = new Map<string, ReadCall>();

unhurried();
beforeAll(async () => {
  vi.stubGlobal("__LOCAL__", true);
  stage = await setStage();
  ({ services } = await inProcess(stage));
  const { campaign_id, publisher_id } = stage.stock;
  const of = { telephony_account_id: stage.twilio_account_id, campaign_id, publisher_id };
  await stage.world.json("/api/v1/numbers", { json: { ...of, e164: [OWN_NUMBER] } });
});
afterAll(async () => {
  vi.unstubAllGlobals();
  await stage?.world.stop();
});
beforeEach(() => {
  forgetPlans();
  records.clear();
  refused.clear();
  asked.length = 0;
  endless_ms = Number.POSITIVE_INFINITY;
  stage.world.at += 3_600_000;
});

/** The periods that were asked for. */
const asked: Period[] = [];
/** A period that is longer has more pages than anybody turns. */
let endless_ms = Number.POSITIVE_INFINITY;

/** Calls of which the provider will not tell, in its own words. */
const refused = new Set<string>();

const api = {
  readCall: async (id: string) =>
    refused.has(id)
      ? err({ kind: "refused", detail: "90018: the call has expired" })
      : ok(records.get(id) ?? null),
  listCalls: async (period: Period) => {
    asked.push(period);
    const { since, until } = period;
    const items = [...records.values()].filter((call) => call.started_at >= since && call.started_at < until);
    return ok({ items, next: until - since > endless_ms ? "more" : null });
  },
} as unknown as ProviderApi;

/** A call that ended five minutes ago and of which nobody told us. */
function record(id: string, from: string): void {
  const started_at = stage.world.at - 400_000;
  const ended_at = started_at + 100_000;
  const target = stage.stock.destination_number;
  records.set(id, {
    provider_call_id: id,
    from,
    to: OWN_NUMBER,
    status: "completed",
    started_at,
    ended_at,
    duration_s: 100,
    legs: [{ leg_id: `${id}leg`, target, status: "completed", connected_s: 95, ended_at }],
  });
}

describe("a connection that is lost while calls are read back", () => {
  it.each(["before", "after"] as const)("(%s a commit) loses no call and books none twice", async (when) => {
    for (let lost = 1; lost <= BATCHES_MAX; lost++) {
      stage.world.at += 3_600_000;
      const id = `CA${when}${lost}`;
      record(id, `+1415444${when === "before" ? 1 : 2}00${lost}`);
      const database = losingD1(stage, when, (nth) => nth === lost);
      await reconcile(services({ database, api }), stage.world.network_id, {
        left: 20,
        pages_left: 200,
      }).catch(() => null);
      // The next minutes find what is missing, whatever it is.
      for (let minute = 0; minute < 2; minute++) {
        stage.world.at += 5 * 60_000;
        await reconcile(services({ api }), stage.world.network_id, { left: 20, pages_left: 200 });
      }
      if ((await stage.row(id))?.payout_status === "pending") {
        await stage.world.json("/__local/scheduled", { method: "POST" });
      }
      const row = await stage.row(id);
      expect(row).toMatchObject({ connected_s: 95, payout_status: "qualified", revenue_status: "qualified" });
      const keys = (await stage.events(id)).map((event) => event.event_key);
      expect(new Set(keys).size).toBe(keys.length);
      const booked = await ledgerOf(stage.world, `call_id=${row?.id}`, stage.world.at);
      expect(booked.map((line) => line.kind).sort()).toEqual(["charge", "charge", "payout", "payout"]);
      records.clear();
    }
  });
});

describe("a call of which its provider refuses to tell", () => {
  const run = async () => {
    const of = services({ api });
    const done = await reconcile(of, stage.world.network_id, { left: 20, pages_left: 200 });
    return { done, logged: of.logged };
  };

  it("stands in the way of no other, and is asked for again ever more rarely", async () => {
    stage.world.at -= 10 * 60_000;
    const ends = { To: OWN_NUMBER, From: "+14154470001" };
    await stage.ring("CArefused", ends);
    await stage.ring("CAbehind", { ...ends, From: "+14154470002" });
    stage.world.at += 10 * 60_000;
    refused.add("CArefused").add("CAlisted");
    record("CAbehind", "+14154470002");
    record("CAlisted", "+14154470003");
    record("CAtoldlater", "+14154470004");

    const first = await run();
    expect(first.done).toMatchObject({ completed: 1, imported: 1 });
    expect(first.logged.filter((message) => message === "provider's record not read")).toHaveLength(2);
    for (const id of ["CAbehind", "CAtoldlater"])
      expect(await stage.row(id)).toMatchObject({ connected_s: 95 });
    const { alarms } = await stage.world.json<{ alarms: string[] }>(
      `/api/v1/telephony-accounts/${stage.twilio_account_id}`,
    );
    expect(alarms).toEqual([]);
    expect((await run()).done.asked).toBe(0);
    refused.clear();
    record("CArefused", "+14154470001");
    stage.world.at += 60_000;
    expect((await run()).done.completed).toBe(1);
  });
});

describe("a provider's list", () => {
  const sweep = () => reconcile(services({ api }), stage.world.network_id, { left: 20, pages_left: 200 });

  it("brings a call to light also while more calls go on than a run may ask about", async () => {
    const rang_at = stage.world.at - 10 * 60_000;
    for (let i = 0; i < 25; i++)
      await stage.ring(`CAgoeson${i}`, { From: `+1415445${1_000 + i}` }, { now: rang_at });
    record("CAunheard", "+14154460001");
    expect(await sweep()).toMatchObject({ imported: 1, asked: 15 });
    expect(await stage.row("CAunheard")).toMatchObject({ connected_s: 95 });
  });

  it("is gone through without a gap, an hour at a time, also after a day of silence", async () => {
    await sweep();
    asked.length = 0;
    stage.world.at += 24 * 3_600_000;
    const now = stage.world.at;
    for (let run = 0; run < 40 && asked.at(-1)?.until !== now; run++) await sweep();
    for (const [i, { since, until }] of asked.entries()) {
      expect(until - since).toBeLessThanOrEqual(3_600_000);
      if (i > 0) expect(since).toBe(asked[i - 1]?.until);
    }
    expect(asked.at(-1)?.until).toBe(now);
    expect((await sweep()).asked).toBe(0);
  });

  it("that is too long is read by halves", async () => {
    endless_ms = 20 * 60_000;
    record("CAhalves", "+14154443001");
    for (let run = 0; run < 12; run++) await sweep();
    expect(await stage.row("CAhalves")).toMatchObject({ connected_s: 95 });
    expect(asked.some(({ since, until }) => until - since <= endless_ms)).toBe(true);
  });

  it("tells of a call that goes on, which is asked for like any other from then on", async () => {
    record("CAgoeson", "+14154443002");
    const whole = records.get("CAgoeson");
    if (!whole) throw new Error("the call was recorded");
    records.set("CAgoeson", { ...whole, status: "answered", ended_at: null, duration_s: null, legs: null });
    for (let run = 0; run < 3; run++) await sweep();
    expect(await stage.row("CAgoeson")).toMatchObject({ started_at: whole.started_at, ended_at: null });
    records.set("CAgoeson", whole);
    stage.world.at += 5 * 60_000;
    await sweep();
    expect(await stage.row("CAgoeson")).toMatchObject({ ended_at: whole.ended_at, connected_s: 95 });
  });
});
