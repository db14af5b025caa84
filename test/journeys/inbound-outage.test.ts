import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startWorld, type World } from "../support/world.ts";
import { CALLER, keysOf, type Stage, setStage } from "./inbound-stage.ts";

/**
 * Until the provider has its answer. It is there within a second on an idle machine; busy cores are allowed more,
 * but less than a slow database takes.
 */
const ANSWER_MS_MAX = 2_500;
const RINGS = 5;
const FAULTS = ["throw", "hang", "slow"] as const;

let stage: Stage;
let data_dir: string;
const key = "rt_test_outage_key_000001";

beforeAll(async () => {
  data_dir = await mkdtemp(join(tmpdir(), "ringtrail-"));
  stage = await setStage({ data_dir, key });
});
afterAll(async () => {
  await stage?.world.stop();
  await rm(data_dir, { recursive: true, force: true });
});
beforeEach(() => {
  stage.world.at += 600_000;
});
afterEach(() => stage.world.fault("none"));

async function timed<T>(work: () => Promise<T>): Promise<{ value: T; took_ms: number }> {
  const start = performance.now();
  const value = await work();
  return { value, took_ms: performance.now() - start };
}

const upkeep = (world: World) => world.json("/__local/scheduled", { method: "POST" });

describe("while the database is silent", () => {
  it.each(FAULTS)(
    "(%s) every caller is dialled within a second, and the call is made up for later",
    async (fault) => {
      const { world, stock } = stage;
      const warm = `CAwarm${fault}`;
      await stage.ring(warm);
      await world.fault(fault);
      const rang_at = world.at + 1_000;
      const rings = await Promise.all(
        Array.from({ length: RINGS }, (_, i) =>
          timed(() => stage.ring(`CA${fault}${i}`, {}, { now: rang_at })),
        ),
      );
      for (const { value, took_ms } of rings) {
        expect(value).toContain(`>${stock.destination_number}</Number>`);
        expect(took_ms).toBeLessThan(ANSWER_MS_MAX);
      }
      await world.fault("none");
      expect(await keysOf(world, `blind/${stage.twilio_account_id}/CA${fault}`)).toHaveLength(RINGS);

      world.at += 600_000;
      await upkeep(world);
      expect(await keysOf(world, "blind/")).toEqual([]);
      for (let i = 0; i < RINGS; i++) {
        const call = await stage.row(`CA${fault}${i}`);
        expect(call).toMatchObject({
          started_at: rang_at,
          campaign_id: stock.campaign_id,
          target: stock.destination_number,
          from_area_code: "415",
        });
        // The answer named the call before it was stored.
        expect(rings[i]?.value).toContain(`/dial/${call?.id}"`);
        const told = (await stage.events(`CA${fault}${i}`)).find((event) => event.kind === "instructed");
        expect(JSON.parse(told?.event ?? "{}")).toMatchObject({ blind: true, action: "dial" });
      }
    },
  );

  it("the journal holds no caller's number in the clear", async () => {
    await stage.world.fault("throw");
    await stage.ring("CAprivate");
    await stage.world.fault("none");
    const kv = await stage.world.miniflare.getKVNamespace("PLANS");
    const [name] = await keysOf(stage.world, `blind/${stage.twilio_account_id}/CAprivate`);
    const entry = await kv.get(name!);
    expect(entry).toContain("CAprivate");
    expect(entry).not.toContain(CALLER.slice(2));
  });

  it("a status is answered 5xx, so that it comes again, and a dial's end is answered all the same", async () => {
    const { world } = stage;
    const at = world.at;
    await stage.ring("CAstatus");
    const call = await stage.row("CAstatus");
    await world.fault("throw");
    const ends = { CallSid: "CAstatus", From: CALLER, To: stage.static_number };
    const status = { ...ends, CallStatus: "completed", CallDuration: "40", SequenceNumber: "0" };
    expect((await stage.hook("status", status, { now: at + 40_000 })).status).toBe(503);
    const dial = { ...ends, DialCallSid: "CAstatusleg", DialCallStatus: "completed", DialCallDuration: "35" };
    const ended = await stage.hook(`dial/${call?.id}`, dial, { now: at + 39_000 });
    expect(ended.status).toBe(200);
    expect(await ended.text()).toMatch(/<Response\/>$/);
    await world.fault("none");
    expect(await stage.row("CAstatus")).toMatchObject({ ended_at: null, connected_s: null });

    expect((await stage.hook("status", status, { now: at + 70_000 })).status).toBe(200);
    world.at += 100_000;
    await upkeep(world);
    expect(await stage.row("CAstatus")).toMatchObject({
      connected_s: 35,
      duration_s: 40,
      leg_reported_at: at + 39_000,
    });
    expect((await stage.row("CAstatus"))?.attribution_version).toBeGreaterThanOrEqual(1);
  });

  it("a call answered blind begins at its ring, also when its end is reported first", async () => {
    const { world } = stage;
    const at = world.at;
    await stage.ring("CAwarmagain");
    await world.fault("hang");
    await stage.ring("CAendfirst", {}, { now: at });
    await world.fault("none");
    const ended = {
      CallSid: "CAendfirst",
      From: CALLER,
      To: stage.static_number,
      CallStatus: "completed",
      CallDuration: "20",
    };
    expect((await stage.hook("status", ended, { now: at + 31_000 })).status).toBe(200);
    expect(await stage.row("CAendfirst")).toMatchObject({ started_at: at, status: "completed" });
    expect(await keysOf(world, `blind/${stage.twilio_account_id}/CAendfirst`)).toEqual([]);
  });

  it("the sandbox, too, places a call with a key that was good before", async () => {
    const to = stage.stock.pool_numbers[0]!;
    await stage.sandbox("voice", { call_id: "before", from: CALLER, to });
    await stage.world.fault("throw");
    const answer = await stage.sandbox("voice", { call_id: "during", from: CALLER, to });
    expect(await answer.json()).toMatchObject({ action: "dial", target: stage.stock.destination_number });
  });

  it("a fresh isolate answers from the copies in KV", async () => {
    const at = stage.world.at;
    await stage.world.stop();
    const world = await startWorld({ data_dir, key });
    world.at = at;
    stage.world = world;
    for (const fault of FAULTS) {
      await world.fault(fault);
      const { value, took_ms } = await timed(() => stage.ring(`CAfresh${fault}`));
      expect(value).toContain(`>${stage.stock.destination_number}</Number>`);
      expect(took_ms).toBeLessThan(ANSWER_MS_MAX);
    }
    await world.fault("none");
    await upkeep(world);
    for (const fault of FAULTS) {
      expect(await stage.row(`CAfresh${fault}`)).toMatchObject({
        started_at: at,
        campaign_id: stage.stock.campaign_id,
      });
    }
  });
});
