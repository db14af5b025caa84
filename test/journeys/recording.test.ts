import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Call } from "../../shared/api/calls.ts";
import { CALLER, keysOf, type Stage, setStage } from "./inbound-stage.ts";

/** Recordings: off by default, announced, declined by key, heard by who may, and every time in the audit log. */

/** The publisher's own: its calls are seen by it. */
const OWN_NUMBER = "+16285550950";
const SOUND = Buffer.from("ID3 a caller and an agent");
let stage: Stage;
let provider: Server;
let sounds = "";
let asked = 0;
/** The provider keeps its sounds to itself. */
let is_mute = false;
const keys = { advertiser: "", publisher: "" };

beforeAll(async () => {
  provider = createServer((_, response) => {
    asked += 1;
    if (is_mute) return response.writeHead(503).end();
    return response
      .writeHead(200, { "content-type": "audio/mpeg", "content-length": SOUND.length })
      .end(SOUND);
  });
  await new Promise<void>((resolve) => provider.listen(0, "127.0.0.1", resolve));
  sounds = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`;
  stage = await setStage();
  const { advertiser_id, publisher_id, campaign_id, sandbox_account_id } = stage.stock;
  await post("/numbers", {
    telephony_account_id: sandbox_account_id,
    e164: [OWN_NUMBER],
    campaign_id,
    publisher_id,
  });
  keys.advertiser = await keyOf(advertiser_id);
  keys.publisher = await keyOf(publisher_id);
});
afterAll(async () => {
  await stage?.world.stop();
  provider.close();
});

const post = <T = Record<string, unknown>>(path: string, json: unknown) =>
  stage.world.json<T>(`/api/v1${path}`, { json });
const keyOf = async (organization_id: string) =>
  (await post<{ key: string }>("/api-keys", { name: "Own", role: "admin", organization_id })).key;
const setFlow = (flow: object) => post(`/campaigns/${stage.stock.campaign_id}/call-flows`, flow);

let count = 0;
/** A call of the publisher's own number that was answered and is over. */
async function answered() {
  const call_id = `recorded-${++count}`;
  const to = OWN_NUMBER;
  const dial = (await (await stage.sandbox("voice", { call_id, from: CALLER, to })).json()) as {
    id: string;
    record?: boolean;
    callback?: string;
  };
  const ended = () =>
    stage.sandbox("status", { call_id, status: "completed", duration_s: 120, connected_s: 100 });
  return { call_id, to, dial, ended };
}

/** The provider says that the sound is there. */
function ready(call_id: string, recording_id: string, url = `${sounds}/${recording_id}`) {
  const path = `/v1/telephony/${stage.stock.sandbox_account_id}/recording`;
  return stage.world.ask(path, { json: { call_id, recording_id, url, duration_s: 100 } });
}

const listen = (call_id: string, recording_id: string, key = stage.world.key) =>
  stage.world.ask(`/api/v1/calls/${call_id}/recordings/${recording_id}`, { key });
const heard = async () =>
  (
    await stage.world.d1
      .prepare("SELECT actor, subject_id FROM audit_log WHERE action = 'recordings.play' ORDER BY id")
      .all()
  ).results.length;

const expiryOf = (recording_id: string) =>
  stage.world.d1
    .prepare("SELECT expires_at FROM recording_expiries WHERE recording_id = ?")
    .bind(recording_id)
    .first<number>("expires_at");
async function copiesOf(recording_id: string): Promise<string[]> {
  const archive = await stage.world.miniflare.getR2Bucket("ARCHIVE");
  const { objects } = await archive.list({ prefix: "recordings/" });
  return objects.map(({ key }: { key: string }) => key).filter((key) => key.endsWith(`/${recording_id}`));
}

describe("recording", () => {
  it("is off unless the campaign says so", async () => {
    const { dial } = await answered();
    expect(dial).toMatchObject({ action: "dial", record: false });
  });

  it("is announced before the phone rings", async () => {
    await setFlow({ recording: { heard_by: ["advertiser"] } });
    const { dial } = await answered();
    expect(dial).toMatchObject({ record: true, before: [{ say: "This call will be recorded." }] });
  });

  it("may be declined by a key: the call goes on unrecorded", async () => {
    await setFlow({ recording: { decline_key: "9" } });
    const { dial, call_id, to } = await answered();
    expect(dial).toMatchObject({ action: "gather" });
    const press = async (digits?: string) =>
      (
        await stage.world.ask(new URL(dial.callback ?? "").pathname, {
          json: { call_id, from: CALLER, to, digits },
        })
      ).json();
    expect(await press("9")).toMatchObject({ action: "dial", record: false });
    const seen = await stage.world.json<Call>(`/api/v1/calls/${dial.id}`);
    expect(seen.pressed).toEqual({ recording: "9" });
  });
});

describe("a recording", () => {
  it("is heard by the network and the sides it was opened to, each time in the audit log", async () => {
    await setFlow({ recording: { heard_by: ["advertiser"] } });
    const call = await answered();
    await call.ended();
    expect((await ready(call.call_id, "RE1")).status).toBe(200);
    const before = await heard();
    const response = await listen(call.dial.id, "RE1");
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("audio/mpeg");
    expect(Buffer.from(await response.arrayBuffer())).toEqual(SOUND);
    expect((await listen(call.dial.id, "RE1", keys.advertiser)).status).toBe(200);
    expect(await heard()).toBe(before + 2);
    expect((await listen(call.dial.id, "RE1", keys.publisher)).status).toBe(404);
    expect((await listen(call.dial.id, "RE2")).status).toBe(404);
    expect(await heard()).toBe(before + 2);
  });

  it("stands on the call of who may hear it, and is absent for who may not", async () => {
    const call = await answered();
    await call.ended();
    await ready(call.call_id, "RE3");
    const seenBy = (key: string) => stage.world.json<Call>(`/api/v1/calls/${call.dial.id}`, { key });
    expect((await seenBy(stage.world.key)).recordings).toMatchObject([
      { id: "RE3", of: "call", duration_s: 100 },
    ]);
    expect((await seenBy(keys.advertiser)).recordings).toHaveLength(1);
    const publishers = await seenBy(keys.publisher);
    expect(publishers.recordings).toEqual([]);
    expect(publishers.timeline?.map(({ kind }) => kind)).not.toContain("recorded");
  });

  it("reported twice is one, and is fetched from the provider once", async () => {
    const call = await answered();
    await call.ended();
    const before = asked;
    await ready(call.call_id, "RE4");
    await ready(call.call_id, "RE4");
    expect((await stage.events(call.call_id)).filter(({ kind }) => kind === "recorded")).toHaveLength(1);
    await (await listen(call.dial.id, "RE4")).arrayBuffer();
    await (await listen(call.dial.id, "RE4")).arrayBuffer();
    expect(asked - before).toBeLessThanOrEqual(2);
  });

  it("is fetched from nowhere but the provider", async () => {
    const call = await answered();
    await call.ended();
    await ready(call.call_id, "RE5", "http://169.254.169.254/latest/meta-data");
    expect((await listen(call.dial.id, "RE5")).status).toBe(404);
  });

  it("is copied when it is reported again, where it could not be the first time", async () => {
    const call = await answered();
    await call.ended();
    is_mute = true;
    const first = asked;
    await ready(call.call_id, "RE6");
    await expect.poll(() => asked).toBeGreaterThan(first);
    expect(await copiesOf("RE6")).toEqual([]);
    is_mute = false;
    await ready(call.call_id, "RE6");
    await expect.poll(() => copiesOf("RE6")).toHaveLength(1);
    const before = asked;
    await ready(call.call_id, "RE6");
    await (await listen(call.dial.id, "RE6")).arrayBuffer();
    expect(asked).toBe(before);
  });
});

describe("a recording that cannot be noted when it is reported", () => {
  const journaled = (call_id: string) =>
    keysOf(stage.world, `blind/${stage.stock.sandbox_account_id}/${call_id}/`);
  const upkeep = () => stage.world.json("/__local/scheduled", { method: "POST" });

  it("is noted once the database is back, as of the report, and erased in time", async () => {
    await setFlow({ recording: { heard_by: ["advertiser"] }, recordings_kept_days: 2 });
    const call = await answered();
    await call.ended();
    const { at } = stage.world;
    await stage.world.fault("throw");
    const answer = await ready(call.call_id, "RE30").finally(() => stage.world.fault("none"));
    expect(answer.status).toBe(200);
    const [key = ""] = await journaled(call.call_id);
    const kv = await stage.world.miniflare.getKVNamespace("PLANS");
    expect(await kv.get(key)).not.toContain(sounds);

    stage.world.at += 60_000;
    await setFlow({ recording: {} });
    await upkeep();
    const seen = await stage.world.json<Call>(`/api/v1/calls/${call.dial.id}`, { key: keys.advertiser });
    expect(seen.recordings).toEqual([{ id: "RE30", of: "call", duration_s: 100, recorded_at: at }]);
    expect(Buffer.from(await (await listen(call.dial.id, "RE30")).arrayBuffer())).toEqual(SOUND);
    expect(await journaled(call.call_id)).toEqual([]);
    await expect.poll(() => copiesOf("RE30")).toHaveLength(1);
    expect(await expiryOf("RE30")).toBe(at + 2 * 86_400_000);
  });

  it("brings its call's beginning into the database, where that was answered blind", async () => {
    await answered();
    await stage.world.fault("throw");
    const call = await answered().finally(() => stage.world.fault("none"));
    expect((await ready(call.call_id, "RE31")).status).toBe(200);
    const seen = await stage.world.json<Call>(`/api/v1/calls/${call.dial.id}`);
    expect(seen.recordings).toMatchObject([{ id: "RE31" }]);
    expect(await journaled(call.call_id)).toEqual([]);
  });

  it("waits for a call that is not known yet, for a day", async () => {
    expect((await ready("nobodys", "RE32")).status).toBe(200);
    await upkeep();
    expect(await journaled("nobodys")).toHaveLength(1);
    stage.world.at += 25 * 3_600_000;
    await upkeep();
    expect(await journaled("nobodys")).toEqual([]);
  });
});

describe("a recording whose time has come", () => {
  const DAY_MS = 86_400_000;
  const upkeep = (now: number) => stage.world.json("/__local/scheduled", { method: "POST", now });

  it("is erased, our copy and the provider's, and heard by nobody; one without a time stays", async () => {
    await setFlow({ recording: {}, recordings_kept_days: 2 });
    const call = await answered();
    await call.ended();
    await ready(call.call_id, "RE20");
    await setFlow({ recording: {} });
    await ready(call.call_id, "RE21");
    const { at } = stage.world;
    await upkeep(at + 2 * DAY_MS - 1);
    await (await listen(call.dial.id, "RE20")).arrayBuffer();
    await upkeep(at + 2 * DAY_MS);
    await upkeep(at + 3 * DAY_MS);
    expect((await listen(call.dial.id, "RE20")).status).toBe(404);
    const seen = await stage.world.json<Call>(`/api/v1/calls/${call.dial.id}`);
    expect(seen.recordings).toMatchObject([{ id: "RE21" }]);
    expect(seen.timeline?.filter(({ kind }) => kind === "erased")).toHaveLength(1);
    expect(await copiesOf("RE20")).toEqual([]);
    // A late repetition of the report brings nothing back.
    const before = asked;
    await ready(call.call_id, "RE20");
    expect((await listen(call.dial.id, "RE20")).status).toBe(404);
    expect([asked, await copiesOf("RE20")]).toEqual([before, []]);
  });
});

describe("a message that was left", () => {
  it("is a recording of its own kind, and no time with the target", async () => {
    await setFlow({ menu: { start: "message", nodes: [{ kind: "voicemail", id: "message" }] } });
    const { call_id, dial } = await answered();
    expect(dial).toMatchObject({ action: "voicemail" });
    await stage.sandbox("status", { call_id, status: "completed", duration_s: 30 });
    await ready(call_id, "RE7");
    const seen = await stage.world.json<Call>(`/api/v1/calls/${dial.id}`);
    expect(seen).toMatchObject({ disposition: "voicemail", connected_s: 0, revenue: { status: "rejected" } });
    expect(seen.recordings).toMatchObject([{ id: "RE7", of: "voicemail" }]);
  });
});
