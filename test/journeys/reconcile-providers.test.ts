import { generateKeyPairSync } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Inventory, stockUp } from "../support/inventory.ts";
import { callNamed } from "../support/phone.ts";
import { startWorld, type World } from "../support/world.ts";
import {
  API_PROVIDERS,
  type ApiProvider,
  callerOf,
  FAKE_ACCOUNT,
  type Fake,
  fakeOf,
  recordCall,
} from "../telephony/fakes/providers.ts";

/** Every provider's own records, read by the product on workerd: a call that nobody told us of comes to its money. */

const MINUTE_MS = 60_000;
const fakes = new Map<ApiProvider, Fake>();
let world: World;
let stock: Inventory;

beforeAll(async () => {
  for (const provider of API_PROVIDERS) fakes.set(provider, await fakeOf(provider));
  const provider_apis = Object.fromEntries([...fakes].map(([provider, fake]) => [provider, fake.url]));
  world = await startWorld({ provider_apis });
  stock = await stockUp(world);
});
afterAll(async () => {
  await world?.stop();
  for (const fake of fakes.values()) await fake.close();
});

/** What signs an account's webhooks: of Telnyx its public key, of the others a text. */
function signingSecret(provider: ApiProvider): string {
  if (provider !== "telnyx") return FAKE_ACCOUNT.token;
  const { publicKey } = generateKeyPairSync("ed25519");
  return publicKey.export({ format: "der", type: "spki" }).subarray(-32).toString("base64");
}

/** An account whose provider can be asked, with a static number of the publisher. */
async function connect(provider: ApiProvider, e164: string): Promise<void> {
  const post = (path: string, json: unknown, method = "POST") =>
    world.json<{ id: string }>(`/api/v1${path}`, { json, method });
  const auth_token = signingSecret(provider);
  const account = await post("/telephony-accounts", {
    provider,
    name: provider,
    account_sid: FAKE_ACCOUNT.sid,
    auth_token,
  });
  if (provider === "telnyx" || provider === "signalwire") {
    const api_space = provider === "signalwire" ? { api_space: "example.signalwire.com" } : {};
    const api = { api_token: FAKE_ACCOUNT.token, ...api_space };
    await post(`/telephony-accounts/${account.id}/api`, api, "PATCH");
  }
  const { campaign_id, publisher_id } = stock;
  await post("/numbers", { telephony_account_id: account.id, e164: [e164], campaign_id, publisher_id });
}

describe.each(API_PROVIDERS)("a call that only %s knows of", (provider) => {
  it("is imported with its legs and booked, once", async () => {
    const to = `+162855507${API_PROVIDERS.indexOf(provider)}0`;
    await connect(provider, to);
    const fake = fakes.get(provider);
    if (!fake) throw new Error(`there is no fake of ${provider}`);
    const at = world.at;
    const legs = [
      { id: `${provider}-busy`, to: "+14155550198", connected_s: null, unanswered: "busy" as const },
      { id: `${provider}-leg`, to: stock.destination_number, connected_s: 120 },
    ];
    const call = {
      id: `${provider}-call`,
      from: callerOf(provider),
      to,
      started_at: at,
      length_s: 140,
      legs,
    };
    recordCall(fake, call);
    const now = at + 10 * MINUTE_MS;
    for (const asked of [now, now + 6 * MINUTE_MS]) {
      await world.json("/__local/scheduled", { method: "POST", now: asked });
    }
    const seen = await callNamed(world, call.id, now + 6 * MINUTE_MS);
    expect(seen).toMatchObject({
      provider,
      status: "completed",
      disposition: "answered",
      from: call.from,
      started_at: at,
      ended_at: at + 140_000,
      duration_s: 140,
      connected_s: 120,
      target: stock.destination_number,
      publisher_id: stock.publisher_id,
      payout: { status: "qualified", payout_micros: 45_000_000 },
    });
    expect(seen.legs).toHaveLength(2);
    world.at += 60 * MINUTE_MS;
  });
});
