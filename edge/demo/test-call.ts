import type { Services } from "../services.ts";
import type { Cast } from "./cast.ts";
import type { DemoClient } from "./client.ts";
import { TEST_LINES_FROM } from "./visitors.ts";

/** How long the demo's phone rings before it is answered. */
const RING_S = 9;
/** San Francisco, like most of the demo's visitors. */
const CALLER_PREFIX = "+1415555";
const TEST_LINES = 10_000 - TEST_LINES_FROM;

/** The caller of a test call, by two bytes of chance: nobody of the demo's months, and hardly that of another test call. */
export function testCaller([high = 0, low = 0]: Uint8Array): string {
  return `${CALLER_PREFIX}${TEST_LINES_FROM + ((high * 256 + low) % TEST_LINES)}`;
}

/**
 * Places a call through the sandbox provider: the voice hook, the answer, the end. The caller is a new one each
 * time, so that a test call is nobody's duplicate.
 */
export async function placeCall(
  client: DemoClient,
  services: Services,
  cast: Cast,
  call: { to: string; connected_s: number },
): Promise<{ id: string }> {
  const at = services.clock.now();
  const call_id = services.ids.next("request").replace("req_", "demo-");
  const from = testCaller(services.ids.bytes(2));
  const hook = `/v1/telephony/${cast.account_id}`;
  await client.ask(`${hook}/voice`, { at, json: { call_id, from, to: call.to } });
  await client.ask(`${hook}/status`, { at, json: { call_id, status: "answered" } });
  const ended = {
    call_id,
    status: "completed",
    duration_s: call.connected_s + RING_S,
    connected_s: call.connected_s,
  };
  await client.ask(`${hook}/status`, { at, json: ended });
  const found = await client.ask<{ data: { id: string; provider_call_id: string }[] }>(
    "/api/v1/calls?limit=20",
    { at, method: "GET" },
  );
  const placed = found.data.find((row) => row.provider_call_id === call_id);
  return { id: placed?.id ?? "" };
}
