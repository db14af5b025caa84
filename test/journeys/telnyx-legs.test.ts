import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { HOUR_MS, MINUTE_MS } from "../../shared/instant.ts";
import { type Inventory, stockUp } from "../support/inventory.ts";
import { callNamed } from "../support/phone.ts";
import { startWorld, type World } from "../support/world.ts";
import { type FakeCall, recordCall } from "../telephony/fakes/providers.ts";
import { fakeTelnyx, type TelnyxFake } from "../telephony/fakes/telnyx.ts";
import { connect, type Line } from "../telephony/provider-line.ts";

/** Telnyx names no parent of a leg: it is found by the number that the phone was shown, whatever the call flow shows. */

let world: World;
let stock: Inventory;
let fake: TelnyxFake;
let line: Line;
let told = 0;
beforeAll(async () => {
  fake = await fakeTelnyx({ sid: "telnyx-1", token: "token-of-the-account" });
  world = await startWorld({ provider_apis: { telnyx: fake.url } });
  stock = await stockUp(world);
  line = await connect(world, "telnyx", stock, "+1628557");
  const api = { json: { api_token: "token-of-the-account" }, method: "PATCH" };
  await world.json(`/api/v1/telephony-accounts/${line.account_id}/api`, api);
});
afterAll(async () => {
  await world?.stop();
  await fake?.close();
});
beforeEach(() => {
  world.at += 24 * HOUR_MS;
});
afterEach(() => fake.legs.splice(0));

const shows = (caller_id: string) =>
  world.json(`/api/v1/campaigns/${stock.campaign_id}/call-flows`, { json: { caller_id } });

/** A call rings, and of its end nobody tells us: it is in the provider's records only, with the number that was shown. */
async function lost(call: Partial<FakeCall> = {}): Promise<{ id: string; from: string }> {
  const story = line.story(++told);
  const { call_id: id, from } = { ...story, from: call.from ?? story.from };
  const to = line.numbers[0] ?? "";
  const { voice } = line.payloads({ ...story, from, to });
  const answer = await line.send(`${world.url}/v1/telephony/${line.account_id}/voice`, voice, world.at);
  if (!answer.ok) throw new Error(`the ring was answered ${answer.status}: ${await answer.text()}`);
  const legs = [{ id: `${id}leg`, to: stock.destination_number, connected_s: 95 }];
  recordCall(fake, { id, from, to, started_at: world.at, length_s: 105, legs, ...call });
  return { id, from };
}

async function readBack(minutes: number): Promise<void> {
  for (let minute = 5; minute <= minutes; minute++)
    await world.json("/__local/scheduled", { method: "POST", now: world.at + minute * MINUTE_MS });
}

const seen = (id: string) => callNamed(world, id, world.at + 2 * HOUR_MS);
const PAID = { connected_s: 95, disposition: "answered", payout: { status: "qualified" } };
const OPEN = { connected_s: null, leg_report_missing: true, payout: { status: "pending" } };

describe("a call at Telnyx whose leg was not reported", () => {
  it("is paid when its phones were shown the number that was called", async () => {
    await shows("number");
    const { id } = await lost({ shown: line.numbers[0] ?? "" });
    await readBack(8);
    expect(await seen(id)).toMatchObject(PAID);
  });

  it("stays open when its phones were shown a number that says nothing of whose leg it is", async () => {
    await shows(line.numbers[5] ?? "");
    const { id } = await lost({ shown: line.numbers[5] ?? "" });
    await readBack(40);
    expect(await seen(id)).toMatchObject(OPEN);
  });

  it("stays open when a hidden caller's leg may be another's of the same number", async () => {
    await shows("caller");
    const hidden = { from: "anonymous", shown: line.numbers[0] ?? "" };
    const first = await lost(hidden);
    const second = await lost({ ...hidden, legs: [] });
    await readBack(40);
    for (const { id } of [first, second]) expect(await seen(id)).toMatchObject(OPEN);
  });

  it("is a hidden caller's own where nobody else called that number", async () => {
    await shows("caller");
    const { id } = await lost({ from: "anonymous", shown: line.numbers[0] ?? "" });
    await readBack(8);
    expect(await seen(id)).toMatchObject(PAID);
  });

  it("had none when its caller was gone before, which is believed once the records have had their time", async () => {
    await shows("caller");
    const { id } = await lost({ length_s: 1, legs: [] });
    await readBack(6);
    expect(await seen(id)).toMatchObject(OPEN);
    await readBack(40);
    expect(await seen(id)).toMatchObject({ connected_s: 0, payout: { status: "rejected" } });
  });
});
