import { lastPlainTold } from "../../calls/model/hand-over.ts";
import type { DialReport } from "../../telephony/port.ts";
import type { Line } from "./line.ts";

export function isTaken({ events }: DialReport): boolean {
  return events.some(({ reported }) => reported.kind === "leg" && reported.status === "completed");
}

/** True when an agent was asked for a key and nobody pressed it: picked up, and not taken. */
export function wasRefused(line: Line): boolean {
  const { is_asked, is_pressed } = keyOf(line);
  return is_asked && !is_pressed;
}

/** True when an agent was to press a key before it talked and is not known to have done so. */
export function isKeyMissing(line: Line, report: DialReport): boolean {
  const { is_asked, is_pressed } = keyOf(line);
  const { provider } = line.visitor;
  const accept_key = provider.screens_itself ? undefined : line.plan?.campaign.call_flow?.flow.accept_key;
  return isTaken(report) && !is_pressed && (is_asked || accept_key !== undefined);
}

/** Whether those who were rung last were asked for the key that takes the call, and whether one of them pressed it. */
function keyOf({ history }: Line): { is_asked: boolean; is_pressed: boolean } {
  const events = history?.events ?? [];
  const told_at = lastPlainTold(events)?.received_at ?? 0;
  const beside = events.flatMap((event) => (event.kind === "called" ? event.target : []));
  const since = events
    .filter(({ received_at }) => received_at >= told_at)
    .filter((event) => !("target" in event) || !beside.includes(event.target ?? ""));
  return {
    is_asked: since.some(({ kind }) => kind === "screened"),
    is_pressed: since.some((event) => event.kind === "accepted" && event.is_accepted),
  };
}
