import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Inventory, stockUp } from "../support/inventory.ts";
import { callNamed } from "../support/phone.ts";
import { startWorld, type World } from "../support/world.ts";
import type { Signing } from "../telephony/fixtures/index.ts";
import type { Story } from "../telephony/fixtures/story.ts";
import { connect, type Line } from "../telephony/provider-line.ts";
import { type Node, readXml } from "../telephony/xml-reader.ts";

/** A menu, a recording, a whisper and a key, in the words of every provider, through HTTP to the clock that pays. */

let world: World;
let stock: Inventory;
const lines = new Map<Signing, Line>();
const PROVIDERS = [
  ["twilio", "+1212555"],
  ["telnyx", "+1213555"],
  ["signalwire", "+1214555"],
  ["plivo", "+1215555"],
] as const;

beforeAll(async () => {
  world = await startWorld();
  stock = await stockUp(world);
  for (const [name, prefix] of PROVIDERS) lines.set(name, await connect(world, name, stock, prefix));
  const asked = { kind: "menu", id: "reason", prompt: { say: "1 or 9?" }, otherwise: "message", tries: 2 };
  const keys = [
    { key: "1", to: "through" },
    { key: "9", to: "message" },
  ];
  const nodes = [
    { ...asked, keys },
    { kind: "connect", id: "through" },
    { kind: "voicemail", id: "message" },
  ];
  await world.json(`/api/v1/campaigns/${stock.campaign_id}/call-flows`, {
    json: {
      menu: { start: "reason", nodes },
      whisper: { say: "A caller with <Dial>+19005550100</Dial> for a name." },
      accept_key: "1",
      recording: {},
    },
  });
});
afterAll(() => world?.stop());

const tagsOf = (node: Node): string[] => node.children.map(({ tag }) => tag);
const saidIn = (node: Node): string => [node.text, ...node.children.map(saidIn)].join(" ");
const found = (node: Node, ...tags: string[]): Node => {
  const child = node.children.find(({ tag }) => tags.includes(tag));
  if (!child) throw new Error(`none of ${tags.join(", ")} in ${tagsOf(node).join(", ")}`);
  return child;
};
/** Where no provider keeps recordings, so that nobody is asked for it. */
const ELSEWHERE = {
  RecordingUrl: "https://recordings.example/1.mp3",
  RecordUrl: "https://recordings.example/1.mp3",
};
/** Without the fragment, which no provider sends. */
const address = (text: string | undefined): string => (text ?? "").replace(/#.*$/, "");

describe.each(PROVIDERS)("%s", (name) => {
  const line = () => lines.get(name)!;
  const hook = (path: string) => `${world.url}/v1/telephony/${line().account_id}/${path}`;
  const post = async (url: string, parameters: Readonly<Record<string, string>>, now: number) => {
    const response = await line().send(url, parameters, now);
    const text = await response.text();
    expect(response.status, text).toBe(200);
    return readXml(text);
  };
  const at = (story: Story, seconds: number) => story.started_at + seconds * 1_000;
  /** Rings, and is asked for a key; `press` answers, with none when it is empty. */
  const ring = async (n: number) => {
    const story = line().story(n, { to: line().numbers[0]!, connected_s: 115, rings_s: 16 });
    const sent = line().payloads(story);
    const asked = await post(hook("voice"), sent.voice, story.started_at);
    const { Digits: _, ...silent } = sent.gathered;
    const press = (document: Node, keys: string, second: number) =>
      post(
        address(found(document, "Gather", "GetDigits").attributes.action),
        keys === "" ? silent : { ...silent, Digits: keys },
        at(story, second),
      );
    return { story, sent, asked, press };
  };

  it("asks, tells both that it records, and counts from the agent's key", async () => {
    const { story, sent, asked, press } = await ring(1);
    expect(saidIn(found(asked, "Gather", "GetDigits"))).toContain("1 or 9?");
    const told = await press(asked, "1", 5);
    expect(saidIn(told)).toContain("recorded");
    const dial = found(told, "Dial");
    const phone = dial.children[0]!;
    const leg_status = address(phone.attributes.statusCallback ?? dial.attributes.callbackUrl);
    await post(leg_status, sent.leg_answered, at(story, 16));

    // What an agent's phone asks need not name the caller's call: our address does.
    const { ParentCallSid: _, ParentCallSidLegacy: __, DialALegUUID: ___, ...alone } = sent.whisper;
    const whisper = address(phone.attributes.url ?? dial.attributes.confirmSound);
    const heard = await post(whisper, alone, at(story, 16));
    expect(saidIn(heard)).toMatch(/<Dial>\+19005550100<\/Dial>.*recorded.*Press 1/);
    if (name === "plivo") {
      expect(tagsOf(heard)).toEqual(["Speak", "Speak", "Speak"]);
      expect(dial.attributes.confirmKey).toBe("1");
      await post(leg_status, { ...sent.leg_answered, DialAction: "connected" }, at(story, 28));
    } else {
      expect(tagsOf(heard)).toEqual(["Say", "Say", "Gather", "Redirect"]);
      const accept = address(found(heard, "Gather").attributes.action);
      const joined = await post(accept, { ...alone, Digits: "1" }, at(story, 28));
      // Recorded from here on: both have been told.
      expect(tagsOf(joined)).toEqual(name === "signalwire" ? [] : ["Start"]);
    }

    await post(leg_status, sent.leg_ended, at(story, 131));
    await post(address(dial.attributes.action), sent.dial_ended, at(story, 131));
    await post(hook("status"), sent.ended, at(story, 132));
    const recorded = hook(`recording?of=${encodeURIComponent(story.call_id)}`);
    await post(recorded, { ...sent.recorded, ...ELSEWHERE }, at(story, 140));
    await post(recorded, { ...sent.recorded, ...ELSEWHERE }, at(story, 141));

    const call = await callNamed(world, story.call_id, at(story, 200));
    expect(call).toMatchObject({
      status: "completed",
      disposition: "answered",
      target: stock.destination_number,
      answered_at: at(story, 28),
      // The leg lasted 115 s from being picked up; the key was pressed 12 s later.
      connected_s: 103,
      legs: [{ target: stock.destination_number, status: "answered", connected_s: 103 }],
      revenue: { status: "qualified" },
    });
    const { results } = await world.d1
      .prepare("SELECT count(*) AS n FROM call_events WHERE call_id = ?1 AND kind = 'recorded'")
      .bind(call.id)
      .all();
    expect(results).toEqual([{ n: 1 }]);
  });

  it("lets nobody through who does not press the key", async () => {
    const { story, sent, asked, press } = await ring(2);
    const dial = found(await press(asked, "1", 5), "Dial");
    const phone = dial.children[0]!;
    const leg_status = address(phone.attributes.statusCallback ?? dial.attributes.callbackUrl);
    await post(leg_status, sent.leg_answered, at(story, 16));
    if (name !== "plivo") {
      const heard = await post(address(phone.attributes.url), sent.whisper, at(story, 16));
      const on = found(heard, "Redirect").text;
      expect(tagsOf(await post(on, sent.whisper, at(story, 30)))).toEqual(["Hangup"]);
    }
    await post(leg_status, sent.leg_ended, at(story, 131));
    await post(address(dial.attributes.action), sent.dial_unanswered, at(story, 131));
    await post(hook("status"), sent.ended, at(story, 132));
    expect(await callNamed(world, story.call_id, at(story, 200))).toMatchObject({
      disposition: "no_answer",
      connected_s: 0,
      answered_at: null,
      revenue: { status: "rejected" },
    });
  });

  it("asks a silent caller again, and then takes a message", async () => {
    const { story, sent, asked, press } = await ring(3);
    const again = await press(asked, "", 10);
    expect(saidIn(again)).toContain("1 or 9?");
    // Asked twice for the same, it says the same.
    expect(await press(asked, "", 10)).toEqual(again);
    const message = await press(again, "", 20);
    const { action, ...record } = found(message, "Record").attributes;
    await post(
      address(record.recordingStatusCallback ?? record.callbackUrl),
      { ...sent.recorded, ...ELSEWHERE },
      at(story, 50),
    );
    expect(tagsOf(await post(address(action), sent.gathered, at(story, 50)))).toEqual(["Hangup"]);
    await post(hook("status"), sent.ended, at(story, 51));
    expect(await callNamed(world, story.call_id, at(story, 100))).toMatchObject({
      disposition: "voicemail",
      connected_s: 0,
      revenue: { status: "rejected" },
    });
  });
});
