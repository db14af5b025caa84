import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { replayBlind } from "../../edge/journeys/inbound-call.ts";
import { type InProcess, inProcess, unhurried } from "./in-process.ts";
import { keysOf, type Stage, setStage } from "./inbound-stage.ts";

/** What was answered while the database was silent, beside entries of the journal that nobody can replay. */

/** As much as a run takes on, and more entries than that. */
const LIMIT = 10;
const ORPHANS = 23;
let stage: Stage;
let process: InProcess;

unhurried();
beforeAll(async () => {
  vi.stubGlobal("__LOCAL__", true);
  stage = await setStage();
  process = await inProcess(stage);
});
afterAll(async () => {
  vi.unstubAllGlobals();
  await stage?.world.stop();
});
beforeEach(() => {
  stage.world.at += 600_000;
});

const replay = () => replayBlind(process.services(), LIMIT);

async function ringBlind(sid: string): Promise<void> {
  await stage.ring(`${sid}warm`);
  await stage.world.fault("throw");
  await stage.ring(sid);
  await stage.world.fault("none");
  expect(await keysOf(stage.world, `blind/${stage.twilio_account_id}/${sid}/`)).toHaveLength(1);
}

describe("a call that was answered blind", () => {
  it("is replayed within minutes, however much stands before it that cannot be", async () => {
    const RecordingUrl = "https://api.twilio.com/2010-04-01/Accounts/AC1/Recordings/RE1";
    const orphan = { CallSid: "AAnobodys", RecordingSid: "RE1", RecordingUrl };
    expect((await stage.hook("recording", orphan)).status).toBe(200);
    const [name = ""] = await keysOf(stage.world, `blind/${stage.twilio_account_id}/AAnobodys/`);
    const text = (await process.kv.get(name)) ?? "";
    for (let i = 1; i < ORPHANS; i++) await process.kv.put(`${name}${i}`, text);
    await ringBlind("CAbehind");
    const runs = [await replay(), await replay(), await replay()];
    expect(runs.map(({ replayed }) => replayed)).toEqual([0, 0, 1]);
    expect(await stage.row("CAbehind")).toMatchObject({ campaign_id: stage.stock.campaign_id });
    expect(await keysOf(stage.world, "blind/")).toHaveLength(ORPHANS);

    stage.world.at += 25 * 3_600_000;
    for (let run = 0; run < 4; run++) await replay();
    expect(await keysOf(stage.world, "blind/")).toEqual([]);
  });

  it("is replayed beside an entry that nobody can read", async () => {
    const broken = `blind/${stage.twilio_account_id}/AAbroken/told`;
    await process.kv.put(broken, "{");
    await ringBlind("CAbeside");
    expect(await replay()).toEqual({ replayed: 1, left: 0 });
    expect(await stage.row("CAbeside")).toMatchObject({ campaign_id: stage.stock.campaign_id });
    await process.kv.delete(broken);
  });

  it("is replayed though the place where the last run ended is not known any more", async () => {
    await process.kv.put("replay/cursor", "no cursor");
    await ringBlind("CAlostplace");
    expect(await replay()).toEqual({ replayed: 1, left: 0 });
  });
});
