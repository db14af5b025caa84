import type { ReportedStatus } from "./port.ts";

/**
 * The statuses of calls and legs in Twilio's words, which Telnyx and SignalWire use, too, in webhooks as in records
 * (twilio.com/docs/voice/api/call-resource#call-status-values).
 */
export const CALL_STATUSES: ReadonlyMap<string, ReportedStatus> = new Map([
  ["queued", "ringing"],
  ["initiated", "ringing"],
  ["ringing", "ringing"],
  ["in-progress", "answered"],
  ["answered", "answered"],
  // Telnyx tells of a key that was pressed as of a status: whoever presses one has been answered.
  ["dtmf", "answered"],
  ["completed", "completed"],
  ["no-answer", "no_answer"],
  ["busy", "busy"],
  ["failed", "failed"],
  ["canceled", "canceled"],
]);
