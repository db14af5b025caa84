import type { Call } from "../../../shared/api/calls.ts";

/** True while a qualifier's phone has been picked up, no buyer's has, and the call goes on. */
export function isWithQualifier({ ended_at, legs = [] }: Pick<Call, "ended_at" | "legs">): boolean {
  const taken = (role: string) => legs.filter((leg) => leg.role === role && leg.status === "answered");
  // A leg's length is reported at its end.
  const isTalking = taken("qualifier").some(({ connected_s }) => connected_s === null);
  return ended_at === null && isTalking && taken("buyer").length === 0;
}
