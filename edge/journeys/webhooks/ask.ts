import type { WebhookDelivery, WebhookDeliveryFile } from "../../../shared/api/webhooks.ts";
import { type Statement, write } from "../../platform/db.ts";
import type { Services } from "../../services.ts";
import {
  addDelivery,
  claim,
  type DeliveryRow,
  deliveryView,
  findDelivery,
  queueAgain,
} from "../../webhooks/deliveries.ts";
import type { WebhookRow } from "../../webhooks/store.ts";
import { attempt } from "./deliver.ts";
import { newDelivery } from "./tell.ts";

/** A delivery with its body, as whoever may see the webhook may read it. */
export async function fileOf(services: Services, row: DeliveryRow): Promise<WebhookDeliveryFile> {
  return { ...deliveryView(row), body: await services.vault.open(row.body_sealed, row.id) };
}

/** Sends a message that says nothing but that it arrived, and answers what became of it. */
export async function sendTest(
  services: Services,
  hook: WebhookRow,
  audit: Statement,
): Promise<WebhookDelivery> {
  const { db } = services.network(hook.network_id);
  const row = await newDelivery(services, hook, {
    ...{ type: "webhook.test", data: { webhook: { id: hook.id } }, fingerprint: "", key: null },
    ...{ call_id: null, dispute_id: null, occurred_at: services.clock.now() },
  });
  await write(db, addDelivery(db, row), audit);
  return sendNow(services, hook, row);
}

/** Sends the same message once more, whatever became of it. */
export async function sendAgain(
  services: Services,
  hook: WebhookRow,
  row: DeliveryRow,
  audit: Statement,
): Promise<WebhookDelivery> {
  const { db } = services.network(hook.network_id);
  const now = services.clock.now();
  const queued = { status: "waiting" as const, next_at: now, queued_at: now };
  await write(db, queueAgain(db, row.id, queued), audit);
  return sendNow(services, hook, { ...row, ...queued });
}

/** Sends what was just asked for; when somebody else is at it already, how it stands. */
async function sendNow(services: Services, hook: WebhookRow, row: DeliveryRow): Promise<WebhookDelivery> {
  const { db } = services.network(hook.network_id);
  if (await claim(db, row, services.clock.now())) return deliveryView(await attempt(services, hook, row));
  return deliveryView((await findDelivery(db, hook.id, row.id)) ?? row);
}
