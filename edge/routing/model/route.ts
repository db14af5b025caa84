import type { Instant } from "../../../shared/instant.ts";
import type { NumberPlan } from "./plan.ts";

/** Why a call was answered as it was. */
export type RouteReason = "destination" | "campaign_paused" | "campaign_retired" | "number_not_in_service";

/** Whom to dial, or what to say instead, and why. */
export type Route =
  | { action: "dial"; target: string; reason: RouteReason }
  | { action: "message"; target: null; reason: RouteReason }
  | { action: "reject"; target: null; reason: RouteReason };

/**
 * Who answers a call that rings at `at`. `plan` is that of the number called, with the assignment of that moment;
 * null when the account does not own the number, or it leads nowhere.
 */
export function routeCall(plan: NumberPlan | null, at: Instant): Route {
  if (plan === null) return { action: "reject", target: null, reason: "number_not_in_service" };
  const { campaign } = plan;
  if (campaign.retired_at !== null && campaign.retired_at <= at) {
    return { action: "message", target: null, reason: "campaign_retired" };
  }
  if (isPaused(campaign, at)) return { action: "message", target: null, reason: "campaign_paused" };
  return { action: "dial", target: campaign.destination_number, reason: "destination" };
}

/** A pause holds from `paused_at` until `resume_at`, if it has one. */
export function isPaused(
  pause: { paused_at: Instant | null; resume_at: Instant | null },
  at: Instant,
): boolean {
  if (pause.paused_at === null || at < pause.paused_at) return false;
  return pause.resume_at === null || at < pause.resume_at;
}

/** What a caller hears who is not put through. Polite, and naming nobody. */
export function announcementFor(reason: string): string {
  return reason === "number_not_in_service"
    ? "We are sorry. The number you have dialed is not in service. Please check the number and try again. Goodbye."
    : "Thank you for calling. We cannot take your call right now. Please try again later. Goodbye.";
}
