import type { Call } from "../../shared/api/calls.ts";
import type { Dispute, DisputeInput } from "../../shared/api/disputes.ts";
import type { Instant } from "../../shared/instant.ts";
import type { Cast } from "./cast.ts";
import type { DemoClient } from "./client.ts";

/** What the advertiser says of a call that it owes for. */
const ROBOT = { reason: "spam", detail: "A recorded voice that sells insurance. Nobody spoke." };
const FAR = { reason: "out_of_area", detail: "The caller lives in Fresno, where we send nobody." };
/** What Fernhill says of a call that it earned nothing by. */
const SHORT = { reason: "missing_payout", detail: "We looked it up: the caller rang back and booked." };

/** Disputes of the demo, told by their moments: one that was decided, and two that wait. */
export const QUARRELS: readonly {
  days_ago: number;
  run(client: DemoClient, cast: Cast, at: Instant): Promise<void>;
}[] = [
  {
    days_ago: 6.5,
    run: async (client, cast, at) => {
      const opened = await dispute(client, cast.advertiser_id, "payout_status=held", FAR, at);
      if (opened) await decideInPart(client, opened, at);
    },
  },
  {
    days_ago: 2.2,
    run: async (client, cast, at) => {
      await dispute(client, cast.advertiser_id, "payout_status=held", ROBOT, at);
    },
  },
  {
    days_ago: 0.3,
    run: async (client, { publishers }, at) => {
      const calls = `payout_status=rejected&publisher_id=${publishers.fernhill}`;
      await dispute(client, publishers.fernhill, calls, SHORT, at);
    },
  },
];

/** An organization disputes the newest of these calls, by a key that the network makes for it and takes back. */
async function dispute(
  client: DemoClient,
  organization_id: string,
  calls: string,
  says: DisputeInput,
  at: Instant,
): Promise<Dispute | null> {
  const { data } = await client.ask<{ data: Call[] }>(`/api/v1/calls?limit=50&${calls}`, {
    at,
    method: "GET",
  });
  const call = data.find(({ is_test, connected_s }) => !is_test && (connected_s ?? 0) > 0);
  if (!call) return null;
  const json = { name: "Accounting", role: "billing", organization_id };
  const { id, key } = await client.ask<{ id: string; key: string }>("/api/v1/api-keys", { at, json });
  const headers = { authorization: `Bearer ${key}` };
  const opened = await client.ask<Dispute>(`/api/v1/calls/${call.id}/disputes`, { at, headers, json: says });
  await client.ask(`/api/v1/api-keys/${id}`, { at, method: "DELETE" });
  return opened;
}

/** The network meets the advertiser half-way, and the publisher bears a part of it. */
async function decideInPart(client: DemoClient, { id }: Dispute, at: Instant): Promise<void> {
  await client.ask(`/api/v1/disputes/${id}/decision`, {
    at,
    json: {
      decision: "partial",
      note: "We listened to it: the caller asked for a plumber, and none of yours could go there.",
      advertiser_credit_micros: 35_000_000,
      publisher_debit_micros: 20_000_000,
    },
  });
}
