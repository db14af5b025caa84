import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type Inventory, stockUp } from "../support/inventory.ts";
import { startWorld, type World } from "../support/world.ts";
import { fakeLaml, type LamlFake } from "../telephony/fakes/laml.ts";
import { connect, type Line } from "../telephony/provider-line.ts";
import { SIGNERS } from "../telephony/signers.ts";

/** A caller's type is looked up after its first call, for campaigns that wish it, and filters the next. */

let world: World;
let stock: Inventory;
let fake: LamlFake;
let line: Line;

beforeAll(async () => {
  fake = await fakeLaml({ sid: "twilio-1", token: SIGNERS.twilio.secrets.own, prefix: "" });
  world = await startWorld({ provider_apis: { twilio: fake.url } });
  stock = await stockUp(world);
  line = await connect(world, "twilio", stock, "+1224555");
  const when = [{ is: "caller_type", types: ["voip"] }];
  const filters = [{ when, treatment: { action: "message", say: "No internet phones, please." } }];
  await setRouting({ filters });
});
afterAll(async () => {
  await world?.stop();
  await fake.close();
});

const setRouting = (json: object) =>
  world.json(`/api/v1/campaigns/${stock.campaign_id}/routing`, { method: "PATCH", json });

let count = 0;
/** Rings from this number a minute later: the answer's document. */
async function ring(from: string): Promise<string> {
  count += 1;
  const started_at = world.at + count * 60_000;
  const story = line.story(count, { to: line.numbers[0]!, from, started_at });
  const sent = line.payloads(story);
  const url = `${world.url}/v1/telephony/${line.account_id}/voice`;
  return (await line.send(url, sent.voice, started_at)).text();
}
/** Waits until so many callers' types are stored: a lookup that is under way would be asked for once more. */
const stored = (callers: number) =>
  vi.waitFor(async () => {
    const row = await world.d1.prepare("SELECT count(*) AS n FROM caller_types").first<{ n: number }>();
    expect(row?.n).toBe(callers);
  }, 5_000);
const asked = (number: string) => fake.looked_up.filter((one) => one === number).length;

describe("a caller's type", () => {
  it("is bought for nobody unless the campaign says so", async () => {
    fake.kinds.set("+14155550601", "nonFixedVoip");
    for (const _ of [1, 2]) expect(await ring("+14155550601")).toContain("<Dial");
    expect(asked("+14155550601")).toBe(0);
  });

  it("delays no first call, is known at the next, and asked for once", async () => {
    await setRouting({ look_up_callers: true });
    fake.kinds.set("+14155550602", "nonFixedVoip");
    expect(await ring("+14155550602")).toContain("<Dial");
    await stored(1);
    for (const _ of [1, 2]) expect(await ring("+14155550602")).toContain("No internet phones, please.");
    expect(asked("+14155550602")).toBe(1);
  });

  it("turns nobody away whose type is another, or whom the provider does not know", async () => {
    fake.kinds.set("+14155550603", "mobile");
    for (const [i, from] of ["+14155550603", "+14155550604"].entries()) {
      expect(await ring(from)).toContain("<Dial");
      await stored(2 + i);
      expect(await ring(from)).toContain("<Dial");
      expect(asked(from)).toBe(1);
    }
  });

  it("stays unknown while the provider fails, and is asked for again", async () => {
    fake.kinds.set("+14155550605", "fixedVoip");
    fake.fail([{ status: 401, json: { code: 20003 } }], /PhoneNumbers/);
    expect(await ring("+14155550605")).toContain("<Dial");
    await vi.waitFor(() => expect(fake.asked.at(-1)).toContain("14155550605"), 5_000);
    expect(await ring("+14155550605")).toContain("<Dial");
    await vi.waitFor(() => expect(asked("+14155550605")).toBe(1), 5_000);
  });
});
