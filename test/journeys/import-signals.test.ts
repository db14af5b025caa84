import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Call } from "../../shared/api/calls.ts";
import type { SignalImport } from "../../shared/api/signals.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../shared/instant.ts";
import { layLine } from "../support/line.ts";
import { balancesOf, callNamed, ledgerOf, placeCall } from "../support/phone.ts";
import { type Stage, setStage } from "../support/stage.ts";
import { whileStuck } from "../support/stuck.ts";
import { beginUpload, csv, importOf, importOutcomes, sendOutcomes } from "../support/upload.ts";

/** Outcomes that come as a CSV: what becomes of them, of the money, and of an import that breaks off. */

const LINE = "+16285550900";
const OTHER_LINE = "+16285550901";
/** Lines that one write takes in. */
const PART = 500;

let stage: Stage;
let told = 0;

beforeAll(async () => {
  stage = await setStage();
  const { world, own } = stage;
  const other = await world.json<{ id: string }>("/api/v1/advertisers", { json: { name: "Bluebell Roofs" } });
  for (const [e164, advertiser_id] of [
    [LINE, own.advertiser_id],
    [OTHER_LINE, other.id],
  ] as const) {
    await layLine(world, {
      ...{ e164, advertiser_id, telephony_account_id: own.sandbox_account_id },
      terms: { requires_signal: "sold", signal_window_s: 7 * 86_400 },
    });
  }
});
afterAll(() => stage?.stop());

const tick = (now: number) => stage.world.json("/__local/scheduled", { method: "POST", now });

async function freshCall(at: number, to = LINE, account = stage.own.sandbox_account_id): Promise<Call> {
  const call_id = `import-${++told}`;
  await placeCall(stage.world, account, { call_id, to, at });
  return callNamed(stage.world, call_id, at + 5 * MINUTE_MS);
}
const seen = (call: Call, now: number) => callNamed(stage.world, call.provider_call_id, now);
const verdictOf = async (call: Call, now: number) => (await seen(call, now)).revenue?.status;
const ledger = (call: Call, now: number) => ledgerOf(stage.world, `call_id=${call.id}`, now);
const kept = (id: string, now: number) => stage.json<SignalImport>("admin", `/signals/import/${id}`, { now });

describe("outcomes that come as a CSV", () => {
  it("book the calls that wait for them, once, however often they are sent", async () => {
    const at = stage.world.at + DAY_MS;
    const [sold, lost] = [await freshCall(at), await freshCall(at + HOUR_MS)];
    expect(await verdictOf(sold, at + 2 * HOUR_MS)).toBe("pending");
    const now = at + 3 * HOUR_MS;
    const file = csv(
      "Value,call_id,occurred_at,name,revenue_micros",
      `true,${sold.id},${at + HOUR_MS},sold,125500000`,
      `true,${sold.id},${at + HOUR_MS},sold,125500000`,
      `0,${lost.id},${at + HOUR_MS},sold,`,
      `"no budget, ""too dear""",${lost.id},,reason`,
    );
    const job = await importOutcomes(stage.world, file, { now });
    expect(job).toMatchObject({ status: "done", accepted: 4, rejected: 0, errors: [], ended_at: now });
    expect(await kept(job.id, now)).toEqual(job);
    expect(await verdictOf(sold, now)).toBe("qualified");
    expect(await verdictOf(lost, now)).toBe("pending");
    const lines = await ledger(sold, now);
    expect(balancesOf(lines)).toMatchObject({ [`receivable ${stage.own.advertiser_id}`]: 70_000_000 });

    for (const later of [now + HOUR_MS, now + 2 * HOUR_MS]) {
      expect(await importOutcomes(stage.world, file, { now: later })).toMatchObject({
        accepted: 4,
        rejected: 0,
      });
      await tick(later);
    }
    const end = now + 3 * HOUR_MS;
    expect(await ledger(sold, end)).toEqual(lines);
    expect((await seen(sold, end)).signals).toMatchObject([
      { name: "sold", value: true, revenue_micros: 125_500_000, occurred_at: at + HOUR_MS },
    ]);
    expect((await seen(lost, end)).signals).toMatchObject([
      { name: "sold", value: 0, revenue_micros: null },
      { name: "reason", value: 'no budget, "too dear"', occurred_at: now },
    ]);
  });

  it("are an advertiser's of its own calls only; another's is as absent as one that never was", async () => {
    const at = stage.world.at + 2 * DAY_MS;
    const [own, foreign] = [await freshCall(at), await freshCall(at, OTHER_LINE)];
    const file = csv(
      "call_id,provider_call_id,name,value",
      `${own.id},,sold,1`,
      `${foreign.id},,sold,1`,
      `cal_00000000000000000000000000,,sold,1`,
      `,${foreign.provider_call_id},sold,1`,
    );
    const now = at + HOUR_MS;
    const job = await importOutcomes(stage.world, file, { now, key: stage.keys.advertiser });
    expect(job).toMatchObject({ accepted: 1, rejected: 3, organization_id: stage.own.advertiser_id });
    expect(job.errors).toEqual([3, 4, 5].map((line) => ({ line, detail: "there is no such call" })));
    expect((await seen(foreign, now)).signals).toEqual([]);
    expect(await verdictOf(own, now)).toBe("qualified");
    const strangers = await importOutcomes(stage.world, file, { now, key: stage.keys.stranger });
    expect(strangers).toMatchObject({ accepted: 0, rejected: 4 });
  });

  it("find their call by the provider's id where it is the only one of that id", async () => {
    const at = stage.world.at + 3 * DAY_MS;
    const { id: second } = await stage.json<{ id: string }>("admin", "/telephony-accounts", {
      json: { provider: "sandbox", name: "Second", account_sid: "SB2", auth_token: "needs-no-signature" },
    });
    const { campaign_id } = stage.own;
    await stage.json("admin", "/numbers", {
      json: { telephony_account_id: second, e164: ["+16285550902"], campaign_id },
    });
    const call = await freshCall(at);
    const twin = await freshCall(at + MINUTE_MS);
    const { provider_call_id } = twin;
    await placeCall(stage.world, second, { call_id: provider_call_id, to: "+16285550902", at });
    const file = csv(
      "provider_call_id,call_id,name,value",
      `${call.provider_call_id},,sold,1`,
      `${provider_call_id},,sold,1`,
      `${provider_call_id},${twin.id},sold,1`,
      `${call.provider_call_id},${twin.id},sold,1`,
    );
    expect(await importOutcomes(stage.world, file, { now: at + HOUR_MS })).toMatchObject({
      accepted: 2,
      errors: [
        { line: 3, detail: expect.stringContaining("give the call_id") },
        { line: 5, detail: "call_id and provider_call_id name two calls" },
      ],
    });
    // The advertiser of one of them knows of no other.
    const mine = csv("provider_call_id,name,value", `${call.provider_call_id},quoted,1`);
    expect(
      await importOutcomes(stage.world, mine, { now: at + HOUR_MS, key: stage.keys.advertiser }),
    ).toMatchObject({ accepted: 1 });
  });

  it("are judged by upkeep where they are too many for one request, or could not be judged at once", async () => {
    const at = stage.world.at + 4 * DAY_MS;
    const calls = await Promise.all(Array.from({ length: 22 }, (_, i) => freshCall(at + i * MINUTE_MS)));
    const now = at + 2 * HOUR_MS;
    const file = csv("call_id,name,value", ...calls.map(({ id }) => `${id},sold,1`));
    const [first] = calls as [Call];
    const verdicts = () => Promise.all(calls.map((call) => verdictOf(call, now)));
    const job = await whileStuck(stage.world, "verdicts", first.provider_call_id, () =>
      importOutcomes(stage.world, file, { now }),
    );
    expect(job).toMatchObject({ status: "done", accepted: 22 });
    expect(new Set(await verdicts())).toEqual(new Set(["pending"]));
    await importOutcomes(stage.world, file, { now });
    expect((await verdicts()).filter((status) => status === "qualified")).toHaveLength(20);
    await tick(now);
    expect(new Set(await verdicts())).toEqual(new Set(["qualified"]));
  });
});

describe("an import that breaks off", () => {
  const HEADER = "call_id,name,value,occurred_at\n";
  /** Outcomes of one call, a millisecond apart. */
  const outcomes = (call: Call, from: number, count: number, at: number) =>
    Array.from({ length: count }, (_, i) => `${call.id},sold,1,${at + from + i}\n`).join("");
  const told = async (call: Call, now: number) => (await seen(call, now)).signals.length;

  it("has taken in what it says, is judged, ends as failed, and is finished by sending it again", async () => {
    const at = stage.world.at + 10 * DAY_MS;
    const call = await freshCall(at);
    const now = at + HOUR_MS;
    const file = HEADER + outcomes(call, 0, PART + 100, at);
    const upload = beginUpload(stage.world, { now });
    upload.send(file);
    const running = await importOf(stage.world, ({ accepted }) => accepted === PART, now);
    expect(running.status).toBe("running");
    await stage.world.fault("throw");
    try {
      const { status, text } = await upload.end();
      expect(status, text).toBe(503);
      expect(text).toContain(running.id);
    } finally {
      await stage.world.fault("none");
    }
    expect((await kept(running.id, now)).status).toBe("running");
    expect(await told(call, now)).toBe(PART);
    await tick(now);
    expect(await verdictOf(call, now)).toBe("qualified");

    await tick(now + 9 * MINUTE_MS);
    expect((await kept(running.id, now)).status).toBe("running");
    await tick(now + 11 * MINUTE_MS);
    await tick(now + 12 * MINUTE_MS);
    expect(await kept(running.id, now)).toMatchObject({
      status: "failed",
      accepted: PART,
      errors: [{ line: PART + 2, detail: expect.stringContaining("send the file again") }],
      ended_at: now + 11 * MINUTE_MS,
    });
    expect(await importOutcomes(stage.world, file, { now })).toMatchObject({
      status: "done",
      accepted: PART + 100,
    });
    expect(await told(call, now)).toBe(PART + 100);
    expect(await ledger(call, now)).toHaveLength(2);
  });

  it("ends by itself when a write fails, at the line that the writes before it came to", async () => {
    const at = stage.world.at + 14 * DAY_MS;
    const call = await freshCall(at);
    const now = at + HOUR_MS;
    const file = HEADER + outcomes(call, 0, 2 * PART, at);
    await stage.world.d1.exec(
      `CREATE TRIGGER stuck BEFORE INSERT ON signals WHEN NEW.occurred_at = ${at + PART} BEGIN SELECT RAISE(ABORT, 'stuck'); END`,
    );
    try {
      expect((await sendOutcomes(stage.world, file, { now })).status).toBe(503);
    } finally {
      await stage.world.d1.exec("DROP TRIGGER stuck");
    }
    const { id } = await importOf(stage.world, ({ status }) => status === "failed", now);
    expect(await kept(id, now)).toMatchObject({
      accepted: PART,
      errors: [{ line: PART + 2, detail: expect.stringContaining("something failed on our side") }],
    });
    expect(await told(call, now)).toBe(PART);
    expect((await importOutcomes(stage.world, file, { now })).accepted).toBe(2 * PART);
    expect(await told(call, now)).toBe(2 * PART);
  });

  it("ends by itself when whoever sends it is gone", async () => {
    const at = stage.world.at + 11 * DAY_MS;
    const call = await freshCall(at);
    const now = at + HOUR_MS;
    const upload = beginUpload(stage.world, { now });
    upload.send(HEADER + outcomes(call, 0, PART + 10, at));
    const { id } = await importOf(stage.world, ({ accepted }) => accepted === PART, now);
    upload.hangUp();
    const ended = await importOf(stage.world, ({ status }) => status === "failed", now);
    expect(ended.id).toBe(id);
    const job = await kept(id, now);
    expect(job.errors.at(-1)?.detail).toContain("the upload broke off");
    expect(job.accepted).toBe(await told(call, now));
  });

  it("takes nothing in any more once it was given up", async () => {
    const at = stage.world.at + 12 * DAY_MS;
    const call = await freshCall(at);
    const now = at + HOUR_MS;
    const upload = beginUpload(stage.world, { now });
    upload.send(HEADER + outcomes(call, 0, PART + 1, at));
    const { id } = await importOf(stage.world, ({ accepted }) => accepted === PART, now);
    await tick(now + 11 * MINUTE_MS);
    upload.send(outcomes(call, PART + 1, PART, at));
    expect(await upload.end()).toMatchObject({ status: 409, text: expect.stringContaining("given up") });
    expect(await kept(id, now)).toMatchObject({ status: "failed", accepted: PART });
    expect(await told(call, now)).toBe(PART);
  });

  it("has stored nothing while it is shorter than one write", async () => {
    const at = stage.world.at + 13 * DAY_MS;
    const call = await freshCall(at);
    const now = at + HOUR_MS;
    await stage.world.d1.exec(
      "CREATE TRIGGER stuck BEFORE INSERT ON signal_imports BEGIN SELECT RAISE(ABORT, 'stuck'); END",
    );
    try {
      const sent = await sendOutcomes(stage.world, HEADER + outcomes(call, 0, 3, at), { now });
      expect(sent.status).toBe(503);
    } finally {
      await stage.world.d1.exec("DROP TRIGGER stuck");
    }
    expect(await told(call, now)).toBe(0);
  });
});
