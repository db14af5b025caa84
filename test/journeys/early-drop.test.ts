import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stockUp } from "../support/inventory.ts";
import { startWorld, type World } from "../support/world.ts";
import { connect, hooksIn, type Line } from "../telephony/provider-line.ts";

/** An agent who drops a call at once, at a provider whose dial does not say how long it was. */

const FIRST = "+14155550199";
const SECOND = "+14155550198";
let world: World;
let line: Line;
let told = 0;
beforeAll(async () => {
  world = await startWorld();
  const stock = await stockUp(world);
  const { campaign_id } = stock;
  for (const [priority, number] of [FIRST, SECOND].entries())
    await world.json("/api/v1/targets", { json: { campaign_id, number, priority } });
  const routing = { method: "PATCH", json: { early_drop_s: 10, sticky: false } };
  await world.json(`/api/v1/campaigns/${campaign_id}/routing`, routing);
  line = await connect(world, "plivo", stock, "+1628558");
});
afterAll(() => world?.stop());

/** Whom the call rings next when its agent talked for so long: by the dial's end, before or after the leg's own report. */
async function afterTalking(connected_s: number, reports: "before" | "after" | "never"): Promise<string> {
  const story = line.story(++told, { connected_s, to: line.numbers[0] ?? "", started_at: world.at });
  const sent = line.payloads(story);
  const at = (s: number) => world.at + s * 1_000;
  const voice = `${world.url}/v1/telephony/${line.account_id}/voice`;
  const hooks = hooksIn(await (await line.send(voice, sent.voice, at(0))).text());
  expect(hooks.target).toBe(FIRST.slice(1));
  const ended = story.rings_s + connected_s;
  await line.send(hooks.leg_status, sent.leg_answered, at(story.rings_s));
  if (reports === "before") await line.send(hooks.leg_status, sent.leg_ended, at(ended));
  const next = await (await line.send(hooks.dial_action, sent.dial_ended, at(ended))).text();
  if (reports === "after") await line.send(hooks.leg_status, sent.leg_ended, at(ended));
  world.at += 3_600_000;
  return next.includes("<Dial") ? hooksIn(next).target : "";
}

describe("a call that is dropped early", () => {
  it.each(["before", "after", "never"] as const)(
    "rings the next phone, with its leg's report %s the dial's end",
    async (reports) => {
      expect(await afterTalking(4, reports)).toBe(SECOND.slice(1));
    },
  );

  it.each(["before", "after", "never"] as const)(
    "is none that lasted, with its leg's report %s the dial's end",
    async (reports) => {
      expect(await afterTalking(60, reports)).toBe("");
    },
  );
});
