import { MESSAGE_TYPES, type MessageType, WEBHOOK_LIMITS } from "../../../shared/api/webhooks.ts";
import type { Json } from "./named-schemas.ts";

/** The document's part on what we send: one message for each type, as its receiver gets it. */

const ref = (name: string): Json => ({ $ref: `#/components/schemas/${name}` });
const withId = (name: string): Json => ({
  type: "object",
  required: [name],
  properties: { [name]: { type: "object", required: ["id"], properties: { id: { type: "string" } } } },
});
const holding = (name: string, schema: Json): Json => ({
  type: "object",
  required: [name],
  properties: { [name]: schema },
});

const CALL = holding("call", ref("Call"));
const DISPUTE = holding("dispute", ref("Dispute"));

const MESSAGES: Record<MessageType, { summary: string; data: Json }> = {
  "call.started": { summary: "A call rings", data: CALL },
  "call.ended": { summary: "A call has ended", data: CALL },
  "call.recorded": { summary: "A recording of a call is there", data: CALL },
  "call.judged": {
    summary: "A call’s attribution, or what is owed or earned for it, has changed",
    data: CALL,
  },
  "call.withdrawn": { summary: "A call that was told of is not theirs any more", data: withId("call") },
  "dispute.opened": { summary: "A call’s money is disputed", data: DISPUTE },
  "dispute.decided": { summary: "A dispute is decided", data: DISPUTE },
  "webhook.test": { summary: "Somebody tries the webhook", data: withId("webhook") },
};

const header = (name: string, description: string): Json => ({
  name,
  in: "header",
  required: true,
  description,
  schema: { type: "string" },
});

const HEADERS: Json[] = [
  header(
    "webhook-id",
    "The message’s `id`, the same in every attempt: what came before under it is a repetition",
  ),
  header("webhook-timestamp", "When it was sent, in seconds since the epoch"),
  header(
    "webhook-signature",
    "`v1,` and the Base64 of HMAC-SHA-256 over `{id}.{timestamp}.{body}`, by the secret’s bytes; during a rotation two, " +
      "with a space between them (standardwebhooks.com)",
  ),
];

/** `webhooks` of the OpenAPI document, by the message's type. */
export const WEBHOOK_MESSAGES: { [type: string]: Json } = Object.fromEntries(
  MESSAGE_TYPES.map((type) => [type, { post: messageOf(type) }]),
);

function messageOf(type: MessageType): Json {
  const { summary, data } = MESSAGES[type];
  const schema: Json = {
    type: "object",
    required: ["id", "type", "timestamp", "data"],
    properties: {
      id: { type: "string" },
      type: { const: type },
      timestamp: { type: "string", format: "date-time", description: "When it happened" },
      data,
    },
  };
  return {
    summary,
    security: [],
    parameters: HEADERS,
    requestBody: { required: true, content: { "application/json": { schema } } },
    responses: {
      "2XX": { description: `Received, within ${WEBHOOK_LIMITS.timeout_s} seconds` },
      "410": { description: "Nothing more is wanted: the webhook is switched off" },
      default: { description: "Not received: it is sent again later" },
    },
  };
}
