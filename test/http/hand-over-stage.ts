import { afterAll, afterEach, beforeAll, expect } from "vitest";
import type { Call } from "../../shared/api/calls.ts";
import { type Inventory, stockUp } from "../support/inventory.ts";
import { callNamed } from "../support/phone.ts";
import { startWorld, type World } from "../support/world.ts";
import { fakeLaml } from "../telephony/fakes/laml.ts";
import { fakePlivo } from "../telephony/fakes/plivo.ts";
import type { Fake } from "../telephony/fakes/providers.ts";
import { FIXTURES } from "../telephony/fixtures/index.ts";
import { connect, type Line } from "../telephony/provider-line.ts";
import { SIGNERS } from "../telephony/signers.ts";
import { type Node, readXml } from "../telephony/xml-reader.ts";

/** A world in which a qualifier talks to a caller, at providers whose API can be asked. */

export const QUALIFIER = "+14155550621";
export const BUYERS = ["+14155550622", "+14155550623"];
export const NAMES = ["twilio", "plivo"] as const;
export let world: World;
let stock: Inventory;
export const lines = new Map<string, Line>();
const fakes = new Map<string, Fake>();
const post = (path: string, json: unknown) => world.json<{ id: string }>(`/api/v1${path}`, { json });
export const setFlow = (flow: object) => post(`/campaigns/${stock.campaign_id}/call-flows`, flow);
export let menu: object;

beforeAll(async () => {
  for (const name of NAMES) {
    const account = { sid: `${name}-1`, token: SIGNERS[name].secrets.own };
    fakes.set(name, name === "plivo" ? await fakePlivo(account) : await fakeLaml({ ...account, prefix: "" }));
  }
  const provider_apis = Object.fromEntries([...fakes].map(([name, fake]) => [name, fake.url]));
  world = await startWorld({ provider_apis });
  stock = await stockUp(world);
  for (const [i, name] of NAMES.entries()) lines.set(name, await connect(world, name, stock, `+123${i}555`));
  lines.set("telnyx", await connect(world, "telnyx", stock, "+1235555"));
  const { campaign_id } = stock;
  const target = async (number: string, priority: number) =>
    (await post("/targets", { campaign_id, number, priority, timeout_s: 25 })).id;
  const qualifier = await target(QUALIFIER, 9);
  const buyers = [await target(BUYERS[0]!, 1), await target(BUYERS[1]!, 2)];
  const nodes = [
    { kind: "connect", id: "first", target_ids: [qualifier], afterwards: "sale" },
    { kind: "connect", id: "sale", target_ids: buyers, otherwise: "bye" },
    { kind: "hang_up", id: "bye", prompt: { say: "Nobody is there." } },
  ];
  menu = { menu: { start: "first", nodes } };
  await setFlow(menu);
});
afterEach(() => world.fault("none"));
afterAll(async () => {
  await world?.stop();
  for (const fake of fakes.values()) await fake.close();
});

export const address = (text: string | undefined): string => (text ?? "").replace(/#.*$/, "");
export const all = (node: Node): Node[] => [node, ...node.children.flatMap(all)];
export const find = (node: Node, tag: string) => all(node).find((one) => one.tag === tag);
export const rungIn = (node: Node) => find(node, "Dial")?.children[0]?.text.replace(/^\+?/, "+");
let count = 0;

/** A call whose qualifier talks to the caller. */
export async function talk(name: "twilio" | "plivo" | "telnyx") {
  count += 1;
  const line = lines.get(name)!;
  const fake = fakes.get(name);
  const story = line.story(count, { to: line.numbers[0]!, target: QUALIFIER, connected_s: 180 });
  const sent = line.payloads(story);
  const at = (s: number) => story.started_at + s * 1_000;
  const post = async (url: string, parameters: Readonly<Record<string, string>>, s: number) => {
    const response = await line.send(url, parameters, at(s));
    const text = await response.text();
    expect(response.status, text).toBe(200);
    return readXml(text.startsWith("<") ? text : "<Response></Response>");
  };
  const hook = (path: string) => `${world.url}/v1/telephony/${line.account_id}/${path}`;
  const answer = await post(hook("voice"), sent.voice, 0);
  expect(rungIn(answer)).toBe(QUALIFIER);
  const dial = find(answer, "Dial")!;
  const leg_status = address(dial.children[0]?.attributes.statusCallback ?? dial.attributes.callbackUrl);
  await post(leg_status, sent.leg_answered, 8);
  const { id } = await callNamed(world, story.call_id, at(9));
  const ask = (s: number) =>
    world.ask(`/api/v1/calls/${id}/hand-over`, { method: "POST", json: {}, now: at(s) });
  const bring = async (s: number) => {
    const response = await ask(s);
    expect(response.status, await response.clone().text()).toBe(200);
    return { told: (await response.json()) as { target: string }, rung: fake!.rung.at(-1)! };
  };
  /** What the phone of a buyer sends, which is a call of its own. */
  const buyer = (n: number, more: Record<string, string> = {}): Record<string, string> => {
    const rung = fake!.rung.at(-1)!;
    const leg_id = FIXTURES[name].id(1_000 + 10 * count + n);
    return name === "plivo"
      ? {
          ALegRequestUUID: rung.ring_id,
          CallStatus: "in-progress",
          CallUUID: leg_id,
          Direction: "outbound",
          From: rung.from.slice(1),
          To: rung.to.slice(1),
          ...more,
        }
      : {
          AccountSid: "AC1",
          CallSid: leg_id,
          CallStatus: "in-progress",
          Direction: "outbound-api",
          From: rung.from,
          To: rung.to,
          ...more,
        };
  };
  const ended = (n: number, length_s: number | null, status = "completed") =>
    buyer(n, {
      CallStatus: status,
      ...(name === "plivo" ? { Duration: String(length_s ?? 0) } : { CallDuration: String(length_s ?? 0) }),
    });
  const dialEnds = (s: number) => post(address(dial.attributes.action), sent.dial_ended, s);
  const qualifierEnds = (s: number) => post(leg_status, sent.leg_ended, s);
  const seen = (s: number) => world.json<Call>(`/api/v1/calls/${id}`, { now: at(s) });
  return {
    name,
    ours: id,
    hooks: `${world.url}/v1/telephony/${line.account_id}`,
    story,
    sent,
    at,
    post,
    ask,
    bring,
    buyer,
    ended,
    dialEnds,
    qualifierEnds,
    seen,
    fake: fake!,
  };
}
