import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { seeded } from "../simulate/chance.ts";
import { law } from "../support/laws.ts";
import { startWorld } from "../support/world.ts";
import { CALLER, keysOf, type Stage, setStage } from "./inbound-stage.ts";

/**
 * Whatever the database does, every caller is dialled. The long form (`npm run verify`) rings 10,000 times, 1,000 of
 * them in isolates that have read nothing yet; the short one a few dozen times.
 */
const { numRuns, seed } = law(60);
const IS_LONG = numRuns > 60;
const CALLS = IS_LONG ? 10_000 : 60;
const FRESH_CALLS = IS_LONG ? 1_000 : 12;
/** The bar is a second, above what a busy machine adds to a request that asks for nothing. */
const ANSWER_MS_MAX = 1_000;
/** So many ring at once. */
const AT_ONCE = 10;
const NUMBERS = 50;
const FAULTS = ["throw", "hang", "slow"] as const;
/** Above all of this many ring before an isolate is replaced by a fresh one. */
const FRESH_ROUND = IS_LONG ? 50 : 4;

const key = "rt_test_never_drop_key_0001";
const numbers = Array.from({ length: NUMBERS }, (_, i) => `+1628444${String(i).padStart(4, "0")}`);
const chance = seeded(seed);
let stage: Stage;
let data_dir: string;
const told = new Map<string, string>();
let slowest_ms = 0;
let busy_ms = 0;

beforeEach(() => {
  slowest_ms = 0;
  busy_ms = 0;
});
beforeAll(async () => {
  data_dir = await mkdtemp(join(tmpdir(), "ringtrail-"));
  stage = await setStage({ data_dir, key });
  const json = {
    telephony_account_id: stage.twilio_account_id,
    e164: numbers,
    campaign_id: stage.stock.campaign_id,
  };
  await stage.world.json("/api/v1/numbers", { json });
});
afterAll(async () => {
  await stage?.world.stop();
  await rm(data_dir, { recursive: true, force: true });
});

/** One caller: the answer dials, within the time, and names our call. */
async function ring(call_sid: string): Promise<void> {
  const To = numbers[Math.floor(chance.next() * NUMBERS)] ?? "";
  const start = performance.now();
  const answer = await stage.hook("voice", { CallSid: call_sid, From: CALLER, To, CallStatus: "ringing" });
  const text = await answer.text();
  slowest_ms = Math.max(slowest_ms, performance.now() - start);
  expect(answer.status, text).toBe(200);
  expect(text).toMatch(/^<\?xml version="1\.0" encoding="UTF-8"\?><Response>.*<\/Response>$/);
  expect(text).toContain(`>${stage.stock.destination_number}</Number>`);
  told.set(call_sid, /\/dial\/(cal_\w+)/.exec(text)?.[1] ?? "");
}

/** How long the machine lets anybody wait: a request to the same Worker that needs no database. */
async function probe(): Promise<void> {
  const start = performance.now();
  await (await stage.world.ask("/__local/d1")).text();
  busy_ms = Math.max(busy_ms, performance.now() - start);
}

async function ringAll(name: string, calls: number): Promise<void> {
  for (let from = 0; from < calls; from += AT_ONCE) {
    const batch = Array.from({ length: Math.min(AT_ONCE, calls - from) }, (_, i) => `CA${name}${from + i}`);
    // As many of one as of the other: the slowest of many is slower than one.
    await Promise.all(batch.flatMap((call_sid) => [ring(call_sid), probe()]));
  }
}

/** The same data in a new process: nothing is remembered. */
async function renewIsolate(): Promise<void> {
  const { at } = stage.world;
  await stage.world.stop();
  stage.world = await startWorld({ data_dir, key });
  stage.world.at = at;
}

describe("while the database throws, hangs or is 5 s slow", () => {
  it.each(FAULTS)(
    "(%s) every caller is dialled in time by an isolate that knows the number or not",
    async (fault) => {
      await stage.world.fault(fault);
      await ringAll(`warm${fault}`, Math.floor((CALLS - FRESH_CALLS) / FAULTS.length));
      await stage.world.fault("none");
      expect(slowest_ms).toBeLessThan(ANSWER_MS_MAX + busy_ms);
    },
  );

  it.each(FAULTS)("(%s) so is every caller of an isolate that has read nothing yet", async (fault) => {
    const calls = FRESH_CALLS / FAULTS.length;
    for (let from = 0; from < calls; from += FRESH_ROUND) {
      await renewIsolate();
      await stage.world.fault(fault);
      await ringAll(`fresh${fault}${from}x`, Math.min(FRESH_ROUND, calls - from));
      await stage.world.fault("none");
    }
    expect(slowest_ms).toBeLessThan(ANSWER_MS_MAX + busy_ms);
  });

  it("and all of it is known afterwards, once, under the name that the answer gave", async () => {
    expect(told.size).toBeGreaterThanOrEqual(CALLS - 2 * FAULTS.length);
    stage.world.at += 60_000;
    for (let left = 1; left > 0; ) {
      await stage.world.json("/__local/scheduled", { method: "POST" });
      left = (await keysOf(stage.world, "blind/")).length;
    }
    const { results } = await stage.world.d1
      .prepare(
        "SELECT c.provider_call_id AS sid, c.id, count(*) AS events FROM calls c JOIN call_events e ON e.call_id = c.id GROUP BY c.id",
      )
      .all<{ sid: string; id: string; events: number }>();
    const known = new Map(results.map((row) => [row.sid, row]));
    expect(known.size).toBe(results.length);
    for (const [sid, id] of told) expect(known.get(sid)).toMatchObject({ id, events: 2 });
    const rows = results.length;
    await stage.world.json("/__local/scheduled", { method: "POST" });
    const again = await stage.world.d1.prepare("SELECT count(*) AS n FROM calls").first<{ n: number }>();
    expect(again?.n).toBe(rows);
  });
});
