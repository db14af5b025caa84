import type { MessageType } from "../../../shared/api/webhooks.ts";
import type { Instant } from "../../../shared/instant.ts";

export type Message = { id: string; type: MessageType; occurred_at: Instant; data: object };

/** The body of a message as Standard Webhooks has it: `type`, `timestamp` (ISO 8601) and `data`, and its `id`. */
export function bodyOf({ id, type, occurred_at, data }: Message): string {
  return JSON.stringify({ id, type, timestamp: new Date(occurred_at).toISOString(), data });
}
