import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { CALLER, countRows, type Stage, setStage } from "./inbound-stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
});
afterAll(() => stage?.world.stop());
beforeEach(() => {
  stage.world.at += 3_600_000;
});

/** As Twilio stamps: whole seconds. */
const stamp = (at: number) => new Date(at).toUTCString().replace("GMT", "+0000");

/** The reports of a call that rings at `at`, is answered after 8 s and connected for 95 s, each at its moment. */
function reportsOf(sid: string, at: number) {
  const ends = { From: CALLER, To: stage.static_number };
  const leg = { CallSid: `${sid}leg`, ParentCallSid: sid, From: CALLER, To: stage.stock.destination_number };
  return {
    answered: () =>
      stage.hook(
        "status",
        { ...leg, CallStatus: "in-progress", SequenceNumber: "0", Timestamp: stamp(at + 8_000) },
        { now: at + 9_000 },
      ),
    legEnded: () =>
      stage.hook(
        "status",
        {
          ...leg,
          CallStatus: "completed",
          CallDuration: "95",
          SequenceNumber: "1",
          Timestamp: stamp(at + 103_000),
        },
        { now: at + 104_000 },
      ),
    dialEnded: async () => {
      const call = await stage.row(sid);
      return stage.hook(
        `dial/${call?.id ?? "cal_00000000000000000000000000"}`,
        {
          ...ends,
          CallSid: sid,
          CallStatus: "in-progress",
          DialCallSid: leg.CallSid,
          DialCallStatus: "completed",
          DialCallDuration: "95",
        },
        { now: at + 103_500 },
      );
    },
    callEnded: () =>
      stage.hook(
        "status",
        {
          ...ends,
          CallSid: sid,
          CallStatus: "completed",
          CallDuration: "97",
          SequenceNumber: "0",
          Timestamp: stamp(at + 104_000),
        },
        { now: at + 105_000 },
      ),
  };
}

const WHAT_HAPPENED = [
  "status",
  "disposition",
  "started_at",
  "answered_at",
  "ended_at",
  "duration_s",
  "connected_s",
  "leg_reported_at",
  "target",
  "legs",
] as const;

async function whatHappened(sid: string, at: number) {
  const row = await stage.row(sid);
  return Object.fromEntries(
    WHAT_HAPPENED.map((name) => {
      const value = row?.[name];
      return [name, typeof value === "number" && name.endsWith("_at") ? value - at : value];
    }),
  );
}

describe("a call's reports", () => {
  it("make the call, each answered with nothing more to do", async () => {
    const { at } = stage.world;
    await stage.ring("CAlife");
    const reports = reportsOf("CAlife", at);
    for (const report of [reports.answered, reports.dialEnded, reports.legEnded, reports.callEnded]) {
      const answer = await report();
      expect(answer.status).toBe(200);
      expect(await answer.text()).toMatch(/<Response\/>$/);
    }
    expect(await whatHappened("CAlife", at)).toEqual({
      status: "completed",
      disposition: "answered",
      started_at: 0,
      answered_at: 8_000,
      ended_at: 104_000,
      duration_s: 97,
      connected_s: 95,
      leg_reported_at: 103_500,
      target: stage.stock.destination_number,
      legs: JSON.stringify([
        { target: stage.stock.destination_number, role: "buyer", status: "answered", connected_s: 95 },
      ]),
    });
    // Judged once the leg had reported.
    expect((await stage.row("CAlife"))?.attribution_version).toBeGreaterThanOrEqual(1);
  });

  it("make the same call in any order, all at once, and a hundred times over", async () => {
    const at = stage.world.at;
    const names = ["answered", "legEnded", "dialEnded", "callEnded"] as const;
    const orders = [names, names.toReversed(), ["callEnded", "answered", "dialEnded", "legEnded"] as const];
    for (const [i, order] of orders.entries()) {
      const sid = `CAorder${i}`;
      await stage.ring(sid, {}, { now: at });
      for (const name of order) expect((await reportsOf(sid, at)[name]()).status).toBe(200);
    }
    await stage.ring("CAatonce", {}, { now: at });
    const atOnce = reportsOf("CAatonce", at);
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, i) => atOnce[names[i % names.length]!]()),
    );
    expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([200]));

    // On a busy machine a dial's end may have been journaled rather than stored: upkeep brings it in.
    await stage.world.json("/__local/scheduled", { method: "POST", now: at + 110_000 });
    const first = await whatHappened("CAorder0", at);
    for (const sid of ["CAorder1", "CAorder2", "CAatonce"])
      expect(await whatHappened(sid, at)).toEqual(first);
    const events = await stage.events("CAatonce");
    // Ring, what we told, three reports of the leg, our own end of the call and the provider's; judgements apart.
    const reported = events.filter((event) => event.kind !== "judged_again");
    expect(reported).toHaveLength(7);
    expect(new Set(events.map((event) => event.event_key)).size).toBe(events.length);
    expect(events.map((event) => event.seq)).toEqual(events.map((_, i) => i + 1));
  });

  it("make the call when no voice hook came, from the provider's start", async () => {
    const at = stage.world.at;
    const { callEnded, legEnded } = reportsOf("CAnohook", at);
    expect((await legEnded()).status).toBe(503);
    expect(await stage.row("CAnohook")).toBeNull();
    expect((await callEnded()).status).toBe(200);
    expect(await whatHappened("CAnohook", at)).toMatchObject({
      started_at: 7_000,
      ended_at: 104_000,
      connected_s: null,
    });
    expect((await legEnded()).status).toBe(200);
    expect(await whatHappened("CAnohook", at)).toMatchObject({ started_at: 7_000, connected_s: 95 });
  });

  it("of a test caller leave the call a test, also when they move its start", async () => {
    const testCallers = (numbers: string[]) =>
      stage.world.d1.prepare("UPDATE campaigns SET test_callers = ?").bind(JSON.stringify(numbers)).run();
    const at = stage.world.at;
    await testCallers([CALLER]);
    const ended = { CallSid: "CAtested", From: CALLER, To: stage.static_number, CallStatus: "completed" };
    expect((await stage.hook("status", ended, { now: at + 60_000 })).status).toBe(200);
    expect(await stage.row("CAtested")).toMatchObject({ is_test: 1, started_at: at + 60_000 });
    expect((await reportsOf("CAtested", at).answered()).status).toBe(200);
    await testCallers([]);
    expect(await stage.row("CAtested")).toMatchObject({ is_test: 1, started_at: at + 8_000 });
  });

  it("of a pool's number without a voice hook ask the pool as of the start, and say so", async () => {
    const at = stage.world.at;
    const to = stage.stock.pool_numbers[0]!;
    const ended = {
      call_id: "late-1",
      from: CALLER,
      to,
      status: "completed",
      duration_s: 60,
      connected_s: 50,
    };
    expect((await stage.sandbox("status", ended, { now: at + 60_000 })).status).toBe(200);
    const call = await stage.row("late-1");
    expect(call).toMatchObject({ started_at: at, pool_id: stage.stock.pool_id });
    const frozen = await stage.world.d1
      .prepare("SELECT asked_later, snapshot FROM candidate_snapshots WHERE call_id = ?")
      .bind(call?.id)
      .first<{ asked_later: number; snapshot: string }>();
    expect(frozen?.asked_later).toBe(1);
    expect(JSON.parse(frozen!.snapshot)).toMatchObject({ at, number_key: call?.number_key });
  });

  it("of a call and a number that are nobody's are not found, and nothing is stored", async () => {
    const rows = await countRows(stage.world);
    const strange = { CallSid: "CAstrange", From: CALLER, To: "+16285559999", CallStatus: "completed" };
    expect((await stage.hook("status", strange)).status).toBe(404);
    expect((await stage.sandbox("status", { call_id: "strange", status: "completed" })).status).toBe(404);
    expect(await countRows(stage.world)).toEqual(rows);
  });

  it("of a refused call close it, and it stays nobody's", async () => {
    const to = "+16285559998";
    await stage.ring("CArefused", { To: to });
    const ended = { CallSid: "CArefused", From: CALLER, To: to, CallStatus: "completed", CallDuration: "4" };
    expect((await stage.hook("status", ended, { now: stage.world.at + 4_000 })).status).toBe(200);
    expect(await stage.row("CArefused")).toMatchObject({
      status: "rejected",
      campaign_id: null,
      ended_at: stage.world.at + 4_000,
      attribution_version: 0,
    });
  });

  it("without a word about the leg leave the call unjudged", async () => {
    const to = stage.stock.pool_numbers[1]!;
    await stage.sandbox("voice", { call_id: "unreported", from: CALLER, to });
    const ended = { call_id: "unreported", status: "completed", duration_s: 60 };
    expect((await stage.sandbox("status", ended, { now: stage.world.at + 60_000 })).status).toBe(200);
    expect(await stage.row("unreported")).toMatchObject({
      status: "completed",
      disposition: "unreported",
      duration_s: 60,
      connected_s: null,
      leg_reported_at: null,
      attribution_version: 0,
    });
  });

  it("decide whose call it is by the assignment at its start, not at its end", async () => {
    const { world, stock } = stage;
    const other = await world.json<{ id: string }>("/api/v1/campaigns", {
      json: {
        advertiser_id: stock.advertiser_id,
        name: "Roofing",
        timezone: "America/Los_Angeles",
        currency: "USD",
        destination_number: "+14155550188",
      },
    });
    const at = world.at;
    await stage.ring("CAmoved");
    const closes = world.d1
      .prepare("UPDATE number_assignments SET to_at = ? WHERE to_at IS NULL AND number_key = ?")
      .bind(at + 50_000, (await stage.row("CAmoved"))?.number_key);
    const opens = world.d1
      .prepare(
        "INSERT INTO number_assignments (id, network_id, number_key, from_at, campaign_id) VALUES ('asg_moved', ?, ?, ?, ?)",
      )
      .bind(world.network_id, (await stage.row("CAmoved"))?.number_key, at + 50_000, other.id);
    await world.d1.batch([closes, opens]);
    expect((await reportsOf("CAmoved", at).callEnded()).status).toBe(200);
    expect(await stage.row("CAmoved")).toMatchObject({ campaign_id: stock.campaign_id });
    world.at += 100_000;
    await stage.ring("CAaftermove");
    expect(await stage.row("CAaftermove")).toMatchObject({ campaign_id: other.id, target: "+14155550188" });
  });
});
