import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Call } from "../../shared/api/calls.ts";
import { type Inventory, stockUp } from "../support/inventory.ts";
import { callNamed } from "../support/phone.ts";
import { startWorld, type World } from "../support/world.ts";
import type { Signing } from "../telephony/fixtures/index.ts";
import { connect, type Line } from "../telephony/provider-line.ts";
import { type Node, readXml } from "../telephony/xml-reader.ts";

/** A menu, a whisper and a recording in each provider's own words, signed, through HTTP. */

const PROVIDERS = [
  ["twilio", "+1216555"],
  ["telnyx", "+1217555"],
  ["signalwire", "+1218555"],
  ["plivo", "+1219555"],
] as const;

let world: World;
let stock: Inventory;
const lines = new Map<Signing, Line>();

beforeAll(async () => {
  world = await startWorld();
  stock = await stockUp(world);
  await world.json(`/api/v1/campaigns/${stock.campaign_id}/call-flows`, {
    json: {
      menu: {
        start: "reason",
        nodes: [
          {
            kind: "menu",
            id: "reason",
            prompt: { say: "Press 1 for help & advice." },
            keys: [{ key: "1", to: "help" }],
            otherwise: "bye",
          },
          { kind: "connect", id: "help" },
          { kind: "hang_up", id: "bye", prompt: { say: "Goodbye." } },
        ],
      },
      whisper: { say: "A caller from the menu." },
      recording: { heard_by: [] },
    },
  });
  for (const [name, prefix] of PROVIDERS) lines.set(name, await connect(world, name, stock, prefix));
});
afterAll(() => world?.stop());

/** Every element of a document, in order. */
const elementsOf = (node: Node): Node[] => [node, ...node.children.flatMap(elementsOf)];
const find = (document: string, tags: RegExp) =>
  elementsOf(readXml(document)).find(({ tag }) => tags.test(tag));
const textOf = (document: string) =>
  elementsOf(readXml(document))
    .map(({ text }) => text)
    .join(" ");

describe.each(PROVIDERS)("%s", (name) => {
  const line = () => lines.get(name)!;
  const send = async (url: string, parameters: Readonly<Record<string, string>>, now: number) => {
    const response = await line().send(url, parameters, now);
    const text = await response.text();
    expect(response.status, text).toBe(200);
    return text;
  };

  it("asks, is told the key, dials with a whisper, and keeps what was recorded", async () => {
    const story = line().story(1, { to: line().numbers[0]! });
    const said = line().payloads(story);
    const at = (s: number) => story.started_at + s * 1_000;
    const hook = (path: string) => `${world.url}/v1/telephony/${line().account_id}/${path}`;

    const asked = await send(hook("voice"), said.voice, at(0));
    expect(textOf(asked)).toContain("Press 1 for help & advice.");
    const keys = find(asked, /^(Gather|GetDigits|GetInput)$/)?.attributes.action ?? "";
    expect(keys).toContain("/ivr-1-");

    const again = await send(keys, { ...said.gathered, Digits: "7" }, at(4));
    const retry = find(again, /^(Gather|GetDigits|GetInput)$/)?.attributes.action ?? "";
    expect(retry).toContain("/ivr-1-7");
    const told = await send(retry, { ...said.gathered, Digits: "1" }, at(8));
    expect(textOf(told)).toContain("This call will be recorded.");
    const dial = find(told, /^Dial$/);
    const phone = dial?.children[0];
    expect(phone?.text.replace(/^\+?/, "+")).toBe(stock.destination_number);

    const whisper = phone?.attributes.url ?? dial?.attributes.confirmSound ?? "";
    const heard = textOf(await send(whisper, said.whisper, at(12)));
    expect(heard).toContain("A caller from the menu.");
    expect(heard).toContain("This call is recorded.");

    // An address that is no provider's is never asked: nothing leaves this machine.
    const nowhere = "https://nowhere.invalid/sound";
    const recorded = { ...said.recorded, RecordingUrl: nowhere, RecordUrl: nowhere };
    await send(hook("recording"), recorded, at(120));
    const { id } = await callNamed(world, story.call_id, at(130));
    const call = await world.json<Call>(`/api/v1/calls/${id}`, { now: at(130) });
    expect(call.pressed).toEqual({ reason: "1" });
    expect(call.recordings).toHaveLength(1);
  });

  it("says goodbye to who presses nothing, in words that are no verb", async () => {
    const story = line().story(2, { to: line().numbers[1]! });
    const said = line().payloads(story);
    const { Digits: _, ...silent } = said.gathered;
    const at = (s: number) => story.started_at + s * 1_000;
    let document = await send(`${world.url}/v1/telephony/${line().account_id}/voice`, said.voice, at(0));
    for (const s of [6, 12]) {
      const keys = find(document, /^(Gather|GetDigits|GetInput)$/)?.attributes.action ?? "";
      document = await send(keys, silent, at(s));
    }
    expect(textOf(document)).toContain("Goodbye.");
    expect(find(document, /^Hangup$/)).toBeDefined();
    expect(find(document, /^Dial$/)).toBeUndefined();
  });
});
