import type { Caps, Gates, NumberPlan } from "./plan.ts";

/**
 * True when what a ringing call is told follows from its number's plan and the moment alone: there is no cap that others
 * may have filled meanwhile, no choice that the caller's past has a say in, nothing to be asked.
 */
export function isDecidedByPlan({ campaign, enrollment }: NumberPlan): boolean {
  const { targets, groups, terms, routing, call_flow } = campaign;
  if (targets.length > 1 || routing.filters.length > 0 || call_flow !== null) return false;
  const gates = [
    ...terms.flatMap(({ common, revenue, payout }) => [common, revenue, payout]),
    ...(enrollment?.versions ?? []).map((version) => version.gates),
  ];
  return ![...targets, ...groups].some(({ caps }) => isCapped(caps)) && !gates.some(isGuarded);
}

function isCapped(caps: Caps): boolean {
  return Object.values(caps).some((cap) => cap !== null);
}

function isGuarded({ daily_cap, monthly_cap, concurrency_cap }: Gates): boolean {
  return daily_cap !== null || monthly_cap !== null || concurrency_cap !== null;
}
