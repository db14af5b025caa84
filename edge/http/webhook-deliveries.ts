import { type Context, Hono } from "hono";
import { ListOf } from "../../shared/api/common.ts";
import { DeliveriesQuery, WebhookDelivery, WebhookDeliveryFile } from "../../shared/api/webhooks.ts";
import { ok, type Result } from "../../shared/result.ts";
import { fileOf, sendAgain } from "../journeys/webhooks/ask.ts";
import { decodeCursor, PAGE_LIMIT_DEFAULT, toPage } from "../platform/paging.ts";
import type { Failure } from "../platform/problem.ts";
import { type DeliveryRow, deliveryView, findDelivery, listDeliveries } from "../webhooks/deliveries.ts";
import { findWebhook } from "../webhooks/store.ts";
import { audited, groundOf } from "./support/commit.ts";
import { type HttpEnv, problem } from "./support/context.ts";
import { may } from "./support/may.ts";
import { described } from "./support/openapi.ts";
import { absent } from "./support/references.ts";
import { queryOf } from "./support/validate.ts";
import { webhookInUse } from "./webhooks.ts";

async function named(
  c: Context<HttpEnv>,
  webhook_id: string,
  id: string,
): Promise<Result<DeliveryRow, Failure>> {
  const { db } = groundOf(c);
  const hook = await findWebhook(db, c.var.viewer, webhook_id);
  const row = hook && (await findDelivery(db, hook.id, id));
  return row ? ok(row) : absent("delivery");
}

/** `/webhooks/{id}/deliveries`: what its server was told, and what it answered. */
export const webhookDeliveries = new Hono<HttpEnv>()
  .get(
    "/:id/deliveries",
    may("webhook_deliveries.list"),
    described({
      summary: "List a webhook's messages, newest first",
      answers: { 200: ListOf(WebhookDelivery) },
    }),
    queryOf(DeliveriesQuery),
    async (c) => {
      const { limit = PAGE_LIMIT_DEFAULT, cursor, status } = c.req.valid("query");
      const place = decodeCursor(cursor, ["number", "string"]);
      if (!place.ok) return problem(c, place.error);
      const { db } = groundOf(c);
      const hook = await findWebhook(db, c.var.viewer, c.req.param("id"));
      if (!hook) return problem(c, { kind: "not_found", what: "webhook" });
      const [created_at, id] = place.value ?? [];
      const after = typeof created_at === "number" && typeof id === "string" ? { created_at, id } : null;
      const rows = await listDeliveries(db, hook.id, { status, after, limit: limit + 1 });
      return c.json(
        toPage(rows, limit, (row) => [row.created_at, row.id], deliveryView),
        200,
      );
    },
  )
  .get(
    "/:id/deliveries/:delivery_id",
    may("webhook_deliveries.read"),
    described({ summary: "One message, with its body", answers: { 200: WebhookDeliveryFile } }),
    async (c) => {
      const row = await named(c, c.req.param("id"), c.req.param("delivery_id"));
      return row.ok ? c.json(await fileOf(c.var.services, row.value), 200) : problem(c, row.error);
    },
  )
  .post(
    "/:id/deliveries/:delivery_id/resend",
    may("webhook_deliveries.resend"),
    described({
      summary: "Send a message again, at once",
      description:
        "The same message under the same `id`, whatever became of it. The answer says what became of it now.",
      answers: { 200: WebhookDelivery },
    }),
    async (c) => {
      const hook = await webhookInUse(c, c.req.param("id"));
      if (!hook.ok) return problem(c, hook.error);
      const row = await named(c, hook.value.id, c.req.param("delivery_id"));
      if (!row.ok) return problem(c, row.error);
      const audit = audited(c, { subject_id: row.value.id, detail: { webhook_id: hook.value.id } });
      return c.json(await sendAgain(c.var.services, hook.value, row.value, audit), 200);
    },
  );
