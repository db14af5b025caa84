import { write } from "../../platform/db.ts";
import { errorFields } from "../../platform/log.ts";
import type { Services } from "../../services.ts";
import { forgetOldDeliveries, giveUpOld, marksOf } from "../../webhooks/deliveries.ts";
import { hasWebhooks } from "../../webhooks/memory.ts";
import { enabledWebhooks } from "../../webhooks/store.ts";
import { deliverDue, type SendBudget } from "./deliver.ts";
import { tellWebhooks } from "./tell.ts";

/** What a run may do: a mark costs some twelve queries of the 1,000 that D1 grants it, a message four. */
export type WebhookBudget = SendBudget & { marks_left: number };

const AT_ONCE = 20;

/** As many marks as messages. */
export const webhookBudget = (messages = AT_ONCE): WebhookBudget => ({
  marks_left: messages,
  sends_left: messages,
});

/** Tells who wants to know what has just happened, after the answer. Whatever fails, the clock does again. */
export function tellSoon(services: Services, network_id: string): void {
  services.later(
    tellNow(services, network_id).catch((error: unknown) =>
      services.log.error("webhooks not told", errorFields(error)),
    ),
  );
}

async function tellNow(services: Services, network_id: string): Promise<void> {
  const { db } = services.network(network_id);
  const look = async () => (await enabledWebhooks(db, network_id)).length > 0;
  if (!(await hasWebhooks(network_id, services.clock.now(), look))) return;
  const [mark] = await marksOf(db, network_id, 0, 1);
  if (!mark) return;
  const budget = webhookBudget();
  await tellWebhooks(services, network_id, budget.marks_left);
  await deliverDue(services, await enabledWebhooks(db, network_id), budget);
}

/**
 * What the clock does for a network's webhooks: tells what was not told, sends what is due again, forgets what is old.
 * Answers how many messages were delivered.
 */
export async function keepWebhooks(
  services: Services,
  network_id: string,
  budget: WebhookBudget,
): Promise<number> {
  const { db } = services.network(network_id);
  const now = services.clock.now();
  budget.marks_left -= await tellWebhooks(services, network_id, budget.marks_left);
  const hooks = await enabledWebhooks(db, network_id);
  const ids = hooks.map(({ id }) => id);
  const old = ids.length > 0 ? [giveUpOld(db, ids, now)] : [];
  await write(db, ...old, forgetOldDeliveries(db, network_id, now));
  return deliverDue(services, hooks, budget);
}
