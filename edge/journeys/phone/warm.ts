import type { CallEvent } from "../../calls/model/event.ts";
import { handOverOf } from "../../calls/model/hand-over.ts";
import type { Told } from "./line.ts";

/**
 * What was decided of a call that a qualifier hands on, as a phone that is rung beside it: one buyer, with its own places
 * under caps. Null where nobody is to be rung.
 */
export function ringBeside(told: Told | null): Told | null {
  const first = told?.phones?.[0];
  if (told?.action !== "dial" || told.role === "qualifier" || !first) return null;
  const others = new Set(told.phones?.slice(1).map(({ target_id }) => target_id));
  const slots = told.slots?.filter(({ scope_id }) => !others.has(scope_id));
  return { ...told, target: first.target, phones: [first], warm: true, ...(slots && { slots }) };
}

/** The buyer who was rung beside the call, rung by it: the qualifier has left before the buyer was there. */
export function ringPlainly(events: readonly CallEvent[], round: Pick<Told, "round">): Told | null {
  const told = handOverOf(events).buyer?.told;
  if (!told) return null;
  const { action, target, reason, phones, timeout_s, slots, path, flow_version, routed_to } = told;
  return {
    kind: "instructed",
    action,
    target,
    reason,
    blind: false,
    ...(phones && { phones }),
    ...(timeout_s !== undefined && { timeout_s }),
    ...(slots && { slots }),
    ...(path !== undefined && { path }),
    ...(flow_version !== undefined && { flow_version }),
    ...(routed_to && { routed_to }),
    ...round,
  };
}
