import { Webhook as Signer } from "standardwebhooks";
import type { DeliveryAttempt } from "../../../shared/api/webhooks.ts";
import { WEBHOOK_LIMITS } from "../../../shared/api/webhooks.ts";
import { type Instant, SECOND_MS } from "../../../shared/instant.ts";
import { write } from "../../platform/db.ts";
import type { Services } from "../../services.ts";
import { addressFault } from "../../webhooks/address.ts";
import {
  type Attempted,
  claim,
  type DeliveryRow,
  dueDeliveries,
  saveAttempt,
} from "../../webhooks/deliveries.ts";
import { nextAttemptAt, retryAfterOf } from "../../webhooks/model/retry.ts";
import { noteAttempt, secretsOf, type WebhookRow } from "../../webhooks/store.ts";

/** Webhooks that are sent to side by side: a request of the platform has six connections. */
const SIDE_BY_SIDE = 4;
const USER_AGENT = "Ringtrail-Webhooks/1";

/**
 * Sends what is due, each webhook its messages in their order, the webhooks side by side, as far as the budget goes.
 * Where one fails the others of its webhook wait for the next time. Answers how many were delivered.
 */
export async function deliverDue(
  services: Services,
  hooks: readonly WebhookRow[],
  budget: SendBudget,
): Promise<number> {
  const waiting = [...hooks];
  let delivered = 0;
  const worker = async () => {
    for (let hook = waiting.shift(); hook; hook = waiting.shift()) {
      delivered += await deliverTo(services, hook, budget);
    }
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, worker));
  return delivered;
}

/** What may still be sent, by all together. */
export type SendBudget = { sends_left: number };

async function deliverTo(services: Services, hook: WebhookRow, budget: SendBudget): Promise<number> {
  if (budget.sends_left <= 0) return 0;
  const { db } = services.network(hook.network_id);
  let delivered = 0;
  for (const row of await dueDeliveries(db, hook.id, services.clock.now(), budget.sends_left)) {
    if (budget.sends_left <= 0) break;
    if (!(await claim(db, row, services.clock.now()))) continue;
    budget.sends_left -= 1;
    const { status } = await attempt(services, hook, row);
    if (status !== "delivered") break;
    delivered += 1;
  }
  return delivered;
}

/** Sends one message that is due or asked for, and notes what became of it. Answers the delivery as it is then. */
export async function attempt(services: Services, hook: WebhookRow, row: DeliveryRow): Promise<DeliveryRow> {
  const { db } = services.network(hook.network_id);
  const body = await services.vault.open(row.body_sealed, row.id);
  const at = services.clock.now();
  const posted = await post(services, hook, row.id, body, at);
  const attempted = outcomeOf(row, posted, at);
  const is_gone = posted.attempt.http_status === GONE;
  const is_delivered = posted.attempt.fault === null;
  await write(
    db,
    saveAttempt(db, row.id, attempted),
    noteAttempt(db, hook.id, { at, is_delivered, is_gone }),
  );
  return { ...row, ...attempted };
}

const GONE = 410;

type Posted = { attempt: DeliveryAttempt; retry_after_s: number | null };

function outcomeOf(row: DeliveryRow, { attempt, retry_after_s }: Posted, now: Instant): Attempted {
  const attempts = [...row.attempts, attempt];
  if (attempt.fault === null) return { status: "delivered", attempts, next_at: null };
  const { queued_at } = row;
  const tries = attempts.filter(({ at }) => at >= queued_at).length;
  const next_at =
    attempt.http_status === GONE ? null : nextAttemptAt({ attempts: tries, queued_at, now, retry_after_s });
  return { status: next_at === null ? "failed" : "waiting", attempts, next_at };
}

/**
 * Sends a message. Only a 2xx within ten seconds counts; redirections are not followed, and of the answer nothing is kept
 * but its status: what stands inside a network is no business of who gave the address.
 */
async function post(
  services: Services,
  hook: WebhookRow,
  message_id: string,
  body: string,
  at: Instant,
): Promise<Posted> {
  const became = (fault: string | null, http_status: number | null = null): DeliveryAttempt => ({
    ...{ at, http_status, fault },
    took_ms: services.clock.now() - at,
  });
  const { url, ...init } = await requestOf(services, hook, message_id, body, at);
  const refused = addressFault(url, __LOCAL__);
  if (refused) return { attempt: became(`the address ${refused}`), retry_after_s: null };
  try {
    const signal = AbortSignal.timeout(WEBHOOK_LIMITS.timeout_s * SECOND_MS);
    const response = await services.send(url, { ...init, redirect: "manual", signal });
    await response.body?.cancel();
    const { status, ok } = response;
    const fault = status >= 300 && status < 400 ? "redirections are not followed" : `answered ${status}`;
    const retry_after_s = retryAfterOf(response.headers.get("retry-after"));
    return { attempt: became(ok ? null : fault, status), retry_after_s };
  } catch (error) {
    const is_late = error instanceof Error && error.name === "TimeoutError";
    const fault = is_late ? `no answer within ${WEBHOOK_LIMITS.timeout_s} seconds` : "no connection";
    return { attempt: became(fault), retry_after_s: null };
  }
}

type Sent = { url: string; method: "GET" | "POST"; headers: Record<string, string>; body?: string };

/**
 * A postback is its address; anything else is signed by the public spec
 * (github.com/standard-webhooks/standard-webhooks), under every secret that is in force.
 */
async function requestOf(
  services: Services,
  hook: WebhookRow,
  message_id: string,
  body: string,
  at: Instant,
): Promise<Sent> {
  if (hook.method === "GET") return { url: body, method: "GET", headers: { "user-agent": USER_AGENT } };
  const secrets = await secretsOf(services.vault, hook, at);
  const signatures = secrets.map((secret) => new Signer(secret).sign(message_id, new Date(at), body));
  return {
    url: hook.url,
    method: "POST",
    headers: {
      "content-type": "application/json",
      "user-agent": USER_AGENT,
      "webhook-id": message_id,
      "webhook-timestamp": String(Math.floor(at / SECOND_MS)),
      "webhook-signature": signatures.join(" "),
    },
    body,
  };
}
