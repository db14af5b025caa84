import { createHmac } from "node:crypto";
import { type Inventory, stockUp } from "../support/inventory.ts";
import { startWorld, type World } from "../support/world.ts";
import type { Figure } from "./figure.ts";
import { CONNECTIONS, LARGE_POOL, leaseFigures } from "./lease.ts";
import { compare, compareP99, type Load } from "./load.ts";

const STEP_MS = 15;
const TWILIO_TOKEN = "0123456789abcdef0123456789abcdef";

/** Lease requests and signed voice webhooks against a Worker that reads the same POST, on the same workerd. */
export async function benchWorker(): Promise<Figure[]> {
  const world = await startWorld({ reference: true });
  try {
    const stock = await stockUp(world, LARGE_POOL);
    const product = (await world.miniflare.unsafeGetDirectURL("ringtrail")).origin;
    const reference = (await world.miniflare.unsafeGetDirectURL("reference")).origin;
    const voice = await voiceRequests(world, stock);
    const figures = await leaseFigures(world, stock, { served: world.url, product, reference });
    for (const connections of CONNECTIONS) {
      figures.push(
        await compare(
          "signed voice hook",
          { url: product, next: voice },
          { url: reference, next: voice },
          connections,
        ),
      );
    }
    const rings = { url: product, next: voice };
    figures.push(await compareP99("signed voice hook", rings, { ...rings, url: reference }, 50));
    return figures;
  } finally {
    await world.stop();
  }
}

/** Voice hooks as Twilio sends them, each of another call, signed over our public URL. */
async function voiceRequests(world: World, stock: Inventory): Promise<Load["next"]> {
  const account = await world.json<{ id: string; webhook_urls: { voice: string } }>(
    "/api/v1/telephony-accounts",
    {
      json: {
        provider: "twilio",
        name: "Bench",
        account_sid: `AC${"0".repeat(32)}`,
        auth_token: TWILIO_TOKEN,
      },
    },
  );
  const to = "+14155550180";
  await world.json("/api/v1/numbers", {
    json: {
      telephony_account_id: account.id,
      e164: [to],
      campaign_id: stock.campaign_id,
      publisher_id: stock.publisher_id,
    },
  });
  const url = account.webhook_urls.voice;
  let count = 0;
  return () => {
    count += 1;
    const fields: Record<string, string> = {
      AccountSid: `AC${"0".repeat(32)}`,
      ApiVersion: "2010-04-01",
      CallSid: `CA${String(count).padStart(32, "0")}`,
      CallStatus: "ringing",
      Direction: "inbound",
      From: `+1415555${String(count % 10_000).padStart(4, "0")}`,
      To: to,
    };
    const signed =
      url +
      Object.keys(fields)
        .sort()
        .map((name) => name + fields[name])
        .join("");
    return {
      path: new URL(url).pathname,
      headers: {
        "content-type": "application/x-www-form-urlencoded",
        "x-twilio-signature": createHmac("sha1", TWILIO_TOKEN).update(signed).digest("base64"),
        "ringtrail-now": String(world.at + count * STEP_MS),
      },
      body: new URLSearchParams(fields).toString(),
    };
  };
}
