import { type Context, Hono } from "hono";
import { ListOf } from "../../shared/api/common.ts";
import {
  NewWebhook,
  ReplayedDeliveries,
  ReplayInput,
  WEBHOOK_LIMITS,
  Webhook,
  WebhookDelivery,
  WebhookInput,
  WebhookPatch,
} from "../../shared/api/webhooks.ts";
import { given } from "../../shared/given.ts";
import { ok, type Result } from "../../shared/result.ts";
import { sendTest } from "../journeys/webhooks/ask.ts";
import { toPage } from "../platform/paging.ts";
import type { Failure } from "../platform/problem.ts";
import { addressFault } from "../webhooks/address.ts";
import { deliveriesWithin, queueAllAgain } from "../webhooks/deliveries.ts";
import { forgetWebhooks } from "../webhooks/memory.ts";
import { macroFault } from "../webhooks/model/postback.ts";
import {
  changeWebhook,
  createWebhook,
  findWebhook,
  listWebhooks,
  retireWebhook,
  rotateSecret,
  type WebhookGround,
  type WebhookRow,
  webhookView,
} from "../webhooks/store.ts";
import { audited, commit, groundOf } from "./support/commit.ts";
import { type HttpEnv, problem } from "./support/context.ts";
import { byId, listQuery, pageAsked } from "./support/list.ts";
import { may } from "./support/may.ts";
import { described } from "./support/openapi.ts";
import { absent, conflict, fault, managedOrganization } from "./support/references.ts";
import { jsonBody, queryOf } from "./support/validate.ts";

const { tried_days, both_secrets_h, timeout_s, replayed, webhooks: webhooks_max } = WEBHOOK_LIMITS;

const MAKING = [
  "Its server is told of calls and disputes that the organization may see, as it may see them, by messages signed as",
  "Standard Webhooks has it. They may come twice (the same `id`) and in any order; a message that is not answered with",
  `2xx within ${timeout_s} seconds is sent again for ${tried_days} days. The secret is in this answer only; a repetition by`,
  `Idempotency-Key is without it. With \`method: "GET"\` it is a postback: the address is asked for with its macros`,
  `({sub1}, {payout}, … see docs/webhooks.md) filled in, unsigned. At most ${webhooks_max} for an organization. The messages are under \`webhooks\` in this document.`,
].join(" ");

function webhookGround(c: Context<HttpEnv>): WebhookGround {
  return { ...groundOf(c), vault: c.var.services.vault };
}

async function named(c: Context<HttpEnv>, id: string): Promise<Result<WebhookRow, Failure>> {
  const row = await findWebhook(groundOf(c).db, c.var.viewer, id);
  return row ? ok(row) : absent("webhook");
}

/** One that is not retired. */
export async function webhookInUse(c: Context<HttpEnv>, id: string): Promise<Result<WebhookRow, Failure>> {
  const row = await named(c, id);
  return row.ok && row.value.retired_at !== null ? conflict("This webhook is retired.") : row;
}

/** The network may have one now that had none, and the other way round. */
const changed = (c: Context<HttpEnv>) => async () => forgetWebhooks(c.var.viewer.network_id);

type Aim = Pick<WebhookRow, "url" | "method"> & { events?: WebhookRow["events"] | undefined };

/** An address that nothing may be sent to; macros that are none, and in a postback what it has no words for. */
function refusedAim({ url, method, events = [] }: Aim): ReturnType<typeof fault> | null {
  const why =
    addressFault(url.replaceAll(/[{}]/g, ""), __LOCAL__) ??
    (method === "GET" ? macroFault(url) : /[{}]/.test(url) ? "has macros, which only a GET has" : null);
  if (why !== null) return fault("/url", why);
  const is_dispute = method === "GET" && events.some((event) => event.startsWith("dispute."));
  return is_dispute ? fault("/events", "a postback tells of calls only") : null;
}

/** `/webhooks`: whose server is told of what. */
export const webhooks = new Hono<HttpEnv>()
  .post(
    "/",
    may("webhooks.create"),
    described({ summary: "Make a webhook", description: MAKING, answers: { 201: NewWebhook } }),
    jsonBody(WebhookInput),
    (c) => {
      const prepare = async () => {
        const input = c.req.valid("json");
        const refused = refusedAim({ ...input, method: input.method ?? "POST" });
        if (refused) return refused;
        const owner = await managedOrganization(c, input.organization_id, "/organization_id");
        return owner.ok ? createWebhook(webhookGround(c), owner.value, input) : owner;
      };
      return commit(c, 201, prepare, changed(c));
    },
  )
  .get(
    "/",
    may("webhooks.list"),
    described({ summary: "List webhooks", answers: { 200: ListOf(Webhook) } }),
    queryOf(listQuery),
    async (c) => {
      const page = pageAsked(c.req.valid("query"));
      if (!page.ok) return problem(c, page.error);
      const rows = await listWebhooks(groundOf(c).db, c.var.viewer, page.value);
      return c.json(toPage(rows, page.value.limit, byId, webhookView), 200);
    },
  )
  .get(
    "/:id",
    may("webhooks.read"),
    described({ summary: "One webhook", answers: { 200: Webhook } }),
    async (c) => {
      const row = await named(c, c.req.param("id"));
      return row.ok ? c.json(webhookView(row.value), 200) : problem(c, row.error);
    },
  )
  .patch(
    "/:id",
    may("webhooks.update"),
    described({
      summary: "Change a webhook, or switch it off and on",
      description:
        "Nothing is recorded for one that is disabled. What waited before waits on, and is sent when it is enabled again " +
        `within ${tried_days} days.`,
      answers: { 200: Webhook },
    }),
    jsonBody(WebhookPatch),
    (c) => {
      const prepare = async () => {
        const row = await webhookInUse(c, c.req.param("id"));
        if (!row.ok) return row;
        const patch = c.req.valid("json");
        const refused = refusedAim({ ...row.value, ...given(patch) });
        return refused ?? ok(changeWebhook(groundOf(c), row.value, patch));
      };
      return commit(c, 200, prepare, changed(c));
    },
  )
  .delete(
    "/:id",
    may("webhooks.retire"),
    described({ summary: "Retire a webhook: nothing more is sent", answers: { 204: null } }),
    (c) =>
      commit(c, 204, async () => {
        const row = await named(c, c.req.param("id"));
        return row.ok ? ok(retireWebhook(groundOf(c), row.value)) : row;
      }),
  )
  .post(
    "/:id/rotate-secret",
    may("webhooks.rotate"),
    described({
      summary: "Give a webhook another secret",
      description:
        `For ${both_secrets_h} hours messages are signed with both, so that its server can be changed meanwhile. The new ` +
        "secret is in this answer only; a repetition by Idempotency-Key is without it.",
      answers: { 200: NewWebhook },
    }),
    (c) =>
      commit(c, 200, async () => {
        const row = await webhookInUse(c, c.req.param("id"));
        return row.ok ? ok(await rotateSecret(webhookGround(c), row.value)) : row;
      }),
  )
  .post(
    "/:id/test",
    may("webhooks.test"),
    described({
      summary: "Send a message of the type `webhook.test`",
      description: "The answer says what became of it. It is sent to one that is disabled, too.",
      answers: { 201: WebhookDelivery },
    }),
    async (c) => {
      const row = await webhookInUse(c, c.req.param("id"));
      if (!row.ok) return problem(c, row.error);
      const audit = audited(c, { subject_id: row.value.id, detail: {} });
      return c.json(await sendTest(c.var.services, row.value, audit), 201);
    },
  )
  .post(
    "/:id/replay",
    may("webhooks.replay"),
    described({
      summary: "Send the messages of a range again",
      description:
        "Each under its own `id` and with what it said then, whether it was delivered or not; with `status=failed` only " +
        `those that were not. At most ${replayed} at once. They go out by the minute.`,
      answers: { 200: ReplayedDeliveries },
    }),
    jsonBody(ReplayInput),
    (c) =>
      commit(c, 200, async () => {
        const row = await webhookInUse(c, c.req.param("id"));
        if (!row.ok) return row;
        const range = c.req.valid("json");
        if (range.to <= range.from) return fault("/to", "must be later than from");
        const ids = await deliveriesWithin(groundOf(c).db, row.value.id, range);
        if (ids.length > replayed)
          return fault("/to", `more than ${replayed} messages: ask for a shorter range`);
        const { db, now } = groundOf(c);
        return ok({
          result: { deliveries: ids.length },
          subject_id: row.value.id,
          statements: ids.length === 0 ? [] : [queueAllAgain(db, ids, now)],
          detail: { ...range, deliveries: ids.length },
        });
      }),
  );
