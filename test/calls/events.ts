import type { CallEvent, CallEventBody } from "../../edge/calls/model/event.ts";

/** Events of one call, by seconds after it rang. */

export const RING = Date.UTC(2026, 10, 21, 12);
export const TARGET = "+14155550199";

let serial = 0;
export function event(
  after_s: number,
  body: CallEventBody,
  provider_after_s: number | null = null,
  key?: string,
): CallEvent {
  return {
    event_key: key ?? `key-${serial++}`,
    received_at: RING + after_s * 1_000,
    provider_at: provider_after_s === null ? null : RING + provider_after_s * 1_000,
    ...body,
  };
}
