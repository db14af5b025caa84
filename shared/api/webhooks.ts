import * as v from "valibot";
import { VERDICT_STATUSES } from "./calls.ts";
import { IdSchema, InstantSchema, Lifetime, ListQuery, ShortText } from "./common.ts";

/**
 * What somebody's server is told of: each by its own message. `call.judged` is told whenever a verdict or the
 * attribution of a call changes, `call.withdrawn` when a call that was told of is not theirs any more.
 */
export const WEBHOOK_EVENTS = [
  "call.started",
  "call.ended",
  "call.recorded",
  "call.judged",
  "call.withdrawn",
  "dispute.opened",
  "dispute.decided",
] as const;
export type WebhookEvent = (typeof WEBHOOK_EVENTS)[number];

/** … and what is sent when it is asked for. */
export const MESSAGE_TYPES = [...WEBHOOK_EVENTS, "webhook.test"] as const;
export type MessageType = (typeof MESSAGE_TYPES)[number];

export const WEBHOOK_LIMITS = {
  /** Of one organization, in use. */
  webhooks: 10,
  url_length: 2_048,
  /** Deliveries that one replay sends again. */
  replayed: 1_000,
  /** How long deliveries are kept. */
  kept_days: 30,
  /** How long a delivery that fails is tried again. */
  tried_days: 3,
  /** How long both secrets sign after a rotation. */
  both_secrets_h: 24,
  timeout_s: 10,
} as const;

export const WEBHOOK_METHODS = ["POST", "GET"] as const;

/**
 * What stands in braces in a postback's address, and is filled in from the call as its organization sees it; what it may
 * not see, or what is not there, is empty. `{click_ids.NAME}` and `{data.NAME}` are the visit's.
 */
export const POSTBACK_MACROS = [
  ...([
    "id",
    "type",
    "timestamp",
    "call_id",
    "provider_call_id",
    "status",
    "campaign_id",
    "publisher_id",
  ] as const),
  ...(["caller", "number", "started_at", "duration_s", "connected_s", "currency"] as const),
  ...(["payout", "payout_micros", "revenue", "revenue_micros"] as const),
  ...(["sub1", "sub2", "sub3", "sub4", "sub5", "source", "medium", "campaign", "term", "content"] as const),
] as const;
export type PostbackMacro = (typeof POSTBACK_MACROS)[number];

const Url = v.pipe(
  v.string("must be text"),
  v.trim(),
  v.maxLength(WEBHOOK_LIMITS.url_length, `must have at most ${WEBHOOK_LIMITS.url_length} characters`),
  v.regex(
    /^https?:\/\/[^\s/?#]+([/?][\x21-\x7e]*)?$/i,
    "must be an address such as https://example.com/ringtrail, in ASCII",
  ),
);

const Events = v.pipe(
  v.array(
    v.picklist(WEBHOOK_EVENTS, `must be one of ${WEBHOOK_EVENTS.join(", ")}`),
    "must be a list of events",
  ),
  v.minLength(1, "must name an event"),
  v.maxLength(WEBHOOK_EVENTS.length, "names an event twice"),
  v.check((events) => new Set(events).size === events.length, "names an event twice"),
);

const Statuses = v.pipe(
  v.array(
    v.picklist(VERDICT_STATUSES, `must be one of ${VERDICT_STATUSES.join(", ")}`),
    "must be a list of statuses",
  ),
  v.minLength(1, "must name a status, or be null"),
  v.maxLength(VERDICT_STATUSES.length, "names a status twice"),
);

/**
 * `POST` sends a signed message, `GET` asks for the address with its macros filled in (a postback). Without `events`:
 * all of them, of a postback `call.judged` alone. `statuses` tells of a judgement only when what is owed or earned by
 * the organization, to a network what is paid out, comes to stand so.
 */
export const WebhookInput = v.strictObject({
  url: Url,
  method: v.optional(v.picklist(WEBHOOK_METHODS, "must be POST or GET")),
  events: v.optional(Events),
  statuses: v.optional(v.nullable(Statuses)),
  description: v.optional(v.nullable(ShortText)),
  organization_id: v.optional(IdSchema("organization")),
});
export type WebhookInput = v.InferOutput<typeof WebhookInput>;

export const WEBHOOK_STATUSES = ["enabled", "disabled"] as const;

export const WebhookPatch = v.strictObject({
  url: v.optional(Url),
  events: v.optional(Events),
  statuses: v.optional(v.nullable(Statuses)),
  description: v.optional(v.nullable(ShortText)),
  status: v.optional(v.picklist(WEBHOOK_STATUSES, "must be enabled or disabled")),
});
export type WebhookPatch = v.InferOutput<typeof WebhookPatch>;

export const Webhook = v.object({
  id: v.string(),
  organization_id: v.string(),
  url: v.string(),
  method: v.picklist(WEBHOOK_METHODS),
  events: v.array(v.picklist(WEBHOOK_EVENTS)),
  statuses: v.nullable(v.array(v.picklist(VERDICT_STATUSES))),
  description: v.nullable(v.string()),
  /** Nothing is recorded for one that is disabled; it disables itself when its server answers 410. */
  status: v.picklist(WEBHOOK_STATUSES),
  /** When its last success was followed by a failure; null while all is well. */
  failing_since: v.nullable(v.number()),
  last_delivered_at: v.nullable(v.number()),
  /** Until when messages are signed with the secret before, too. */
  both_secrets_until: v.nullable(v.number()),
  ...Lifetime,
});
export type Webhook = v.InferOutput<typeof Webhook>;

/** As answered when it was made or its secret was changed: the only times the secret is shown. */
export const NewWebhook = v.object({ ...Webhook.entries, secret: v.string() });
export type NewWebhook = v.InferOutput<typeof NewWebhook>;

export const DELIVERY_STATUSES = ["waiting", "delivered", "failed"] as const;

export const DeliveryAttempt = v.object({
  at: v.number(),
  /** What the server answered; null when it did not. */
  http_status: v.nullable(v.number()),
  /** Why it counts as failed, in words; null when it does not. */
  fault: v.nullable(v.string()),
  took_ms: v.number(),
});
export type DeliveryAttempt = v.InferOutput<typeof DeliveryAttempt>;

export const WebhookDelivery = v.object({
  /** The same in every attempt: the message's `id` and its header `webhook-id`. */
  id: v.string(),
  webhook_id: v.string(),
  type: v.picklist(MESSAGE_TYPES),
  call_id: v.nullable(v.string()),
  dispute_id: v.nullable(v.string()),
  occurred_at: v.number(),
  created_at: v.number(),
  status: v.picklist(DELIVERY_STATUSES),
  next_attempt_at: v.nullable(v.number()),
  attempts: v.array(DeliveryAttempt),
});
export type WebhookDelivery = v.InferOutput<typeof WebhookDelivery>;

/** One delivery with what is sent: the body, text of JSON; of a postback the address as it is asked for. */
export const WebhookDeliveryFile = v.object({ ...WebhookDelivery.entries, body: v.string() });
export type WebhookDeliveryFile = v.InferOutput<typeof WebhookDeliveryFile>;

export const DeliveriesQuery = v.strictObject({
  ...ListQuery,
  status: v.optional(v.picklist(DELIVERY_STATUSES, `must be one of ${DELIVERY_STATUSES.join(", ")}`)),
});

/** Deliveries of events that happened in `[from, to)`; without `status` those that were delivered, too. */
export const ReplayInput = v.strictObject({
  from: InstantSchema,
  to: InstantSchema,
  status: v.optional(v.literal("failed", "must be failed, or not given")),
});
export type ReplayInput = v.InferOutput<typeof ReplayInput>;

export const ReplayedDeliveries = v.object({ deliveries: v.number() });
export type ReplayedDeliveries = v.InferOutput<typeof ReplayedDeliveries>;
