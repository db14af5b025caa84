import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { Call } from "../../shared/api/calls.ts";
import { type Inventory, stockUp } from "../support/inventory.ts";
import { callNamed } from "../support/phone.ts";
import { startWorld, type World } from "../support/world.ts";
import { fakeLaml } from "../telephony/fakes/laml.ts";
import { fakePlivo } from "../telephony/fakes/plivo.ts";
import { beginCall, type Fake } from "../telephony/fakes/providers.ts";
import { connect, type Line } from "../telephony/provider-line.ts";
import { SIGNERS } from "../telephony/signers.ts";
import { type Node, readXml } from "../telephony/xml-reader.ts";

/**
 * Nothing is recorded before both have heard that it is: where a provider's document would begin too early, its API is
 * asked when caller and agent are joined, and never for an agent who was not told.
 */

let world: World;
let stock: Inventory;
const NAMES = ["signalwire", "plivo"] as const;
const lines = new Map<string, Line>();
const fakes = new Map<string, Fake>();

beforeAll(async () => {
  const of = (name: (typeof NAMES)[number]) => ({ sid: `${name}-1`, token: SIGNERS[name].secrets.own });
  fakes.set("signalwire", await fakeLaml({ sid: "signalwire-1", token: "api-token", prefix: "/api/laml" }));
  fakes.set("plivo", await fakePlivo(of("plivo")));
  world = await startWorld({
    provider_apis: Object.fromEntries([...fakes].map(([name, fake]) => [name, fake.url])),
  });
  stock = await stockUp(world);
  for (const [i, name] of NAMES.entries()) lines.set(name, await connect(world, name, stock, `+122${i}555`));
  await world.json(`/api/v1/telephony-accounts/${lines.get("signalwire")!.account_id}/api`, {
    method: "PATCH",
    json: { api_token: "api-token", api_space: "example.signalwire.com" },
  });
  await world.json(`/api/v1/campaigns/${stock.campaign_id}/call-flows`, { json: { recording: {} } });
});
afterAll(async () => {
  await world?.stop();
  for (const fake of fakes.values()) await fake.close();
});

const address = (text: string | undefined): string => (text ?? "").replace(/#.*$/, "");
const found = (node: Node, tag: string): Node => {
  const child = node.children.find((one) => one.tag === tag);
  if (!child) throw new Error(`no ${tag}`);
  return child;
};

describe.each(NAMES)("%s", (name) => {
  const line = () => lines.get(name)!;
  const fake = () => fakes.get(name)!;
  let count = 0;

  /** A call that rings, up to the agent's picking up. `hear` is the agent's notice, `join` its end. */
  const ring = async () => {
    count += 1;
    const story = line().story(count, { to: line().numbers[0]! });
    const sent = line().payloads(story);
    const at = (s: number) => story.started_at + s * 1_000;
    const post = (url: string, parameters: Readonly<Record<string, string>>, s: number) =>
      line().send(url, parameters, at(s));
    const said = async (response: Promise<Response>) => readXml(await (await response).text());
    beginCall(fake(), { id: story.call_id, to: story.to, started_at: at(0) });
    const voice = `${world.url}/v1/telephony/${line().account_id}/voice`;
    const dial = found(await said(post(voice, sent.voice, 0)), "Dial");
    const phone = dial.children[0]!;
    const leg_status = address(phone.attributes.statusCallback ?? dial.attributes.callbackUrl);
    await post(leg_status, sent.leg_answered, 10);
    const hear = () =>
      said(post(phone.attributes.url ?? dial.attributes.confirmSound ?? "", sent.whisper, 10));
    const join = (heard: Node | null) =>
      name === "plivo"
        ? post(leg_status, { ...sent.leg_answered, DialAction: "connected", DialBLegStatus: "connected" }, 13)
        : post(found(heard!, "Redirect").text, sent.whisper, 13);
    const end = async () => {
      await post(leg_status, sent.leg_ended, 110);
      await post(address(dial.attributes.action), sent.dial_ended, 110);
    };
    const seen = async () => {
      const { id } = await callNamed(world, story.call_id, at(200));
      return world.json<Call>(`/api/v1/calls/${id}`, { now: at(200) });
    };
    const kinds = async () => (await seen()).timeline?.map(({ kind }) => kind) ?? [];
    const recordings = () => fake().recordings.filter(({ call_id }) => call_id === story.call_id);
    return { story, sent, post, hear, join, end, seen, kinds, recordings };
  };

  it("records from the moment both are joined, told twice or not, and keeps what comes of it", async () => {
    const call = await ring();
    const heard = await call.hear();
    expect(call.recordings()).toEqual([]);
    expect((await call.join(heard)).status).toBe(200);
    await vi.waitFor(async () => expect(await call.kinds()).toContain("recording"), 5_000);
    await call.join(heard);
    await call.end();
    const [begun] = call.recordings();
    const sound = { RecordingUrl: "https://recordings.example/1.mp3", RecordUrl: "" };
    // Plivo's API writes the fields of its report otherwise than its documents do.
    const { RecordUrl: _, RecordingID, RecordingDuration, ...more } = call.sent.recorded;
    const report =
      name === "plivo"
        ? {
            call_uuid: call.story.call_id,
            recording_id: RecordingID ?? "",
            recording_duration: RecordingDuration ?? "",
            record_url: sound.RecordingUrl,
          }
        : { ...more, ...call.sent.recorded, ...sound };
    expect((await call.post(address(begun?.callback), report, 120)).status).toBe(200);
    expect(call.recordings()).toHaveLength(1);
    const kinds = await call.kinds();
    expect(kinds.indexOf("announced")).toBeLessThan(kinds.indexOf("recording"));
    expect((await call.seen()).recordings).toMatchObject([{ of: "call", duration_s: 95 }]);
  });

  it.each([
    ["refuses", { status: 403, json: {} }],
    ["does not answer", "hang_up"],
  ] as const)("goes on unrecorded, and says so, when the API %s", async (_, fault) => {
    const call = await ring();
    fake().fail([fault], /Record/);
    expect((await call.join(await call.hear())).status).toBe(200);
    await vi.waitFor(async () => expect(await call.kinds()).toContain("not_recording"), 5_000);
    await call.end();
    expect(call.recordings()).toEqual([]);
    expect(await call.seen()).toMatchObject({ disposition: "answered", connected_s: 95, recordings: [] });
  });
});

describe("a call that goes from one recorded agent to the next", () => {
  it("is recorded once, from the first joining on", async () => {
    const line = lines.get("plivo")!;
    const fake = fakes.get("plivo")!;
    const story = line.story(70, { to: line.numbers[3]! });
    const sent = line.payloads(story);
    const at = (s: number) => story.started_at + s * 1_000;
    const { call_id } = story;
    beginCall(fake, { id: call_id, to: story.to, started_at: story.started_at });
    const voice = `${world.url}/v1/telephony/${line.account_id}/voice`;
    const answer = await line.send(voice, sent.voice, at(0));
    const dial = found(readXml(await answer.text()), "Dial");
    const connected = { ...sent.leg_answered, DialAction: "connected", DialBLegStatus: "connected" };
    const join = async (more: Record<string, string>, s: number) => {
      await line.send(dial.attributes.confirmSound ?? "", { ...sent.whisper, ...more }, at(s));
      const leg_status = address(dial.attributes.callbackUrl);
      expect((await line.send(leg_status, { ...connected, ...more }, at(s))).status).toBe(200);
    };
    const requests = () => fake.asked.filter((asked) => asked.includes(call_id) && /Record/.test(asked));
    await join({}, 10);
    await vi.waitFor(() => expect(requests()).toHaveLength(1), 5_000);
    const kinds = async () => {
      const { id } = await callNamed(world, call_id, at(60));
      const call = await world.json<Call>(`/api/v1/calls/${id}`, { now: at(60) });
      return (call.timeline ?? []).map(({ kind }) => kind).filter((kind) => /recording$/.test(kind));
    };
    await vi.waitFor(async () => expect(await kinds()).toEqual(["recording"]), 5_000);
    fake.fail([{ status: 400, json: { error: "it is being recorded" } }], /Record/);
    const second = story.leg_id.replace(/.$/, (last) => (last === "0" ? "1" : "0"));
    await join({ DialBLegUUID: second }, 40);
    // A third, whose recording has ended by then, is the first that is asked for again.
    const sound = { ...sent.recorded, RecordUrl: "https://recordings.example/1.mp3" };
    await line.send(`${world.url}/v1/telephony/${line.account_id}/recording`, sound, at(50));
    const third = story.leg_id.replace(/.$/, (last) => (last === "2" ? "3" : "2"));
    await join({ DialBLegUUID: third }, 55);
    await vi.waitFor(() => expect(requests()).toHaveLength(2), 5_000);
    await vi.waitFor(async () => expect(await kinds()).toEqual(["recording", "not_recording"]), 5_000);
  });
});

describe("a recording that its provider cannot be asked to delete", () => {
  const DAY_MS = 86_400_000;
  const publish = (json: object) => world.json(`/api/v1/campaigns/${stock.campaign_id}/call-flows`, { json });
  const scheduled = (now: number) => world.json("/__local/scheduled", { method: "POST", now });

  /** A call of Plivo's to this account, with a recording that is kept for a day. */
  async function recorded(account_id: string, to: string, n: number) {
    const line = lines.get("plivo")!;
    await publish({ recording: {}, recordings_kept_days: 1 });
    const story = line.story(n, { to });
    const sent = line.payloads(story);
    const hooks = `${world.url}/v1/telephony/${account_id}`;
    await line.send(`${hooks}/voice`, sent.voice, story.started_at);
    const nowhere = { ...sent.recorded, RecordUrl: "https://recordings.example/1.mp3" };
    await line.send(`${hooks}/recording`, nowhere, story.started_at);
    await publish({ recording: {} });
    const heard = async (now: number) => {
      const { id } = await callNamed(world, story.call_id, now);
      const call = await world.json<Call>(`/api/v1/calls/${id}`, { now });
      const ids = (call.recordings ?? []).map((one) => one.id);
      return { ids, kinds: call.timeline?.map(({ kind }) => kind) ?? [] };
    };
    return { recording_id: sent.recorded.RecordingID!, due: story.started_at + DAY_MS, heard };
  }

  it("is heard by nobody from then on, and tried again an hour later", async () => {
    const line = lines.get("plivo")!;
    const fake = fakes.get("plivo")!;
    const { recording_id, due, heard } = await recorded(line.account_id, line.numbers[2]!, 80);
    expect((await heard(due - 1)).ids).toEqual([recording_id]);
    fake.fail([{ status: 401, json: { error: "no" } }], /DELETE .*Recording/);
    await scheduled(due);
    await scheduled(due + 3_599_000);
    expect(fake.erased).toEqual([]);
    expect((await heard(due + 3_599_000)).ids).toEqual([]);
    await scheduled(due + 3_600_000);
    expect(fake.erased).toEqual([recording_id]);
    const { ids, kinds } = await heard(due + 3_600_000);
    expect(ids).toEqual([]);
    const told = kinds.filter((kind) => kind === "withdrawn" || kind === "erased");
    expect(told).toEqual(["withdrawn", "erased"]);
  });

  it("is heard by nobody either once its account is retired", async () => {
    const json = {
      provider: "plivo",
      name: "Old",
      account_sid: "MA2",
      auth_token: SIGNERS.plivo.secrets.own,
    };
    const account = await world.json<{ id: string }>("/api/v1/telephony-accounts", { json });
    const to = "+16285587700";
    const { data } = await world.json<{ data: { id: string }[] }>("/api/v1/numbers", {
      json: { telephony_account_id: account.id, e164: [to], campaign_id: stock.campaign_id },
    });
    const { recording_id, due, heard } = await recorded(account.id, to, 81);
    expect((await heard(due - 1)).ids).toEqual([recording_id]);
    const retire = { method: "DELETE", now: due - 1 };
    for (const path of [`numbers/${data[0]?.id}`, `telephony-accounts/${account.id}`])
      expect((await world.ask(`/api/v1/${path}`, retire)).status).toBe(204);
    await scheduled(due);
    expect((await heard(due)).ids).toEqual([]);
  });
});

describe("an agent who was not told", () => {
  it("is not recorded: the notice was never fetched", async () => {
    const line = lines.get("plivo")!;
    const fake = fakes.get("plivo")!;
    const story = line.story(90, { to: line.numbers[1]! });
    const sent = line.payloads(story);
    beginCall(fake, { id: story.call_id, to: story.to, started_at: story.started_at });
    const voice = `${world.url}/v1/telephony/${line.account_id}/voice`;
    const answer = await line.send(voice, sent.voice, story.started_at);
    const dial = found(readXml(await answer.text()), "Dial");
    const joined = { ...sent.leg_answered, DialAction: "connected", DialBLegStatus: "connected" };
    await line.send(address(dial.attributes.callbackUrl), joined, story.started_at + 13_000);
    await vi.waitFor(async () => {
      const { id } = await callNamed(world, story.call_id, story.started_at + 20_000);
      const call = await world.json<Call>(`/api/v1/calls/${id}`, { now: story.started_at + 20_000 });
      expect(call.timeline?.at(-1)).toMatchObject({
        kind: "not_recording",
        detail: "the call goes on unrecorded: the agent may not have been told",
      });
    }, 5_000);
    expect(fake.recordings.filter(({ call_id }) => call_id === story.call_id)).toEqual([]);
  });
});
