import type { D1Database, KVNamespace } from "@cloudflare/workers-types";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { callProgress } from "../../edge/journeys/call-progress.ts";
import { inboundCall, replayBlind } from "../../edge/journeys/inbound-call.ts";
import { dialEnded } from "../../edge/journeys/phone/after-dial.ts";
import { recordingReady } from "../../edge/journeys/phone/recordings.ts";
import type { PoolPort } from "../../edge/leasing/pool-port.ts";
import { stretchDeadlines } from "../../edge/platform/deadline.ts";
import { forgetPlans } from "../../edge/routing/plan-store.ts";
import { twilioSignature } from "../../edge/telephony/twilio-signature.ts";
import { type InProcess, inProcess, losingD1, unhurried } from "./in-process.ts";
import { CALLER, countRows, keysOf, type Stage, setStage } from "./inbound-stage.ts";

let stage: Stage;
let kv: KVNamespace;
let services: InProcess["services"];
unhurried();
beforeAll(async () => {
  vi.stubGlobal("__LOCAL__", true);
  stage = await setStage();
  ({ kv, services } = await inProcess(stage));
});
afterAll(async () => {
  vi.unstubAllGlobals();
  await stage?.world.stop();
});
beforeEach(() => {
  forgetPlans();
  stage.world.at += 600_000;
});

async function webhook(path: string, fields: Record<string, string>) {
  const url = `${stage.world.url}/v1/telephony/${stage.twilio_account_id}/${path}`;
  const body = new URLSearchParams(fields).toString();
  const headers = new Headers({ "x-twilio-signature": await twilioSignature(url, body, stage.auth_token) });
  return { url, headers, body };
}

const voice = (CallSid: string) => webhook("voice", { CallSid, From: CALLER, To: stage.pool_number });
const ended = (CallSid: string) =>
  webhook("status", {
    CallSid: `${CallSid}leg`,
    ParentCallSid: CallSid,
    From: CALLER,
    To: stage.stock.destination_number,
    CallStatus: "completed",
    CallDuration: "95",
  });

const snapshotOf = (sid: string) =>
  stage.world.d1
    .prepare(
      "SELECT s.asked_later, s.snapshot FROM candidate_snapshots s JOIN calls c ON c.id = s.call_id " +
        "WHERE c.provider_call_id = ?",
    )
    .bind(sid)
    .first<{ asked_later: number; snapshot: string }>();

describe("a pool", () => {
  const faulty: Record<string, PoolPort["candidates"]> = {
    hangs: () => new Promise(() => {}),
    throws: () => Promise.reject(new Error("the object was reset")),
  };

  it.each(Object.keys(faulty))("that %s delays no call, and is asked later as of the ring", async (fault) => {
    // As far as the clock can be trusted on a busy machine: 0.9 s for the pool, 2.1 s for the database and it.
    stretchDeadlines(3);
    const sid = `CApool${fault}`;
    const broken = services({ pool: { candidates: faulty[fault] } as unknown as PoolPort });
    const start = performance.now();
    const answer = await inboundCall(broken, stage.twilio_account_id, await voice(sid));
    expect(performance.now() - start).toBeLessThan(3_000);
    expect(answer.ok && answer.value.body).toContain(stage.stock.destination_number);
    expect(await stage.row(sid)).toMatchObject({ pool_id: stage.stock.pool_id, status: "ringing" });
    expect(await snapshotOf(sid)).toBeNull();

    const rang_at = stage.world.at;
    stage.world.at += 120_000;
    const reported = await callProgress(services(), stage.twilio_account_id, await ended(sid));
    expect(reported.ok).toBe(true);
    const frozen = await snapshotOf(sid);
    expect(frozen?.asked_later).toBe(1);
    expect(JSON.parse(frozen!.snapshot)).toMatchObject({ at: rang_at });
    expect((await stage.row(sid))?.attribution_version).toBe(1);
  });
});

describe("a number that rings often", () => {
  const batches = (): { database: D1Database; sent: () => number } => {
    let sent = 0;
    return { database: losingD1(stage, "after", () => ++sent < 0), sent: () => sent };
  };

  it("is read once, and its second ring costs one write", async () => {
    await inboundCall(services(), stage.twilio_account_id, await voice("CAoften1"));
    const { database, sent } = batches();
    const static_ring = await webhook("voice", {
      CallSid: "CAoften2",
      From: CALLER,
      To: stage.static_number,
    });
    await inboundCall(services(), stage.twilio_account_id, static_ring);
    const again = await webhook("voice", { CallSid: "CAoften3", From: CALLER, To: stage.static_number });
    const answer = await inboundCall(services({ database }), stage.twilio_account_id, again);
    expect(answer.ok && answer.value.body).toContain(stage.stock.destination_number);
    expect(sent()).toBe(1);
    expect(await stage.row("CAoften3")).toMatchObject({ campaign_id: stage.stock.campaign_id });
    // The same ring again: the same answer, and no second call.
    const rows = await countRows(stage.world);
    const repeated = await inboundCall(services(), stage.twilio_account_id, again);
    expect(repeated).toEqual(answer);
    expect(await countRows(stage.world)).toEqual(rows);
  });

  it("is nobody's by a memory that is out of date: what moved elsewhere a moment ago rings there", async () => {
    const To = "+16285550960";
    const { pool_id } = stage.stock;
    const json = { telephony_account_id: stage.twilio_account_id, e164: [To], pool_id };
    await stage.world.json("/api/v1/numbers", { json });
    const ring = (sid: string) => webhook("voice", { CallSid: sid, From: CALLER, To });
    await inboundCall(services(), stage.twilio_account_id, await ring("CAmoved1"));
    const { d1, at } = stage.world;
    const { number_key } = (await stage.row("CAmoved1")) as { number_key: number };
    // Another isolate moves the number: ours hears nothing of it.
    await d1.batch([
      d1
        .prepare("UPDATE number_assignments SET to_at = ? WHERE number_key = ? AND to_at IS NULL")
        .bind(at + 100, number_key),
      d1
        .prepare(
          "INSERT INTO number_assignments (id, network_id, number_key, from_at, campaign_id, publisher_id) " +
            "VALUES ('nas_moved', ?, ?, ?, ?, ?)",
        )
        .bind(
          stage.world.network_id,
          number_key,
          at + 100,
          stage.stock.campaign_id,
          stage.stock.publisher_id,
        ),
    ]);
    stage.world.at += 500;
    const answer = await inboundCall(services(), stage.twilio_account_id, await ring("CAmoved2"));
    expect(answer.ok && answer.value.body).toContain(stage.stock.destination_number);
    expect(await stage.row("CAmoved1")).toMatchObject({ pool_id });
    expect(await stage.row("CAmoved2")).toMatchObject({ pool_id: null, number_key });
    expect(await snapshotOf("CAmoved2")).toBeNull();
    expect(await stage.events("CAmoved2")).toHaveLength(2);
  });
});

describe("a commit whose answer is lost", () => {
  it("of a ring: the caller is dialled, and the replayed journal changes nothing", async () => {
    // First the reads, then those of the pool's past, then the write.
    const unlucky = services({ database: losingD1(stage, "after", (nth) => nth === 3) });
    const rang = await inboundCall(unlucky, stage.twilio_account_id, await voice("CAlost"));
    expect(rang.ok && rang.value.body).toContain(stage.stock.destination_number);
    expect(unlucky.logged).toContain("call not recorded");
    const events = await stage.events("CAlost");
    expect(events).toHaveLength(2);
    expect(rang.ok && rang.value.body).toContain(`/dial/${(await stage.row("CAlost"))?.id}"`);
    expect(await keysOf(stage.world, `blind/${stage.twilio_account_id}/CAlost`)).toHaveLength(1);

    const rows = await countRows(stage.world);
    stage.world.at += 60_000;
    expect(await replayBlind(services())).toEqual({ replayed: 1, left: 0 });
    expect(await keysOf(stage.world, "blind/")).toEqual([]);
    expect(await countRows(stage.world)).toEqual(rows);
    expect(await stage.events("CAlost")).toEqual(events);
  });

  it("of a report: the provider is told to send it again, and then it is known", async () => {
    await inboundCall(services(), stage.twilio_account_id, await voice("CAagain"));
    stage.world.at += 120_000;
    const once = losingD1(stage, "after", (nth) => nth === 2);
    const first = await callProgress(
      services({ database: once }),
      stage.twilio_account_id,
      await ended("CAagain"),
    );
    expect(first).toMatchObject({ ok: false, error: { kind: "unavailable" } });
    expect(await stage.row("CAagain")).toMatchObject({ connected_s: 95, attribution_version: 0 });
    const second = await callProgress(services(), stage.twilio_account_id, await ended("CAagain"));
    expect(second.ok).toBe(true);
    const legs = (await stage.events("CAagain")).filter((event) => event.kind === "leg");
    expect(legs).toHaveLength(1);
    expect(await stage.row("CAagain")).toMatchObject({ connected_s: 95, attribution_version: 1 });
  });
});

describe("a recording", () => {
  const recorded = (CallSid: string) => {
    const RecordingUrl = "https://api.twilio.com/2010-04-01/Accounts/AC1/Recordings/RE1";
    return webhook("recording", { CallSid, RecordingSid: `RE${CallSid}`, RecordingUrl });
  };

  it("is never noted without the day on which it is to be erased, whatever is lost on the way", async () => {
    const { campaign_id } = stage.stock;
    await stage.world.json(`/api/v1/campaigns/${campaign_id}/call-flows`, {
      json: { recordings_kept_days: 2 },
    });
    for (const when of ["before", "after"] as const) {
      for (let lost = 1; lost <= 4; lost++) {
        const sid = `CAkept${when}${lost}`;
        await inboundCall(services(), stage.twilio_account_id, await voice(sid));
        const database = losingD1(stage, when, (nth) => nth === lost);
        const request = await recorded(sid);
        const answer = await recordingReady(services({ database }), stage.twilio_account_id, request);
        expect(answer.ok).toBe(true);
        await replayBlind(services());
        const { results } = await stage.world.d1
          .prepare("SELECT expires_at FROM recording_expiries WHERE recording_id = ?")
          .bind(`RE${sid}`)
          .all();
        expect(results).toEqual([{ expires_at: stage.world.at + 2 * 86_400_000 }]);
        const noted = (await stage.events(sid)).filter(({ kind }) => kind === "recorded");
        expect(noted).toHaveLength(1);
      }
    }
  });
});

describe("a journal entry", () => {
  it("replayed twice makes one call", async () => {
    await inboundCall(
      services({ database: losingD1(stage, "after", () => true) }),
      stage.twilio_account_id,
      await voice("CAdouble"),
    );
    const [key] = await keysOf(stage.world, `blind/${stage.twilio_account_id}/CAdouble`);
    const entry = await kv.get(key!);
    expect(entry).not.toBeNull();
    await replayBlind(services());
    const once = await stage.events("CAdouble");
    await kv.put(key!, entry!);
    expect(await replayBlind(services())).toEqual({ replayed: 1, left: 0 });
    expect(await stage.events("CAdouble")).toEqual(once);
  });

  it("whose call never began is kept for a day, then dropped", async () => {
    const dialEnd = await webhook("dial/cal_00000000000000000000000000", {
      CallSid: "CAorphan",
      DialCallStatus: "busy",
    });
    const answer = await dialEnded(
      services(),
      stage.twilio_account_id,
      "cal_00000000000000000000000000",
      dialEnd,
    );
    expect(answer.ok).toBe(true);
    expect(await replayBlind(services())).toEqual({ replayed: 0, left: 1 });
    stage.world.at += 25 * 3_600_000;
    await replayBlind(services());
    expect(await keysOf(stage.world, "blind/")).toEqual([]);
    expect(await stage.row("CAorphan")).toBeNull();
  });
});
